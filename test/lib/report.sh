# ./run report: the report of a mart as one HTML file, and as PDF.
# Sourced by run, and shares its variables.

# What draws it, from the distribution and from npm; installed beside it, and kept for the next time.
prepare_report()
{
	local missing=()

	if has_apt; then
		command -v node >/dev/null || missing+=(nodejs)
		command -v npm >/dev/null || missing+=(npm)
		if [ "$wants_pdf" = yes ]; then
			command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
		fi
	fi
	if [ ${#missing[@]} -gt 0 ]; then
		may_use_apt "${missing[@]}"
		step "install ${missing[*]}" install_packages "${missing[@]}"
	fi
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		die "needs Node.js 18 or newer, and npm: install them, then run this again"
	fi
	[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || die "needs Node.js 18 or newer: this is $(node --version)"
	if [ "$wants_pdf" = yes ] && ! command -v chromium >/dev/null; then
		die "--pdf needs chromium: install it, or print the HTML file from a browser"
	fi
	report_folder=$root/build/report
	# A checkout that we cannot write to has none that stays.
	if ! mkdir -p "$report_folder" 2>/dev/null || [ ! -w "$report_folder" ]; then
		report_folder=$work/report
	fi
	mkdir -p "$report_folder/report" "$report_folder/cards"
	cp "$root"/examples/report/*.{mjs,css,json} "$report_folder/report/"
	cp "$root"/examples/cards/*.sql "$report_folder/cards/"
	if ! [ -d "$report_folder/report/node_modules" ] || ! cmp -s "$root/examples/report/package-lock.json" "$report_folder/installed"; then
		rm -f "$report_folder/installed"
		try_step "install what draws the charts" npm ci --prefix "$report_folder/report" --no-audit --no-fund --omit=dev
		if [ "$status" != 0 ]; then
			keep_logs=yes
			die "npm could not install Vega-Lite and pg: is there a network? Its log is $log"
		fi
		cp "$root/examples/report/package-lock.json" "$report_folder/installed"
	fi
}

# As the caller, in whose home and folders the output is.
print_pdf()
{
	chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir="$work/chromium" --print-to-pdf="$2" "file://$1"
}

run_report()
{
	local mart=kpi database='' language=() title=() output=$PWD/report.html wants_pdf=no report_folder had_dbname=no

	while [ $# -gt 0 ]; do
		case $1 in
			--dbname | --mart | --language | --title | --output)
				[ $# -gt 1 ] || die "$1 needs a value"
				case $1 in
					--dbname) database=$2 had_dbname=yes ;;
					--mart) mart=$2 ;;
					--language) language=(--language "$2") ;;
					--title) title=(--title "$2") ;;
					--output) case $2 in /*) output=$2 ;; *) output=$PWD/$2 ;; esac ;;
				esac
				shift 2 ;;
			--pdf) wants_pdf=yes; shift ;;
			*) die "unknown: $1 (./run report [--dbname NAME] [--mart NAME] [--language en|fr] [--title TEXT] [--output FILE] [--pdf])" ;;
		esac
	done
	case $output in
		*.pdf) wants_pdf=yes output=${output%.pdf}.html ;;
	esac

	# What can be known to fail fails before anything is installed or built.
	case ${language[1]:-en} in en | fr) ;; *) die "--language takes en or fr, not ${language[1]}" ;; esac
	[ ! -d "$output" ] || die "--output names a folder: $output; name a file"
	[ -d "${output%/*}/" ] || die "the folder of --output does not exist: ${output%/*}"
	if [ -e "$output" ]; then [ -w "$output" ]; else [ -w "${output%/*}/" ]; fi || die "cannot write $output: permission denied"

	if [ $had_dbname = yes ]; then
		[ -n "$database" ] || die "--dbname needs a name"
		# The database is the caller's: nothing is built, and no server is started.
		logs=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi-log.XXXXXX")
		work=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi.XXXXXX")
		chmod 755 "$work"
		export PGDATABASE=$database
	else
		prepare
		step "create extension lead_kpi" psql -X -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION lead_kpi'
		step "load 20 000 example leads" psql -X -q -v ON_ERROR_STOP=1 -c "SELECT lead_kpi.create_mart('kpi')" -c "SELECT lead_kpi.generate_example('kpi', 20000)" \
			-c "SELECT lead_kpi.store_mart('kpi')"
	fi
	prepare_report
	try_step "write the report" node "$report_folder/report/report.mjs" --mart "$mart" "${language[@]}" "${title[@]}" --output "$output"
	# 3: it said in a sentence what is wrong, and that is not the program.
	[ "$status" != 3 ] || die "$(sed -n 's/^report: //p' "$log" | tail -n 1)"
	[ "$status" = 0 ] || { explain_failure "write the report"; exit 1; }
	say "          $output"
	if [ "$wants_pdf" = yes ]; then
		step "print it" print_pdf "$output" "${output%.html}.pdf"
		say "          ${output%.html}.pdf"
	fi
}
