#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds in the cache what Debian does not ship.
#
#	build.sh kernel NAME	prints the directory of a kernel of our own, in the shape
#				of fetch.sh's: image, build, release
#	build.sh clang NAME	prints a build tree prepared with clang, good for
#				compiling (not for linking) modules
#
# The directory is named after all that goes into it, so a new source package,
# configuration or compiler builds a new kernel and the old one stays.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

CONFIGS=$QEMU_DIR/config
JOBS=$(nproc)

# fragment NAME: what its configuration is to hold; of two words on an option the last counts
fragment()
{
	cat "$CONFIGS/base" "$CONFIGS/$1" | awk '
		match($0, /^(# )?CONFIG_[A-Z0-9_]+/) {
			option = substr($0, 1, RLENGTH)
			sub(/^# /, "", option)
			line[option] = $0
		}
		END { for (option in line) print line[option] }' | sort
}

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

	wanted=$(grep '^CONFIG' "$2.fragment" | sort)
	wanted=$(join -t = <(echo "$wanted") <(known_symbols "$src"))
	wanted=$(comm -23 <(echo "$wanted") <(sort "$config"))
	[ -z "$wanted" ] || { echo "not taken: $wanted"; return 1; }
	grep '^# CONFIG' "$2.fragment" | sed 's/^# //; s/ is not set/=/' | while read -r option; do
		! grep "^$option" "$config" || { echo "taken: $option"; return 1; }
	done
}

configure()
{
	local src=$1 dir=$2

	shift 2
	make -C "$src" O="$dir" KCONFIG_ALLCONFIG="$dir.fragment" "$@" allnoconfig
	check_config "$src" "$dir"
}

make_kernel()
{
	local src=$1 dir=$2 what=$3 release

	fresh "$dir"
	fragment "$what" >"$dir/build.fragment"
	long "configuring a $what kernel" configure "$src" "$dir/build" CC=gcc
	long "building a $what kernel (some minutes, once)" nice make \
		-C "$dir/build" -j"$JOBS" CC=gcc bzImage modules
	release=$(make -s -C "$dir/build" kernelrelease)
	long "collecting its modules" make -C "$dir/build" modules_install \
		INSTALL_MOD_PATH="$dir" DEPMOD=true
	depmod -b "$dir" "$release"
	ln -s build/arch/x86/boot/bzImage "$dir/image"
	echo "$release" >"$dir/release"
	# a third of it, and never asked for again
	find "$dir/build" -name '*.o' ! -path '*/scripts/*' ! -path '*/tools/*' -delete
	touch "$dir/.whole"
}

make_clang()
{
	local src=$1 dir=$2 what=$3

	fresh "$dir"
	fragment "$what" >"$dir/build.fragment"
	long "configuring for clang" configure "$src" "$dir/build" CC=clang
	long "preparing a tree for clang" nice make -C "$dir/build" \
		-j"$JOBS" CC=clang modules_prepare
	touch "$dir/.whole"
}

ensure()
{
	whole "$3" || "make_$1" "$2" "$3" "$4"
}

main()
{
	local how=$1 name=$2 src dir cc=gcc hash what=kunit kind

	kind=$(kernel "$name" kind)
	[ "${kind#+}" = "$kind" ] || what=${kind#+}
	[ "$how" != clang ] || cc=clang
	need_for kernel
	src=$("$QEMU_DIR/fetch.sh" source "$name")
	hash=$({ echo "$src"; cat "$src/version"; fragment "$what"
		$cc --version; } | sha256sum | cut -c 1-12)
	dir=$CACHE/$(kernel "$name" series)/$how-$what-$hash
	whole "$dir" || locked "${dir//\//_}" ensure "$how" "$src" "$dir" "$what"
	echo "$dir"
}

main "$@"
