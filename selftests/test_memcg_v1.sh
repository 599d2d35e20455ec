#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# A memory cgroup of version 1 at its limit: memory+swap and kmem instead of swap.

. ./lib.sh

V1=/tmp/v1

at_limit()
{
	fresh_log
	in_dir "$V1/x/y" hog 64 >/dev/null
	save_reports
	agrees 60
}

has_counters()
{
	[ -n "$(ours memcg.memory+swap.usage)" ] && [ -n "$(ours memcg.kmem.usage)" ] &&
		[ -z "$(ours memcg.swap.usage)" ]
}

# By kprobe the lock of a path may not be waited for on PREEMPT_RT, where it sleeps.
by_kprobe()
{
	no_path=
	skipped=0
	if uname -v | grep -q PREEMPT_RT; then
		no_path="n/a"
		skipped=3	# of the group, of its parent and of the root
	fi
	rmmod oomx && load_with hook=kprobe && at_limit || return 1
	diag "$(counter skipped_paths) paths left out: $(ours memcg.path)"
	[ "$(ours memcg.path)" = "${no_path:-/x/y}" ] && counter_is skipped_paths "$skipped" &&
		counter_is agreements 1 || return 1
	[ "$skipped" = 0 ] || grep -q "left out: .*paths of cgroups $skipped" oomx.txt
}

plan 6
load || exit 1
mkdir -p "$V1"
if mount -t cgroup -o memory none "$V1" 2>/dev/null; then
	mkdir -p "$V1/x/y"
	echo 32M >"$V1/x/y/memory.limit_in_bytes"
	check "agrees with the kernel's report" at_limit
	check "memory+swap and kmem, no swap" has_counters
	check "imported as the kernel printed it" import_agrees 50
	check "the victim is the task ranked first" chosen_as_predicted
	check "by kprobe: a path that cannot be had is left out and counted" by_kprobe
elif built_for_it; then
	result 1 "cgroup v1 can be mounted"
	finish
else
	skip "agrees with the kernel's report" "no cgroup v1 memory controller"
	skip "memory+swap and kmem, no swap" "no cgroup v1 memory controller"
	skip "imported as the kernel printed it" "no cgroup v1 memory controller"
	skip "the victim is the task ranked first" "no cgroup v1 memory controller"
	skip "by kprobe: the path" "no cgroup v1 memory controller"
fi
check "unload" rmmod oomx
finish
