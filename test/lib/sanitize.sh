# ./run sanitize, sourced by run: the regression suite and the callers with random
# arguments, on servers whose lead_kpi is built with AddressSanitizer and
# UndefinedBehaviorSanitizer.  Their reports go to the servers' logs.

readonly sanitizer_flags="-O1 -fsanitize=address,undefined,float-cast-overflow,bounds-strict \
-fsanitize-recover=address -fno-omit-frame-pointer"
readonly sanitizer_report='ERROR: AddressSanitizer|: runtime error: '

# Only the servers run under them: psql and make stay as they are.
sanitizer_environment()
{
	local library=$work/preload.so runtime=$sanitizer_runtime

	[ -n "$runtime" ] || runtime=$(gcc -print-file-name=libasan.so)
	[ -e "$runtime" ] || die "gcc has no libasan here; Debian's package gcc brings it, elsewhere it is libasan"
	# malloc must be the sanitizer's before any other library's constructor asks for memory, else the server hangs.
	# UBSan starts with the extension, when the server's title has overwritten the environment: no UBSAN_OPTIONS.
	gcc -shared -fPIC -Wl,-z,initfirst -o "$library" -x c - <<-'SOURCE'
		#include <stdlib.h>
		__attribute__((constructor)) static void first(void) { free(malloc(1)); }
		const char *__ubsan_default_options(void) { return "print_stacktrace=1"; }
	SOURCE
	# Leaks are the memory contexts' business.
	server_environment=(
		LD_PRELOAD="$(readlink -f "$runtime") $library"
		ASAN_OPTIONS=detect_leaks=0:halt_on_error=0
	)
}

sanitizer_logs()
{
	cat "$work/server.log" "$work"/tree/tmp_check/log/*.log 2>/dev/null || :
}

# The servers append to these.
forget_sanitizer_logs()
{
	: >"$work/server.log"
	rm -rf "$work/tree/tmp_check"
}

# Whether there is a report since the logs were forgotten; shows those that are.
sanitizers_reported()
{
	sanitizer_logs | grep -E -A 30 "$sanitizer_report"
}

# Makes a deliberate mistake, and looks for a report that says PATTERN; first without the mistake, for none.
sanitizer_control()
{
	local name=$1 harmless=$2 mistake=$3 pattern=$4

	psql -X -q -v ON_ERROR_STOP=1 <<-SQL
		CREATE FUNCTION $name(integer) RETURNS integer LANGUAGE C AS 'sanitizer_control';
		SELECT $name($harmless);
	SQL
	if sanitizers_reported; then
		echo "$name($harmless) is no mistake, and was reported."
		return 1
	fi
	psql -X -q -v ON_ERROR_STOP=1 -c "SELECT $name($mistake)"
	sanitizers_reported | grep -E "($sanitizer_report).*$pattern" || {
		echo "$name($mistake) is a deliberate mistake, and no report says \"$pattern\" of it."
		echo "Who does not see this would not see the extension's mistakes either."
		return 1
	}
	forget_sanitizer_logs
}

sanitizer_controls()
{
	sanitizer_control sanitizer_overrun_malloc 99 100 heap-buffer-overflow
	sanitizer_control sanitizer_overrun_palloc 99 100 use-after-poison
	sanitizer_control sanitizer_overrun_repalloc 99 100 use-after-poison
	sanitizer_control sanitizer_shift 30 40 'shift exponent 40 is too large'
	sanitizer_control sanitizer_cast 99 100 'outside the range of representable values'
}

# One thing to run under the sanitizers: it must pass, and leave no report.
sanitized_step()
{
	local label=$1

	try_step "$@"
	if sanitizers_reported >"$logs/reports"; then
		cat "$logs/reports" >>"$log"
		status=1
		say "          $label: the sanitizers reported"
	fi
	if [ "$status" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		cp "$work/tree/regression.diffs" "$logs/" 2>/dev/null || :
		sanitizer_logs >"$logs/servers-${label// /-}.log"
		explain_failure "$label"
	fi
	forget_sanitizer_logs
}

# Those that are asked for by their names; the servers of any TAP test run under the sanitizers then.
sanitize_these()
{
	local regress=() specs=() tap=() script

	choose_tests "$@"
	[ ${#regress[@]} = 0 ] || sanitized_step "regression tests" regress_tests "${regress[@]}"
	[ ${#specs[@]} = 0 ] || sanitized_step "isolation tests" isolation_tests "${specs[@]}"
	wrap_pg_ctl
	for script in "${tap[@]}"; do
		sanitized_step "$(basename "$script" .pl)" tap_tests "$script"
	done
}

# What CI runs.
sanitize_most()
{
	# shellcheck disable=SC2046
	sanitized_step "regression tests" regress_tests $(room_tests)
	# The tests that start servers of their own start them in this environment (HostileServer.pm).
	export LEAD_KPI_SERVER_ENVIRONMENT LEAD_KPI_SECONDS=${LEAD_KPI_SECONDS:-30}
	LEAD_KPI_SERVER_ENVIRONMENT=$(printf '%s\n' "${server_environment[@]}")
	sanitized_step "random calls" tap_tests test/t/080_random_calls.pl
	sanitized_step "mutated values" tap_tests test/t/081_mutated_values.pl
}

run_sanitize()
{
	local pgxs

	# make does not know that the objects depend on these.
	find "$root/build" -path '*-sanitize/*.o' \
		! \( -newer "$root/test/lib/redzone.h" -newer "${BASH_SOURCE[0]}" \) -delete 2>/dev/null || :
	prepare -sanitize with_llvm=no "COPT=$sanitizer_flags -include $root/test/lib/redzone.h"
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")

	step "deliberate mistakes are reported" sanitizer_controls
	if [ $# -gt 0 ]; then
		sanitize_these "$@"
	else
		sanitize_most
	fi
	say
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
