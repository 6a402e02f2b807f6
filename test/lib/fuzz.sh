# ./run fuzz: what reads bytes gets those that libFuzzer finds, in a backend of a throwaway server.
# Sourced by run, and shares its variables.

# What of a corpus the project keeps, in bytes: of fifty, as text, less than 1 MB.
readonly corpus_limit=15000

fuzz_clang()
{
	local clang

	for clang in clang-14 clang; do
		if command -v "$clang" >/dev/null; then
			echo "$clang"
			return
		fi
	done
	return 1
}

# The library of the coverage-guided loop, without a main: Debian's libclang-rt-14-dev.
fuzz_library()
{
	local file

	file=$("$1" -print-file-name="$2")
	if [ -e "$file" ]; then
		echo "$file"
	else
		file=${file/-x86_64/}
		file=$("$1" -print-file-name="${file##*/}")
		[ -e "$file" ] && echo "$file"
	fi
}

fuzz_sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# fuzz_session TARGET LOG OPTION...: libFuzzer with these options in one session, which it ends
fuzz_session()
{
	local name=$1 log_file=$2 options

	shift 2
	options=$(printf '%s\n' "$@")
	fuzz_sql -v name="$name" -v options="$options" -v log="$log_file" 2>&1 <<-'SQL' | grep -v -e 'server closed the connection' -e 'terminated abnormally' -e 'before or while' -e 'connection to server was lost' || :
		SELECT fuzz(kind, target, companions, arguments, string_to_array(:'options', E'\n'), :'log') FROM fuzz_target WHERE name = :'name';
	SQL
	# After a finding the server starts again.
	for _ in $(seq 60); do
		if fuzz_sql -c 'SELECT 1' >/dev/null 2>&1; then
			return
		fi
		sleep 0.5
	done
}

fuzz_target()
{
	local name=$1 folder=$work/corpus/$1 said=$work/fuzz/$1.log options

	mkdir -p "$folder"
	if [ -f "$root/test/fuzz/corpus/$name" ]; then
		perl "$root/test/fuzz/corpus.pl" unpack "$folder" <"$root/test/fuzz/corpus/$name"
	fi
	fuzz_sql -v name="$name" <<-'SQL' | perl "$root/test/fuzz/corpus.pl" unpack "$folder"
		SELECT translate(encode(input, 'base64'), E'\n', '') FROM fuzz_seed WHERE target = :'name';
	SQL
	[ "$(id -u)" != 0 ] || chown -R postgres "$folder"
	options=("-runs=${LEAD_KPI_FUZZ_RUNS:-100000}" "-max_total_time=${LEAD_KPI_SECONDS:-0}" -max_len=4096 -timeout=10 -rss_limit_mb=0
		-reload=0 -print_final_stats=1 "-artifact_prefix=$work/fuzz/$name-" "-dict=$work/fuzz/words")
	fuzz_session "$name" "$said" "${options[@]}" "$folder"
	# What it said but of each new input.
	grep -v -E '^#[0-9]+[[:space:]]+(NEW|REDUCE|pulse|RELOAD)' "$said" | tail -n 60
	if compgen -G "$work/fuzz/$name-*" >/dev/null; then
		mkdir -p "$logs/findings"
		cp "$work/fuzz/$name-"* "$logs/findings/"
		echo "Inputs that it found are in findings/ beside this log."
		return 1
	fi
	grep '^stat::number_of_executed_units: ' "$said"
	if [ -n "${LEAD_KPI_FUZZ_SAVE:-}" ]; then
		perl "$root/test/fuzz/corpus.pl" list "$folder" >"$work/fuzz/$name.control"
		[ "$(id -u)" != 0 ] || chown postgres "$work/fuzz/$name.control"
		fuzz_session "$name" "$said" -merge_inner=1 "-merge_control_file=$work/fuzz/$name.control"
		perl "$root/test/fuzz/corpus.pl" pack "$work/fuzz/$name.control" "$corpus_limit" >"$root/test/fuzz/corpus/$name"
	fi
}

# The keys of the texts, so that it need not guess them letter by letter.
fuzz_words()
{
	fuzz_sql -o "$work/fuzz/words" <<-'SQL'
		SELECT DISTINCT '"\"' || key[1] || '\""' FROM fuzz_seed, regexp_matches(convert_from(input, 'UTF8'), '"(\w+)"', 'g') key WHERE target ~ '_in$';
	SQL
	[ -s "$work/fuzz/words" ]
}

run_fuzz()
{
	local clang library name names sort='' flags='-fsanitize=fuzzer-no-link -DUSE_ASSERT_CHECKING'

	clang=$(fuzz_clang) || die "no clang here; Debian's package is clang-14, with libclang-rt-14-dev"
	library=$(fuzz_library "$clang" libclang_rt.fuzzer_no_main-x86_64.a) || die "clang has no libFuzzer here; Debian's package libclang-rt-14-dev brings it"
	if [ -n "${LEAD_KPI_FUZZ_SANITIZE:-}" ]; then
		sort=-sanitize
		flags+=" -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -shared-libsan -include $root/test/lib/redzone.h"
		sanitizer_runtime=$(fuzz_library "$clang" libclang_rt.asan-x86_64.so) || die "clang has no AddressSanitizer here"
	fi
	# The server's flags and its printf attribute are gcc's.
	prepare "-fuzz$sort" CC="$clang" with_llvm=no FUZZ_DRIVER="$library" \
		"COPT=$flags -Wno-ignored-attributes -Wno-unknown-warning-option -Wno-ignored-optimization-argument"
	mkdir -p "$work/fuzz" "$work/corpus" "$root/test/fuzz/corpus"
	[ "$(id -u)" != 0 ] || chown postgres "$work/fuzz"
	step "targets and seeds" perl "$root/test/fuzz/prepare.pl"
	step "words" fuzz_words
	names=("$@")
	[ $# -gt 0 ] || mapfile -t names < <(fuzz_sql -c 'SELECT name FROM fuzz_target ORDER BY name')
	for name in "${names[@]}"; do
		try_step "$name" fuzz_target "$name"
		say "          $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1) executions, $(sed -n 's/^stat::average_exec_per_sec: *//p' "$log" | tail -n 1) a second," \
			"$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1) places covered"
		if [ "$status" = 0 ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			explain_failure "$name"
		fi
	done
	say
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
