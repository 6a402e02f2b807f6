# ./run lint: what can be said of the project without a server.
# Sourced by run, and shares its variables.

check_metadata()
{
	test/lib/check-metadata --self-test
	test/lib/check-metadata
}

# Here every test runs, so nobody sees what a skipped one prints: its lines up to \quit.
check_skips()
{
	local expected name

	for expected in expected/*_1.out; do
		name=$(basename "$expected" _1.out)
		diff <(sed '/^\\quit/q' "test/sql/$name.sql" | grep .) <(grep -vE '^(skipped: |\\set ECHO none$)' "$expected")
	done
}

# What a worker ships is read as if an attacker had written it: the test damages every kind.
check_deserialize()
{
	local name lacking=0

	while read -r name; do
		grep -qw "$name" test/sql/deserialize.sql || { echo "$name: damage its bytes in test/sql/deserialize.sql"; lacking=1; }
	done < <(sed -nE 's/^CREATE FUNCTION (\w+_deserialize)\(.*/\1/p' sql/*.sql | sort -u)
	return $lacking
}

# What is allocated for as many as there are: mul_size() raises where the product ends beyond a Size, as it may in 32 bits.
check_sizes()
{
	perl -0777 -ne 'while (/^([^\n]*alloc\w*\([^;]*[a-z)\]] \* sizeof\([^;]*);/gm) { print "$ARGV: $1\n"; $found = 1; } END { exit($found // 0) }' "$@"
}

check_all_sizes()
{
	printf 'x = palloc(MORE * sizeof(int));\ny = palloc(mul_size(n, sizeof(int)));\n' | check_sizes
	if printf 'x = palloc((n + 1) * sizeof(int));\n' | check_sizes >/dev/null; then
		echo "check_sizes sees nothing"
		return 1
	fi
	check_sizes src/*.c src/*/*.[ch]
}

# In the folder of the gcc build, where make has just joined it.
check_install_script()
{
	test/lib/check-install-script --self-test
	test/lib/check-install-script "$(build_folder -gcc)"/lead_kpi--*.sql
}

has_tool()
{
	command -v "$1" >/dev/null || { say "          $1: not installed, skipped"; return 1; }
}

lint_step()
{
	try_step "$@"
	if [ "$status" != 0 ]; then
		failed=$((failed + 1))
		explain_failure "$1"
	fi
}

run_lint()
{
	local includes scripts

	logs=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi-log.XXXXXX")
	chmod 755 "$logs"
	prepare_machine
	work=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi.XXXXXX")
	cd "$root"
	includes=-I$("$PG_CONFIG" --includedir-server)

	lint_step "META.json is right, and the version the same everywhere" check_metadata
	lint_step "the walls of src stand" test/lib/check-walls
	lint_step "sizes of arrays cannot wrap" check_all_sizes
	lint_step "the SQL has one layout" test/lib/check-sql
	lint_step "skipped tests print what is expected" check_skips
	lint_step "every state that workers ship is damaged in a test" check_deserialize
	# Of several versions, the one that .clang-format is for.
	if has_tool clang-format-14; then
		lint_step "clang-format" clang-format-14 --dry-run --Werror src/*.c src/*/*.[ch] test/modules/*/*.c test/fuzz/*.c test/lib/*.h
	fi
	lint_step "gcc -Wall -Wextra -Werror" build -gcc CC=gcc COPT=-Werror
	lint_step "the picture of src is true" test/lib/draw-house --check doc/house.svg
	lint_step "the install script calls nothing that can be planted" check_install_script
	if has_tool clang; then
		# The server's flags and its printf attribute are gcc's; clang does not know them all.
		lint_step "clang -Wall -Wextra -Werror" build -clang CC=clang with_llvm=no \
			'COPT=-Werror -Wno-ignored-attributes -Wno-unknown-warning-option -Wno-ignored-optimization-argument'
	fi
	if has_tool cppcheck; then
		lint_step "cppcheck" cppcheck --quiet --std=c99 --enable=warning,performance,portability \
			--inline-suppr --suppressions-list=.cppcheck-suppressions --error-exitcode=1 \
			--include="$("$PG_CONFIG" --includedir-server)/pg_config.h" -I src src
	fi
	if has_tool clang-tidy; then
		lint_step "clang-tidy" clang-tidy --quiet --warnings-as-errors='*' src/*.c src/*/*.c -- \
			-std=gnu99 -D_GNU_SOURCE -Isrc "$includes"
	fi
	if has_tool shellcheck; then
		mapfile -t scripts < <(compgen -G 'test/bench/*/run')
		lint_step "shellcheck" shellcheck -x -a run .ci/run test/drivers/run "${scripts[@]}"
	fi
	[ "$failed" = 0 ]
}
