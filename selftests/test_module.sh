#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" TIMEOUT=900
# vm: FILES="lib.sh oomx.awk"
#
# Loading, unloading, parameters, and the files of /proc/oomx.

. ./lib.sh

says_no_oom_yet()
{
	[ "$(cat "$LAST")" = "no OOM since the module was loaded" ] &&
		[ "$(cat /proc/oomx/history)" = "no OOM since the module was loaded" ]
}

root_only()
{
	[ "$(stat -c %A /proc/oomx)" = dr-x------ ] || return 1
	for file in last history stats; do
		[ "$(stat -c %A "/proc/oomx/$file")" = -r-------- ] || return 1
		! asuser 1000 cat "/proc/oomx/$file" 2>/dev/null || return 1
	done
}

# refused PARAMETER RANGE: insmod fails, and the log names parameter and range
refused()
{
	fresh_log
	if load_with "$1" 2>/dev/null; then
		rmmod oomx
		return 1
	fi
	dmesg | grep -q "oomx: parameter ${1%%=*}=.*$2"
}

bad_parameters()
{
	for n in 0 1 511 1048577 abc -1 99999999999 ''; do
		refused "ring_kb=$n" "from 512 to 1048576" || return 1
	done
	for n in 0 15 65537 x -5; do
		refused "candidates=$n" "from 16 to 65536" || return 1
	done
	fresh_log
	! load_with "ring_kb=512 candidates=65536" 2>/dev/null &&
		dmesg | grep -q "ring_kb=512: too small for candidates=65536"
}

# More than the machine has: refused, and nothing is killed for it.
ring_too_large()
{
	kills=$(vmstat_kills)
	killable hog 1 30 >/dev/null &
	usleep 200000
	total=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
	available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
	for kb in "$total" "$available"; do
		load_with "ring_kb=$kb" 2>insmod.txt && return 1
		grep -qi memory insmod.txt || return 1
	done
	load_with "ring_kb=$((available / 2))" && rmmod oomx || return 1
	[ "$(vmstat_kills)" = "$kills" ] && kill $!
}

oom()
{
	in_dir "$CG/small" hog 16 >/dev/null 2>&1
}

load_and_unload()
{
	i=0
	while [ "$i" -lt 100 ]; do
		load || return 1
		[ $((i % 4)) -ne 0 ] || oom &
		[ $((i % 3)) -ne 0 ] || cat "$LAST" /proc/oomx/history >/dev/null
		[ $((i % 8)) -ne 0 ] || wait
		rmmod oomx || return 1
		i=$((i + 1))
	done
	wait
	no_splat
}

# A file that is still open neither holds up rmmod nor shows anything afterwards.
unload_while_open()
{
	load || return 1
	oom
	exec 3<"$LAST" 4</proc/oomx/history
	head -c 10 <&3 >/dev/null
	rmmod oomx || return 1
	! cat <&3 2>/dev/null && ! cat <&4 2>/dev/null
	status=$?
	exec 3<&- 4<&-
	load && grep -q "no OOM" "$LAST" && rmmod oomx && return "$status"
}

history_and_stats()
{
	load || return 1
	for i in 1 2 3; do
		oom
		wait_for counter_is releases "$i"
	done
	[ "$(wc -l </proc/oomx/history)" -eq 3 ] &&
		[ "$(grep -c 'memcg /small; trigger hog' /proc/oomx/history)" -eq 3 ] &&
		counter_is events_memcg 3 && counter_is victims 3 &&
		! grep -vE '^[a-z_]+ [0-9]+$' /proc/oomx/stats && rmmod oomx
}

crowd()
{
	i=0
	pids=
	while [ "$i" -lt 40 ]; do
		i=$((i + 1))
		# shellcheck disable=SC2016 # $0 is the adj
		sh -c 'echo $0 >/proc/self/oom_score_adj && exec sleep 1000' $((i * 5)) &
		pids="$pids $!"
	done
	usleep 500000
}


# Count the processes that are no kernel threads (flag PF_KTHREAD, 0x200000), without
# becoming more: into $tasks.
count_tasks()
{
	tasks=0
	for dir in /proc/[0-9]*; do
		read -r line <"$dir/stat" || continue
		# shellcheck disable=SC2086 # what follows the name are words
		set -- ${line##*) }
		[ $(($7 & 2097152)) -ne 0 ] || tasks=$((tasks + 1))
	done 2>/dev/null
}

# Of 40 sleepers with rising adj only the upper ones are kept, and the rest is counted. Where points
# are not known those are kept that are larger, which none of them is.
keeps_the_highest()
{
	crowd
	load_with "candidates=16" || return 1
	count_tasks
	echo f >/proc/sysrq-trigger
	quietly 2	# a worker does it: the record is to see the processes that were counted
	wait_for counter_is releases 1
	truncated=$(counter events_truncated)
	cat "$LAST" >oomx.txt
	rmmod oomx
	awk -f oomx.awk oomx.txt >ours.txt
	kept=$(grep -c '^task\..*\.points' ours.txt)
	lowest=$(sed -n 's/^task\..*\.adj //p' ours.txt | sort -n | head -n 1)
	dropped=$(sed -n 's/^  and \([0-9]*\) tasks of lower rank.*/\1/p' oomx.txt)
	diag "kept $kept, lowest adj $lowest, dropped $dropped, processes $tasks"
	# shellcheck disable=SC2086 # they are words
	kill $pids 2>/dev/null
	[ -n "$no_variables" ] || [ "$lowest" = 125 ] || return 1
	[ "$kept" = 16 ] && [ $((dropped + 16)) -eq "$tasks" ] && [ "$truncated" = 1 ]
}

# Bytes of all vmalloc areas, the module's text and data among them.
vmalloced()
{
	awk '{ sum += $2 } END { printf "%d\n", sum }' /proc/vmallocinfo
}

# Ten times, so that a leak of a single page shows beside a stack or two that came or went.
memory_given_back()
{
	before=$(vmalloced)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		load || return 1
		[ "$i" -ne 5 ] || [ $(($(vmalloced) - before)) -gt 3000000 ] || return 1
		rmmod oomx || return 1
	done
	after=$(vmalloced)
	diag "vmalloc bytes before $before, after $after"
	[ $((after - before)) -lt 65536 ]
}

plan 10
cgroup small 8M
check "load" load
check "before the first OOM the files say so" says_no_oom_yet
check "the files are for root only" root_only
rmmod oomx
check "parameters out of range are refused with a message" bad_parameters
check "a ring larger than the machine's memory is refused" ring_too_large
check "history and stats" history_and_stats
check "the highest scores are kept, the rest is counted" keeps_the_highest
check "unload with files open" unload_while_open
check "all memory is given back" memory_given_back
check "load and unload 100 times, with OOMs and readers" load_and_unload
finish
