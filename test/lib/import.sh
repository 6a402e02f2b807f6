# ./run import: exports of leads, deals or spend into a mart of the caller's database.
# Sourced by run, and shares its variables.

run_import()
{
	local program

	for program in perl psql; do
		command -v "$program" >/dev/null || die "needs $program: install it, then run this again"
	done
	perl "$root/examples/import/import.pl" "$@"
}
