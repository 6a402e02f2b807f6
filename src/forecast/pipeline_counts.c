/*
 * pipeline_counts.c
 *	  The aggregate pipeline_moves, and its value as rows.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/results.h"
#include "base/summary.h"
#include "pipeline_moves.h"

#define TYPE_NAME "pipeline_moves"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(pipeline_moves_accumulate);
PG_FUNCTION_INFO_V1(pipeline_counts);

static const char *const unit_names[UNITS] = {"day", "month"};

/* ---------- wire form ---------- */

static void
put_time(StringInfo out, TimestampTz at)
{
	pq_sendint64(out, at);
}

static TimestampTz
get_time(StringInfo in)
{
	TimestampTz at = pq_getmsgint64(in);

	wire_check(TIMESTAMP_NOT_FINITE(at) || IS_VALID_TIMESTAMP(at), TYPE_NAME, "time out of range");
	return at;
}

static void
put_leads(StringInfo out, const LeadAmounts *leads)
{
	wire_put_varint(out, (uint64) leads->leads);
	wire_put_varint(out, (uint64) leads->priced_leads);
	if (leads->amount != NULL)
		wire_put_numeric(out, leads->amount);
}

static void
get_leads(StringInfo in, LeadAmounts *leads)
{
	leads->leads = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	leads->priced_leads = wire_get_int64(in, TYPE_NAME, leads->leads);
	wire_check(leads->leads > 0, TYPE_NAME, "no leads");
	if (leads->priced_leads > 0)
		leads->amount = wire_get_numeric(in);
}

/* Where something stands in a list of what there is, always rising. */
static int
get_index(StringInfo in, int *next, int count)
{
	int index = (int) wire_get_int64(in, TYPE_NAME, count);

	wire_check(index < count - *next, TYPE_NAME, "index out of range");
	index += *next;
	*next = index + 1;
	return index;
}

static void
put_index(StringInfo out, int *next, int index)
{
	wire_put_varint(out, (uint64) (index - *next));
	*next = index + 1;
}

#define SOLD_COUNT (UNITS * (ENDS + 1) * 2)
#define OUTCOME_COUNT (UNITS * ENDS * ENDS)

/* The same as lists, by index. */
static SoldLeads **
sold_list(const PipelineMoves *moves)
{
	return (SoldLeads **) &moves->sold[0][0][0];
}

static LeadAmounts *
outcome_list(const PipelineMoves *moves)
{
	return (LeadAmounts *) &moves->outcomes[0][0][0];
}

static void
put_counters(StringInfo out, const PipelineMoves *moves)
{
	SoldLeads **sold = sold_list(moves);
	const LeadAmounts *outcomes = outcome_list(moves);
	int count = 0;
	int next = 0;

	for (int i = 0; i < SOLD_COUNT; i++)
		count += sold[i] != NULL;
	wire_put_varint(out, (uint64) count);
	for (int i = 0; i < SOLD_COUNT; i++)
	{
		if (sold[i] == NULL)
			continue;
		put_index(out, &next, i);
		put_leads(out, &sold[i]->leads);
		pq_sendbyte(out, sold[i]->is_infinite);
		exact_sum_put(out, &sold[i]->squares);
	}
	count = next = 0;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		count += outcomes[i].leads > 0;
	wire_put_varint(out, (uint64) count);
	for (int i = 0; i < OUTCOME_COUNT; i++)
	{
		if (outcomes[i].leads == 0)
			continue;
		put_index(out, &next, i);
		put_leads(out, &outcomes[i]);
	}
	count = next = 0;
	for (int i = 0; i <= MAX_CELLS; i++)
		count += moves->open[i].leads.leads > 0;
	wire_put_varint(out, (uint64) count);
	for (int i = 0; i <= MAX_CELLS; i++)
	{
		if (moves->open[i].leads.leads == 0)
			continue;
		put_index(out, &next, i);
		put_leads(out, &moves->open[i].leads);
		wire_put_varint(out, (uint64) moves->open[i].deals);
		wire_put_varint(out, (uint64) moves->open[i].deals_without_amount);
	}
}

