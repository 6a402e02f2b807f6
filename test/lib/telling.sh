# What run says: steps with their seconds and logs, and what failed.
# Sourced by run, and shares its variables.

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf 'run: %s\n' "$*" >&2
	exit 1
}

# Runs a command as one step: a line with the seconds it took, its output in a
# log of its own, its exit code in $status.  The command runs in a subshell.
try_step()
{
	local label=$1 start=$SECONDS ticker=
	shift
	step_number=$((step_number + 1))
	log=$logs/$(printf '%02d' "$step_number")-${label//[^a-zA-Z0-9]/-}.log

	if [ -t 1 ]; then
		(while :; do
			printf '\r  %4d s  %s ' $((SECONDS - start)) "$label"
			sleep 1
		done) &
		ticker=$!
	else
		printf '          %s ...\n' "$label"
	fi
	set +e
	(set -e; "$@") >"$log" 2>&1 </dev/null
	status=$?
	set -e
	if [ -n "$ticker" ]; then
		kill "$ticker" 2>/dev/null || :
		wait "$ticker" 2>/dev/null || :
		printf '\r'
	fi
	printf '  %4d s  %s%s\n' $((SECONDS - start)) "$label" "$([ $status = 0 ] || printf ': FAILED')"
}

# Says what failed, shows how it ended, and where the rest is.
explain_failure()
{
	local label=$1 file=${2:-$log}

	keep_logs=yes
	{
		printf '\nrun: failed: %s (exit code %d). The last lines of its log:\n\n' "$label" "$status"
		tail -n "$([ "${CI:-}" = true ] && echo 300 || echo 25)" "$file" | sed 's/^/    /'
		printf '\nrun: the whole log: %s\n' "$file"
	} >&2
}

step()
{
	try_step "$@"
	if [ "$status" != 0 ]; then
		explain_failure "$1"
		exit 1
	fi
}
