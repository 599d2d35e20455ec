#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the modules for one kernel and prints the directory they are in.
#
#	modules.sh NAME			a kernel of selftests/kernels
#	modules.sh KDIR=/path/to/build	any other kernel's build tree
#	modules.sh --kernel NAME	only prints the directory of that kernel
#
# Kbuild leaves its objects beside the sources, so each kernel gets a mirror of
# the sources of its own and one tree serves them all.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

# kernel_dir NAME: where its image, build tree and release are
kernel_dir()
{
	case $1 in
	*-kunit) "$QEMU_DIR/build.sh" kunit "$1" ;;
	*)	"$QEMU_DIR/fetch.sh" stock "$1" ;;
	esac
}

# build_in DIR KDIR ID: objects of another kernel or compiler are worth nothing
build_in()
{
	local dir=$1 kdir=$2 id=$3 log=$1/.log

	if [ "$(cat "$dir/.for" 2>/dev/null)" != "$id" ]; then
		fresh "$dir"
		echo "$id" >"$dir/.for"
	fi
	mirror "$dir"
	# type information for BPF is not needed, and pahole neither
	if ! make -C "$kdir" M="$dir" CC=gcc CONFIG_DEBUG_INFO_BTF_MODULES= \
		OOMX_TEST_MODULES="$test_modules" -j"$(nproc)" modules >"$log" 2>&1; then
		sed "s,$dir/,,g" "$log" >&2
		die "the modules do not build for $4"
	fi
	grep -E 'warning:|WARNING' "$log" | sed "s,$dir/,,g" >&2 || true
}

main()
{
	local name=$1 kdir id dir test_modules=y

	need_for build
	case $name in
	--kernel) kernel_dir "$2"; return ;;
	KDIR=*)	kdir=${name#KDIR=} name=custom test_modules=
		[ -e "$kdir/Makefile" ] || die "no kernel build tree: $kdir" ;;
	*)	kdir=$(kernel_dir "$name")/build ;;
	esac
	id="$kdir $(gcc -dumpfullversion) $(cd "$kdir" && sha256sum Module.symvers \
		include/generated/utsrelease.h include/config/auto.conf)"
	dir=$BUILD/$name
	mkdir -p "$dir"
	locked "modules-$(echo "$dir" | sha256sum | cut -c 1-12)" \
		build_in "$dir" "$kdir" "$id" "$name"
	echo "$dir"
}

main "$@"
