# ./run drivers: every view of a mart through the drivers of BI tools, and the files of examples/bi.
# Sourced by run, and shares its variables.

install_drivers()
{
	local missing=()

	if has_apt; then
		command -v javac >/dev/null || missing+=(default-jdk-headless)
		[ -e /usr/share/java/postgresql.jar ] || missing+=(libpostgresql-jdbc-java)
		command -v odbcinst >/dev/null || missing+=(unixodbc odbcinst)
		odbcinst -q -d -n "PostgreSQL Unicode" >/dev/null 2>&1 || missing+=(odbc-postgresql)
		/usr/bin/python3 -c 'import pyodbc' 2>/dev/null || missing+=(python3-pyodbc)
		/usr/bin/python3 -c 'import psycopg2' 2>/dev/null || missing+=(python3-psycopg2)
		# The newer psycopg is not in every distribution.
		/usr/bin/python3 -c 'import psycopg' 2>/dev/null || ! apt-cache show python3-psycopg >/dev/null 2>&1 || missing+=(python3-psycopg)
		/usr/bin/python3 -c 'import sqlalchemy' 2>/dev/null || missing+=(python3-sqlalchemy)
		command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui libreoffice-base-nogui libreoffice-base-drivers libreoffice-sdbc-postgresql)
		/usr/bin/python3 -c 'import uno' 2>/dev/null || missing+=(python3-uno)
		command -v node >/dev/null || missing+=(nodejs)
		command -v npm >/dev/null || missing+=(npm)
	fi
	if [ ${#missing[@]} -gt 0 ]; then
		may_use_apt "${missing[@]}"
		step "install ${missing[*]}" install_packages "${missing[@]}"
	fi
}

# What writes the files of examples/bi; installed beside it, and kept for the next time.
prepare_bi()
{
	bi_folder=$root/build/bi
	if ! mkdir -p "$bi_folder" 2>/dev/null || [ ! -w "$bi_folder" ]; then
		bi_folder=$work/bi
	fi
	rm -rf "$bi_folder"/{cards,report}
	mkdir -p "$bi_folder"/{bi,cards,report}
	find "$bi_folder/bi" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
	cp -r "$root"/examples/bi/. "$bi_folder/bi/"
	cp "$root"/examples/report/{cards,words}.mjs "$bi_folder/report/"
	cp "$root"/examples/cards/*.sql "$bi_folder/cards/"
	if ! cmp -s "$root/examples/bi/package-lock.json" "$bi_folder/installed"; then
		step "install what writes the files" npm ci --prefix "$bi_folder/bi" --no-audit --no-fund
		cp "$root/examples/bi/package-lock.json" "$bi_folder/installed"
	fi
}

# A BI tool comes over TCP, with a role that may read the mart and nothing else. The port is any that is free.
open_to_reader()
{
	local port

	for port in $(seq 54320 54420); do
		(: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	as_server sed -i '/^host/d' "$work/data/pg_hba.conf"
	echo "host postgres bi_reader 127.0.0.1/32 scram-sha-256" | as_server tee -a "$work/data/pg_hba.conf"
	as_server "$bindir/pg_ctl" restart -D "$work/data" -l "$work/server.log" -w -t 120 -o "-c listen_addresses=127.0.0.1 -c port=$port"
	echo "$port" >"$work/port"
}

run_drivers()
{
	local password bi_folder check

	[ $# = 0 ] || die "./run drivers takes no arguments"
	prepare
	install_drivers
	step "create extension lead_kpi" psql -X -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION lead_kpi'
	step "load 2 000 example leads, and store them" psql -X -q -v ON_ERROR_STOP=1 -c "SELECT lead_kpi.create_mart('kpi')" \
		-c "SELECT lead_kpi.generate_example('kpi', 2000)" -c "SELECT lead_kpi.store_mart('kpi')"
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	# The statements of doc/bi.md.
	step "create a role that may only read" psql -X -q -v ON_ERROR_STOP=1 -c "CREATE ROLE bi_reader LOGIN PASSWORD '$password'" \
		-c "GRANT USAGE ON SCHEMA kpi TO bi_reader" -c "GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO bi_reader" \
		-c "ALTER ROLE bi_reader SET search_path = kpi, lead_kpi, public"
	step "let it in over TCP" open_to_reader
	PGPORT=$(cat "$work/port")
	export PGHOST=127.0.0.1 PGUSER=bi_reader PGPASSWORD=$password
	prepare_bi
	for check in "generate.mjs --check" check_create_in_metabase.mjs; do
		# shellcheck disable=SC2086
		try_step "examples/bi: $check" node "$bi_folder/bi/"$check
		if [ "$status" = 0 ]; then
			passed=$((passed + 1))
			sed 's/^/          /' "$log"
		else
			failed=$((failed + 1))
			explain_failure "examples/bi: $check"
		fi
	done
	try_step "read every view through every driver" env TMPDIR="$work" LEAD_KPI_NODE="$bi_folder/bi" "$root/test/drivers/run" kpi
	say
	cat "$log"
	say
	if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) skipped=$((skipped + BASH_REMATCH[3]))
	else
		failed=$((failed + 1))
	fi
	say "With the files of examples/bi: $passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
}
