#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the tool, static, and prints the path of the program.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

build()
{
	make -C "$TOP/tools/oomx" -s -j"$(nproc)" >"$BUILD/tools.log" 2>&1 || {
		cat "$BUILD/tools.log" >&2
		die "the tool does not build"
	}
}

need_for tool
mkdir -p "$BUILD"
locked "tool-$(echo "$TOP" | sha256sum | cut -c 1-12)" build
echo "$TOP/tools/oomx/oomx"