static void
get_counters(StringInfo in, PipelineMoves *moves)
{
	int next = 0;

	for (int count = wire_get_count(in, TYPE_NAME, 4, SOLD_COUNT); count > 0; count--)
	{
		int index = get_index(in, &next, SOLD_COUNT);
		SoldLeads *sold = pipeline_moves_sold(moves, index / (2 * (ENDS + 1)), index / 2 % (ENDS + 1),
											  index % 2);
		int infinite;

		get_leads(in, &sold->leads);
		infinite = pq_getmsgbyte(in);
		wire_check(infinite <= 1, TYPE_NAME, "neither true nor false");
		sold->is_infinite = infinite;
		exact_sum_get(in, TYPE_NAME, &sold->squares);
	}
	next = 0;
	for (int count = wire_get_count(in, TYPE_NAME, 3, OUTCOME_COUNT); count > 0; count--)
	{
		int index = get_index(in, &next, OUTCOME_COUNT);

		get_leads(in, &outcome_list(moves)[index]);
	}
	next = 0;
	for (int count = wire_get_count(in, TYPE_NAME, 5, MAX_CELLS + 1); count > 0; count--)
	{
		OpenLeads *open = &moves->open[get_index(in, &next, MAX_CELLS + 1)];

		get_leads(in, &open->leads);
		open->deals = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
		open->deals_without_amount = wire_get_int64(in, TYPE_NAME, open->deals);
	}
}

static void
moves_encode(const void *value, StringInfo out)
{
	const PipelineMoves *moves = value;
	int count;
	CountedFlow *flows = pipeline_moves_flows(moves, &count);
	int next = 0;

	wire_put_version(out, WIRE_VERSION);
	pq_sendbyte(out, (uint8) moves->frame.won_position);
	put_time(out, moves->frame.observed_until);
	for (int unit = 0; unit < UNITS; unit++)
		for (int end = 0; end < ENDS; end++)
			put_time(out, moves->frame.ends[unit][end]);
	wire_put_varint(out, (uint64) moves->leads);
	pq_sendbyte(out, moves->has_created);
	if (moves->has_created)
		put_time(out, moves->first_created);
	wire_put_varint(out, (uint64) moves->closed_deals);
	wire_put_varint(out, (uint64) moves->won_deals);
	wire_put_varint(out, (uint64) count);
	for (int i = 0; i < count; i++)
	{
		put_index(out, &next, (int) flows[i].key);
		wire_put_varint(out, (uint64) flows[i].leads);
	}
	pfree(flows);
	put_counters(out, moves);
}

static void
check_ends(const TimestampTz *ends, bool *rise)
{
	for (int end = 1; end < ENDS; end++)
		*rise &= ends[end - 1] <= ends[end];
}

static void *
moves_decode(StringInfo in)
{
	PipelineFrame frame;
	PipelineMoves *moves;
	int has_created;
	bool rise = true;
	int next = 0;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	frame.won_position = pq_getmsgbyte(in);
	wire_check(frame.won_position >= 1 && frame.won_position <= MAX_STAGES + 1, TYPE_NAME,
			   "stage out of range");
	frame.observed_until = get_time(in);
	for (int unit = 0; unit < UNITS; unit++)
	{
		for (int end = 0; end < ENDS; end++)
			frame.ends[unit][end] = get_time(in);
		check_ends(frame.ends[unit], &rise);
	}
	wire_check(rise, TYPE_NAME, "ends of windows do not rise");
	moves = pipeline_moves_create(&frame);
	moves->leads = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	has_created = pq_getmsgbyte(in);
	wire_check(has_created <= 1, TYPE_NAME, "neither true nor false");
	moves->has_created = has_created;
	if (has_created)
		moves->first_created = get_time(in);
	moves->closed_deals = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	moves->won_deals = wire_get_int64(in, TYPE_NAME, moves->closed_deals);
	for (int count = wire_get_count(in, TYPE_NAME, 2, FLOW_KEYS); count > 0; count--)
	{
		int key = get_index(in, &next, FLOW_KEYS);
		int64 leads = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);

		wire_check(leads > 0, TYPE_NAME, "no leads");
		pipeline_moves_add_flow(moves, (uint32) key, leads);
	}
	get_counters(in, moves);
	return moves;
}

