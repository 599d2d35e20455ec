#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the modules for one kernel and prints the directory they are in.
#
#	modules.sh [NAME]		a kernel of selftests/kernels, or else the default one
#	modules.sh KDIR=/path/to/build	any other kernel's build tree
#	modules.sh --kernel NAME	only prints the directory of that kernel
#	modules.sh --compiler NAME	only prints the compiler for it, as words for make
#
# OOMX_MARKS=y in the environment: with the marks of the benchmark.
#
# Kbuild leaves its objects beside the sources, so each kernel gets a mirror of
# the sources of its own and one tree serves them all.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

# compiler NAME KDIR: "CC=... CROSS_COMPILE=... ARCH=..." for make. A kernel's settings are
# those of its compiler: one that was built with a newer gcc than ours wants that.
compiler()
{
	local root arch

	arch=$(kernel "$1" arch)
	if [ "$arch" != amd64 ]; then
		need_for "$arch"
		echo "CC=$(gcc_of "$arch") CROSS_COMPILE=$(gcc_of "$arch" | sed 's/gcc$//') ARCH=$arch"
	elif [ "$(config_gcc "$2")" -gt "$(gcc -dumpversion)" ]; then
		root=$("$QEMU_DIR/fetch.sh" toolchain "$1")/usr/bin/x86_64-linux-gnu
		echo "CC=$root-gcc CROSS_COMPILE=$root-"
	else
		echo "CC=gcc"
	fi
}

# sign DIR KDIR NAME: a signed copy beside it, for a KUnit kernel. Its key is another one each time
# it is built, so the copy is made anew.
sign()
{
	local certs=$2/certs

	[ "${3%-kunit}" != "$3" ] || return 0
	mkdir -p "$1/signed"
	"$2/scripts/sign-file" sha256 "$certs/signing_key.pem" "$certs/signing_key.x509" \
		"$1/oomx.ko" "$1/signed/new" || die "oomx.ko cannot be signed for $3"
	mv "$1/signed/new" "$1/signed/oomx.ko"	# another run may be copying it
}

# build_in DIR KDIR ID NAME COMPILER: objects of another kernel or compiler are worth nothing,
# and where nothing changed kbuild need not be asked
build_in()
{
	local dir=$1 kdir=$2 id=$3 log=$1/.log built='' changed

	if [ "$(cat "$dir/.for" 2>/dev/null)" != "$id" ]; then
		fresh "$dir"
		echo "$id" >"$dir/.for"
	fi
	! whole "$dir" || built=y
	rm -f "$dir/.whole"	# until the mirror is whole, and built
	changed=$(mirror "$dir")
	if [ -n "$built" ] && [ -z "$changed" ]; then
		touch "$dir/.whole"
		return
	fi
	# type information for BPF is not needed, and pahole neither
	# shellcheck disable=SC2086 # a list of words
	if ! make -C "$kdir" M="$dir" $5 CONFIG_DEBUG_INFO_BTF_MODULES= \
		OOMX_TEST_MODULES="$test_modules" OOMX_MARKS="$OOMX_MARKS" -j"$(nproc)" modules >"$log" 2>&1; then
		sed "s,$dir/,,g" "$log" >&2
		die "the modules do not build for $4"
	fi
	grep -E 'warning:|WARNING' "$log" | grep -v 'pahole version differs' | sed "s,$dir/,,g" >&2 || true
	touch "$dir/.whole"
}

modules_in()
{
	build_in "$@"
	sign "$1" "$2" "$4"
}

main()
{
	local name=${1:-$(default_kernel)} kdir id dir cc=CC=gcc test_modules=y

	need_for build
	case $name in
	--kernel) kernel_dir "$2"; return ;;
	--compiler) compiler "$2" "$(kernel_dir "$2")/build"; return ;;
	KDIR=*)	kdir=${name#KDIR=} name=custom test_modules=
		[ -e "$kdir/Makefile" ] || die "no kernel build tree: $kdir" ;;
	*)	kdir=$(kernel_dir "$name")/build
		cc=$(compiler "$name" "$kdir") ;;
	esac
	id="$kdir $cc $(gcc -dumpfullversion) $(cd "$kdir" && cat Module.symvers \
		include/generated/utsrelease.h include/config/auto.conf | sha256sum)"
	: "${OOMX_MARKS:=}"
	dir=$BUILD/$name${OOMX_MARKS:+-marks}
	mkdir -p "$dir"
	locked "modules-$(echo "$dir" | sha256sum | cut -c 1-12)" \
		modules_in "$dir" "$kdir" "$id" "$name" "$cc"
	echo "$dir"
}

main "$@"
