/*
 * sharing.c
 *	  What a query reads more than once of a mart is computed once.
 *
 * The views of a mart rest on each other: the server plans and computes the
 * judgement of all leads again wherever one reads it, three times in a funnel and
 * dozens of times in a diagnosis.  Here the query is changed before it is planned,
 * to what an analyst would write who had all of it in one text: a materialized
 * common table expression for each view that is there more than once.
 *
 * A view stays the subquery that it was, with its rights and its barrier; only
 * what it selects from is another.  Views that the planner would make part of
 * the query around them (joins and conditions) are left to it, and so is what a
 * stored mart shows: that is read, not computed.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/prs2lock.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

#include "sharing.h"

/* A view with all that is beneath it, which a query reads so at one place or more. */
typedef struct SharedView
{
	Oid view;
	Query *body;
	Bitmapset *columns; /* that all of these places ask for, see columns_asked_for */
	int references;
	CommonTableExpr *table; /* where it is there more than once */
} SharedView;

typedef struct ViewReference
{
	RangeTblEntry *entry; /* key: the place where it is read */
	SharedView *view;
} ViewReference;

typedef struct Sharing
{
	List *views;	   /* of SharedView, those that others rest on first */
	List *looked_into; /* of SharedView, in the order in which they were met */
	HTAB *references;  /* of ViewReference; NULL = none */
	Oid schema;		   /* of this extension */
	int level;		   /* of the query that is walked, beneath the one that gets the tables */
} Sharing;

/* InvalidOid = not a view. */
static Oid
view_of(const RangeTblEntry *entry)
{
#if PG_VERSION_NUM >= 160000
	return entry->relkind == RELKIND_VIEW ? entry->relid : InvalidOid;
#else
	/* Its text begins with two entries for itself, of which the first has the rights that are asked for. */
	const RangeTblEntry *own;

	if (list_length(entry->subquery->rtable) < PRS2_NEW_VARNO)
		return InvalidOid;
	own = list_nth_node(RangeTblEntry, entry->subquery->rtable, PRS2_OLD_VARNO - 1);
	return own->rtekind == RTE_RELATION && own->relkind == RELKIND_VIEW && !own->inFromCl ? own->relid
																						  : InvalidOid;
#endif
}

/* Whether the planner computes it by itself: what it asks, the other way round, before it pulls a subquery up. */
static bool
is_apart(const RangeTblEntry *entry)
{
	const Query *body = entry->subquery;

	return entry->security_barrier || body->setOperations != NULL || body->hasAggs || body->hasWindowFuncs ||
		body->hasTargetSRFs || body->groupClause != NIL || body->groupingSets != NIL ||
		body->havingQual != NULL || body->sortClause != NIL || body->distinctClause != NIL ||
		body->limitOffset != NULL || body->limitCount != NULL || body->cteList != NIL;
}

/* All views of marts ask a function that has planner support of ours, somewhere beneath them. */
static bool
asks_mart(Node *node, void *schema)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr))
	{
		const Oid function = castNode(FuncExpr, node)->funcid;

		if (get_func_namespace(function) == *(const Oid *) schema && OidIsValid(get_func_support(function)))
			return true;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, asks_mart, schema, 0);
	return expression_tree_walker(node, asks_mart, schema);
}

/* Whether it is what a stored mart shows: rows in a table, of which a condition may take few by an index. */
static bool
reads_stored(Node *node, void *schema)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr))
	{
		const Oid function = castNode(FuncExpr, node)->funcid;

		if (get_func_namespace(function) == *(const Oid *) schema &&
			strcmp(get_func_name(function), "mart_is_readable") == 0)
			return true;
	}
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;

		/* Views beneath it answer for themselves. */
		return entry->rtekind == RTE_SUBQUERY && !OidIsValid(view_of(entry)) &&
			reads_stored((Node *) entry->subquery, schema);
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, reads_stored, schema,
								 QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_RT_SUBQUERIES);
	return expression_tree_walker(node, reads_stored, schema);
}

