/*
 * summary.c
 *	  What every summary type shares: in, out, recv, send, add, and the state
 *	  of its aggregate.
 */
#include "summary.h"

#include "summary_compact.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#define EXPANDED_SUMMARY_MAGIC 0x4c4b5049

/* A summary in decoded form, living in a context of its own. */
typedef struct ExpandedSummary
{
	ExpandedObjectHeader header;
	int magic;
	const SummaryRoom *room;
	void *summary;
	StringInfoData flat; /* wire form; valid while flat.data != NULL */
} ExpandedSummary;

static Size expanded_flat_size(ExpandedObjectHeader *object);
static void expanded_flatten_into(ExpandedObjectHeader *object, void *result, Size allocated_size);

static const ExpandedObjectMethods expanded_methods = {
	expanded_flat_size,
	expanded_flatten_into,
};

/* ---------- what must hold ---------- */

static const char *
contradiction(const SummaryRoom *room, const void *summary)
{
	return room->contradiction == NULL ? NULL : room->contradiction(summary);
}

static void
encode(const SummaryRoom *room, const void *summary, StringInfo out)
{
	Assert(contradiction(room, summary) == NULL);
	room->encode(summary, out);
}

/* Reads the wire form into the current context, trusting nothing. */
static void *
decode(const SummaryRoom *room, StringInfo in)
{
	void *summary = room->decode(in);
	const char *wrong = contradiction(room, summary);

	if (wrong != NULL)
		wire_corrupt(room->type_name, wrong);
	return summary;
}

void
summary_merge(const SummaryRoom *room, void *into, const void *from)
{
	room->merge(into, from);
	Assert(contradiction(room, into) == NULL);
}

/* ---------- the decoded form, between rows ---------- */

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
		encode(expanded->room, expanded->summary, &flat);
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

void *
summary_from_bytes(const SummaryRoom *room, const struct varlena *bytes)
{
	StringInfoData in;
	void *summary;

	read_only_string_info(&in, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	summary = decode(room, &in);
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
	expanded->summary = summary_from_bytes(room, PG_DETOAST_DATUM_PACKED(datum));
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
	return summary_from_bytes(room, PG_DETOAST_DATUM_PACKED(datum));
}

void *
summary_copy_from_datum(const SummaryRoom *room, Datum datum)
{
	return summary_from_bytes(room, PG_DETOAST_DATUM_PACKED(datum));
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
	Datum result;

	initStringInfo(&bytes);
	encode(room, summary, &bytes);
	result = flat_datum(&bytes);
	pfree(bytes.data);
	return result;
}

/*
 * Reads the compact form.  What reads bytes raises; a soft error is made of that here, which is safe without a
 * subtransaction as nothing but memory is taken in between.
 */
static void *
read_compact(const SummaryRoom *room, const SummaryReader *reader, const char *text)
{
	struct varlena *bytes = summary_compact_bytes(reader, text);
	MemoryContext context = CurrentMemoryContext;
	void *volatile summary = NULL;

	if (bytes == NULL || !soft_errors_wanted(reader->escontext))
		return bytes == NULL ? NULL : summary_from_bytes(room, bytes);
	PG_TRY();
	{
		summary = summary_from_bytes(room, bytes);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION &&
			error->sqlerrcode != ERRCODE_PROTOCOL_VIOLATION)
			PG_RE_THROW();
		FlushErrorState();
		(void) summary_json_error(reader, error->message);
	}
	PG_END_TRY();
	return summary;
}

