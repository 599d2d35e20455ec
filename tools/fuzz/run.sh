#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	run.sh SECONDS [CORPUS...]
#
# Fuzzes the record checker and the printers with libFuzzer, address and undefined
# behaviour sanitizers, from real records: those in corpus/ and the ones named.

set -euo pipefail
. "$(dirname "$0")/../../selftests/qemu/lib.sh"

DIR=$BUILD/fuzz
SOURCES=$TOP/tools/oomx

# What the printers need of the tool, without its main().
build()
{
	local sources

	sources=$(find "$TOP/core" "$SOURCES" -name '*.c' ! -name main.c ! -name ring.c)
	# shellcheck disable=SC2086 # they are words
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-D_GNU_SOURCE -std=gnu11 -I"$TOP/include" -I"$SOURCES" \
		-o "$DIR/fuzz" "$TOP/tools/fuzz/fuzz.c" $sources -ljansson
}

main()
{
	local seconds=$1 corpus rc=0

	shift
	need_for tool clang llvm libclang-rt-14-dev
	mkdir -p "$DIR/corpus"
	build
	for corpus in "$TOP"/tools/fuzz/corpus/*.oomx "$@"; do
		cp "$corpus" "$DIR/corpus/$(sha256sum <"$corpus" | cut -c 1-16)"
	done
	step "fuzzing for $seconds s"
	ASAN_OPTIONS=quarantine_size_mb=16 "$DIR/fuzz" -max_total_time="$seconds" -max_len=65536 \
		-timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$DIR/" "$DIR/corpus" >"$DIR/log" 2>&1 || rc=$?
	grep -E '^stat::number_of_executed_units|^stat::new_units|SUMMARY|Test unit' "$DIR/log" || true
	return $rc
}

main "$@"
