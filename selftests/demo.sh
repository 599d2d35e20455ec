#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=0" TIMEOUT=300
#
# Three real OOMs, and what /proc/oomx/last says of each: a memory cgroup at its limit,
# the whole machine, and sysrq-f.

say()
{
	printf '\n\n======== %s\n\n' "$*"
}

# A cgroup for one command: in_cgroup NAME CMD...
in_cgroup()
{
	name=$1
	shift
	# shellcheck disable=SC2016 # $$ is the inner shell, which moves itself
	sh -c 'echo $$ >"$0/cgroup.procs" && exec killable "$@"' "/sys/fs/cgroup/$name" "$@"
}

memcg_oom()
{
	say 'A memory cgroup with a limit of 32 MB, and a process that wants 64 MB:'
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir -p /sys/fs/cgroup/shop
	echo 32M >/sys/fs/cgroup/shop/memory.max
	in_cgroup shop hog 8 60 >/dev/null &
	in_cgroup shop hog 64 >/dev/null 2>&1
	cat /proc/oomx/last
}

global_oom()
{
	say 'A process that wants more than the whole machine has:'
	killable hog 20 60 >/dev/null &
	killable hog 4096 >/dev/null 2>&1
	cat /proc/oomx/last
}

sysrq_oom()
{
	say 'An OOM kill asked for by sysrq-f:'
	sleep 1	# what is on the way to the console first: sysrq writes there, too
	echo f >/proc/sysrq-trigger
	n=0
	while ! grep -q 'events_sysrq 1' /proc/oomx/stats && [ $n -lt 50 ]; do
		usleep 100000
		n=$((n + 1))
	done
	sleep 1
	cat /proc/oomx/last
}

hostname demo
insmod /oomx.ko || exit 1
{
	memcg_oom
	global_oom
	sysrq_oom
	say 'All of them, oomx list:'
	oomx list
} 2>/dev/null
[ "$(wc -l </proc/oomx/history)" -eq 3 ] || exit 1
rmmod oomx
