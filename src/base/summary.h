/*
 * summary.h
 *	  What every summary type shares, written once.
 *
 * A summary is a varlena whose bytes are its wire form.  A room describes its
 * summary with a SummaryRoom (decode, encode, merge, print, parse) and gets
 * in, out, recv, send, `+` and the rollup transition from
 * DEFINE_SUMMARY_FUNCTIONS.  Rollups keep the decoded form between rows as an
 * expanded object, so that adding a million summaries decodes each once and
 * encodes only the total.
 */
#ifndef LEAD_KPI_SUMMARY_H
#define LEAD_KPI_SUMMARY_H

#include "compat.h"
#include "wire.h"

#include "utils/jsonb.h"

typedef struct SummaryRoom
{
	const char *type_name;		/* as users write it, for messages */

	/* Reads and validates the wire form into CurrentMemoryContext. */
	void	   *(*decode) (StringInfo in);

	/* Writes the canonical wire form: equal summaries, equal bytes. */
	void		(*encode) (const void *summary, StringInfo out);

	/*
	 * Adds "from" to "into", in place; grows in CurrentMemoryContext and keeps
	 * no reference to "from".  Raises when the two cannot be added.
	 */
	void		(*merge) (void *into, const void *from);

	/* Writes the text form: a JSON object, lossless. */
	void		(*print) (const void *summary, StringInfo out);

	/* Reads the JSON object; NULL after a soft error. */
	void	   *(*parse) (Jsonb *json, Node *escontext);
} SummaryRoom;

/* The decoded summary behind a datum: not copied when it is already expanded. */
extern const void *summary_from_datum(const SummaryRoom *room, Datum datum);

/* The stored form of a decoded summary. */
extern Datum summary_to_datum(const SummaryRoom *room, const void *summary);

/* Bodies of the SQL functions. */
extern Datum summary_in(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_out(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_recv(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_send(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_add(const SummaryRoom *room, FunctionCallInfo fcinfo);

#define DEFINE_SUMMARY_FUNCTION(room, name, body) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
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
 * internal.  The room supplies the transition function, which asks
 * summary_state_context where the state lives, and the final function.  An aggregate whose
 * result is no summary needs a room of decode, encode and merge only.
 */
extern MemoryContext summary_state_context(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_combine(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_serialize(const SummaryRoom *room, FunctionCallInfo fcinfo);
extern Datum summary_deserialize(const SummaryRoom *room, FunctionCallInfo fcinfo);

#define DEFINE_SUMMARY_STATE_FUNCTIONS(room, prefix) \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_combine, summary_combine); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_serialize, summary_serialize); \
	DEFINE_SUMMARY_FUNCTION(room, prefix##_deserialize, summary_deserialize)

/*
 * For parse(), which they let be cancelled: an integer of the JSON object.  Reports a soft error that names
 * the type and the key, and returns false after one.
 */
extern bool summary_json_int64(const SummaryRoom *room, const JsonbValue *value, const char *key,
							   int64 low, int64 high, int64 *result, Node *escontext);

/*
 * The same for the value of a key, for an integer under a key, for an array,
 * and for a float8, which is a number or one of "Infinity" and "-Infinity".
 */
extern bool summary_json_member(const SummaryRoom *room, JsonbContainer *object, const char *key,
								JsonbValue *value, Node *escontext);
extern bool summary_json_count(const SummaryRoom *room, JsonbContainer *object, const char *key,
							   int64 high, int64 *result, Node *escontext);
extern bool summary_json_array(const SummaryRoom *room, JsonbContainer *object, const char *key,
							   JsonbContainer **array, int *length, Node *escontext);
extern bool summary_json_float8(const SummaryRoom *room, const JsonbValue *value, const char *key,
								double *result, Node *escontext);

/* Reports any other soft error of the text form, and returns false. */
extern bool summary_json_error(const SummaryRoom *room, Node *escontext, const char *what);

/* For print(): the shortest form that reads back as the same float8.  Checks for interrupts. */
extern void summary_print_float8(StringInfo out, double value);

#endif							/* LEAD_KPI_SUMMARY_H */
