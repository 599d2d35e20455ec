#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	run.sh records|import SECONDS [CORPUS...]
#
# Fuzzes with libFuzzer, address and undefined behaviour sanitizers: the record checker and the
# printers from real records, those in corpus/ and the ones named; or "oomx import" from the
# logs of tools/test/logs.

set -euo pipefail
. "$(dirname "$0")/../../selftests/qemu/lib.sh"

TARGET=$1
DIR=$BUILD/fuzz/$TARGET
SOURCES=$TOP/tools/oomx

# What the printers need of the tool, without its main().
build()
{
	local sources

	sources=$(find "$TOP/core" "$SOURCES" -name '*.c' ! -name main.c ! -name ring.c)
	# shellcheck disable=SC2086 # they are words
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-D_GNU_SOURCE -std=gnu11 -I"$TOP/include" -I"$SOURCES" \
		-o "$DIR/fuzz" "$TOP/tools/fuzz/$TARGET.c" $sources -ljansson
}

main()
{
	local seconds=$2 corpus rc=0

	shift 2
	[ "$TARGET" = records ] || set -- "$TOP"/tools/test/logs/*.log
	[ "$TARGET" = import ] || set -- "$TOP"/tools/fuzz/corpus/*.oomx "$@"
	need_for tool clang llvm libclang-rt-14-dev
	mkdir -p "$DIR/corpus"
	build
	for corpus; do
		cp "$corpus" "$DIR/corpus/$(sha256sum <"$corpus" | cut -c 1-16)"
	done
	step "fuzzing for $seconds s"
	ASAN_OPTIONS=quarantine_size_mb=16 "$DIR/fuzz" -max_total_time="$seconds" -max_len=65536 \
		-timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -close_fd_mask=3 \
		-artifact_prefix="$DIR/" "$DIR/corpus" >"$DIR/log" 2>&1 || rc=$?
	grep -E '^stat::number_of_executed_units|^stat::new_units|SUMMARY|Test unit' "$DIR/log" || true
	return $rc
}

main "$@"
