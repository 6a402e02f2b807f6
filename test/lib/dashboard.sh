# ./run dashboard: the views of a mart in the browser, built with Evidence and served on this machine.
# Sourced by run, and shares its variables.

# What builds it, from the distribution and from npm; kept in build/dashboard for the next time.
prepare_dashboard()
{
	local missing=() card name

	if has_apt; then
		command -v node >/dev/null || missing+=(nodejs)
		command -v npm >/dev/null || missing+=(npm)
		if [ "$check" = yes ]; then
			command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
		fi
	fi
	if [ ${#missing[@]} -gt 0 ]; then
		may_use_apt "${missing[@]}"
		step "install ${missing[*]}" install_packages "${missing[@]}"
	fi
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		die "needs Node.js 18 or newer, and npm: install them, then run this again"
	fi
	[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || die "needs Node.js 18 or newer: this is $(node --version)"
	dashboard_folder=$root/build/dashboard
	# A checkout that we cannot write to has none that stays.
	if ! mkdir -p "$dashboard_folder" 2>/dev/null || [ ! -w "$dashboard_folder" ]; then
		dashboard_folder=$work/dashboard
	fi
	mkdir -p "$dashboard_folder"
	# Only what is ours is made anew: node_modules stays.
	rm -rf "$dashboard_folder"/{components,pages,sources,test,build,.svelte-kit,.evidence/template}
	cp -r "$root"/examples/dashboard/{components,pages,sources,test,empty.mjs,serve.mjs,package.json,package-lock.json,evidence.plugins.yaml} "$dashboard_folder/"
	# The cards are the sources of the same name: a number has one definition.
	for card in "$root"/examples/cards/*.sql; do
		name=${card##*/}
		cp "$card" "$dashboard_folder/sources/kpi/${name#[0-9][0-9]_}"
	done
	if ! [ -d "$dashboard_folder/node_modules" ] || ! cmp -s "$root/examples/dashboard/package-lock.json" "$dashboard_folder/installed"; then
		rm -f "$dashboard_folder/installed"
		try_step "install Evidence (about 900 packages)" npm ci --prefix "$dashboard_folder" --no-audit --no-fund
		if [ "$status" != 0 ]; then
			explain_failure "install Evidence"
			die "npm could not install Evidence: the first time it needs the network, and npm's settings for it (npm config list)"
		fi
		cp "$root/examples/dashboard/package-lock.json" "$dashboard_folder/installed"
	fi
}

fill_mart()
{
	psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
		CREATE EXTENSION lead_kpi;
		SELECT lead_kpi.create_mart('kpi');
		SELECT lead_kpi.generate_example('kpi', 20000);
		UPDATE kpi.rule SET segments = '{industry,country}';
	SQL
}

# The pages are read as a role that may read the mart, and nothing else.
store_and_grant()
{
	psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
		SELECT lead_kpi.store_mart('kpi');
		CREATE ROLE dashboard LOGIN;
		ALTER ROLE dashboard SET default_transaction_read_only = on;
		GRANT USAGE ON SCHEMA kpi TO dashboard;
		GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO dashboard;
	SQL
}

# Evidence tells its makers of every build unless it is asked not to; dates are those of the mart only in UTC.
in_dashboard()
{
	cd "$dashboard_folder" || return
	env TZ=UTC SEND_ANONYMOUS_USAGE_STATS=no npm_config_update_notifier=false \
		EVIDENCE_SOURCE__kpi__host="${PGHOST:-localhost}" EVIDENCE_SOURCE__kpi__port="${PGPORT:-5432}" \
		EVIDENCE_SOURCE__kpi__user="${PGUSER:-$(id -un)}" EVIDENCE_SOURCE__kpi__database="${PGDATABASE:-postgres}" \
		EVIDENCE_SOURCE__kpi__schema="\"$mart\", lead_kpi" "$@"
}

# Evidence says what it could not read, and goes on: a page would have no numbers.
read_views()
{
	in_dashboard npm run --silent sources
	in_dashboard node empty.mjs
}

# Whether the caller's database has the mart, said before anything is installed and built. Its address may be a name or a connection string.
find_mart()
{
	local answer

	command -v psql >/dev/null || die "needs psql: install it (Debian: postgresql-client), then run this again"
	answer=$(psql -X -A -t -v ON_ERROR_STOP=1 -v mart="$mart" -d "$database" 2>"$logs/psql" <<-'SQL'
		\echo :HOST
		\echo :PORT
		\echo :USER
		\echo :DBNAME
		SELECT CASE WHEN e.oid IS NULL THEN 'no extension' WHEN to_regnamespace(quote_ident(:'mart')) IS NULL THEN 'no mart'
			WHEN NOT has_schema_privilege(:'mart', 'USAGE') THEN 'no rights' WHEN to_regclass(format('%I.kpi_day', :'mart')) IS NULL THEN 'no mart'
			WHEN NOT has_table_privilege(format('%I.kpi_day', :'mart'), 'SELECT') THEN 'no rights' ELSE 'found' END
		FROM (VALUES (1)) one LEFT JOIN pg_extension e ON e.extname = 'lead_kpi';
	SQL
	) || die "cannot read the database \"$database\": $(sed -n '1{s/^psql: error: //;s/^psql:[^ ]* ERROR: *//;p}' "$logs/psql")"
	mapfile -t address_of <<<"$answer"
	case ${address_of[4]:-} in
		found) ;;
		'no extension') die "the database \"${address_of[3]}\" has no extension lead_kpi: CREATE EXTENSION lead_kpi in it, and make a mart (doc/tutorial.md)" ;;
		'no mart') die "the database \"${address_of[3]}\" has no mart \"$mart\": name another with --mart, or make it: SELECT lead_kpi.create_mart('$mart')" ;;
		*) die "the role \"${address_of[2]}\" may not read the mart \"$mart\": doc/dba.md#privileges has the statements" ;;
	esac
	export PGHOST=${address_of[0]} PGPORT=${address_of[1]} PGUSER=${address_of[2]} PGDATABASE=${address_of[3]}
}

