# ./run i386: the regression tests, and the TAP tests of stored and shipped values, on a 32-bit server in a chroot; once per release, by hand.
# Sourced by run, and shares its variables.

# 128-bit integers take clang 16 there, and double is double only with SSE2. What needs 64 bits is not asked: see doc/reliability.md.
# shellcheck disable=SC2016  # mmdebstrap's hooks expand these
make_i386_chroot()
{
	mmdebstrap --variant=minbase --mode=root --architecture=i386 \
		--include=make,clang-16,libc6-dev,gcc,perl,libipc-run-perl,postgresql-15,postgresql-server-dev-15 \
		--aptopt='APT::Install-Recommends "false"' \
		--setup-hook='mkdir -p "$1/etc/postgresql-common/createcluster.d"' \
		--setup-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.d/lead_kpi.conf"' \
		bookworm "$work/root"
	copy_release "$work/root/srv/project"
}

test_on_i386()
{
	unshare --mount --pid --fork --kill-child bash -euc '
		mount -t proc proc "$1/root/proc"
		mkdir -p "$1/root/dev/shm"
		mount -t tmpfs -o mode=1777 tmpfs "$1/root/dev/shm"
		exec setarch i686 chroot "$1/root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 bash /srv/project/test/lib/i386-inside
	' bash "$work"
}

run_i386()
{
	[ "$(id -u)" = 0 ] || die "./run i386 makes a chroot: run it as root"
	logs=$(mktemp -d "${LEAD_KPI_TMP:-/var/tmp}/lead_kpi-log.XXXXXX")
	work=$(mktemp -d "${LEAD_KPI_TMP:-/var/tmp}/lead_kpi.XXXXXX")
	chmod 755 "$logs" "$work"
	if ! command -v mmdebstrap >/dev/null || ! command -v arch-test >/dev/null; then
		may_use_apt mmdebstrap arch-test
		apt install mmdebstrap arch-test
	fi
	step "make a chroot of i386" make_i386_chroot
	step "test there" test_on_i386
}
