/*
 * scorecard_cache.c
 *	  Each scorecard is parsed and compiled once, not once per row.
 *
 * The cache belongs to the process and not to fn_extra: some executors call a
 * function with a new FmgrInfo on every row, and a state that outlives such a
 * call must be able to hold on to its card.
 */
#include "scorecard_cache.h"

#include "access/xact.h"
#include "lib/ilist.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "base/wire.h"

/* Cards kept beyond those in use. */
#define KEPT_CARDS 32

typedef struct CacheEntry
{
	CompiledScorecard *compiled;
	MemoryContext context; /* all of this lives in it */
	dlist_node node;
	int pins;
	int length;
	char *bytes; /* the stored form, without header */
	/* As the datum came last, which may be compressed or a pointer to a stored value. */
	char *raw;
	Size raw_size;
	Size raw_capacity;
	TimestampTz raw_transaction; /* a pointer means the same in its transaction only */
} CacheEntry;

/* The compiled card knows its entry. */
typedef struct CachedScorecard
{
	CompiledScorecard compiled;
	CacheEntry *entry;
} CachedScorecard;

static dlist_head entries = DLIST_STATIC_INIT(entries); /* last used first */
static int entry_count = 0;

static CacheEntry *
entry_of(CompiledScorecard *compiled)
{
	return ((CachedScorecard *) compiled)->entry;
}

static void
forget(CacheEntry *entry)
{
	dlist_delete(&entry->node);
	entry_count--;
	MemoryContextDelete(entry->context);
}

/* Cards in use stay; of the others, those used last. */
static void
forget_surplus(void)
{
	dlist_node *node = dlist_is_empty(&entries) ? NULL : dlist_tail_node(&entries);

	while (entry_count > KEPT_CARDS && node != NULL)
	{
		dlist_node *previous = dlist_has_prev(&entries, node) ? dlist_prev_node(&entries, node) : NULL;
		CacheEntry *entry = dlist_container(CacheEntry, node, node);

		if (entry->pins == 0)
			forget(entry);
		node = previous;
	}
}

static CacheEntry *
create_entry(const char *bytes, int length)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi scorecard",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(context);
	CacheEntry *entry = palloc0(sizeof(CacheEntry));
	CachedScorecard *cached = palloc0(sizeof(CachedScorecard));
	Scorecard *card;

	wire_check(length > 1 && bytes[0] == SCORECARD_WIRE_VERSION, SCORECARD_TYPE, "unknown version");
	(void) pg_verifymbstr(bytes + 1, length - 1, false);
	card = scorecard_parse(bytes + 1, length - 1, NULL);
	cached->compiled = *scorecard_compile(card);
	cached->entry = entry;
	entry->compiled = &cached->compiled;
	entry->context = context;
	entry->length = length;
	entry->bytes = memcpy(palloc(length), bytes, length);
	MemoryContextSwitchTo(previous);

	/* All went well: from here on it outlives the query. */
	MemoryContextSetParent(context, TopMemoryContext);
	dlist_push_head(&entries, &entry->node);
	entry_count++;
	return entry;
}

CompiledScorecard *
scorecard_from_bytes(const char *bytes, int length)
{
	CacheEntry *entry;
	dlist_iter iter;

	dlist_foreach(iter, &entries)
	{
		entry = dlist_container(CacheEntry, node, iter.cur);
		if (entry->length == length && memcmp(entry->bytes, bytes, length) == 0)
		{
			dlist_move_head(&entries, &entry->node);
			return entry->compiled;
		}
	}
	forget_surplus();
	return create_entry(bytes, length)->compiled;
}

static void
remember_raw(CacheEntry *entry, const struct varlena *value)
{
	Size size = VARSIZE_ANY(value);

	if (entry->raw_capacity < size)
	{
		if (entry->raw != NULL)
			pfree(entry->raw);
		entry->raw_size = entry->raw_capacity = 0;
		entry->raw = MemoryContextAlloc(entry->context, size);
		entry->raw_capacity = size;
	}
	memcpy(entry->raw, value, size);
	entry->raw_size = size;
	entry->raw_transaction = GetCurrentTransactionStartTimestamp();
}

CompiledScorecard *
scorecard_from_datum(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	struct varlena *plain;
	CompiledScorecard *compiled;
	bool is_pointer = VARATT_IS_EXTERNAL(value);
	bool has_raw = !is_pointer || VARATT_IS_EXTERNAL_ONDISK(value);

	if (has_raw)
	{
		Size size = VARSIZE_ANY(value);
		dlist_iter iter;

		dlist_foreach(iter, &entries)
		{
			CacheEntry *entry = dlist_container(CacheEntry, node, iter.cur);

			if (entry->raw_size == size && memcmp(entry->raw, value, size) == 0 &&
				(!is_pointer || entry->raw_transaction == GetCurrentTransactionStartTimestamp()))
			{
				dlist_move_head(&entries, &entry->node);
				return entry->compiled;
			}
		}
	}
	plain = PG_DETOAST_DATUM_PACKED(datum);
	compiled = scorecard_from_bytes(VARDATA_ANY(plain), (int) VARSIZE_ANY_EXHDR(plain));
	if (has_raw)
		remember_raw(entry_of(compiled), value);
	if (plain != value)
		pfree(plain);
	return compiled;
}

const char *
scorecard_bytes(const CompiledScorecard *compiled, int *length)
{
	const CacheEntry *entry = ((const CachedScorecard *) compiled)->entry;

	*length = entry->length;
	return entry->bytes;
}

static void
unpin(void *argument)
{
	((CacheEntry *) argument)->pins--;
}

void
scorecard_pin(ScorecardPin *pin, CompiledScorecard *compiled)
{
	CacheEntry *entry = entry_of(compiled);

	entry->pins++;
	pin->release.func = unpin;
	pin->release.arg = entry;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &pin->release);
}
