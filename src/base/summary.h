/*
 * summary.h
 *	  What every summary type shares, written once.
 *
 * A summary is a varlena whose bytes are its wire form.  A room describes its
 * summary with a SummaryRoom (decode, encode, merge, print, parse,
 * contradiction) and gets in, out, recv, send, `+` and the rollup transition
 * from DEFINE_SUMMARY_FUNCTIONS, and from DEFINE_SUMMARY_AGGREGATE_FUNCTIONS
 * what an aggregate needs besides its transition.  Rollups keep the decoded
 * form between rows as an expanded object, so that adding a million summaries
 * decodes each once and encodes only the total.
 */
#ifndef LEAD_KPI_SUMMARY_H
#define LEAD_KPI_SUMMARY_H

#include "aggregate.h"

#include "compat.h"
#include "summary_json.h"
#include "wire.h"

typedef struct SummaryRoom
{
	const char *type_name; /* as users write it, for messages */

	/* Reads and validates the wire form into CurrentMemoryContext. */
	void *(*decode)(StringInfo in);

	/* Writes the canonical wire form: equal summaries, equal bytes. */
	void (*encode)(const void *summary, StringInfo out);

	/*
	 * Adds "from" to "into", in place; grows in CurrentMemoryContext and keeps
	 * no reference to "from".  Raises when the two cannot be added.
	 */
	void (*merge)(void *into, const void *from);

	/* Writes the text form: a JSON object, lossless. */
	void (*print)(const void *summary, StringInfo out);

	/* Reads the JSON object; NULL after a soft error. */
	void *(*parse)(const SummaryReader *reader, JsonbContainer *root);

	/*
	 * Reads text that is exactly what print() writes, without making JSON of it;
	 * NULL for any other, which is then parsed.  May be left out.
	 */
	void *(*scan)(const char *text);

	/*
	 * What is wrong with a summary, or NULL.  Asked of all that comes from
	 * outside, so that decode and parse need not; asserted of all that leaves.
	 * May be left out.
	 */
	const char *(*contradiction)(const void *summary);

	/*
	 * A summary to which "like" can be added, in CurrentMemoryContext; NULL for
	 * the first row.  Left out, the first state of another process is copied by
	 * encoding and decoding it.
	 */
	void *(*empty)(const void *like);
} SummaryRoom;

/* The decoded summary behind a datum: not copied when it is already expanded. */
extern const void *summary_from_datum(const SummaryRoom *room, Datum datum);

/* The stored form of a decoded summary. */
extern Datum summary_to_datum(const SummaryRoom *room, const void *summary);

/* The same where it is going to be changed: always a copy. */
extern void *summary_copy_from_datum(const SummaryRoom *room, Datum datum);

/* Bodies of the SQL functions. */
extern Datum summary_in(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_out(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_to_jsonb(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_recv(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_send(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_add(const SummaryRoom *room, FunctionCallInfo fcinfo);

#define DEFINE_SUMMARY_FUNCTION(room, name, body) \
	PG_FUNCTION_INFO_V1(name); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		return body(room, fcinfo); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

#define DEFINE_SUMMARY_FUNCTIONS(room, prefix) \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_in, summary_in); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_out, summary_out); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_recv, summary_recv); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_send, summary_send); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_add, summary_add)

/*
 * Bodies for an aggregate whose state is the decoded summary, passed as
 * internal.  The room supplies the transition function and, unless the result
 * is the summary, the final function.  An aggregate whose result is no summary
 * needs a room of decode, encode, merge and contradiction only.
 */
extern void *summary_first_state(const SummaryRoom *room, MemoryContext context);
extern Datum summary_combine(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_serialize(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_deserialize(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_final(const SummaryRoom *room, FunctionCallInfo fcinfo);

#define DEFINE_SUMMARY_STATE_FUNCTIONS(room, prefix) \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_combine, summary_combine); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_serialize, summary_serialize); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_deserialize, summary_deserialize)

#define DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(room, prefix) \
	DEFINE_SUMMARY_STATE_FUNCTIONS(room, prefix); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_final, summary_final)

/* The state that a transition function gets, its first argument; empty() makes the first. */
static inline void *
summary_state(const SummaryRoom *room, FunctionCallInfo fcinfo)
{
	MemoryContext context = aggregate_context(fcinfo, room->type_name);

	return likely(!PG_ARGISNULL(0)) ? PG_GETARG_POINTER(0) : summary_first_state(room, context);
}

/* For states that hold a summary and more: its stored form, decoded and checked. */
extern void *summary_from_bytes(const SummaryRoom *room, const struct varlena *bytes);

/* Adds, and asserts that nothing is wrong with the sum. */
extern void summary_merge(const SummaryRoom *room, void *into, const void *from);

#endif /* LEAD_KPI_SUMMARY_H */
