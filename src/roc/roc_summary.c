/*
 * roc_summary.c
 *	  The roc as a value: decode, encode, merge, print, parse.
 */
#include "roc_summary.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define TYPE_NAME "roc"
#define WIRE_VERSION 1
#define TEXT_VERSION 1

const char *const roc_ignored_names[ROC_IGNORED_REASONS] = {
	"null_score", "null_converted", "nan_score"
};

void
roc_raise_too_many(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("a roc has more than " INT64_FORMAT " leads", ROC_MAX_LEADS),
			 errhint("Check whether leads are added twice.")));
}

RocSummary *
roc_summary_create(void)
{
	RocSummary *summary = palloc0(sizeof(RocSummary));

	summary->context = CurrentMemoryContext;
	return summary;
}

/* ---------- sorted sources ---------- */

bool
roc_cursor_next(RocCursor *cursor, RocEntry *entry)
{
	bool		found = false;

	CHECK_FOR_INTERRUPTS();
	entry->key = PG_UINT64_MAX;
	for (int side = 0; side < 2; side++)
	{
		if (cursor->entries[side] < cursor->entries_end[side])
		{
			entry->key = Min(entry->key, cursor->entries[side]->key);
			found = true;
		}
		if (cursor->keys[side] < cursor->keys_end[side])
		{
			entry->key = Min(entry->key, *cursor->keys[side]);
			found = true;
		}
	}
	if (!found)
		return false;
	entry->converted = entry->others = 0;
	for (int side = 0; side < 2; side++)
	{
		const RocEntry *next = cursor->entries[side];
		const uint64 *keys = cursor->keys[side];

		if (next < cursor->entries_end[side] && next->key == entry->key)
		{
			entry->converted += next->converted;
			entry->others += next->others;
			cursor->entries[side]++;
		}
		while (keys < cursor->keys_end[side] && *keys == entry->key)
			keys++;
		*(side == 1 ? &entry->converted : &entry->others) += keys - cursor->keys[side];
		cursor->keys[side] = keys;
	}
	return true;
}

Size
roc_cursor_count(RocCursor cursor)
{
	RocEntry	entry;
	Size		count = 0;

	while (roc_cursor_next(&cursor, &entry))
		count++;
	return count;
}

void
roc_summary_replace(RocSummary *summary, RocCursor cursor)
{
	Size		count = roc_cursor_count(cursor);
	RocEntry   *entries = MemoryContextAllocHuge(summary->context, Max(count, 1) * sizeof(RocEntry));

	summary->converted = summary->others = 0;
	for (Size i = 0; i < count; i++)
	{
		(void) roc_cursor_next(&cursor, &entries[i]);
		/* Each is at most ROC_MAX_LEADS and so is their sum, or this raises. */
		summary->converted += entries[i].converted;
		summary->others += entries[i].others;
		if (summary->converted + summary->others > ROC_MAX_LEADS)
			roc_raise_too_many();
	}
	if (summary->entries != NULL)
		pfree(summary->entries);
	summary->entries = entries;
	summary->count = count;
}

/* ---------- decode, encode ---------- */

static int64
get_count(StringInfo in, int64 high)
{
	uint64		count = wire_get_varint(in, TYPE_NAME);

	wire_check(count <= (uint64) high, TYPE_NAME, "count out of range");
	return (int64) count;
}

static void *
roc_decode(StringInfo in)
{
	RocSummary *summary = roc_summary_create();
	uint64		key = 0;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		summary->ignored[reason] = get_count(in, PG_INT64_MAX);
	/* Three bytes at least for each. */
	summary->count = (Size) wire_get_count(in, TYPE_NAME, 3, PG_INT32_MAX);
	summary->entries = MemoryContextAllocHuge(summary->context,
											  Max(summary->count, 1) * sizeof(RocEntry));
	for (Size i = 0; i < summary->count; i++)
	{
		RocEntry   *entry = &summary->entries[i];
		uint64		step = wire_get_varint(in, TYPE_NAME);

		wire_check(step > 0 && step <= PG_UINT64_MAX - key, TYPE_NAME, "scores are not in order");
		key += step;
		wire_check(score_key_is_valid(key), TYPE_NAME, "a score is not a number");
		entry->key = key;
		entry->converted = get_count(in, ROC_MAX_LEADS - summary->converted - summary->others);
		summary->converted += entry->converted;
		entry->others = get_count(in, ROC_MAX_LEADS - summary->converted - summary->others);
		summary->others += entry->others;
		wire_check(entry->converted + entry->others > 0, TYPE_NAME, "a score without leads");
	}
	return summary;
}

void
roc_encode_cursor(const RocSummary *summary, RocCursor cursor, StringInfo out)
{
	Size		count = roc_cursor_count(cursor);
	uint64		key = 0;
	RocEntry	entry;

	wire_put_version(out, WIRE_VERSION);
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) summary->ignored[reason]);
	wire_put_varint(out, count);
	while (roc_cursor_next(&cursor, &entry))
	{
		wire_put_varint(out, entry.key - key);
		wire_put_varint(out, (uint64) entry.converted);
		wire_put_varint(out, (uint64) entry.others);
		key = entry.key;
	}
}

