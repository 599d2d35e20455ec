#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds in the cache what Debian does not ship.
#
#	build.sh kunit NAME	prints the directory of a kernel with KUnit, in
#				the shape of fetch.sh's: image, build, release
#	build.sh clang NAME	prints a build tree prepared with clang, good for
#				compiling (not for linking) modules
#
# The directory is named after all that goes into it, so a new source package,
# configuration or compiler builds a new kernel and the old one stays.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

FRAGMENT=$QEMU_DIR/kunit.config
JOBS=$(nproc)

# Kconfig symbols that the source in $1 knows
known_symbols()
{
	grep -rhoE '^(menu)?config [A-Z0-9_]+' --include='Kconfig*' "$1" |
		sed 's/.* /CONFIG_/' | sort -u
}

# Kconfig drops silently what it cannot have.
check_config()
{
	local src=$1 config=$2/.config wanted

	wanted=$(grep '^CONFIG' "$FRAGMENT" | sort)
	wanted=$(join -t = <(echo "$wanted") <(known_symbols "$src"))
	wanted=$(comm -23 <(echo "$wanted") <(sort "$config"))
	[ -z "$wanted" ] || { echo "not taken: $wanted"; return 1; }
}

configure()
{
	local src=$1 dir=$2

	shift 2
	make -C "$src" O="$dir" KCONFIG_ALLCONFIG="$FRAGMENT" "$@" allnoconfig
	check_config "$src" "$dir"
}

make_kunit()
{
	local src=$1 dir=$2 release

	fresh "$dir"
	long "configuring a KUnit kernel" configure "$src" "$dir/build" CC=gcc
	long "building a KUnit kernel (some minutes, once)" nice make \
		-C "$dir/build" -j"$JOBS" CC=gcc bzImage modules
	release=$(make -s -C "$dir/build" kernelrelease)
	long "collecting its modules" make -C "$dir/build" modules_install \
		INSTALL_MOD_PATH="$dir" DEPMOD=true
	depmod -b "$dir" "$release"
	ln -s build/arch/x86/boot/bzImage "$dir/image"
	echo "$release" >"$dir/release"
	touch "$dir/.whole"
}

make_clang()
{
	local src=$1 dir=$2

	fresh "$dir"
	long "configuring for clang" configure "$src" "$dir/build" CC=clang
	long "preparing a tree for clang" nice make -C "$dir/build" \
		-j"$JOBS" CC=clang modules_prepare
	touch "$dir/.whole"
}

ensure()
{
	whole "$3" || "make_$1" "$2" "$3"
}

main()
{
	local what=$1 name=${2%-kunit} src dir cc=gcc hash

	[ "$what" != clang ] || cc=clang
	src=$("$QEMU_DIR/fetch.sh" source "$name")
	hash=$({ echo "$src"; cat "$src/version" "$FRAGMENT"
		$cc --version; } | sha256sum | cut -c 1-12)
	dir=$CACHE/$name/$what-$hash
	whole "$dir" || locked "$name-$what" ensure "$what" "$src" "$dir"
	echo "$dir"
}

main "$@"
