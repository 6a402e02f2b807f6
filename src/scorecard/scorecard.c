/*
 * scorecard.c
 *	  The SQL functions of the type and of fit.
 */
#include "scorecard.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/wire.h"
#include "scorecard_cache.h"

/* ---------- in, out, recv, send ---------- */

static Datum
card_datum(const Scorecard *card)
{
	StringInfoData bytes;
	struct varlena *result;

	initStringInfo(&bytes);
	wire_put_version(&bytes, SCORECARD_WIRE_VERSION);
	scorecard_print(card, &bytes);
	result = palloc(VARHDRSZ + bytes.len);
	SET_VARSIZE(result, VARHDRSZ + bytes.len);
	memcpy(VARDATA(result), bytes.data, bytes.len);
	return PointerGetDatum(result);
}

PG_FUNCTION_INFO_V1(scorecard_in);
Datum
scorecard_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	Size length = strlen(text);
	const Scorecard *card = scorecard_parse(text, (int) Min(length, PG_INT32_MAX), fcinfo->context);

	if (card == NULL)
		PG_RETURN_NULL();
	return card_datum(card);
}

static char *
text_argument(FunctionCallInfo fcinfo)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);

	return pnstrdup(VARDATA_ANY(value) + 1, VARSIZE_ANY_EXHDR(value) - 1);
}

PG_FUNCTION_INFO_V1(scorecard_out);
Datum
scorecard_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(text_argument(fcinfo));
}

/* As jsonb: a version byte, then the text in the client's encoding. */
PG_FUNCTION_INFO_V1(scorecard_recv);
Datum
scorecard_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	char *text;
	int length;

	wire_get_version(in, SCORECARD_TYPE, SCORECARD_WIRE_VERSION);
	text = pq_getmsgtext(in, in->len - in->cursor, &length);
	wire_check(strlen(text) == (Size) length, SCORECARD_TYPE, "text contains a zero byte");
	return card_datum(scorecard_parse(text, length, NULL));
}

PG_FUNCTION_INFO_V1(scorecard_send);
Datum
scorecard_send(PG_FUNCTION_ARGS)
{
	char *text = text_argument(fcinfo);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, SCORECARD_WIRE_VERSION);
	pq_sendtext(&out, text, (int) strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* ---------- equality ---------- */

static bool
are_equal(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);

	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

PG_FUNCTION_INFO_V1(scorecard_eq);
Datum
scorecard_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(are_equal(fcinfo));
}

PG_FUNCTION_INFO_V1(scorecard_ne);
Datum
scorecard_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!are_equal(fcinfo));
}

PG_FUNCTION_INFO_V1(scorecard_hash);
Datum
scorecard_hash(PG_FUNCTION_ARGS)
{
	struct varlena *card = PG_GETARG_VARLENA_PP(0);

	return hash_any((unsigned char *) VARDATA_ANY(card), (int) VARSIZE_ANY_EXHDR(card));
}

PG_FUNCTION_INFO_V1(scorecard_hash_extended);
Datum
scorecard_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *card = PG_GETARG_VARLENA_PP(0);

	return hash_any_extended((unsigned char *) VARDATA_ANY(card), (int) VARSIZE_ANY_EXHDR(card),
							 PG_GETARG_INT64(1));
}

/* ---------- fit ---------- */

/* fit(scorecard, attributes): NULL attributes mean that nothing is known. */
PG_FUNCTION_INFO_V1(scorecard_fit);
Datum
scorecard_fit(PG_FUNCTION_ARGS)
{
	const CompiledScorecard *compiled;
	Points *subtotals;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	compiled = scorecard_from_datum(PG_GETARG_DATUM(0));
	scorecard_judge(compiled, PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1));
	subtotals = scorecard_subtotals(&compiled->card);
	for (int i = 0; i < compiled->card.fit_count; i++)
		if (compiled->applies[i])
			scorecard_add_points(subtotals, &compiled->card.rules[i], compiled->card.rules[i].points);
	PG_RETURN_FLOAT8(points_to_float8(scorecard_total(&compiled->card, SCORECARD_FIT, subtotals, NULL)));
}