static RocCursor
entries_of(const RocSummary *a, const RocSummary *b)
{
	RocCursor	cursor = {
		.entries = {a->entries},
		.entries_end = {a->entries + a->count},
	};

	if (b != NULL)
	{
		cursor.entries[1] = b->entries;
		cursor.entries_end[1] = b->entries + b->count;
	}
	return cursor;
}

static void
roc_encode(const void *value, StringInfo out)
{
	roc_encode_cursor(value, entries_of(value, NULL), out);
}

/* ---------- merge ---------- */

static void
roc_merge(void *into_value, const void *from_value)
{
	RocSummary *into = into_value;
	const RocSummary *from = from_value;

	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
	{
		if (into->ignored[reason] > PG_INT64_MAX - from->ignored[reason])
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("roc counts are out of range")));
		into->ignored[reason] += from->ignored[reason];
	}
	if (from->count > 0)
		roc_summary_replace(into, entries_of(into, from));
}

/* ---------- text form ---------- */

static void
roc_print(const void *value, StringInfo out)
{
	const RocSummary *summary = value;

	appendStringInfo(out, "{\"version\": %d, \"ignored\": {", TEXT_VERSION);
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		appendStringInfo(out, "%s\"%s\": " INT64_FORMAT, reason > 0 ? ", " : "",
						 roc_ignored_names[reason], summary->ignored[reason]);
	appendStringInfoString(out, "}, \"scores\": [");
	for (Size i = 0; i < summary->count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		summary_print_float8(out, score_of_key(summary->entries[i].key));
	}
	appendStringInfoString(out, "], \"converted\": [");
	for (Size i = 0; i < summary->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s" INT64_FORMAT, i > 0 ? ", " : "", summary->entries[i].converted);
	}
	appendStringInfoString(out, "], \"others\": [");
	for (Size i = 0; i < summary->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s" INT64_FORMAT, i > 0 ? ", " : "", summary->entries[i].others);
	}
	appendStringInfoString(out, "]}");
}

/* The array under a key, read from front to back: by position it would take quadratic time. */
static bool
open_array(JsonbContainer *root, const char *key, JsonbIterator **iterator, int *length, Node *escontext)
{
	JsonbContainer *array;
	JsonbValue	ignored;

	if (!summary_json_array(&roc_room, root, key, &array, length, escontext))
		return false;
	*iterator = JsonbIteratorInit(array);
	(void) JsonbIteratorNext(iterator, &ignored, true);
	return true;
}

static void *
roc_parse(Jsonb *json, Node *escontext)
{
	JsonbContainer *root = &json->root;
	RocSummary *summary = roc_summary_create();
	JsonbIterator *scores;
	JsonbIterator *converted;
	JsonbIterator *others;
	JsonbValue	value;
	int			length;
	int			converted_length;
	int			others_length;
	int64		version;

	if (!summary_json_member(&roc_room, root, "version", &value, escontext) ||
		!summary_json_int64(&roc_room, &value, "version", TEXT_VERSION, TEXT_VERSION, &version, escontext) ||
		!summary_json_member(&roc_room, root, "ignored", &value, escontext))
		return NULL;
	if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
	{
		(void) summary_json_error(&roc_room, escontext, "key \"ignored\" must be an object");
		return NULL;
	}
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		if (!summary_json_count(&roc_room, value.val.binary.data, roc_ignored_names[reason],
								PG_INT64_MAX, &summary->ignored[reason], escontext))
			return NULL;
	if (!open_array(root, "scores", &scores, &length, escontext) ||
		!open_array(root, "converted", &converted, &converted_length, escontext) ||
		!open_array(root, "others", &others, &others_length, escontext))
		return NULL;
	if (converted_length != length || others_length != length)
	{
		(void) summary_json_error(&roc_room, escontext,
								  "\"scores\", \"converted\" and \"others\" must be of one length");
		return NULL;
	}
	summary->entries = MemoryContextAllocHuge(summary->context, Max(length, 1) * sizeof(RocEntry));
	for (; summary->count < (Size) length; summary->count++)
	{
		RocEntry   *entry = &summary->entries[summary->count];
		int64		room = ROC_MAX_LEADS - summary->converted - summary->others;
		double		score;

		CHECK_FOR_INTERRUPTS();
		(void) JsonbIteratorNext(&scores, &value, true);
		if (!summary_json_float8(&roc_room, &value, "scores", &score, escontext))
			return NULL;
		(void) JsonbIteratorNext(&converted, &value, true);
		if (!summary_json_int64(&roc_room, &value, "converted", 0, room, &entry->converted, escontext))
			return NULL;
		(void) JsonbIteratorNext(&others, &value, true);
		if (!summary_json_int64(&roc_room, &value, "others", 0, room - entry->converted,
								&entry->others, escontext))
			return NULL;
		entry->key = score_key(score);
		if (summary->count > 0 && entry->key <= entry[-1].key)
		{
			(void) summary_json_error(&roc_room, escontext, "\"scores\" must rise");
			return NULL;
		}
		if (entry->converted + entry->others == 0)
		{
			(void) summary_json_error(&roc_room, escontext, "a score has no leads");
			return NULL;
		}
		summary->converted += entry->converted;
		summary->others += entry->others;
	}
	return summary;
}

const SummaryRoom roc_room = {
	.type_name = TYPE_NAME,
	.decode = roc_decode,
	.encode = roc_encode,
	.merge = roc_merge,
	.print = roc_print,
	.parse = roc_parse,
};
