#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	abi.sh [--add]
#
# The header of the records may only change together with its version: tools/test/abi holds
# a digest of its declarations for each version. --add adds that of a new version.

set -euo pipefail
cd "$(dirname "$0")/../.."
LIST=tools/test/abi

# Comments and white space are not part of it.
digest()
{
	gcc -fpreprocessed -dD -E -P include/uapi/oomx.h | tr -s '[:space:]' ' ' |
		sha256sum | cut -c 1-32
}

version=$(sed -n 's/^#define OOMX_VERSION[[:space:]]*//p' include/uapi/oomx.h)
known=$(awk -v v="$version" '$1 == v { print $2 }' "$LIST")
newest=$(tail -n 1 "$LIST" | cut -d ' ' -f 1)

if [ "${1:-}" = --add ] && [ -z "$known" ] && [ "$version" -eq $((newest + 1)) ]; then
	echo "$version $(digest)" >>"$LIST"
elif [ "$known" != "$(digest)" ]; then
	echo "include/uapi/oomx.h is not that of version $version: raise OOMX_VERSION" \
		"(one above $newest) and run tools/test/abi.sh --add"
	exit 1
elif [ "$version" -ne "$newest" ]; then
	echo "version $version is older than $newest in $LIST"
	exit 1
fi
