# What the benchmarks share; sourced by their run scripts.
# shellcheck shell=bash disable=SC2034   # the results are read by those scripts

load_average=$(cut -d' ' -f1-3 /proc/loadavg)

# What the last measurement found.
answer=                     # of the query
milliseconds=
plan=parallel               # or serial
peak_kb=                    # private memory of all its processes above the idle backend
temp_mb=                    # temporary files written

# Sessions of a benchmark differ in these only: processes and work_mem.
readonly common_settings="-c search_path=public,lead_kpi -c timezone=UTC -c jit=${BENCH_JIT:-off}"

note()
{
	printf '%(%H:%M:%S)T  %s\n' -1 "$*" >&2
}

fail()
{
	printf 'bench: %s\n' "$*" >&2
	exit 1
}

# settings PROCESSES WORK_MEM: what PGOPTIONS must be; the leader is one of the processes
settings()
{
	echo "$common_settings -c max_parallel_workers_per_gather=$(($1 - 1)) -c work_mem=$2"
}

# sql QUERY...: their plain output, without clock
sql()
{
	local query arguments=()

	for query in "$@"; do
		arguments+=(-c "$query")
	done
	PGOPTIONS=${PGOPTIONS:-$(settings 1 1GB)} psql -X -q -A -t -v ON_ERROR_STOP=1 "${arguments[@]}"
}

# time_sql PROCESSES WORK_MEM QUERY: sets answer, plan, and milliseconds as psql
# sees them.  Planning it first leaves the start of a session out of the time.
# Line by line: bash takes seconds to search a long plan as one string.
time_sql()
{
	local output line

	mapfile -t output < <(PGOPTIONS=$(settings "$1" "$2") sql "EXPLAIN $3" '\echo answer:' '\timing on' "$3" || echo failed)
	plan=serial
	answer=
	for ((line = 0; line < ${#output[@]}; line++)); do
		[ "${output[line]}" != answer: ] || break
		[[ ${output[line]} != *Gather* ]] || plan=parallel
	done
	[[ ${output[-1]} == Time:* ]] || fail "the query failed: $3"
	for ((line++; line < ${#output[@]} - 1; line++)); do
		answer+=${answer:+$'\n'}${output[line]}
	done
	milliseconds=${output[-1]##*Time: }
	milliseconds=${milliseconds%% ms*}
}

median()
{
	printf '%s\n' "$@" | LC_ALL=C sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# ratio A B: A / B
ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# Private memory of a process in kB, so without shared buffers and program text.
private_kb()
{
	local key value rest

	private=0
	while read -r key value rest; do
		if [ "$key" = RssAnon: ]; then
			private=$value
			return
		fi
	done 2>/dev/null <"/proc/$1/status" || :
}

# The same for a backend and the parallel workers it has at this moment.
query_kb()
{
	local backend=$1 postmaster=$2 children=() child title

	private_kb "$backend"
	total=$private
	read -r -a children 2>/dev/null <"/proc/$postmaster/task/$postmaster/children" || :
	for child in "${children[@]}"; do
		read -r -d '' title 2>/dev/null <"/proc/$child/cmdline" || :
		if [[ $title == *"parallel worker for PID $backend"* ]]; then
			private_kb "$child"
			total=$((total + private))
		fi
	done
}

# Bytes written to temporary files since the server started.
temp_bytes()
{
	sql "SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"
}

# measure_memory PROCESSES WORK_MEM QUERY: sets milliseconds, answer, peak_kb, temp_mb
measure_memory()
{
	local output backend='' postmaster idle peak=0 before session

	before=$(temp_bytes)
	output=$(mktemp "$LEAD_KPI_WORK/memory.XXXXXX")
	# The first query loads what any funnel loads; then the session is idle.
	PGAPPNAME=bench_memory PGOPTIONS=$(settings "$1" "$2") sql \
		"SELECT funnel(n, 'a', '2026-01-01', '{a,b}') IS NULL FROM generate_series(1, 10) n" \
		"SELECT pg_sleep(1)" '\timing on' "$3" >"$output" &
	session=$!
	until [ -n "$backend" ]; do
		backend=$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'bench_memory' AND query LIKE '%pg_sleep%'")
	done
	postmaster=$(sed -n 's/^PPid:\s*//p' "/proc/$backend/status")
	private_kb "$backend"
	idle=$private
	while kill -0 "$session" 2>/dev/null; do
		query_kb "$backend" "$postmaster"
		peak=$((total > peak ? total : peak))
		sleep 0.02
	done
	wait "$session" || fail "the query failed: $3"
	peak_kb=$((peak - idle))
	milliseconds=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$output")
	answer=$(sed -n '/^Time:/d; 3,$p' "$output")
	rm "$output"
	temp_mb=$((($(temp_bytes) - before) / 1048576))
}

# What the figures depend on.
print_machine()
{
	printf 'date        %(%Y-%m-%d %H:%M)T, load average before the start %s\n' -1 "$load_average"
	printf 'machine     %s, %s processors, %s GB memory, Linux %s\n' \
		"$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
		"$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)" "$(uname -r)"
	printf 'server      %s, lead_kpi %s\n' \
		"$(sql "SELECT 'PostgreSQL ' || current_setting('server_version')")" \
		"$(sql "SELECT extversion FROM pg_extension WHERE extname = 'lead_kpi'")"
	printf 'settings    shared_buffers %s, hash_mem_multiplier %s, jit %s\n' \
		"$(sql "SHOW shared_buffers")" "$(sql "SHOW hash_mem_multiplier")" "${BENCH_JIT:-off}"
}
