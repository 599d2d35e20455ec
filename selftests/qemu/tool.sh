#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	tool.sh [ARCH]
#
# Builds the tool, static, and prints the path of the program.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

# build ARCH PROGRAM
build()
{
	local arch=$1 settings=()

	if [ "$arch" != amd64 ]; then
		settings=(CC="$(gcc_of "$arch")" O="$BUILD/tools-$arch" PROGRAM="$2"
			CFLAGS="-O2 -I$jansson/usr/include -L$(echo "$jansson"/usr/lib/*-linux-gnu)")
	fi
	make -C "$TOP/tools/oomx" -s -j"$(nproc)" "${settings[@]}" >"$BUILD/tools.log" 2>&1 || {
		cat "$BUILD/tools.log" >&2
		die "the tool does not build"
	}
}

main()
{
	local arch=${1:-amd64} program=$TOP/tools/oomx/oomx

	need_for tool
	mkdir -p "$BUILD"
	if [ "$arch" != amd64 ]; then
		need_for "$arch"
		jansson=$("$QEMU_DIR/fetch.sh" deb "$arch" libjansson-dev)
		program=$BUILD/tools-$arch/oomx
	fi
	locked "tool-$(echo "$TOP" | sha256sum | cut -c 1-12)" build "$arch" "$program"
	echo "$program"
}

main "$@"
