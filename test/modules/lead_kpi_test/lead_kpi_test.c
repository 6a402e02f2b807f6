/*
 * lead_kpi_test.c
 *	  For tests only: handles the shipped states of aggregates, which no SQL
 *	  can reach because their functions take and return "internal".
 *
 * To load it (the library lies on dynamic_library_path after make install):
 *
 *	  CREATE FUNCTION test_deserialize(deserialize regprocedure, state bytea)
 *	  RETURNS void LANGUAGE C AS 'lead_kpi_test';
 *
 *	  CREATE FUNCTION test_merge(internal, deserialize regprocedure, combine regprocedure, state bytea)
 *	  RETURNS internal LANGUAGE C AS 'lead_kpi_test';
 *
 * test_deserialize calls a deserialize function with the given bytes, good or
 * bad, as an aggregate would; what the function raises is what is raised.
 *
 * test_merge is a transition function that deserializes each state and
 * combines it with those before.  With the aggregate's own final function it
 * makes an aggregate over shipped states, in whatever order they come:
 *
 *	  CREATE AGGREGATE merged(regprocedure, regprocedure, bytea)
 *	  (SFUNC = test_merge, STYPE = internal, FINALFUNC = lead_kpi.window_funnel_final);
 *
 * The states to ship come from plain SQL: an aggregate with the accumulate
 * function as SFUNC and the serialize function as FINALFUNC.
 *
 *	  CREATE FUNCTION test_fresh(internal, accumulate regprocedure, VARIADIC "any")
 *	  RETURNS internal LANGUAGE C AS 'lead_kpi_test';
 *
 * test_fresh is a transition function that passes its arguments on through a
 * new FmgrInfo on every row and without a call expression, as Citus does:
 *
 *	  CREATE AGGREGATE fresh(regprocedure, VARIADIC "any") (SFUNC = test_fresh, …);
 *
 *	  CREATE FUNCTION test_receive(bytes bytea, of_type anyelement)
 *	  RETURNS anyelement LANGUAGE C AS 'lead_kpi_test';
 *
 * test_receive gives the bytes, good or bad, to the receive function of the
 * second argument's type, as COPY BINARY and the extended protocol do.
 *
 *	  CREATE FUNCTION test_outside(function regprocedure) RETURNS void LANGUAGE C AS 'lead_kpi_test';
 *
 * test_outside calls a function without an aggregate around it, every argument
 * NULL, as C code may and SQL may not.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/execnodes.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

/* Calls a function as if from an aggregate; false when it returned NULL. */
static bool
call_in_aggregate(Oid function, Node *context, NullableDatum first, NullableDatum second, Datum *result)
{
	LOCAL_FCINFO(fcinfo, 2);
	FmgrInfo flinfo;

	fmgr_info(function, &flinfo);
	if (flinfo.fn_nargs != 2)
		elog(ERROR, "function %u takes %d arguments, not 2", function, flinfo.fn_nargs);
	if (flinfo.fn_strict && (first.isnull || second.isnull))
		return false;
	InitFunctionCallInfoData(*fcinfo, &flinfo, 2, InvalidOid, context, NULL);
	fcinfo->args[0] = first;
	fcinfo->args[1] = second;
	*result = FunctionCallInvoke(fcinfo);
	return !fcinfo->isnull;
}

/* A state as it comes out of deserialize, whose second argument is a dummy. */
static NullableDatum
deserialized(Oid deserialize, Node *context, Datum bytes)
{
	NullableDatum state = {0};
	NullableDatum first = {.value = bytes};
	NullableDatum second = {0};

	state.isnull = !call_in_aggregate(deserialize, context, first, second, &state.value);
	return state;
}

PG_FUNCTION_INFO_V1(test_fresh);
Datum
test_fresh(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	FmgrInfo flinfo;
	Datum result;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "test_fresh was called outside an aggregate");
	fmgr_info(PG_GETARG_OID(1), &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, PG_NARGS() - 1, InvalidOid, fcinfo->context, NULL);
	call->args[0] = fcinfo->args[0];
	for (int i = 2; i < PG_NARGS(); i++)
		call->args[i - 1] = fcinfo->args[i];
	result = FunctionCallInvoke(call);
	if (call->isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}

PG_FUNCTION_INFO_V1(test_deserialize);
Datum
test_deserialize(PG_FUNCTION_ARGS)
{
	/* AggCheckCallContext accepts a window aggregate's node and asks it for nothing but its context. */
	WindowAggState *node;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	node = makeNode(WindowAggState);
	node->curaggcontext = AllocSetContextCreate(CurrentMemoryContext, "test_deserialize",
												ALLOCSET_DEFAULT_SIZES);
	(void) deserialized(PG_GETARG_OID(0), (Node *) node, PG_GETARG_DATUM(1));
	MemoryContextDelete(node->curaggcontext);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(test_merge);
Datum
test_merge(PG_FUNCTION_ARGS)
{
	NullableDatum merged = fcinfo->args[0];
	NullableDatum state = {.isnull = true};

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "test_merge was called outside an aggregate");
	if (!PG_ARGISNULL(3))
		state = deserialized(PG_GETARG_OID(1), fcinfo->context, PG_GETARG_DATUM(3));
	merged.isnull = !call_in_aggregate(PG_GETARG_OID(2), fcinfo->context, merged, state, &merged.value);
	if (merged.isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(merged.value);
}

PG_FUNCTION_INFO_V1(test_receive);
Datum
test_receive(PG_FUNCTION_ARGS)
{
	bytea *bytes;
	StringInfoData message;
	Oid receive;
	Oid parameter;
	Datum value;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	bytes = PG_GETARG_BYTEA_PP(0);
	getTypeBinaryInputInfo(get_fn_expr_argtype(fcinfo->flinfo, 1), &receive, &parameter);
	initStringInfo(&message);
	appendBinaryStringInfo(&message, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	value = OidReceiveFunctionCall(receive, &message, parameter, -1);
	if (message.cursor != message.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("incorrect binary data format")));
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(test_outside);
Datum
test_outside(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	FmgrInfo flinfo;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	fmgr_info(PG_GETARG_OID(0), &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, flinfo.fn_nargs, InvalidOid, NULL, NULL);
	for (int i = 0; i < flinfo.fn_nargs; i++)
	{
		call->args[i].value = (Datum) 0;
		call->args[i].isnull = true;
	}
	(void) FunctionCallInvoke(call);
	PG_RETURN_VOID();
}
