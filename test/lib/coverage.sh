# ./run coverage: which functions and branches of C the tests reach.
# Sourced by run, and shares its variables.

# What is about the SQL of the mart, or starts more servers, reaches hardly more: a dozen branches by those that take minutes.
readonly coverage_tap='002 003 004 005 011 077 080 081 082'
readonly coverage_leaves='mart_forecast|mart_learning'

coverage_tests()
{
	room_tests | grep -vxE "$coverage_leaves"
	printf '%s\n' mart_{compiled,segment,target}
}

# The counts of all servers lie under one folder, which they may write to.
coverage_environment()
{
	mkdir -p "$work/coverage"
	[ "$(id -u)" != 0 ] || chown postgres "$work/coverage"
	export GCOV_PREFIX=$work/coverage
}

measure_coverage()
{
	local folder=$work/coverage object

	mkdir -p "$work/json"
	cd "$work/json"
	while read -r object; do
		cp "${object%.gcda}.gcno" "$folder${object%.gcda}.gcno"
		gcov --json-format --stdout --branch-probabilities "$folder$object" >"$work/json/$(echo "${object#"$build"/}" | tr / _).json"
	done < <(find "$folder" -name '*.gcda' | sed "s|^$folder||" | grep "^$build/src/")
	perl "$root/test/lib/coverage.pl" "$build" "$work"/json/*.json
}

run_coverage()
{
	local pgxs build name tap=()

	command -v gcov >/dev/null || die "there is no gcov; Debian's package gcc brings it"
	find "$root/build" -path '*-coverage/*.gcda' -delete 2>/dev/null || :
	prepare -coverage with_llvm=no "COPT=-O0 --coverage -include $root/test/lib/coverage.h"
	build=$(build_folder -coverage)
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")
	for name in $coverage_tap; do
		mapfile -t -O ${#tap[@]} tap < <(cd "$root" && compgen -G "test/t/${name}_*.pl")
	done
	# shellcheck disable=SC2046
	try_step "regression tests" regress_tests $(coverage_tests)
	count_regress some "regression tests"
	explain_regress "regression tests"
	try_step "TAP tests" tap_tests "${tap[@]}"
	count_tap
	[ "$status" = 0 ] || explain_failure "TAP tests"
	step "stop the server" as_server "$bindir/pg_ctl" stop -D "$work/data" -m fast -w
	step "count what was reached" measure_coverage
	cp "$log" "$root/coverage.txt"
	sed -n '/^Functions that no test calls/,/^$/p; /^ *functions/,$p' "$log"
	say "          every branch that no test takes: coverage.txt"
	say
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
