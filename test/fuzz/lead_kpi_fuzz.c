/*
 * lead_kpi_fuzz.c
 *	  For tests only: gives bytes, good or bad, to what of lead_kpi reads
 *	  bytes, in a real backend, and checks what must hold of what it accepts.
 *
 *	  CREATE FUNCTION fuzz_input(kind text, target regprocedure, companions regprocedure[],
 *	      arguments text[], input bytea) RETURNS text LANGUAGE C AS 'lead_kpi_fuzz';
 *
 * One input: the SQLSTATE of what it was refused with, or '00000'.  A broken
 * promise is an internal error.
 *
 *	  CREATE FUNCTION fuzz(kind text, target regprocedure, companions regprocedure[],
 *	      arguments text[], options text[], log text) RETURNS void LANGUAGE C AS 'lead_kpi_fuzz';
 *
 * As many as libFuzzer likes, with its options; what it says goes to the file
 * log.  It ends the session, and a finding does with a signal.  It is there in
 * a build with FUZZ_DRIVER.  The kinds:
 *
 *	  in, recv     an input or a receive function.  The value it makes has a
 *	               text and a binary form that are read as the same value
 *	  deserialize  a deserialize function; companions: serialize, combine,
 *	               final functions.  The state it makes ships as bytes that
 *	               come back, can be combined, and has results
 *	  call         any function.  arguments: texts of its arguments in order,
 *	               NULL for NULL; @rest is the input, @first what of it stands
 *	               before the first line feed, which the rest begins after.  An
 *	               array of texts has an element per line, \N being NULL; one
 *	               of bigints takes 8 bytes for each.  companions: if it makes
 *	               a state, deserialize, serialize, combine, final functions
 */
#include "postgres.h"

#include <fcntl.h>
#ifdef FUZZ_DRIVER
#include <malloc.h>
#endif
#include <unistd.h>

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

/* What may be in memory after an input was read: much more than it needs, much less than hurts. */
#define MEMORY_AT_LEAST ((Size) 4 * 1024 * 1024)
#define MEMORY_PER_BYTE 4096

typedef enum Kind
{
	KIND_IN,
	KIND_RECV,
	KIND_DESERIALIZE,
	KIND_CALL
} Kind;

typedef struct Target
{
	Kind kind;
	Oid function;
	Oid type; /* what it returns */
	int companion_count;
	Oid *companions;
	int argument_count;
	Oid *argument_types;
	char **arguments;	   /* as text, NULL where it is NULL or the input */
	NullableDatum *values; /* what is made of them */
} Target;

/* Of the input that is being read: all of it lives in this context. */
static MemoryContext input_context;
static WindowAggState *aggregate_node;
static const char *promise; /* what an error breaks now, or NULL: an error is an answer */

static void
broken(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("broken promise: %s", what)));
}

/* Calls a function as if from an aggregate that wants rows, if it has any; its memory is the input's. */
static NullableDatum
call(Oid function, int count, const NullableDatum *arguments)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	FmgrInfo flinfo;
	ReturnSetInfo rows = {.type = T_ReturnSetInfo, .allowedModes = SFRM_Materialize};
	NullableDatum result = {.isnull = true};

	fmgr_info_cxt(function, &flinfo, input_context);
	if (flinfo.fn_nargs != count)
		elog(ERROR, "function %u takes %d arguments, not %d", function, flinfo.fn_nargs, count);
	for (int i = 0; i < count; i++)
	{
		fcinfo->args[i] = arguments[i];
		if (flinfo.fn_strict && arguments[i].isnull)
			return result;
	}
	if (flinfo.fn_retset)
	{
		rows.econtext = aggregate_node->ss.ps.ps_ExprContext;
		rows.econtext->ecxt_per_query_memory = input_context;
	}
	InitFunctionCallInfoData(*fcinfo, &flinfo, count, InvalidOid, (Node *) aggregate_node,
							 flinfo.fn_retset ? (Node *) &rows : NULL);
	result.value = FunctionCallInvoke(fcinfo);
	result.isnull = fcinfo->isnull;
	if (flinfo.fn_retset && rows.setResult != NULL)
	{
		tuplestore_end(rows.setResult);
		result.isnull = true;
	}
	return result;
}