/* Up to 15 the rights on columns that are asked for at a place are part of what is read there. */
static Bitmapset **
columns_asked_for(Query *body)
{
#if PG_VERSION_NUM >= 160000
	return NULL;
#else
	return &list_nth_node(RangeTblEntry, body->rtable, PRS2_OLD_VARNO - 1)->selectedCols;
#endif
}

/* But for these columns. */
static bool
is_same(Query *one, Query *other)
{
	Bitmapset **first = columns_asked_for(one);
	Bitmapset **second = columns_asked_for(other);
	Bitmapset *first_columns;
	bool same;

	if (first == NULL)
		return equal(one, other);
	first_columns = *first;
	*first = *second;
	same = equal(one, other);
	*first = first_columns;
	return same;
}

static bool count_views(Node *node, void *context);

/* NULL = it was not met yet. */
static SharedView *
find_view(const Sharing *sharing, Oid view, Query *body)
{
	ListCell *cell;

	foreach(cell, sharing->looked_into)
	{
		SharedView *met = lfirst(cell);

		if (met->view == view && is_same(met->body, body))
			return met;
	}
	return NULL;
}

/* Notes that it is there, and what is beneath it. */
static SharedView *
meet_view(Sharing *sharing, Oid view, Query *body)
{
	SharedView *met = palloc0(sizeof(SharedView));

	met->view = view;
	met->body = body;
	sharing->looked_into = lappend(sharing->looked_into, met);
	count_views((Node *) body, sharing);
	sharing->views = lappend(sharing->views, met);
	return met;
}

/* Notes one place where a view is read. */
static void
refer_to(Sharing *sharing, SharedView *view, RangeTblEntry *entry)
{
	Bitmapset **columns = columns_asked_for(entry->subquery);

	if (sharing->references == NULL)
	{
		const HASHCTL control = {.keysize = sizeof(RangeTblEntry *),
								 .entrysize = sizeof(ViewReference),
								 .hcxt = CurrentMemoryContext};

		sharing->references = hash_create("views of marts", 64, &control,
										  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	((ViewReference *) hash_search(sharing->references, &entry, HASH_ENTER, NULL))->view = view;
	view->references++;
	/* Not into the body: what is beneath a view is still to be compared. */
	if (columns != NULL)
		view->columns = bms_add_members(view->columns, *columns);
}

static bool
count_views(Node *node, void *context)
{
	Sharing *sharing = context;

	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, count_views, sharing,
								 QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_RT_SUBQUERIES);
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;
		Node *body = (Node *) entry->subquery;
		SharedView *met;
		Oid view;

		if (entry->rtekind != RTE_SUBQUERY)
			return false;
		view = view_of(entry);
		if (!OidIsValid(view) || entry->lateral || !is_apart(entry))
			return count_views(body, sharing);
		met = find_view(sharing, view, entry->subquery);
		if (met == NULL)
		{
			/* There is nothing to share in what rests on no mart, and two draws of lots are two. */
			if (!asks_mart(body, &sharing->schema))
				return false;
			if (reads_stored(body, &sharing->schema) || contain_volatile_functions(body))
				return count_views(body, sharing);
			met = meet_view(sharing, view, entry->subquery);
		}
		refer_to(sharing, met, entry);
		return false;
	}
	return expression_tree_walker(node, count_views, sharing);
}

static bool
is_taken(const char *name, const List *tables)
{
	ListCell *cell;

	foreach(cell, tables)
	{
		if (strcmp(lfirst_node(CommonTableExpr, cell)->ctename, name) == 0)
			return true;
	}
	return false;
}

/* What the view is called, and where a table is called so already something longer. */
static char *
free_name(Oid view, const List *tables, const List *others)
{
	char *name = psprintf("%s.%s", get_namespace_name(get_rel_namespace(view)), get_rel_name(view));

	while (is_taken(name, tables) || is_taken(name, others))
		name = psprintf("%s_", name);
	return name;
}

