#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1 debugfs=off"
# vm: FILES="lib.sh"
#
# Without debugfs: all but the links there.

. ./lib.sh

loads()
{
	! grep -q ' /sys/kernel/debug debugfs' /proc/mounts || return 1
	fresh_log
	load || return 1
	dmesg | sed -n 's/.*\(oomx: .*\)/# \1/p'
	[ "$(dmesg | grep -c 'oomx: nothing in debugfs')" = 1 ]
}

records()
{
	in_dir "$CG/small" hog 16 >/dev/null 2>&1
	wait_for counter_is releases 1 && counter_is events_memcg 1 &&
		grep -q '^OOM event 1: memcg' "$LAST" && grep -q 'memcg /small' /proc/oomx/history
}

# A read of the ring is one record.
for_programs()
{
	dd if=/proc/oomx/ring bs=4M count=1 2>/dev/null >ring.bin
	dd if=/proc/oomx/now_record bs=4M count=1 2>/dev/null >now.bin
	diag "$(wc -c <ring.bin) and $(wc -c <now.bin) bytes"
	oomx show --input ring.bin | grep -q '^OOM event 1: memcg' &&
		oomx show | cmp "$LAST" - && oomx now >/dev/null &&
		grep -q max_record_bytes /proc/oomx/format && [ -s now.bin ]
}

gone()
{
	rmmod oomx && [ ! -e /proc/oomx ]
}

plan 4
cgroup small 8M
check "loaded, and told that there is no debugfs" loads
check "an OOM is recorded" records
check "programs find all in /proc/oomx" for_programs
check "unload" gone
finish