static NullableDatum
call1(Oid function, NullableDatum argument)
{
	return call(function, 1, &argument);
}

static NullableDatum
call2(Oid function, NullableDatum first, NullableDatum second)
{
	NullableDatum arguments[2] = {first, second};

	return call(function, 2, arguments);
}

static NullableDatum
not_null(Datum value)
{
	NullableDatum result = {.value = value};

	return result;
}

static bytea *
bytes_value(const uint8 *bytes, Size size)
{
	bytea *value = palloc(VARHDRSZ + size);

	SET_VARSIZE(value, VARHDRSZ + size);
	memcpy(VARDATA(value), bytes, size);
	return value;
}

/* ---------- values of a type ---------- */

static Datum
received(Oid type, const char *bytes, int size)
{
	StringInfoData message;
	Oid receive;
	Oid parameter;
	Datum value;

	getTypeBinaryInputInfo(type, &receive, &parameter);
	initStringInfo(&message);
	appendBinaryStringInfo(&message, bytes, size);
	value = OidReceiveFunctionCall(receive, &message, parameter, -1);
	if (message.cursor != message.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("incorrect binary data format")));
	return value;
}

static Datum
read_text(Oid type, char *text)
{
	Oid input;
	Oid parameter;

	getTypeInputInfo(type, &input, &parameter);
	return OidInputFunctionCall(input, text, parameter, -1);
}

static void
check_value(Oid type, Datum value)
{
	Oid output;
	Oid send;
	bool is_varlena;
	int16 length;
	bool by_value;
	char *text;
	bytea *bytes;

	get_typlenbyval(type, &length, &by_value);
	getTypeOutputInfo(type, &output, &is_varlena);
	getTypeBinaryOutputInfo(type, &send, &is_varlena);
	promise = "a value that was accepted has a text";
	text = OidOutputFunctionCall(output, value);
	promise = "the text of a value is read";
	if (!datumIsEqual(read_text(type, text), value, by_value, length))
		broken("the text of a value is read as this value");
	/* The other text form of summaries. */
	promise = "the compact text of a value is read";
	SetConfigOption("lead_kpi.summary_output", "compact", PGC_USERSET, PGC_S_SESSION);
	text = OidOutputFunctionCall(output, value);
	SetConfigOption("lead_kpi.summary_output", "json", PGC_USERSET, PGC_S_SESSION);
	if (!datumIsEqual(read_text(type, text), value, by_value, length))
		broken("the compact text of a value is read as this value");
	promise = "a value that was accepted has a binary form";
	bytes = OidSendFunctionCall(send, value);
	promise = "the binary form of a value is read";
	if (!datumIsEqual(received(type, VARDATA_ANY(bytes), (int) VARSIZE_ANY_EXHDR(bytes)), value, by_value,
					  length))
		broken("the binary form of a value is read as this value");
	promise = NULL;
}

/* ---------- states of an aggregate ---------- */

typedef struct StateFunctions
{
	Oid deserialize;
	Oid serialize;
	Oid combine;
	int final_count;
	const Oid *finals;
} StateFunctions;

static NullableDatum
deserialized(const StateFunctions *functions, NullableDatum bytes)
{
	return call2(functions->deserialize, bytes, not_null((Datum) 0));
}

