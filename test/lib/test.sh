# ./run test: the regression tests and the TAP tests, and what came of each.
# Sourced by run, and shares its variables.

# The copy of the project that tests run in, by the server's user.
copy_for_tests()
{
	copy_project "$work/tree"
	if [ "$(id -u)" = 0 ]; then
		chown -R postgres "$work/tree"
	fi
}

# regress_tests [NAME...]: make installcheck, the target that users have
regress_tests()
{
	copy_for_tests
	as_server make -C "$work/tree" installcheck ${1:+REGRESS="$*" ISOLATION=}
}

# All but those that are about the SQL of the mart only, and take longer than all others.
room_tests()
{
	(cd "$root/test/sql" && printf '%s\n' *.sql | sed 's/\.sql$//' | grep -vE '^(generator|mart|mart_.*)$' && printf '%s\n' mart_{forecast,learning})
}

# isolation_tests SPEC...: those of these names alone
isolation_tests()
{
	[ -d "$work/tree" ] || copy_for_tests
	as_server make -C "$work/tree" installcheck REGRESS= ISOLATION="$*"
}

# count_regress all|some STEP: adds pg_regress's results to the counts.  Up to 15 it prints "test NAME ... ok",
# from 16 on "ok 1 - NAME".  A test that could not run prints "skipped: why".
count_regress()
{
	local result name ok=0 bad=0 skips=0

	while read -r result name; do
		if [ "$result" != ok ]; then
			bad=$((bad + 1))
		elif grep -q '^skipped: ' "$work/tree/results/$name.out" 2>/dev/null; then
			skips=$((skips + 1))
		else
			ok=$((ok + 1))
		fi
	done < <(sed -n -E \
		-e 's/^test ([^ ]+) +\.\.\. ([^ ]+).*/\2 \1/p' \
		-e 's/^ok [0-9]+ +[-+] ([^ ]+).*/ok \1/p' \
		-e 's/^not ok [0-9]+ +[-+] ([^ ]+).*/failed \1/p' "$log")
	if [ "$status" != 0 ] && [ $bad = 0 ]; then
		bad=1               # it failed before or after the tests themselves
	fi
	# Specs come with the others, where there is what runs them.
	if [ "$1" = all ] && [ ! -x "$pgxs/../test/isolation/pg_isolation_regress" ]; then
		skips=$((skips + $(compgen -G "$root/test/isolation/specs/*.spec" | wc -l)))
	fi
	add_counts "$2" $ok $bad $skips
}

