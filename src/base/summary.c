/*
 * summary.c
 *	  What every summary type shares: in, out, recv, send, add.
 */
#include "summary.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/expandeddatum.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#define EXPANDED_SUMMARY_MAGIC 0x4c4b5049

/* A summary in decoded form, living in a context of its own. */
typedef struct ExpandedSummary
{
	ExpandedObjectHeader header;
	int			magic;
	const SummaryRoom *room;
	void	   *summary;
	StringInfoData flat;		/* wire form; valid while flat.data != NULL */
} ExpandedSummary;

static Size expanded_flat_size(ExpandedObjectHeader *object);
static void expanded_flatten_into(ExpandedObjectHeader *object, void *result, Size allocated_size);

static const ExpandedObjectMethods expanded_methods = {
	expanded_flat_size,
	expanded_flatten_into
};

static Size
expanded_flat_size(ExpandedObjectHeader *object)
{
	ExpandedSummary *expanded = (ExpandedSummary *) object;

	if (expanded->flat.data == NULL)
	{
		MemoryContext previous = MemoryContextSwitchTo(object->eoh_context);
		StringInfoData flat;

		/* Kept only when complete: the encoding may be cancelled. */
		initStringInfo(&flat);
		expanded->room->encode(expanded->summary, &flat);
		expanded->flat = flat;
		MemoryContextSwitchTo(previous);
	}
	return VARHDRSZ + expanded->flat.len;
}

static void
expanded_flatten_into(ExpandedObjectHeader *object, void *result, Size allocated_size)
{
	ExpandedSummary *expanded = (ExpandedSummary *) object;

	Assert(expanded->flat.data != NULL);
	Assert(allocated_size == VARHDRSZ + (Size) expanded->flat.len);
	SET_VARSIZE(result, allocated_size);
	memcpy(VARDATA(result), expanded->flat.data, expanded->flat.len);
}

/* Decodes a flat value into the current context, trusting nothing. */
static void *
decode_flat(const SummaryRoom *room, const struct varlena *value)
{
	StringInfoData in;
	void	   *summary;

	read_only_string_info(&in, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	summary = room->decode(&in);
	pq_getmsgend(&in);
	return summary;
}

static ExpandedSummary *
expand(const SummaryRoom *room, Datum datum, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "lead_kpi summary", ALLOCSET_START_SMALL_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(context);
	ExpandedSummary *expanded = palloc0(sizeof(ExpandedSummary));

	EOH_init_header(&expanded->header, &expanded_methods, context);
	expanded->magic = EXPANDED_SUMMARY_MAGIC;
	expanded->room = room;
	expanded->summary = decode_flat(room, PG_DETOAST_DATUM_PACKED(datum));
	MemoryContextSwitchTo(previous);
	return expanded;
}

const void *
summary_from_datum(const SummaryRoom *room, Datum datum)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum)))
	{
		ExpandedSummary *expanded = (ExpandedSummary *) DatumGetEOHP(datum);

		if (expanded->magic == EXPANDED_SUMMARY_MAGIC && expanded->room == room)
			return expanded->summary;
	}
	return decode_flat(room, PG_DETOAST_DATUM_PACKED(datum));
}

static Datum
flat_datum(StringInfo bytes)
{
	struct varlena *result = palloc(VARHDRSZ + bytes->len);

	SET_VARSIZE(result, VARHDRSZ + bytes->len);
	memcpy(VARDATA(result), bytes->data, bytes->len);
	return PointerGetDatum(result);
}

Datum
summary_to_datum(const SummaryRoom *room, const void *summary)
{
	StringInfoData bytes;
	Datum		result;

	initStringInfo(&bytes);
	room->encode(summary, &bytes);
	result = flat_datum(&bytes);
	pfree(bytes.data);
	return result;
}

Datum
summary_in(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	Node	   *escontext = fcinfo->context;
	Datum		json;
	void	   *summary;

#if PG_VERSION_NUM >= 160000
	if (!DirectInputFunctionCallSafe(jsonb_in, PG_GETARG_CSTRING(0), InvalidOid, -1,
									 escontext, &json))
		PG_RETURN_NULL();
#else
	json = DirectFunctionCall1(jsonb_in, CStringGetDatum(PG_GETARG_CSTRING(0)));
#endif
	if (!JB_ROOT_IS_OBJECT(DatumGetJsonbP(json)))
		input_error(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input for type %s: expected a JSON object", room->type_name),
					 errhint("Build a %s with its aggregate; the text form is for transfer.",
							 room->type_name)));
	summary = room->parse(DatumGetJsonbP(json), escontext);
	if (summary == NULL)
		PG_RETURN_NULL();
	return summary_to_datum(room, summary);
}

Datum
summary_out(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData text;

	initStringInfo(&text);
	room->print(summary_from_datum(room, PG_GETARG_DATUM(0)), &text);
	PG_RETURN_CSTRING(text.data);
}

Datum
summary_recv(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	void	   *summary = room->decode(in);

	/* Emit the canonical form, whatever spelling came in. */
	return summary_to_datum(room, summary);
}

