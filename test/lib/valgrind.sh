# ./run valgrind: the regression tests of the rooms, and the corpora of fuzz, on packaged servers under memcheck.
# Sourced by run, and shares its variables.

# Those take minutes without valgrind already; what they do to C, others do with less.
readonly valgrind_slow='article|generator|funnel_properties|window_funnel_reference|reports'

valgrind_environment()
{
	command -v valgrind >/dev/null || die "there is no valgrind; Debian's package is called so"
	mkdir -p "$work/valgrind"
	[ "$(id -u)" != 0 ] || chown postgres "$work/valgrind"
	cat >"$work/postgres_under_valgrind" <<-SCRIPT
		#!/bin/sh
		exec valgrind --quiet --trace-children=yes --error-limit=no --num-callers=30 --leak-check=no \\
			--suppressions="$root/test/lib/valgrind.supp" --gen-suppressions=all \\
			--log-file="$work/valgrind/%p.log" "$bindir/postgres" "\$@"
	SCRIPT
	chmod 755 "$work/postgres_under_valgrind"
	server_program=(-p "$work/postgres_under_valgrind")
}

# A value that was never written, where a branch hangs on it; and a byte after a block.
valgrind_control()
{
	psql -X -q -v ON_ERROR_STOP=1 <<-'SQL'
		CREATE FUNCTION sanitizer_overrun_malloc(integer) RETURNS integer LANGUAGE C AS 'sanitizer_control';
		CREATE FUNCTION sanitizer_never_written(integer) RETURNS integer LANGUAGE C AS 'sanitizer_control';
		SELECT sanitizer_overrun_malloc(99) IS NULL, sanitizer_never_written(99);
	SQL
	valgrind_reported && return 1
	psql -X -q -v ON_ERROR_STOP=1 -c 'SELECT sanitizer_overrun_malloc(100) IS NULL' -c 'SELECT sanitizer_never_written(100)'
	if ! valgrind_reported | grep 'Invalid write of size 1' || ! valgrind_reported | grep 'depends on uninitialised value'; then
		echo "A deliberate mistake was not reported: who does not see this would not see the extension's mistakes either."
		return 1
	fi
	find "$work/valgrind" -name '*.log' -exec truncate -s 0 {} +
}

# Whether there is a report; shows all there are.
valgrind_reported()
{
	find "$work/valgrind" -name '*.log' -size +0 -exec cat {} + | grep .
}

valgrind_step()
{
	local label=$1

	try_step "$@"
	if valgrind_reported >"$logs/reports"; then
		cat "$logs/reports" >>"$log"
		status=1
		say "          $label: valgrind reported"
	fi
	if [ "$status" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		cp "$work/tree/regression.diffs" "$logs/" 2>/dev/null || :
		explain_failure "$label"
	fi
	find "$work/valgrind" -name '*.log' -exec truncate -s 0 {} +
}

run_valgrind()
{
	local pgxs names=("$@") name

	# make does not know that the objects depend on it.
	find "$root/build" -path '*-valgrind/*.o' ! -newer "$root/test/lib/redzone.h" -delete 2>/dev/null || :
	prepare -valgrind with_llvm=no "COPT=-O1 -g -fno-omit-frame-pointer -DREDZONE_VALGRIND -include $root/test/lib/redzone.h"
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")
	step "deliberate mistakes are reported" valgrind_control
	# What takes more than some seconds without valgrind takes minutes under it: those only by their names.
	if [ $# = 0 ]; then
		mapfile -t names < <(cd "$root/test/sql" && printf '%s\n' *.sql | sed 's/\.sql$//' | grep -vE "^(mart.*|$valgrind_slow)\$" && echo corpora)
	fi
	wrap_pg_ctl
	for name in "${names[@]}"; do
		if [ "$name" = corpora ]; then
			valgrind_step "$name" tap_tests test/t/082_fuzz_corpus.pl
		else
			valgrind_step "$name" regress_tests "$name"
		fi
	done
	say
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
