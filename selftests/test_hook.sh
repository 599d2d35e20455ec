#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# Both ways to hook out_of_memory(), each in the context that is known of it, and the bound on
# the time in there.

. ./lib.sh

HOOK=

machine()
{
	fresh_log
	killable hog 4096 >/dev/null
	save_reports
	agrees 120
}

group()
{
	fresh_log
	in_dir "$CG/small" hog 64 >/dev/null 2>&1
	save_reports
	agrees 30
}

# What the kernel prints below out_of_memory() is below it in the record as well.
stack_is_the_kernels()
{
	grep -q '^stack.0 ' kernel.txt && [ "$(ours stack.0)" = "$(sed -n 's/^stack.0 //p' kernel.txt)" ]
}

# Measured: a kprobe cannot be preempted, and masks interrupts on arm64, nothing else does; ftrace
# can be preempted from 6.1 on, unless the function has a second tracer.
context_is_known()
{
	line=$(grep "^  by $1, " oomx.txt)
	diag "$(uname -m), $(uname -r): $line"
	case $1,$(uname -m) in
	kprobe,aarch64) interrupts=off ;;
	*) interrupts=on ;;
	esac
	case $line in
	"  by $1, interrupts $interrupts"*) ;;
	*) return 1 ;;
	esac
	case $line in
	*"preemption on") [ "$1" = ftrace ] ;;
	*"preemption off")
		[ "$1" = kprobe ] || uname -r | grep -q '^5\.10' ||
			{ [ "$(uname -m)" = aarch64 ] && uname -r | grep -q '^6\.1\.'; } ;;
	*)	# a kernel that can be preempted counts whether it may
		! grep -q ' preempt_schedule$' /proc/kallsyms ;;
	esac
}

# The counters of stats are those of the records.
stats_agree()
{
	events=$(($(counter events_global) + $(counter events_memcg)))
	off=0
	! grep -q 'interrupts off' oomx.txt || off=$events
	# without a count of preemption there is no line
	preempt_off=
	! grep -q ', preemption on' oomx.txt || preempt_off=0
	! grep -q ', preemption off' oomx.txt || preempt_off=$events
	ftrace=0
	[ "$1" = kprobe ] || ftrace=1
	counter_is hook_ftrace "$ftrace" && counter_is events_interrupts_off "$off" &&
		counter_is events_preemption_off "$preempt_off" &&
		counter_is unseen_tasks 0 && counter_is skipped_paths 0 && no_misses
}

by()
{
	if can_hook "$1"; then
		load_with "hook=$1" || exit 1
	else
		for name in "a memcg OOM" "a global OOM" "stack" "context" "counters" "unload"; do
			skip "$1: $name" "this kernel cannot"
		done
		return
	fi
	check "$1: a memcg OOM agrees with the kernel's report" twice group
	check "$1: a global OOM agrees with the kernel's report" twice machine
	check "$1: the stack begins where the kernel's does" stack_is_the_kernels
	check "$1: the context is the one that is known" context_is_known "$1"
	check "$1: counters" stats_agree "$1"
	check "$1: unload" rmmod oomx
}

# Both are there without being asked for: the default suits the kernel.
default_suits()
{
	ftrace=0
	[ "$(uname -m)" != aarch64 ] || ftrace=1
	! uname -v | grep -q PREEMPT_RT || ftrace=1
	load && counter_is hook_ftrace "$ftrace" && rmmod oomx
}

refused()
{
	fresh_log
	! load_with "$1" 2>/dev/null && dmesg | grep -q "oomx: parameter ${1%%=*}=.*$2"
}

bad_parameters()
{
	refused hook=kretprobe "neither auto, kprobe nor ftrace" &&
		refused hook= "neither auto" && refused max_us=99 "from 100 to 10000000" &&
		refused max_us=x "from 100"
}

# OOMs of a cgroup, with a time to look at the tasks. least: what the shortest capture took; an
# emulator translates the code for the first one.
in_time()
{
	load_with "max_us=$1 hook=$how" || return 1
	least=
	for i in 1 2 3 4; do
		in_dir "$CG/small" hog 64 >/dev/null 2>&1
		wait_for counter_is victims "$i" || return 1
		took=$(counter capture_ns_last)
		[ -n "$least" ] && [ "$least" -lt "$took" ] || least=$took
	done
	cat "$LAST" >oomx.txt
}

# Many processes and little time: what was left out is counted, nothing is made up for it. The
# time is that of looking at them: without any there is the rest of a record, and to count them.
short_of_time()
{
	how=$1
	rm -f crowd.txt
	killable crowd processes 600 >crowd.txt &
	crowd=$!
	ready crowd.txt || return 1
	in_time 10000000 && whole=$least && rmmod oomx || return 1
	processes=$(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)
	in_time 100 || return 1
	unseen=$(sed -n 's/.*tasks not looked at, for lack of time \([0-9]*\).*/\1/p' oomx.txt)
	killall -9 crowd
	wait "$crowd" 2>/dev/null
	diag "$processes processes, $unseen of them not looked at: $least ns instead of $whole ns"
	[ "$unseen" -gt 100 ] && [ "$unseen" -lt "$processes" ] && [ "$least" -lt "$whole" ] &&
		[ "$(counter unseen_tasks)" -gt "$unseen" ] &&
		counter_is disagreements 0 && counter_is agreements 0 &&
		counter_is events_truncated 4
}

# By kprobe on arm64 the time is one with interrupts off.
short_of_time_there()
{
	short_of_time kprobe && counter_is events_interrupts_off 4
}

plan 16
cgroup small 32M
by kprobe
by ftrace
check "the default suits this kernel" default_suits
check "bad parameters are refused" bad_parameters
check "short of time: what is left out is counted" short_of_time auto
rmmod oomx
if [ "$(uname -m)" = aarch64 ]; then
	check "the same with interrupts off" short_of_time_there
else
	skip "the same with interrupts off" "a kprobe leaves them on here"
fi
finish
