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
	command -v node >/dev/null || die "needs Node.js 18 or newer, and npm: install them, then run this again"
	[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || die "needs Node.js 18 or newer: this is $(node --version)"
	dashboard_folder=$root/build/dashboard
	# A checkout that we cannot write to has none that stays.
	if ! mkdir -p "$dashboard_folder" 2>/dev/null || [ ! -w "$dashboard_folder" ]; then
		dashboard_folder=$work/dashboard
	fi
	mkdir -p "$dashboard_folder"
	# Only what is ours is made anew: node_modules stays.
	rm -rf "$dashboard_folder"/{components,pages,sources,test,build,.svelte-kit,.evidence/template}
	cp -r "$root"/examples/dashboard/{components,pages,sources,test,serve.mjs,package.json,package-lock.json,evidence.plugins.yaml} "$dashboard_folder/"
	# The cards are the sources of the same name: a number has one definition.
	for card in "$root"/examples/cards/*.sql; do
		name=${card##*/}
		cp "$card" "$dashboard_folder/sources/kpi/${name#[0-9][0-9]_}"
	done
	if ! [ -d "$dashboard_folder/node_modules" ] || ! cmp -s "$root/examples/dashboard/package-lock.json" "$dashboard_folder/installed"; then
		rm -f "$dashboard_folder/installed"
		step "install Evidence (about 900 packages)" npm ci --prefix "$dashboard_folder" --no-audit --no-fund
		cp "$root/examples/dashboard/package-lock.json" "$dashboard_folder/installed"
	fi
}

fill_mart()
{
	psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
		CREATE EXTENSION lead_kpi;
		SELECT lead_kpi.create_mart('kpi');
		SELECT lead_kpi.generate_example('kpi', 20000);
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

# Evidence says what it could not read, and goes on: a page would have no numbers. What was read, rows or none, has a file.
read_views()
{
	local source name unread=0

	in_dashboard npm run --silent sources
	for source in "$dashboard_folder"/sources/kpi/*.sql; do
		name=$(basename "$source" .sql)
		if ! [ -f "$dashboard_folder/.evidence/template/static/data/kpi/$name/$name.parquet" ]; then
			echo "not read: $name"
			unread=1
		fi
	done
	return $unread
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
	local mart=kpi port=3170 check=no database='' dashboard_folder server='' address=''

	while [ $# -gt 0 ]; do
		case $1 in
			--dbname | --mart | --port)
				[ $# -gt 1 ] || die "$1 needs a value"
				case $1 in
					--dbname) database=$2 ;;
					--mart) mart=$2 ;;
					--port) port=$2 ;;
				esac
				shift 2 ;;
			--check) check=yes; shift ;;
			*) die "unknown: $1 (./run dashboard [--dbname NAME] [--mart NAME] [--port N] [--check])" ;;
		esac
	done
	case $port in *[!0-9]* | '') die "--port takes a number, not $port" ;; esac

	if [ -n "$database" ]; then
		# The database is the caller's: nothing is built, and no server is started.
		logs=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi-log.XXXXXX")
		work=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi.XXXXXX")
		chmod 755 "$work"
		export PGDATABASE=$database
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
