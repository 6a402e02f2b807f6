# The server to use, and with apt what building and testing with it lacks.
# Sourced by run, and shares its variables.

has_apt()
{
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l UCF_FORCE_CONFFOLD=1 \
		apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
		--no-install-recommends "$@"
}

may_use_apt()
{
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die "needs the packages $*; run as root: apt-get install $*"
		sudo -v || die "needs the packages $*, and sudo to install them"
	fi
}

# The major version that apt would install: the distribution's if it is one of ours.
apt_major()
{
	local version candidate

	candidate=$(apt-cache policy postgresql 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*\)+.*/\1/p')
	for version in $candidate $(seq $newest -1 $oldest); do
		if [ "$version" -ge $oldest ] && [ "$version" -le $newest ] &&
			apt-cache policy "postgresql-$version" 2>/dev/null | grep 'Candidate: [0-9]' >/dev/null; then
			echo "$version"
			return
		fi
	done
}

# Debian creates and starts a cluster "main" when a server is installed.  The
# marker file says no, for the time of this installation only.
install_packages()
{
	# Package lists may be missing or old: read them again before giving up.
	if ! apt -s install "$@" >/dev/null 2>&1; then
		apt update
	fi
	# The headers may drag in a newer minor version, which restarts clusters.
	if command -v pg_lsclusters >/dev/null && pg_lsclusters -h | grep "^$major .* online" >/dev/null &&
		apt -s install "$@" | grep "^Inst postgresql-$major \[" >/dev/null; then
		echo "Installing $* would upgrade postgresql-$major and restart its running clusters."
		echo "Do that when it suits you (apt-get install $*), then run this again."
		return 1
	fi
	if [ -n "$apt_marker" ]; then
		as_root mkdir -p "${apt_marker%/*}"
		echo 'create_main_cluster = false' | as_root tee "$apt_marker"
	fi
	apt install "$@" || { apt update && apt install "$@"; }
	if [ -n "$apt_marker" ]; then
		as_root rm -f "$apt_marker"
		as_root rmdir --ignore-fail-on-non-empty "${apt_marker%/*}"
	fi
}

# Chooses the server, then installs what building (and testing) with it lacks.
prepare_machine()
{
	local version missing=() marker=/etc/postgresql-common/createcluster.d/lead_kpi_run.conf

	if [ -z "${PG_CONFIG:-}" ] && has_apt; then
		for version in $(seq $oldest $newest); do
			if [ -x "/usr/lib/postgresql/$version/bin/postgres" ]; then
				major=$version
			fi
		done
		if [ -z "$major" ]; then
			major=$(apt_major)
		fi
		if [ -z "$major" ]; then
			may_use_apt postgresql
			step "read the package lists" apt update
			major=$(apt_major)
		fi
		[ -n "$major" ] || die "this distribution has no PostgreSQL $oldest to $newest: add the" \
			"PostgreSQL project's apt repository (package postgresql-common," \
			"/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh), then run this again"
		PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config

		[ -x "${PG_CONFIG%/*}/postgres" ] || missing+=("postgresql-$major")
		# PGXS itself also comes with Debian's client package: the headers tell.
		[ -f "/usr/include/postgresql/$major/server/postgres.h" ] || missing+=("postgresql-server-dev-$major")
	fi
	if has_apt; then
		command -v make >/dev/null || missing+=(make)
		command -v gcc >/dev/null || missing+=(gcc)
		[ -f /usr/include/stdio.h ] || missing+=(libc6-dev)
		case $command in
			test | sanitize)
				command -v prove >/dev/null || missing+=(perl)
				perl -MIPC::Run -e 1 2>/dev/null || missing+=(libipc-run-perl) ;;
			package)
				command -v zip >/dev/null || missing+=(zip)
				command -v unzip >/dev/null || missing+=(unzip)
				if [[ ${what:-} != pgxn ]]; then
					command -v dh >/dev/null || missing+=(debhelper)
					# Which every source package needs without saying so.
					dpkg -s build-essential >/dev/null 2>&1 || missing+=(build-essential)
					command -v dpkg-buildpackage >/dev/null || missing+=(dpkg-dev)
					dpkg-query -s postgresql-server-dev-all >/dev/null 2>&1 || missing+=(postgresql-server-dev-all)
				fi ;;
			lint)
				perl -MJSON::PP -e 1 2>/dev/null || missing+=(perl) ;;
		esac
	fi
	if [ ${#missing[@]} -gt 0 ]; then
		may_use_apt "${missing[@]}"
		case " ${missing[*]} " in
			*" postgresql-$major "*) [ -e "$marker" ] || apt_marker=$marker ;;
		esac
		step "install ${missing[*]}" install_packages "${missing[@]}"
		apt_marker=
	fi

	PG_CONFIG=${PG_CONFIG:-$(command -v pg_config || :)}
	[ -n "$PG_CONFIG" ] || die "no pg_config found; install PostgreSQL $oldest to $newest with its" \
		"development files (README.md names the packages), or set PG_CONFIG"
	PG_CONFIG=$(command -v "$PG_CONFIG") || die "PG_CONFIG is not a program"
	export PG_CONFIG
	bindir=$("$PG_CONFIG" --bindir)
	major=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
	[ -x "$bindir/initdb" ] || die "$PG_CONFIG belongs to no server: there is no $bindir/initdb"
	if [ ! -f "$("$PG_CONFIG" --pgxs)" ] || [ ! -f "$("$PG_CONFIG" --includedir-server)/postgres.h" ]; then
		die "the development files of PostgreSQL $major are missing (README.md names the packages)"
	fi
	[ "$major" -ge $oldest ] || die "PostgreSQL $major is too old: lead_kpi needs $oldest to $newest"
}
