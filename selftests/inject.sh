#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 APPEND="quiet loglevel=1 log_buf_len=16M" TIMEOUT=900
# vm: FILES="lib.sh"
#
# Every allocation fails once: of loading, and of each way to read or write. It fails with
# ENOMEM or does without, nothing is lost or left, and the next time all is well. (inject.c)

. ./lib.sh

SMALL="ring_kb=512 candidates=16"
DEBUG=/sys/kernel/debug

can_inject()
{
	[ -e /proc/self/fail-nth ] && [ -d $DEBUG/failslab ] && [ -d $DEBUG/fail_page_alloc ]
}

# Whatever may sleep may fail as well, a single page too, and the log tells each time where.
prepare()
{
	for kind in failslab fail_page_alloc; do
		echo 0 >$DEBUG/$kind/ignore-gfp-wait
		echo 2 >$DEBUG/$kind/verbose
		echo 0 >$DEBUG/$kind/verbose_ratelimit_interval_ms
	done
	echo 0 >$DEBUG/fail_page_alloc/min-order
	echo 0 >$DEBUG/fail_page_alloc/ignore-gfp-highmem
}

three_ooms()
{
	load_with "$SMALL" || return 1
	for i in 1 2 3; do
		in_dir "$CG/small" hog 16 >/dev/null 2>&1
		wait_for counter_is releases "$i" || return 1
	done
}

if ! can_inject; then
	plan 1
	skip "faults" "no fault injection"
	finish
fi
prepare
cgroup small 8M
plan 13
check "load, and three OOMs" three_ooms
for file in last history stats format; do
	check "read $file" inject same "/proc/oomx/$file"
done
check "read the ring" inject ring
check "a dry run" inject text /proc/oomx/now
check "a dry run of a cgroup" inject text /proc/oomx/now /small
check "the record of a dry run" inject record $DEBUG/oomx/now
check "the record of a dry run of a cgroup" inject record $DEBUG/oomx/now /small
check "unload" rmmod oomx
check "load by kprobe" inject load /oomx.ko "hook=kprobe $SMALL"
check "load by ftrace" inject load /oomx.ko "hook=ftrace $SMALL"
finish