Datum
summary_in(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	SummaryReader reader = {room->type_name, fcinfo->context};
	Datum json;
	void *summary;
	const char *wrong;

	if (summary_compact_begins(PG_GETARG_CSTRING(0)))
	{
		summary = read_compact(room, &reader, PG_GETARG_CSTRING(0));
		if (summary == NULL)
			PG_RETURN_NULL();
		return summary_to_datum(room, summary);
	}
	summary = room->scan == NULL ? NULL : room->scan(PG_GETARG_CSTRING(0));

	if (summary == NULL)
	{
#if PG_VERSION_NUM >= 160000
		if (!DirectInputFunctionCallSafe(jsonb_in, PG_GETARG_CSTRING(0), InvalidOid, -1, fcinfo->context,
										 &json))
			PG_RETURN_NULL();
#else
		json = DirectFunctionCall1(jsonb_in, CStringGetDatum(PG_GETARG_CSTRING(0)));
#endif
		if (!JB_ROOT_IS_OBJECT(DatumGetJsonbP(json)))
			return (Datum) summary_json_error(&reader, "expected a JSON object");
		summary = room->parse(&reader, &DatumGetJsonbP(json)->root);
		if (summary == NULL)
			PG_RETURN_NULL();
	}
	wrong = contradiction(room, summary);
	if (wrong != NULL)
		return (Datum) summary_json_error(&reader, wrong);
	return summary_to_datum(room, summary);
}

Datum
summary_out(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData text;

	initStringInfo(&text);
	if (summary_compact_wanted())
	{
		encode(room, summary_from_datum(room, PG_GETARG_DATUM(0)), &text);
		PG_RETURN_CSTRING(summary_compact_print(text.data, text.len));
	}
	room->print(summary_from_datum(room, PG_GETARG_DATUM(0)), &text);
	PG_RETURN_CSTRING(text.data);
}

/* The cast to jsonb, whatever output functions write. */
Datum
summary_to_jsonb(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData text;

	initStringInfo(&text);
	room->print(summary_from_datum(room, PG_GETARG_DATUM(0)), &text);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}

Datum
summary_recv(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	void *summary = decode(room, in);

	/* Emit the canonical form, whatever spelling came in. */
	return summary_to_datum(room, summary);
}

Datum
summary_send(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	StringInfoData out;

	pq_begintypsend(&out);
	encode(room, summary_from_datum(room, PG_GETARG_DATUM(0)), &out);
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
	Datum left = PG_GETARG_DATUM(0);
	ExpandedSummary *total;
	MemoryContext previous;

	if (!AggCheckCallContext(fcinfo, &aggregate_context))
	{
		void *sum = summary_copy_from_datum(room, left);

		summary_merge(room, sum, right);
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
	summary_merge(room, total->summary, right);
	if (total->flat.data != NULL)
	{
		pfree(total->flat.data);
		total->flat.data = NULL;
	}
	MemoryContextSwitchTo(previous);
	return EOHPGetRWDatum(&total->header);
}

/* ---------- the state of an aggregate ---------- */

void *
summary_first_state(const SummaryRoom *room, MemoryContext context)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	void *state = room->empty(NULL);

	MemoryContextSwitchTo(previous);
	return state;
}

/* Adds the right state to the left one; a copy of the right one when there is no left one. */
Datum
summary_combine(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	MemoryContext previous = MemoryContextSwitchTo(aggregate_context(fcinfo, room->type_name));
	void *into = PG_ARGISNULL(0) ? NULL : PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
	{
		const void *from = PG_GETARG_POINTER(1);

		if (into == NULL && room->empty != NULL)
			into = room->empty(from);
		if (into != NULL)
			summary_merge(room, into, from);
		else
		{
			struct varlena *flat = (struct varlena *) DatumGetPointer(summary_to_datum(room, from));

			into = summary_from_bytes(room, flat);
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

	(void) aggregate_context(fcinfo, room->type_name);
	pq_begintypsend(&out);
	encode(room, PG_GETARG_POINTER(0), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

Datum
summary_deserialize(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	(void) aggregate_context(fcinfo, room->type_name);
	PG_RETURN_POINTER(summary_from_bytes(room, PG_GETARG_VARLENA_PP(0)));
}

/* No rows: NULL, as for every summary. */
Datum
summary_final(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	const void *summary = aggregate_state(fcinfo, 0, room->type_name);

	if (summary == NULL)
		PG_RETURN_NULL();
	return summary_to_datum(room, summary);
}
