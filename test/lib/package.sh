# ./run package: makes the packages, checks them, and installs, tests and removes what it made in a copy of this machine that is thrown away.
# Sourced by run, and shares its variables.

# What git has, as a release has it; the working copy's state of it.
copy_release()
{
	mkdir -p "$1"
	(cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	done | tar --null -T - -c) | tar -C "$1" -x --no-same-owner
}

# The zip for PGXN, whose name and only folder are the distribution and its version.
make_pgxn()
{
	local name version

	name=$(perl -MJSON::PP -0ne 'print decode_json($_)->{name}' "$root/META.json")
	version=$(perl -MJSON::PP -0ne 'print decode_json($_)->{version}' "$root/META.json")
	copy_release "$work/$name-$version"
	(cd "$work" && zip -q -r -X "$name-$version.zip" "$name-$version")
	perl "$root/test/lib/check-pgxn" "$work/$name-$version.zip"
	perl "$root/test/lib/check-pgxn-mistakes" "$work/$name-$version.zip"
	cp "$work/$name-$version.zip" "$(packages_folder)"
}

packages_folder()
{
	mkdir -p "$root/build/packages"
	echo "$root/build/packages"
}

make_debian()
{
	copy_release "$work/debian/lead-kpi"
	(cd "$work/debian/lead-kpi" && DEB_BUILD_OPTIONS="nocheck nobitcode parallel=$(nproc)" dpkg-buildpackage -us -uc -b)
	cp "$work"/debian/*.deb "$(packages_folder)"
}

# What make uninstall leaves of make install: no file.
uninstall_leaves_nothing()
{
	local left

	build "" with_llvm=no
	find "$work/stage" -type f -name 'lead_kpi*' | grep . || return 1
	make -C "$(build_folder)" with_llvm=no uninstall DESTDIR="$work/stage"
	left=$(find "$work/stage" ! -type d)
	[ -z "$left" ] || { printf 'make uninstall left:\n%s\n' "$left"; return 1; }
}

# Not everywhere may root mount a file system over this machine's.
# shellcheck disable=SC2016  # the inner shell expands these
can_lay_over()
{
	mkdir "$work/try"
	unshare --mount bash -euc '
		mount -t tmpfs tmpfs "$1"
		mkdir "$1/changed" "$1/work" "$1/machine"
		mount -t overlay -o "lowerdir=/,upperdir=$1/changed,workdir=$1/work" overlay "$1/machine"
	' bash "$work/try"
}

# In a mount namespace of its own: this machine's files below, what changes above, in memory; of its devices those that cannot be harmed.
# shellcheck disable=SC2016  # the inner shell expands these
install_test_remove()
{
	mkdir "$work/above" "$work/machine"
	cp "$work"/debian/postgresql-*-lead-kpi_*.deb "$work/debian/lead-kpi"
	unshare --mount --pid --fork --kill-child bash -euc '
		mount -t tmpfs -o size=1g tmpfs "$1/above"
		mkdir "$1/above/changed" "$1/above/work"
		cp -r "$1/debian/lead-kpi" "$1/above/lead-kpi"
		mount -t overlay -o "lowerdir=/,upperdir=$1/above/changed,workdir=$1/above/work" overlay "$1/machine"
		mount -t proc proc "$1/machine/proc"
		mount -t tmpfs tmpfs "$1/machine/dev"
		mkdir -m 1777 "$1/machine/dev/shm"
		ln -s /proc/self/fd "$1/machine/dev/fd"
		for device in null zero full random urandom tty; do
			touch "$1/machine/dev/$device"
			mount --bind "/dev/$device" "$1/machine/dev/$device"
		done
		mount -t tmpfs tmpfs "$1/machine/tmp"
		mkdir "$1/machine/tmp/lead-kpi"
		cp -r "$1/above/lead-kpi/." "$1/machine/tmp/lead-kpi"
		exec chroot "$1/machine" bash -eu /tmp/lead-kpi/test/lib/package-inside "$2"
	' bash "$work" "${LEAD_KPI_PACKAGE_TESTS:-}"
}

run_package()
{
	local what=${1:-all}

	case $what in
		all | debian | pgxn) ;;
		*) die "./run package makes debian, pgxn, or both" ;;
	esac
	logs=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi-log.XXXXXX")
	work=$(mktemp -d "${LEAD_KPI_TMP:-/tmp}/lead_kpi.XXXXXX")
	chmod 755 "$logs" "$work"
	prepare_machine
	if [ "$what" != debian ]; then
		step "make the zip for PGXN and check it" make_pgxn
		step "make uninstall leaves nothing" uninstall_leaves_nothing
		passed=$((passed + 2))
	fi
	if [ "$what" != pgxn ]; then
		step "build the Debian package" make_debian
		passed=$((passed + 1))
		if [ "$(id -u)" = 0 ] && can_lay_over >/dev/null 2>&1; then
			step "install it, test it, remove it, and look for what is left" install_test_remove
			passed=$((passed + 1))
		else
			say "          not root, or no overlay file systems here: the package was not installed"
			skipped=$((skipped + 1))
		fi
	fi
	say "          the packages are in $(packages_folder)"
	say
	say "$passed passed, $failed failed, $skipped skipped"
}
