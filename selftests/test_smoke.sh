#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 NODES=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# Load, one OOM of each kind that this kernel has, unload, and one by the other hook: for kernels
# on which the rest is not run.

. ./lib.sh

one_memcg()
{
	in_dir "$CG/small" hog 64 >/dev/null 2>&1
}

one_global()
{
	killable hog 4096 >/dev/null
}

one_sysrq()
{
	killable hog 8 1000 >/dev/null &
	sleep 1
	fresh_log
	echo f >/proc/sysrq-trigger
	quietly 2
}

one_cpuset()
{
	in_dir "$CG/node1" hog 4096 >/dev/null
}

one_mempolicy()
{
	killable hog -b 1 4096 >/dev/null
}

make_an_oom()
{
	fresh_log
	"one_$1"
	save_reports
	agrees "$2" partial
}

# kind KIND VALUES: that many values of the kernel's report at least are in the record
kind()
{
	check "$1: agrees with the kernel's report" twice make_an_oom "$1" "$2"
	check "$1: the kind is $1" kind_is "$1"
	check "$1: the victim is the task ranked first" chosen_as_predicted
}

no_kind()
{
	for name in "agrees with the kernel's report" "the kind is $1" \
		    "the victim is the task ranked first"; do
		skip "$1: $name" "$2"
	done
}

# Of the variables that a module looks for, those that the kernel was built without are missing, no
# others; without CONFIG_KALLSYMS_ALL none can be found.
variables_found()
{
	missing=$(dmesg | sed -n 's/.*oomx: no variable \([^:]*\):.*/\1/p' | xargs)
	diag "not found: ${missing:-none}"
	if [ -n "$no_variables" ]; then
		[ -n "$missing" ]
		return
	fi
	for name in $missing; do
		case $name in
		num_poisoned_pages) ! grep -q '^HardwareCorrupted:' /proc/meminfo ;;
		totalcma_pages) ! grep -q '^CmaTotal:' /proc/meminfo ;;
		*) false ;;
		esac || return 1
	done
}

nothing_was_missed()
{
	counter_is victims_without_capture 0 && counter_is notifiers_without_capture 0 &&
		no_misses && counter_is records_rejected 0
}

# by_other HOW: the way to hook that is not the default here
by_other()
{
	if ! can_hook "$1"; then
		for name in "load" "a global OOM" "the victim" "nothing was missed" "unload"; do
			skip "$1: $name" "this kernel cannot"
		done
		return
	fi
	HOOK=
	check "$1: load" load_with "hook=$1"
	check "$1: a global OOM agrees with the kernel's report" twice make_an_oom global 100
	check "$1: the victim is the task ranked first" chosen_as_predicted
	check "$1: nothing was missed" nothing_was_missed
	check "$1: unload" rmmod oomx
}

plan 24
check "load" load
check "the kernel's variables are found" variables_found
other=kprobe
counter_is hook_ftrace 1 || other=ftrace
if grep -qw memory "$CG/cgroup.controllers" && cgroup small 32M; then
	kind memcg 30
else
	no_kind memcg "no memory cgroups"
fi
kind global 100
kind sysrq 100
if cpusets; then
	kind cpuset 100
else
	no_kind cpuset "no second node, or no cpusets"
fi
if two_nodes; then
	kind mempolicy 100
else
	no_kind mempolicy "no second node"
fi
check "nothing was missed" nothing_was_missed
check "unload" rmmod oomx
by_other $other
finish
