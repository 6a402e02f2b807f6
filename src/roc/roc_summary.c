/*
 * roc_summary.c
 *	  The roc as a value: decode, encode, merge, print, parse.
 */
#include "roc_summary.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/counts.h"

#define TYPE_NAME "roc"
#define WIRE_VERSION 1

const char *const roc_ignored_names[ROC_IGNORED_REASONS] = {
	"null_score",
	"null_converted",
	"nan_score",
};

RocSummary *
roc_summary_create(void)
{
	RocSummary *summary = palloc0(sizeof(RocSummary));

	summary->context = CurrentMemoryContext;
	return summary;
}

/* ---------- sorted sources ---------- */

/* The next distinct score of all sources; false when there is none. */
static bool
cursor_next(RocCursor *cursor, RocEntry *entry)
{
	bool found = false;

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
	RocEntry entry;
	Size count = 0;

	while (cursor_next(&cursor, &entry))
		count++;
	return count;
}

void
roc_summary_replace(RocSummary *summary, RocCursor cursor)
{
	Size count = roc_cursor_count(cursor);
	RocEntry *entries = MemoryContextAllocHuge(summary->context, mul_size(Max(count, 1), sizeof(RocEntry)));

	summary->converted = summary->others = 0;
	for (Size i = 0; i < count; i++)
	{
		(void) cursor_next(&cursor, &entries[i]);
		/* Each is at most ROC_MAX_LEADS and so is their sum, or this raises. */
		summary->converted += entries[i].converted;
		summary->others += entries[i].others;
		if (summary->converted + summary->others > ROC_MAX_LEADS)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a roc has more than " INT64_FORMAT " leads", ROC_MAX_LEADS),
					 errhint("Check whether leads are added twice.")));
	}
	if (summary->entries != NULL)
		pfree(summary->entries);
	summary->entries = entries;
	summary->count = count;
}

/* ---------- what must hold ---------- */

static const char *
roc_contradiction(const void *value)
{
	const RocSummary *summary = value;
	int64 converted = 0;
	int64 others = 0;

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];

		if (!score_key_is_valid(entry->key))
			return "a score is not a number";
		if (i > 0 && entry->key <= entry[-1].key)
			return "scores are not in order";
		if (entry->converted + entry->others <= 0)
			return "a score without leads";
		converted += entry->converted;
		others += entry->others;
	}
	return converted != summary->converted || others != summary->others ? "leads do not add up" : NULL;
}

/* ---------- decode, encode ---------- */

static void *
roc_decode(StringInfo in)
{
	RocSummary *summary = roc_summary_create();
	uint64 key = 0;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		summary->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	/* Three bytes at least for each. */
	summary->count = (Size) wire_get_count(in, TYPE_NAME, 3, PG_INT32_MAX);
	summary->entries = MemoryContextAllocHuge(summary->context,
											  mul_size(Max(summary->count, 1), sizeof(RocEntry)));
	for (Size i = 0; i < summary->count; i++)
	{
		RocEntry *entry = &summary->entries[i];
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* Beyond 64 bits it begins anew, and is out of order. */
		key += wire_get_varint(in, TYPE_NAME);
		entry->key = key;
		entry->converted = wire_get_int64(in, TYPE_NAME,
										  ROC_MAX_LEADS - summary->converted - summary->others);
		summary->converted += entry->converted;
		entry->others = wire_get_int64(in, TYPE_NAME, ROC_MAX_LEADS - summary->converted - summary->others);
		summary->others += entry->others;
	}
	return summary;
}

void
roc_encode_cursor(const RocSummary *summary, RocCursor cursor, StringInfo out)
{
	Size count = roc_cursor_count(cursor);
	uint64 key = 0;
	RocEntry entry;

	wire_put_version(out, WIRE_VERSION);
	for (int reason = 0; reason < ROC_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) summary->ignored[reason]);
	wire_put_varint(out, count);
	while (cursor_next(&cursor, &entry))
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
	RocCursor cursor = {
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

	add_each_count(into->ignored, from->ignored, ROC_IGNORED_REASONS, TYPE_NAME);
	if (from->count > 0)
		roc_summary_replace(into, entries_of(into, from));
}

/* ---------- text form ---------- */

static void
roc_print(const void *value, StringInfo out)
{
	const RocSummary *summary = value;

	appendStringInfo(out, "{\"version\": %d", SUMMARY_TEXT_VERSION);
	summary_print_counts(out, "ignored", roc_ignored_names, summary->ignored, ROC_IGNORED_REASONS);
	appendStringInfoString(out, ", \"scores\": [");
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
open_array(const SummaryReader *reader, JsonbContainer *root, const char *key, JsonbIterator **iterator,
		   int *length)
{
	JsonbContainer *array;
	JsonbValue ignored;

	if (!summary_json_array(reader, root, key, PG_INT32_MAX, &array, length))
		return false;
	*iterator = JsonbIteratorInit(array);
	(void) JsonbIteratorNext(iterator, &ignored, true);
	return true;
}

static void *
roc_parse(const SummaryReader *reader, JsonbContainer *root)
{
	RocSummary *summary = roc_summary_create();
	JsonbIterator *scores;
	JsonbIterator *converted;
	JsonbIterator *others;
	JsonbValue value;
	int length;
	int converted_length;
	int others_length;

	if (!summary_json_version(reader, root) ||
		!summary_json_counts(reader, root, "ignored", roc_ignored_names, summary->ignored,
							 ROC_IGNORED_REASONS) ||
		!open_array(reader, root, "scores", &scores, &length) ||
		!open_array(reader, root, "converted", &converted, &converted_length) ||
		!open_array(reader, root, "others", &others, &others_length))
		return NULL;
	if (converted_length != length || others_length != length)
		return summary_json_refuse(reader, "\"scores\", \"converted\" and \"others\" must be of one length");
	summary->entries = MemoryContextAllocHuge(summary->context, mul_size(Max(length, 1), sizeof(RocEntry)));
	for (; summary->count < (Size) length; summary->count++)
	{
		RocEntry *entry = &summary->entries[summary->count];
		int64 room = ROC_MAX_LEADS - summary->converted - summary->others;
		double score;

		CHECK_FOR_INTERRUPTS();
		(void) JsonbIteratorNext(&scores, &value, true);
		if (!summary_json_float8(reader, &value, "scores", &score))
			return NULL;
		(void) JsonbIteratorNext(&converted, &value, true);
		if (!summary_json_int64(reader, &value, "converted", 0, room, &entry->converted))
			return NULL;
		(void) JsonbIteratorNext(&others, &value, true);
		if (!summary_json_int64(reader, &value, "others", 0, room - entry->converted, &entry->others))
			return NULL;
		entry->key = score_key(score);
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
	.contradiction = roc_contradiction,
};
