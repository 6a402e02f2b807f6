# ./run demo and ./run psql: the example data, reported or to try things on.
# Sourced by run, and shares its variables.

run_demo()
{
	prepare
	step "create extension lead_kpi" psql -X -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION lead_kpi'
	say
	cd "$root"
	psql -X -q -v ON_ERROR_STOP=1 -P pager=off -f examples/demo.sql ||
		{ status=$?; die "examples/demo.sql failed (exit code $status)"; }
	say
	say "To go on:"
	say "  ./run psql           the same data in an interactive psql"
	say "  doc/tutorial.md      from your own lead tables to these numbers, step by step"
	say "  doc/reading-the-kpi.md  the situations in which a lead count misleads, with the query for each"
	say "  README.md            how to install lead_kpi on your server"
}

run_psql()
{
	prepare
	step "create extension lead_kpi" psql -X -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION lead_kpi'
	cd "$root"
	step "load the examples" psql -X -q -v ON_ERROR_STOP=1 -f examples/load.sql
	trap : INT              # Ctrl-C belongs to psql
	PGOPTIONS='-c search_path=kpi,lead_kpi,public' psql "$@" || status=$?
	exit "$status"
}
