# Which user does what: root installs, the server has a user of its own.
# Sourced by run, and shares its variables.

# root, or the invoking user through sudo: for apt only.
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# The server refuses to run as root: then it runs as user postgres.
as_server()
{
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME="$work" "$@"
	else
		"$@"
	fi
}