static CommonTableExpr *
table_of(const SharedView *view, char *name)
{
	CommonTableExpr *table = makeNode(CommonTableExpr);
	Bitmapset **columns = columns_asked_for(view->body);
	ListCell *cell;

	if (columns != NULL)
		*columns = view->columns;
	table->ctename = name;
	table->ctematerialized = CTEMaterializeAlways;
	table->ctequery = (Node *) view->body;
	table->cterefcount = view->references;
	table->location = -1;
	foreach(cell, view->body->targetList)
	{
		const TargetEntry *target = lfirst_node(TargetEntry, cell);
		Node *expression = (Node *) target->expr;

		if (target->resjunk)
			continue;
		table->ctecolnames = lappend(table->ctecolnames, makeString(target->resname));
		table->ctecoltypes = lappend_oid(table->ctecoltypes, exprType(expression));
		table->ctecoltypmods = lappend_int(table->ctecoltypmods, exprTypmod(expression));
		table->ctecolcollations = lappend_oid(table->ctecolcollations, exprCollation(expression));
	}
	return table;
}

/* SELECT all columns FROM the table, which is so many levels up. */
static Query *
read_table(const CommonTableExpr *table, int levels_up)
{
	Query *query = makeNode(Query);
	RangeTblEntry *entry = makeNode(RangeTblEntry);
	RangeTblRef *reference = makeNode(RangeTblRef);
	ListCell *cell;

	entry->rtekind = RTE_CTE;
	entry->ctename = table->ctename;
	entry->ctelevelsup = levels_up;
	entry->coltypes = table->ctecoltypes;
	entry->coltypmods = table->ctecoltypmods;
	entry->colcollations = table->ctecolcollations;
	entry->eref = makeAlias(table->ctename, table->ctecolnames);
	entry->inFromCl = true;
	reference->rtindex = 1;
	query->commandType = CMD_SELECT;
	query->canSetTag = true;
	query->rtable = list_make1(entry);
	query->jointree = makeFromExpr(list_make1(reference), NULL);
	foreach(cell, table->ctecolnames)
	{
		const AttrNumber column = (AttrNumber) (foreach_current_index(cell) + 1);
		Var *value = makeVar(1, column, list_nth_oid(table->ctecoltypes, column - 1),
							 list_nth_int(table->ctecoltypmods, column - 1),
							 list_nth_oid(table->ctecolcollations, column - 1), 0);

		query->targetList = lappend(query->targetList,
									makeTargetEntry((Expr *) value, column, strVal(lfirst(cell)), false));
	}
	return query;
}

static bool
read_tables(Node *node, void *context)
{
	Sharing *sharing = context;

	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		sharing->level++;
		query_tree_walker((Query *) node, read_tables, sharing,
						  QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_RT_SUBQUERIES);
		sharing->level--;
		return false;
	}
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;
		const ViewReference *reference = hash_search(sharing->references, &entry, HASH_FIND, NULL);

		if (reference != NULL && reference->view->table != NULL)
			entry->subquery = read_table(reference->view->table, sharing->level + 1);
		else if (entry->rtekind == RTE_SUBQUERY)
			return read_tables((Node *) entry->subquery, sharing);
		return false;
	}
	return expression_tree_walker(node, read_tables, sharing);
}

void
share_views(Query *query)
{
	Sharing sharing = {0};
	List *tables = NIL;
	ListCell *cell;

	sharing.schema = get_namespace_oid("lead_kpi", true);
	if (!OidIsValid(sharing.schema))
		return;
	count_views((Node *) query, &sharing);
	foreach(cell, sharing.views)
	{
		SharedView *view = lfirst(cell);

		if (view->references > 1)
		{
			view->table = table_of(view, free_name(view->view, tables, query->cteList));
			tables = lappend(tables, view->table);
		}
	}
	if (tables != NIL)
	{
		/* Those that others rest on are first. */
		query->cteList = list_concat(tables, query->cteList);
		sharing.level = -1;
		read_tables((Node *) query, &sharing);
	}
	if (sharing.references != NULL)
		hash_destroy(sharing.references);
}
