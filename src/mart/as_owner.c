/*
 * as_owner.c
 *	  Runs a statement as the owner of a schema, as REFRESH MATERIALIZED VIEW
 *	  does: whoever refreshes a mart runs its views, and so its owner's code.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(execute_as_owner);

/* execute_as_owner(schema name, statement text): nothing */
Datum
execute_as_owner(PG_FUNCTION_ARGS)
{
	const char *schema = NameStr(*PG_GETARG_NAME(0));
	const char *statement = text_to_cstring(PG_GETARG_TEXT_PP(1));
	HeapTuple tuple = SearchSysCache1(NAMESPACENAME, CStringGetDatum(schema));
	Oid owner;
	Oid caller;
	int context;
	int settings;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema \"%s\" does not exist", schema),
				 errhint("Name the schema of a mart.")));
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for schema %s", schema),
				 errhint("Call it as the owner, or as a member of that role.")));

	/* What the statement sets, and the role, is as before when it ends; an error restores both, too. */
	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(owner, context | SECURITY_RESTRICTED_OPERATION);
	settings = NewGUCNestLevel();
	SPI_connect();
	if (SPI_execute(statement, false, 0) < 0)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(SPI_result));
	SPI_finish();
	AtEOXact_GUC(false, settings);
	SetUserIdAndSecContext(caller, context);
	PG_RETURN_VOID();
}
