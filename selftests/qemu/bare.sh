#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Proves that a clone and "make demo" are all the set-up there is: does both in a
# bare Debian 12 that knows nothing of this machine but its mirrors. Needs root
# (mounts, chroot) and, each time, the network. "bare.sh CMD..." runs another
# command in the clone, for example bare.sh .ci/run.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

SUITE=bookworm
ROOT=$CACHE/bare

unmount()
{
	local m

	for m in dev proc; do
		! mountpoint -q "$ROOT/$m" || umount "$ROOT/$m"
	done
}

# The machine's own mirror and apt settings; the clone comes with its history.
bootstrap()
{
	local mirror

	mirror=$(apt-get indextargets --format "\$(ORIGIN) \$(RELEASE) \$(REPO_URI)" \
		'Created-By: Packages' | awk -v s=$SUITE '$1 == "Debian" &&
			$2 == s { print $3; exit }')
	[ -n "$mirror" ] || die "apt knows no mirror of $SUITE"
	long "bootstrapping a bare $SUITE" debootstrap --variant=minbase \
		$SUITE "$ROOT" "$mirror"
	"$QEMU_DIR/fetch.sh" sources "$SUITE,$SUITE-security" \
		>"$ROOT/etc/apt/sources.list"
	apt-config dump Acquire | grep -iE '^Acquire::(http|https|check)' \
		>"$ROOT/etc/apt/apt.conf.d/99machine" || true
	cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
}

mounts()
{
	mount -t proc proc "$ROOT/proc"
	mount --bind /dev "$ROOT/dev"
}

in_bare()
{
	env -i HOME=/root TERM="${TERM:-dumb}" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		chroot "$ROOT" "$@"
}

main()
{
	[ "$(id -u)" -eq 0 ] || die "make bare needs root"
	need debootstrap git
	unmount
	rm -rf --one-file-system "$ROOT"
	mkdir -p "$ROOT"
	trap unmount EXIT
	trap 'exit 130' INT TERM HUP
	bootstrap
	mounts
	# what one has before "git clone ... && make demo"
	in_bare apt-get -qq update
	long "installing git and make" in_bare apt-get -qy \
		install --no-install-recommends git make
	git clone -q "$TOP" "$ROOT/root/oomx"
	step "in the bare $SUITE: $*"
	in_bare sh -c 'cd /root/oomx && "$@"' sh "$@"
}

if [ $# -eq 0 ]; then
	set -- make demo
fi
main "$@"
