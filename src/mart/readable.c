/*
 * readable.c
 *	  Whether the current role may see what is stored of a mart, asked by each of
 *	  its views whenever it is read, and by each layer of a refresh: what was
 *	  found is remembered while nothing is committed and nothing changes that it
 *	  rests on.
 *
 * The answer comes from the catalogs as the query's snapshot shows them, which
 * may be older than the changes that this session has been told of: so it holds
 * for queries that see the same, and not for the next ones.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(mart_is_readable);

/* A role that may read the relations of a mart.  Of one that may not, an error says so each time. */
typedef struct ReadableRelations
{
	Oid role;
	bool row_security; /* the setting under which it was asked */
	NameData mart;
	struct varlena *relations; /* the array as it was passed */
} ReadableRelations;

/* More are no mart's: each has some dozen sets of relations. */
#define MAX_REMEMBERED 1000

static MemoryContext remembered_context = NULL;
static List *remembered = NIL;
static uint64 changes_seen = 0;
/* What the answers were found with; the arrays are in remembered_context. */
static SnapshotData seen;

/* Rights, memberships, owners, names, row security, the text of a view: any change of these may change the answer. */
static void
forget_all(void)
{
	changes_seen++;
	remembered = NIL;
	memset(&seen, 0, sizeof(seen));
	if (remembered_context != NULL)
		MemoryContextReset(remembered_context);
}

static void
forget_with_catalog(Datum argument, int cache, uint32 hash)
{
	forget_all();
}

static void
forget_with_relation(Datum argument, Oid relation)
{
	forget_all();
}

static void
begin_to_remember(void)
{
	const int catalogs[] = {RELOID, NAMESPACEOID, AUTHOID, AUTHMEMROLEMEM, DATABASEOID};

	if (remembered_context != NULL)
		return;
	for (size_t i = 0; i < lengthof(catalogs); i++)
		CacheRegisterSyscacheCallback(catalogs[i], forget_with_catalog, (Datum) 0);
	CacheRegisterRelcacheCallback(forget_with_relation, (Datum) 0);
	remembered_context = AllocSetContextCreate(CacheMemoryContext, "lead_kpi readable marts",
											   ALLOCSET_SMALL_SIZES);
}

static bool
is_same(const TransactionId *some, const TransactionId *others, int64 count)
{
	return count == 0 || memcmp(some, others, count * sizeof(TransactionId)) == 0;
}

/* Do queries under both see the same that others committed?  What this session does itself invalidates. */
static bool
sees_the_same(const SnapshotData *one, const SnapshotData *other)
{
	return one->xmin == other->xmin && one->xmax == other->xmax && one->xcnt == other->xcnt &&
		one->subxcnt == other->subxcnt && one->suboverflowed == other->suboverflowed &&
		one->takenDuringRecovery == other->takenDuringRecovery && is_same(one->xip, other->xip, one->xcnt) &&
		is_same(one->subxip, other->subxip, one->subxcnt);
}

static TransactionId *
copy_of(const TransactionId *transactions, int64 count)
{
	TransactionId *copy = MemoryContextAlloc(remembered_context, mul_size(count + 1, sizeof(TransactionId)));

	if (count > 0)
		memcpy(copy, transactions, count * sizeof(TransactionId));
	return copy;
}

/* From here on answers are those under this snapshot. */
static void
begin_with(const SnapshotData *snapshot)
{
	forget_all();
	seen = *snapshot;
	seen.xip = copy_of(snapshot->xip, snapshot->xcnt);
	seen.subxip = copy_of(snapshot->subxip, snapshot->subxcnt);
}

static bool
is_remembered(Name mart, struct varlena *relations)
{
	ListCell *cell;

	foreach(cell, remembered)
	{
		ReadableRelations *known = lfirst(cell);

		if (known->role == GetUserId() && known->row_security == row_security &&
			VARSIZE(known->relations) == VARSIZE(relations) &&
			memcmp(known->relations, relations, VARSIZE(relations)) == 0 &&
			strcmp(NameStr(known->mart), NameStr(*mart)) == 0)
			return true;
	}
	return false;
}

static void
remember(Name mart, struct varlena *relations)
{
	MemoryContext caller;
	ReadableRelations *known;

	if (list_length(remembered) >= MAX_REMEMBERED)
		return;
	caller = MemoryContextSwitchTo(remembered_context);
	known = palloc(sizeof(ReadableRelations));
	known->role = GetUserId();
	known->row_security = row_security;
	known->mart = *mart;
	known->relations = palloc(VARSIZE(relations));
	memcpy(known->relations, relations, VARSIZE(relations));
	remembered = lappend(remembered, known);
	MemoryContextSwitchTo(caller);
}

/* mart_is_readable(mart name, relations text[]): true, or an error */
Datum
mart_is_readable(PG_FUNCTION_ARGS)
{
	Name mart = PG_GETARG_NAME(0);
	struct varlena *relations = PG_GETARG_VARLENA_P(1);
	Oid arguments[] = {NAMEOID, TEXTARRAYOID};
	char *schema;
	Oid answers;
	uint64 changes;

	begin_to_remember();
	if (!TransactionIdIsValid(seen.xmin) || !sees_the_same(&seen, GetActiveSnapshot()))
		begin_with(GetActiveSnapshot());
	else if (is_remembered(mart, relations))
		PG_RETURN_BOOL(true);
	schema = get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid));
	answers = LookupFuncName(list_make2(makeString(schema), makeString("mart_must_be_readable")), 2,
							 arguments, false);
	changes = changes_seen;
	/* An error where it is not so. */
	OidFunctionCall2(answers, NameGetDatum(mart), PointerGetDatum(relations));
	if (changes == changes_seen)
		remember(mart, relations);
	PG_RETURN_BOOL(true);
}