build_pages()
{
	in_dashboard npm run --silent build
	[ -f "$dashboard_folder/build/index.html" ]
}

# Sets address and server.
serve_pages()
{
	# In $work, where cleanup finds it.
	(cd "$work" && PORT=$1 exec node "$dashboard_folder/serve.mjs") >"$work/pages.log" 2>&1 &
	server=$!
	for _ in {1..50}; do
		address=$(grep -m1 '^http' "$work/pages.log" || :)
		[ -z "$address" ] || return 0
		kill -0 "$server" 2>/dev/null || break
		sleep 0.2
	done
	die "$(cat "$work/pages.log")"
}

test_pages()
{
	cd "$dashboard_folder" || return
	node test/dashboard.mjs "$address"
}

run_dashboard()
{
	local mart=kpi port=3170 check=no database='' has_database=no address_of=() dashboard_folder server='' address=''

	while [ $# -gt 0 ]; do
		case $1 in
			--dbname | --mart | --port)
				[ $# -gt 1 ] || die "$1 needs a value"
				case $1 in
					--dbname) database=$2 has_database=yes ;;
					--mart) mart=$2 ;;
					--port) port=$2 ;;
				esac
				shift 2 ;;
			--check) check=yes; shift ;;
			*) die "unknown: $1 (./run dashboard [--dbname NAME] [--mart NAME] [--port N] [--check])" ;;
		esac
	done
	case $port in *[!0-9]* | '') die "--port takes a number, not $port" ;; esac
	if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then
		die "--port takes a number from 1 to 65535, not $port"
	fi
	# The pages take minutes to build: said before.
	if [ "$check" = no ] && (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
		die "port $port is taken: choose another with --port"
	fi
	[ "$has_database" = yes ] || [ "$mart" = kpi ] || die "--mart $mart needs --dbname: the example leads are in the mart kpi"

	if [ "$has_database" = yes ]; then
		# The database is the caller's: nothing is built, and no server is started.
		logs=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi-log.XXXXXX")
		work=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi.XXXXXX")
		chmod 755 "$work"
		find_mart
	else
		prepare
		step "load 20 000 example leads" fill_mart
		step "store the mart, make a role that may read it" store_and_grant
		export PGUSER=dashboard
	fi
	prepare_dashboard
	step "read the views" read_views
	step "build the pages (some minutes)" build_pages
	export LEAD_KPI_MART=$mart
	if [ "$check" = yes ]; then
		serve_pages 0
		try_step "test the pages in a browser" test_pages
		grep -E '^(ok|not ok)' "$log" | cut -d' ' -f1 | sort | uniq -c | sed 's/^/        /' || :
		kill "$server" 2>/dev/null || :
		[ "$status" = 0 ] || { explain_failure "test the pages in a browser"; exit 1; }
		say "          screenshots: $dashboard_folder/screenshots"
	else
		serve_pages "$port"
		say "          $address   (Ctrl-C ends it)"
		wait "$server"
	fi
}