/* Not that a state equals what it was read from: other bytes may say the same. */
static void
check_state(const StateFunctions *functions, NullableDatum state)
{
	NullableDatum none = {.isnull = true};
	NullableDatum bytes;
	NullableDatum again;
	NullableDatum sum;

	promise = "a state that was accepted is shipped";
	bytes = call1(functions->serialize, state);
	promise = "a state that was shipped is read";
	again = call1(functions->serialize, deserialized(functions, bytes));
	if (!datumIsEqual(bytes.value, again.value, false, -1))
		broken("a state that was shipped is read as this state");
	promise = "a state is combined with none";
	sum = call2(functions->combine, none, deserialized(functions, bytes));
	promise = NULL;
	sum = call2(functions->combine, sum, deserialized(functions, bytes));
	/* A sum may be too large to be shipped. */
	sum = call1(functions->serialize, sum);
	promise = "a state that was combined and shipped is read";
	(void) deserialized(functions, sum);
	promise = NULL;
	/* Some states have not every result, which ends it here: another size begins with another one. */
	for (int i = 0; i < functions->final_count; i++)
		(void)
			call1(functions->finals[(VARSIZE_ANY(DatumGetPointer(bytes.value)) + i) % functions->final_count],
				  deserialized(functions, bytes));
}

/* ---------- any function ---------- */

