# ./run bench: the benchmarks in test/bench.
# Sourced by run, and shares its variables.

run_bench()
{
	local bench found=no

	[ -z "${1:-}" ] || [ -f "$root/test/bench/$1/run" ] ||
		die "no benchmark \"$1\"; there are: $(cd "$root/test/bench" && ls)"
	prepare
	step "create extension lead_kpi" psql -X -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION lead_kpi'
	export LEAD_KPI_WORK=$work
	for bench in "$root"/test/bench/${1:-*}/run; do
		[ -f "$bench" ] || continue
		found=yes
		say
		say "benchmark $(basename "$(dirname "$bench")")"
		bash "$bench" || { status=$?; die "$bench failed (exit code $status)"; }
	done
	[ $found = yes ] || die "there is no benchmark in test/bench"
}