Datum
summary_send(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData out;

	pq_begintypsend(&out);
	room->encode(summary_from_datum(room, PG_GETARG_DATUM(0)), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * Adds two summaries: the `+` operator, the transition and the combine
 * function of rollup.  As a transition it owns the left side and keeps it
 * expanded in the aggregate's context.
 */
Datum
summary_add(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	MemoryContext aggregate_context;
	const void *right = summary_from_datum(room, PG_GETARG_DATUM(1));
	Datum		left = PG_GETARG_DATUM(0);
	ExpandedSummary *total;
	MemoryContext previous;

	if (!AggCheckCallContext(fcinfo, &aggregate_context))
	{
		void	   *sum = decode_flat(room, PG_DETOAST_DATUM_PACKED(left));

		room->merge(sum, right);
		return summary_to_datum(room, sum);
	}

	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(left)))
	{
		total = (ExpandedSummary *) DatumGetEOHP(left);
		Assert(total->magic == EXPANDED_SUMMARY_MAGIC && total->room == room);
	}
	else
		total = expand(room, left, aggregate_context);

	previous = MemoryContextSwitchTo(total->header.eoh_context);
	room->merge(total->summary, right);
	if (total->flat.data != NULL)
	{
		pfree(total->flat.data);
		total->flat.data = NULL;
	}
	MemoryContextSwitchTo(previous);
	return EOHPGetRWDatum(&total->header);
}

/* The context of the aggregate's state; raises when there is no aggregate. */
MemoryContext
summary_state_context(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function of aggregate %s called outside of an aggregate", room->type_name)));
	return context;
}

/* Adds the right state to the left one; a copy of the right one when there is no left one. */
Datum
summary_combine(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	MemoryContext previous = MemoryContextSwitchTo(summary_state_context(room, fcinfo));
	void	   *into = PG_ARGISNULL(0) ? NULL : PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
	{
		const void *from = PG_GETARG_POINTER(1);

		if (into != NULL)
			room->merge(into, from);
		else
		{
			struct varlena *flat = (struct varlena *) DatumGetPointer(summary_to_datum(room, from));

			into = decode_flat(room, flat);
			pfree(flat);
		}
	}
	MemoryContextSwitchTo(previous);
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

Datum
summary_serialize(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData out;

	(void) summary_state_context(room, fcinfo);
	pq_begintypsend(&out);
	room->encode(PG_GETARG_POINTER(0), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

Datum
summary_deserialize(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	(void) summary_state_context(room, fcinfo);
	PG_RETURN_POINTER(decode_flat(room, PG_GETARG_VARLENA_PP(0)));
}

bool
summary_json_int64(const SummaryRoom *room, const JsonbValue *value, const char *key,
				   int64 low, int64 high, int64 *result, Node *escontext)
{
	bool		fits = false;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvNumeric)
	{
		/* Compare as numeric first, so that the conversion cannot raise. */
		Datum		number = NumericGetDatum(value->val.numeric);

		fits = DatumGetBool(DirectFunctionCall2(numeric_ge, number,
												NumericGetDatum(int64_to_numeric(low)))) &&
			DatumGetBool(DirectFunctionCall2(numeric_le, number,
											 NumericGetDatum(int64_to_numeric(high)))) &&
			DatumGetBool(DirectFunctionCall2(numeric_eq, number,
											 DirectFunctionCall1(numeric_floor, number)));
		if (fits)
			*result = DatumGetInt64(DirectFunctionCall1(numeric_int8, number));
	}
	if (!fits)
		input_error(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input for type %s: \"%s\" must be an integer from "
							INT64_FORMAT " to " INT64_FORMAT, room->type_name, key, low, high)));
	return true;
}

bool
summary_json_error(const SummaryRoom *room, Node *escontext, const char *what)
{
	input_error(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input for type %s: %s", room->type_name, what),
				 errhint("Build a %s with its aggregate; the text form is for transfer.",
						 room->type_name)));
}

bool
summary_json_member(const SummaryRoom *room, JsonbContainer *object, const char *key,
					JsonbValue *value, Node *escontext)
{
	if (getKeyJsonValueFromContainer(object, key, (int) strlen(key), value) == NULL)
		return summary_json_error(room, escontext, psprintf("key \"%s\" is missing", key));
	return true;
}

bool
summary_json_count(const SummaryRoom *room, JsonbContainer *object, const char *key, int64 high,
				   int64 *result, Node *escontext)
{
	JsonbValue	value;

	return summary_json_member(room, object, key, &value, escontext) &&
		summary_json_int64(room, &value, key, 0, high, result, escontext);
}

bool
summary_json_array(const SummaryRoom *room, JsonbContainer *object, const char *key,
				   JsonbContainer **array, int *length, Node *escontext)
{
	JsonbValue	value;

	if (!summary_json_member(room, object, key, &value, escontext))
		return false;
	if (value.type != jbvBinary || !JsonContainerIsArray(value.val.binary.data) ||
		JsonContainerIsScalar(value.val.binary.data))
		return summary_json_error(room, escontext, psprintf("key \"%s\" must be an array", key));
	*array = value.val.binary.data;
	*length = (int) JsonContainerSize(*array);
	return true;
}

bool
summary_json_float8(const SummaryRoom *room, const JsonbValue *value, const char *key,
					double *result, Node *escontext)
{
	char	   *text;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
	{
		bool		negative = value->val.string.len > 0 && value->val.string.val[0] == '-';

		*result = negative ? -get_float8_infinity() : get_float8_infinity();
		if (value->val.string.len == 8 + negative &&
			memcmp(value->val.string.val + negative, "Infinity", 8) == 0)
			return true;
	}
	else if (value->type == jbvNumeric)
	{
		/* Not the cast, which would raise for a number that is too large. */
		text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		*result = strtod(text, NULL);
		pfree(text);
		if (isfinite(*result))
			return true;
	}
	return summary_json_error(room, escontext,
							  psprintf("\"%s\" must be a number in the range of float8", key));
}

void
summary_print_float8(StringInfo out, double value)
{
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	CHECK_FOR_INTERRUPTS();
	if (isinf(value))
		appendStringInfoString(out, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
	else
	{
		double_to_shortest_decimal_buf(value, text);
		appendStringInfoString(out, text);
	}
}
