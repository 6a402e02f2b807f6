# What run leaves behind, on any exit: nothing but packages, and logs when something failed.
# Sourced by run, and shares its variables.

# The processes that work in $work, servers of interrupted TAP tests among them.
our_processes()
{
	local process

	for process in /proc/[0-9]*; do
		case "$(readlink "$process/cwd" 2>/dev/null)/" in
			"$work"/*) echo "${process#/proc/}" ;;
		esac
	done
}

# Asks them to end, waits up to five seconds, insists.
end_processes()
{
	local processes tries

	for tries in 1 2 3 4 5 6 7 8 9 10; do
		mapfile -t processes < <(our_processes)
		[ ${#processes[@]} -gt 0 ] || return 0
		case $tries in
			1) kill -INT "${processes[@]}" 2>/dev/null || : ;;
			10) kill -KILL "${processes[@]}" 2>/dev/null || : ;;
		esac
		sleep 0.5
	done
}

cleanup()
{
	trap '' INT TERM HUP
	if [ -n "$apt_marker" ]; then
		as_root rm -f "$apt_marker"
	fi
	if [ -n "$work" ]; then
		cd /
		if [ -f "$work/data/postmaster.pid" ]; then
			as_server "$bindir/pg_ctl" stop -D "$work/data" -m immediate -w >/dev/null 2>&1 || :
		fi
		end_processes
		if [ "$keep_logs" = yes ] && [ -f "$work/server.log" ]; then
			cp "$work/server.log" "$logs/server.log"
		fi
		rm -rf "$work"
	fi
	if [ -n "$logs" ] && [ "$keep_logs" = no ]; then
		rm -rf "$logs"
	fi
	# Built by root in somebody's checkout: hand it to the owner.
	if [ "$(id -u)" = 0 ] && [ -d "$root/build" ]; then
		chown -R --reference="$root" "$root/build" || :
	fi
}

interrupted()
{
	printf '\nrun: interrupted\n' >&2
	exit 130
}
