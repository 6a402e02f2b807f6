# The throwaway server, and what every command but lint begins with.
# Sourced by run, and shares its variables.

memory_mb()
{
	awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo
}

server_settings()
{
	local buffers

	cat <<-SETTINGS
		listen_addresses = ''
		port = 5432
		unix_socket_directories = '$work/socket'
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		autovacuum = $([ "$command" = bench ] && echo off || echo on)
	SETTINGS
	if [ "$command" = bench ]; then
		buffers=$(($(memory_mb) / 4))
		cat <<-SETTINGS
			shared_buffers = $((buffers < 2048 ? buffers : 2048))MB
			max_wal_size = 8GB
			checkpoint_timeout = 1h
			wal_level = minimal
			max_wal_senders = 0
			max_parallel_workers = $(nproc)
		SETTINGS
	fi
}

# The extension is found where it was staged: Debian's servers up to 17 have
# extension_destdir for that, PostgreSQL 18 has extension_control_path.
staging_settings()
{
	cat <<-SETTINGS
		dynamic_library_path = '$work/stage$("$PG_CONFIG" --pkglibdir):\$libdir'
	SETTINGS
	# It would compile thousands of small queries over large views, for seconds each.
	[ "$command" = bench ] || echo "jit = off"
	# A fifth of making a mart is compressing its views.
	case $command,$("$PG_CONFIG" --configure) in
		bench,*) ;;
		*--with-lz4*) echo "default_toast_compression = lz4" ;;
	esac
	# A session's first query, too, shares the views of a mart that it reads more than once: many tests have no other.
	# What counts coverage must be there before what is counted.
	echo "session_preload_libraries = '$([ "$command" != fuzz ] || echo "lead_kpi_fuzz, ")lead_kpi'"
	if [ "$major" -ge 18 ]; then
		echo "extension_control_path = '$work/stage$("$PG_CONFIG" --sharedir):\$system'"
	else
		echo "extension_destdir = '$work/stage'"
	fi
}

start_server()
{
	mkdir "$work/data" "$work/socket"
	chmod 700 "$work/data" "$work/socket"
	staging_settings >"$work/staging.conf"
	{ server_settings; cat "$work/staging.conf"; } >"$work/server.conf"
	: >"$work/server.log"
	if [ "$(id -u)" = 0 ]; then
		chown postgres "$work/data" "$work/socket" "$work/server.log"
	fi
	as_server "$bindir/initdb" -D "$work/data" -U postgres -A trust --no-locale -E UTF8 --no-sync
	as_server tee -a "$work/data/postgresql.conf" <"$work/server.conf" >/dev/null
	as_server "$bindir/postgres" -C "$([ "$major" -ge 18 ] && echo extension_control_path || echo extension_destdir)" \
		-D "$work/data" || {
		echo "This PostgreSQL $major loads extensions from its own directories only, and this script writes"
		echo "nothing there.  Use make && make install, then make installcheck (README.md), or another server."
		return 1
	}
	as_server env "${server_environment[@]}" "$bindir/pg_ctl" "${server_program[@]}" start -D "$work/data" -l "$work/server.log" -w -t 120 ||
		{ cat "$work/server.log"; return 1; }
}

# The servers of TAP tests, too, start in our environment: a pg_ctl that is found before theirs.
wrap_pg_ctl()
{
	mkdir -p "$work/wrapped"
	{
		echo '#!/bin/bash'
		printf 'exec env'
		printf ' %q' "${server_environment[@]}" "$bindir/pg_ctl" "${server_program[@]}"
		echo ' "$@"'
	} >"$work/wrapped/pg_ctl"
	chmod 755 "$work/wrapped/pg_ctl"
	PATH=$work/wrapped:$PATH
	# Everything takes longer.
	export PG_TEST_TIMEOUT_DEFAULT=${PG_TEST_TIMEOUT_DEFAULT:-1800}
}

connect_to_server()
{
	unset PGSERVICE PGSERVICEFILE PGPASSFILE PGHOSTADDR PGOPTIONS PGSSLMODE
	export PGHOST=$work/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	# Programs of this server before any other.
	export PATH=$bindir:$PATH
}

# LEAD_KPI_DATA as the server's user can read it, or unset.
find_data()
{
	local data=${LEAD_KPI_DATA:-$root/../shared/data}

	unset LEAD_KPI_DATA
	if [ ! -d "$data" ]; then
		say "          no data folder at $data: the tests that need it are skipped"
		return
	fi
	data=$(cd "$data" && pwd)
	if as_server find "$data" ! -readable 2>&1 | grep . >/dev/null; then
		cp -r "$data" "$work/foreign_data"
		chmod -R a+rX "$work/foreign_data"
		data=$work/foreign_data
	fi
	export LEAD_KPI_DATA=$data
}

# What demo, psql, bench and test have in common.
prepare()
{
	local where=/tmp

	[ "$command" != bench ] || where=/var/tmp
	logs=$(mktemp -d "${LEAD_KPI_TMP:-$where}/lead_kpi-log.XXXXXX")
	chmod 755 "$logs"
	prepare_machine
	if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
		die "a server does not run as root and there is no user postgres: run this as another user"
	fi
	work=$(mktemp -d "${LEAD_KPI_TMP:-$where}/lead_kpi.XXXXXX")
	chmod 755 "$work"
	cd "$work"
	find_data
	step "build lead_kpi for PostgreSQL $major" build "$@"
	case $command in
		sanitize) sanitizer_environment ;;
		fuzz) [ -z "$sanitizer_runtime" ] || sanitizer_environment ;;
		coverage) coverage_environment ;;
		valgrind) valgrind_environment ;;
	esac
	step "start a throwaway PostgreSQL $major" start_server
	connect_to_server
}