static void
moves_merge(void *into, const void *from)
{
	pipeline_moves_merge(into, from);
}

static const SummaryRoom pipeline_moves_room = {
	.type_name = TYPE_NAME,
	.decode = moves_decode,
	.encode = moves_encode,
	.merge = moves_merge,
};

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&pipeline_moves_room, pipeline_moves);

/* ---------- accumulate ---------- */

static void
get_ends(FunctionCallInfo fcinfo, int argument, const char *name, TimestampTz *ends)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	bool rise = true;

	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != ENDS || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have %d elements, none of them NULL", name, ENDS),
				 errhint("Write when the first window begins, and when each of %d ends, as forecast_ends() does.",
						 SNAPSHOT_WINDOWS)));
	/* Eight bytes each, as doubles. */
	memcpy(ends, float8_elements(array), ENDS * sizeof(TimestampTz));
	check_ends(ends, &rise);
	if (!rise)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be in order of time", name),
				 errhint("Write the oldest end first, as forecast_ends() does.")));
}

static void
get_frame(FunctionCallInfo fcinfo, PipelineFrame *frame)
{
	if (PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL",
						PG_ARGISNULL(3) ? "observed_until" : PG_ARGISNULL(4) ? "day_ends" : "month_ends"),
				 errhint("Write up to when the data is complete, and the ends of windows up to then.")));
	frame->won_position = won_position_argument(fcinfo, 2);
	frame->observed_until = PG_GETARG_TIMESTAMPTZ(3);
	get_ends(fcinfo, 4, "day_ends", frame->ends[0]);
	get_ends(fcinfo, 5, "month_ends", frame->ends[1]);
}