# tap_tests [FILE...]: all of them without arguments
tap_tests()
{
	[ -d "$work/tree" ] || copy_for_tests
	cd "$work/tree"
	[ $# -gt 0 ] || set -- test/t/*.pl
	mkdir -p tmp_check
	if [ "$(id -u)" = 0 ]; then
		chown postgres tmp_check
	fi
	# These start servers of their own; the environment is that of PGXS's prove_installcheck.
	as_server env -u PGHOST -u PGUSER -u PGDATABASE PGPORT=65432 TEMP_CONFIG="$work/staging.conf" \
		TESTDIR="$work/tree" TESTDATADIR="$work/tree/tmp_check" TESTLOGDIR="$work/tree/tmp_check/log" \
		PG_REGRESS="$pgxs/../test/regress/pg_regress" \
		prove --norc -v --timer -I "$pgxs/../test/perl" "$@"
}

# explain_regress STEP: says what was expected, if it failed
explain_regress()
{
	local diffs=$logs/regression.diffs

	[ "$status" != 0 ] || return 0
	cat "$work/tree/regression.diffs" "$work/tree/output_iso/regression.diffs" >"$diffs" 2>/dev/null || :
	if [ -s "$diffs" ]; then
		explain_failure "$1" "$diffs"
	else
		explain_failure "$1"
	fi
}

count_tap()
{
	local ok bad skips

	ok=$(grep -cE '^ok [0-9]+' "$log") || :
	bad=$(grep -cE '^not ok [0-9]+' "$log") || :
	skips=$(grep -ciE '^ok [0-9]+.*# *skip' "$log") || :
	ok=$((ok - skips))
	# Of a script that skips all prove says why instead of its plan, and that begins with how many.
	skips=$((skips + $(sed -n -E 's|^test/t/[^ ]+ \.+ skipped: *([0-9]*).*|\1|p' "$log" | awk '{ n += $1 == "" ? 1 : $1 } END { print n + 0 }')))
	if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
		bad=1               # a script died between its assertions
	fi
	add_counts "TAP tests" "$ok" "$bad" "$skips"
}

# The nearest older major version that is here with what building for it takes: pg_upgrade is tested from it.
former_config()
{
	local version config

	for ((version = major - 1; version >= oldest; version--)); do
		config=/usr/lib/postgresql/$version/bin/pg_config
		if [ -x "${config%/*}/postgres" ] && [ -f "/usr/include/postgresql/$version/server/postgres.h" ]; then
			echo "$config"
			return
		fi
	done
}

# install_beside CONFIG BUILD-ARGUMENT...: the older major and ours in a folder, each with lead_kpi among its own files: pg_upgrade looks
# for libraries nowhere else. Servers find what is theirs from where their programs are, and these must be no links.
install_beside()
{
	local config ours=$PG_CONFIG lib share
	local -x PG_CONFIG=$1
	local major

	shift
	major=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
	build "$@"
	for config in "$PG_CONFIG" "$ours"; do
		lib=$("$config" --pkglibdir) share=$("$config" --sharedir)
		mkdir -p "$work/both$lib" "$work/both$share"
		cp -r "${config%/*}" "$work/both${lib%/*}"
		cp -rs "$lib/." "$work/both$lib"
		cp -rs "$share/." "$work/both$share"
	done
	cp -r "$work/stage/." "$work/both"
}

# What a failed script did last is in a log of its own: add it to ours.
add_tap_details()
{
	local script

	while read -r script; do
		printf '\nThe end of tap-server-logs/regress_log_%s:\n' "$script"
		tail -n 12 "$work/tree/tmp_check/log/regress_log_$script" 2>/dev/null || :
	done < <(sed -n 's|^test/t/\(.*\)\.pl .*(Wstat: .*|\1|p' "$log") >>"$log.details"
	cat "$log.details" >>"$log"
	rm "$log.details"
}

add_counts()
{
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	say "          $1: $2 passed, $3 failed, $4 skipped"
}

# Sorts names into regression tests and TAP scripts; of a script, the beginning of its name will do.
choose_tests()
{
	local name scripts

	for name in "$@"; do
		if [ -f "$root/test/sql/$name.sql" ]; then
			[ -f "$root/expected/$name.out" ] || die "no expected/$name.out: begin with an empty one, the difference then shows what it is to hold"
			regress+=("$name")
		elif [ -f "$root/test/isolation/specs/$name.spec" ]; then
			specs+=("$name")
		else
			mapfile -t scripts < <(cd "$root" && compgen -G "test/t/$name*.pl" | sort)
			[ ${#scripts[@]} -gt 0 ] || die "no test \"$name\": there is neither test/sql/$name.sql nor test/t/$name*.pl"
			tap+=("${scripts[@]}")
		fi
	done
}

run_test()
{
	local pgxs former='' regress=() specs=() tap=() kind=(-assert 'COPT=-Werror -DUSE_ASSERT_CHECKING')

	choose_tests "$@"
	# Debian's servers have no assertions, but what they need: ours run on any server.
	prepare "${kind[@]}"
	step "the build has its assertions" grep -r ExceptionalCondition "$work/stage" --include=lead_kpi.so
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")

	if [ $# = 0 ] || [ ${#regress[@]} -gt 0 ]; then
		try_step "regression tests" regress_tests "${regress[@]}"
		count_regress "$([ $# = 0 ] && echo all || echo some)" "regression tests"
		explain_regress "regression tests"
	fi
	if [ ${#specs[@]} -gt 0 ]; then
		[ -x "$pgxs/../test/isolation/pg_isolation_regress" ] || die "this PostgreSQL has no pg_isolation_regress"
		try_step "isolation tests" isolation_tests "${specs[@]}"
		count_regress some "isolation tests"
		explain_regress "isolation tests"
	fi
	# Of a server in another place nobody knows the neighbours.
	if [[ $PG_CONFIG == /usr/lib/postgresql/* ]] && { [ $# = 0 ] || [[ "${tap[*]}" == *_pg_upgrade.pl* ]]; }; then
		former=$(former_config)
	fi
	if [ -n "$former" ]; then
		step "install lead_kpi for $("$former" --version), too" install_beside "$former" "${kind[@]}"
		export LEAD_KPI_FORMER=$work/both${former%/bin/*} LEAD_KPI_PRESENT=$work/both${PG_CONFIG%/bin/*}
	fi
	if [ $# = 0 ] || [ ${#tap[@]} -gt 0 ]; then
		try_step "TAP tests" tap_tests "${tap[@]}"
		count_tap
		if [ "$status" != 0 ]; then
			cp -r "$work/tree/tmp_check/log" "$logs/tap-server-logs" 2>/dev/null || :
			add_tap_details
			explain_failure "TAP tests"
		fi
	fi
	say
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