static Datum
text_array(const char *bytes, Size size)
{
	const char *end = bytes + size;
	Datum *elements = palloc((size + 1) * sizeof(Datum));
	bool *nulls = palloc((size + 1) * sizeof(bool));
	int count = 0;
	int first = 1;

	while (bytes < end)
	{
		const char *line = memchr(bytes, '\n', end - bytes);
		Size length = (line == NULL ? end : line) - bytes;

		nulls[count] = length == 2 && memcmp(bytes, "\\N", 2) == 0;
		elements[count] = nulls[count] ? (Datum) 0
									   : PointerGetDatum(cstring_to_text_with_len(bytes, (int) length));
		count++;
		bytes += length + 1;
	}
	if (count == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	return PointerGetDatum(
		construct_md_array(elements, nulls, 1, &count, &first, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
bigint_array(const uint8 *bytes, Size size)
{
	int count = (int) (size / sizeof(int64));
	Datum *elements = palloc((count + 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
	{
		int64 number;

		memcpy(&number, bytes + i * sizeof(int64), sizeof(int64));
		elements[i] = Int64GetDatum(number);
	}
	return PointerGetDatum(
		construct_array(elements, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static Datum
input_value(Oid type, const uint8 *bytes, Size size)
{
	switch (type)
	{
		case TEXTOID:
			return PointerGetDatum(cstring_to_text_with_len((const char *) bytes, (int) size));
		case BYTEAOID:
			return PointerGetDatum(bytes_value(bytes, size));
		case TEXTARRAYOID:
			return text_array((const char *) bytes, size);
		case INT8ARRAYOID:
			return bigint_array(bytes, size);
		default:
			return read_text(type, pnstrdup((const char *) bytes, size));
	}
}

static void
call_target(const Target *target, const uint8 *bytes, Size size)
{
	NullableDatum *values = palloc(target->argument_count * sizeof(NullableDatum));
	const uint8 *line = memchr(bytes, '\n', size);
	Size first = line == NULL ? size : (Size) (line - bytes);
	bool splits = false;
	NullableDatum result;

	for (int i = 0; i < target->argument_count; i++)
		splits |= target->arguments[i] != NULL && strcmp(target->arguments[i], "@first") == 0;
	for (int i = 0; i < target->argument_count; i++)
	{
		const char *argument = target->arguments[i];

		values[i] = target->values[i];
		if (argument != NULL && strcmp(argument, "@first") == 0)
			values[i] = not_null(input_value(target->argument_types[i], bytes, first));
		else if (argument != NULL && strcmp(argument, "@rest") == 0)
		{
			Size skipped = splits ? Min(first + 1, size) : 0;

			values[i] = not_null(input_value(target->argument_types[i], bytes + skipped, size - skipped));
		}
	}
	result = call(target->function, target->argument_count, values);
	if (!result.isnull && target->type == INTERNALOID)
	{
		StateFunctions functions = {target->companions[0], target->companions[1], target->companions[2],
									target->companion_count - 3, target->companions + 3};

		check_state(&functions, result);
	}
}

/* ---------- one input ---------- */

static void
check_memory(Size size)
{
	Size used = MemoryContextMemAllocated(input_context, true);

	if (used > MEMORY_AT_LEAST + MEMORY_PER_BYTE * size)
		elog(ERROR, "broken promise: %zu bytes of input take %zu of memory", size, used);
}

static void
read_input(const Target *target, const uint8 *bytes, Size size)
{
	char *text;
	Datum value;
	NullableDatum state;
	StateFunctions functions;

	switch (target->kind)
	{
		case KIND_IN:
			text = pnstrdup((const char *) bytes, size);
			/* The server refuses the rest before a function sees it. */
			pg_verifymbstr(text, (int) strlen(text), false);
			value = read_text(target->type, text);
			check_memory(size);
			check_value(target->type, value);
			return;
		case KIND_RECV:
			value = received(target->type, (const char *) bytes, (int) size);
			check_memory(size);
			check_value(target->type, value);
			return;
		case KIND_DESERIALIZE:
			functions = (StateFunctions){target->function, target->companions[0], target->companions[1],
										 target->companion_count - 2, target->companions + 2};
			state = deserialized(&functions, not_null(PointerGetDatum(bytes_value(bytes, size))));
			check_memory(size);
			check_state(&functions, state);
			return;
		case KIND_CALL:
			for (int i = 0; i < target->argument_count; i++)
				if (target->argument_types[i] != BYTEAOID && target->argument_types[i] != INT8ARRAYOID &&
					target->arguments[i] != NULL && target->arguments[i][0] == '@')
				{
					pg_verifymbstr((const char *) bytes, (int) size, false);
					break;
				}
			call_target(target, bytes, size);
			check_memory(size);
			return;
	}
}

/* The SQLSTATE that answers the input; *finding is the error when it is none, in the caller's context. */
static int
run_input(const Target *target, const uint8 *bytes, Size size, ErrorData **finding)
{
	MemoryContext outside = CurrentMemoryContext;
	volatile int state = ERRCODE_SUCCESSFUL_COMPLETION;

	*finding = NULL;
	promise = NULL;
	MemoryContextSwitchTo(input_context);
	aggregate_node = makeNode(WindowAggState);
	aggregate_node->curaggcontext = input_context;
	aggregate_node->ss.ps.ps_ExprContext = makeNode(ExprContext);
	PG_TRY();
	{
		read_input(target, bytes, size);
	}
	PG_CATCH();
	{
		bool is_internal;

		state = geterrcode();
		is_internal = ERRCODE_TO_CATEGORY(state) == ERRCODE_INTERNAL_ERROR || state == ERRCODE_OUT_OF_MEMORY;
		if (ERRCODE_TO_CATEGORY(state) == ERRCODE_OPERATOR_INTERVENTION)
			PG_RE_THROW();
		if (is_internal || promise != NULL)
		{
			MemoryContextSwitchTo(outside);
			*finding = CopyErrorData();
			if (promise != NULL && !is_internal)
				(*finding)->message = psprintf("broken promise: %s: %s", promise, (*finding)->message);
		}
		FlushErrorState();
	}
	PG_END_TRY();
	promise = NULL;
	MemoryContextSwitchTo(outside);
	MemoryContextReset(input_context);
	return state;
}

/* ---------- what SQL calls ---------- */

static void
read_oids(ArrayType *array, int *count, Oid **oids)
{
	Datum *elements;

	deconstruct_array(array, ARR_ELEMTYPE(array), sizeof(Oid), true, TYPALIGN_INT, &elements, NULL, count);
	*oids = palloc((*count + 1) * sizeof(Oid));
	for (int i = 0; i < *count; i++)
		(*oids)[i] = DatumGetObjectId(elements[i]);
}

static void
read_arguments(ArrayType *array, Target *target)
{
	Datum *elements;
	bool *nulls;
	int count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	if (target->kind == KIND_CALL && count != target->argument_count)
		elog(ERROR, "the function takes %d arguments, not %d", target->argument_count, count);
	target->arguments = palloc0((count + 1) * sizeof(char *));
	target->values = palloc0((count + 1) * sizeof(NullableDatum));
	for (int i = 0; i < count; i++)
	{
		target->values[i].isnull = true;
		if (nulls[i])
			continue;
		target->arguments[i] = TextDatumGetCString(elements[i]);
		if (target->arguments[i][0] != '@')
			target->values[i] = not_null(read_text(target->argument_types[i], target->arguments[i]));
	}
}

/* From the first four arguments of either function. */
static Target *
read_target(FunctionCallInfo fcinfo)
{
	static const char *const kinds[] = {"in", "recv", "deserialize", "call"};
	Target *target = palloc0(sizeof(Target));
	char *kind = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Oid *types;
	int count;

	while (strcmp(kinds[target->kind], kind) != 0)
		if (++target->kind > KIND_CALL)
			elog(ERROR, "there is no kind \"%s\"", kind);
	target->function = PG_GETARG_OID(1);
	target->type = get_func_signature(target->function, &types, &count);
	target->argument_count = count;
	target->argument_types = types;
	read_oids(PG_GETARG_ARRAYTYPE_P(2), &target->companion_count, &target->companions);
	if (target->companion_count < (target->kind == KIND_DESERIALIZE								  ? 2
									   : target->kind == KIND_CALL && target->type == INTERNALOID ? 3
																								  : 0))
		elog(ERROR, "companions are missing");
	read_arguments(PG_GETARG_ARRAYTYPE_P(3), target);
	if (input_context == NULL)
		input_context = AllocSetContextCreate(TopMemoryContext, "lead_kpi_fuzz input",
											  ALLOCSET_DEFAULT_SIZES);
	return target;
}

PG_FUNCTION_INFO_V1(fuzz_input);
Datum
fuzz_input(PG_FUNCTION_ARGS)
{
	Target *target = read_target(fcinfo);
	bytea *input = PG_GETARG_BYTEA_PP(4);
	ErrorData *finding;
	int state = run_input(target, (uint8 *) VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), &finding);

	if (finding != NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("%s", finding->message)));
	PG_RETURN_TEXT_P(cstring_to_text(unpack_sql_state(state)));
}

#ifdef FUZZ_DRIVER

extern int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8 *data, size_t size));

static Target *fuzzed;

static int
fuzz_one(const uint8 *data, size_t size)
{
	ErrorData *finding;

	(void) run_input(fuzzed, data, size, &finding);
	if (finding != NULL)
	{
		fprintf(stderr, "FINDING: %s (SQLSTATE %s, %s)\n", finding->message,
				unpack_sql_state(finding->sqlerrcode), finding->funcname == NULL ? "" : finding->funcname);
		abort();
	}
	return 0;
}

PG_FUNCTION_INFO_V1(fuzz);
Datum
fuzz(PG_FUNCTION_ARGS)
{
	Datum *options;
	int argc;
	char **argv;
	int log;

	fuzzed = read_target(fcinfo);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(4), TEXTOID, -1, false, TYPALIGN_INT, &options, NULL, &argc);
	argv = palloc0((argc + 2) * sizeof(char *));
	argv[0] = pstrdup("fuzz");
	for (int i = 0; i < argc; i++)
		argv[i + 1] = TextDatumGetCString(options[i]);
	argc++;
	log = open(text_to_cstring(PG_GETARG_TEXT_PP(5)), O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (log < 0 || dup2(log, STDERR_FILENO) < 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not write to the log: %m")));
	/* Large blocks are taken and given back at every input: without a call of the kernel each time. */
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	/* It exits when it is done. */
	LLVMFuzzerRunDriver(&argc, &argv, fuzz_one);
	PG_RETURN_VOID();
}

#endif /* FUZZ_DRIVER */