/* (state, history, won_position, observed_until, day_ends, month_ends) */
Datum
pipeline_moves_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, TYPE_NAME);
	PipelineMoves *moves = PG_ARGISNULL(0) ? NULL : (PipelineMoves *) PG_GETARG_POINTER(0);
	PipelineFrame frame;

	if (PG_ARGISNULL(1))
	{
		if (moves == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(moves);
	}
	get_frame(fcinfo, &frame);
	if (moves == NULL)
	{
		MemoryContext previous = MemoryContextSwitchTo(context);

		moves = pipeline_moves_create(&frame);
		MemoryContextSwitchTo(previous);
	}
	pipeline_moves_check_frame(moves, &frame);
	pipeline_moves_add(moves, summary_from_datum(&pipeline_history_room, PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(moves);
}

/* ---------- the counts as rows ---------- */

/* The columns of forecast_count. */
enum
{
	KIND,
	UNIT,
	WINDOW_NUMBER,
	FROM_CELL,
	TO_CELL,
	LEADS,
	PRICED_LEADS,
	AMOUNT,
	SQUARES,
	DEALS,
	DEALS_WITHOUT_AMOUNT,
	AT,
	COLUMNS
};

typedef struct CountRow
{
	Datum values[COLUMNS];
	bool nulls[COLUMNS];
} CountRow;

static void
begin_row(CountRow *row, const char *kind, int unit)
{
	memset(row->nulls, true, sizeof(row->nulls));
	row->values[KIND] = CStringGetTextDatum(kind);
	row->values[UNIT] = CStringGetTextDatum(unit_names[unit]);
	row->nulls[KIND] = row->nulls[UNIT] = false;
}

static void
set_value(CountRow *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

static void
set_leads(CountRow *row, const LeadAmounts *leads)
{
	set_value(row, LEADS, Int64GetDatum(leads->leads));
	set_value(row, PRICED_LEADS, Int64GetDatum(leads->priced_leads));
	if (leads->amount != NULL)
		set_value(row, AMOUNT, NumericGetDatum(leads->amount));
}

static void
put_flow_rows(ReturnSetInfo *rows, const PipelineMoves *moves)
{
	int count;
	CountedFlow *flows = pipeline_moves_flows(moves, &count);

	for (int i = 0; i < count; i++)
	{
		int key = (int) flows[i].key;
		CountRow row;

		begin_row(&row, "flow", key / (FLOW_CELLS * FLOW_CELLS) / ENDS);
		set_value(&row, WINDOW_NUMBER, Int32GetDatum(key / (FLOW_CELLS * FLOW_CELLS) % ENDS));
		set_value(&row, FROM_CELL, Int32GetDatum(key / FLOW_CELLS % FLOW_CELLS - 2));
		set_value(&row, TO_CELL, Int32GetDatum(key % FLOW_CELLS - 2));
		set_value(&row, LEADS, Int64GetDatum(flows[i].leads));
		put_row(rows, row.values, row.nulls);
	}
}

static void
put_sale_rows(ReturnSetInfo *rows, const PipelineMoves *moves, int unit)
{
	CountRow row;

	for (int window = 0; window <= ENDS; window++)
	{
		for (int when = SALE_BY_NOW; when <= LATER_SALE; when++)
		{
			const SoldLeads *sold = moves->sold[unit][window][when];

			if (sold == NULL)
				continue;
			begin_row(&row, when == SALE_BY_NOW ? "sale by now" : "later sale", unit);
			set_value(&row, WINDOW_NUMBER, Int32GetDatum(window));
			set_leads(&row, &sold->leads);
			set_value(&row, SQUARES,
					  Float8GetDatum(sold->is_infinite ? INFINITY : exact_sum_value(&sold->squares)));
			put_row(rows, row.values, row.nulls);
		}
	}
	for (int end = 0; end < ENDS; end++)
	{
		for (int window = 0; window < ENDS; window++)
		{
			const LeadAmounts *leads = &moves->outcomes[unit][end][window];

			if (leads->leads == 0)
				continue;
			begin_row(&row, "outcome", unit);
			set_value(&row, WINDOW_NUMBER, Int32GetDatum(window));
			set_value(&row, FROM_CELL, Int32GetDatum(end));
			set_leads(&row, leads);
			put_row(rows, row.values, row.nulls);
		}
	}
}

static void
put_open_rows(ReturnSetInfo *rows, const PipelineMoves *moves)
{
	for (int cell = 0; cell <= MAX_CELLS; cell++)
	{
		const OpenLeads *open = &moves->open[cell];
		CountRow row;

		if (open->leads.leads == 0)
			continue;
		begin_row(&row, "open", 0);
		set_value(&row, FROM_CELL, Int32GetDatum(cell));
		set_leads(&row, &open->leads);
		set_value(&row, DEALS, Int64GetDatum(open->deals));
		set_value(&row, DEALS_WITHOUT_AMOUNT, Int64GetDatum(open->deals_without_amount));
		put_row(rows, row.values, row.nulls);
	}
}

static void
put_time_rows(ReturnSetInfo *rows, const PipelineMoves *moves, int unit)
{
	CountRow row;

	if (moves->leads == 0)
		return;
	for (int end = 0; end < ENDS; end++)
	{
		begin_row(&row, "window", unit);
		set_value(&row, WINDOW_NUMBER, Int32GetDatum(end));
		set_value(&row, AT, TimestampTzGetDatum(moves->frame.ends[unit][end]));
		put_row(rows, row.values, row.nulls);
	}
	begin_row(&row, "lead", unit);
	if (moves->has_created)
		set_value(&row, AT, TimestampTzGetDatum(moves->first_created));
	put_row(rows, row.values, row.nulls);
}

/* (moves): a row per counter; of no leads the deals, which are none */
Datum
pipeline_counts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = begin_rows(fcinfo);
	const PipelineMoves *moves = PG_ARGISNULL(0)
		? NULL
		: summary_from_datum(&pipeline_moves_room, PG_GETARG_DATUM(0));
	CountRow row;

	if (moves != NULL)
	{
		put_flow_rows(rows, moves);
		for (int unit = 0; unit < UNITS; unit++)
			put_sale_rows(rows, moves, unit);
		put_open_rows(rows, moves);
		for (int unit = 0; unit < UNITS; unit++)
			put_time_rows(rows, moves, unit);
	}
	begin_row(&row, "closed deal", 0);
	set_value(&row, DEALS, Int64GetDatum(moves == NULL ? 0 : moves->closed_deals));
	set_value(&row, DEALS_WITHOUT_AMOUNT, Int64GetDatum(moves == NULL ? 0 : moves->won_deals));
	put_row(rows, row.values, row.nulls);
	return (Datum) 0;
}
