#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 DIMM=256 CPUS=2 APPEND="quiet loglevel=1" TIMEOUT=7200
# vm: FILES="lib.sh"
#
# The module is loaded and unloaded while processes run out of memory, cgroups are made and
# removed under them, all files are read and written, processes change, and CPUs and memory
# are taken away and brought back. ROUNDS comes from the kernel's command line: "make race"
# does 500.

. ./lib.sh

: "${ROUNDS:=10}"

FTRACED=/sys/kernel/tracing/available_filter_functions
CPU=/sys/devices/system/cpu/cpu1/online
BLOCKS=/sys/devices/system/memory

# The blocks of memory that hold movable pages only.
movable()
{
	grep -l '^Movable' "$BLOCKS"/memory*/valid_zones 2>/dev/null | sed 's/valid_zones$/state/'
}

# Take away a CPU and memory, and bring them back, until there is a file "over". The kernel tries
# until a block is empty.
unplug()
{
	cpus=0 blocks=0
	while [ ! -e over ]; do
		[ -z "$CPU" ] || { echo 0 >"$CPU" && echo 1 >"$CPU" && cpus=$((cpus + 1)); }
		for state in $(movable); do
			if timeout 5 sh -c "echo offline >$state" 2>/dev/null; then
				usleep 20000
				echo online_movable >"$state"
				blocks=$((blocks + 1))
				: >unplugged
			fi
		done
		sleep 1
	done
	echo "unplug: a CPU $cpus times, a block of memory $blocks times"
}

begin()
{
	mkdir "$CG/race"
	cgroup race max
	echo +memory >"$CG/race/cgroup.subtree_control"
	race cgroups 2 "$CG/race" >cgroups.txt 2>&1 &
	pids=$!
	race tasks 1 >tasks.txt 2>&1 &
	pids="$pids $!"
	race readers 2 >readers.txt 2>&1 &
	pids="$pids $!"
	unplug >unplug.txt 2>&1 &
	unplug=$!
}

# The backends in turn, where both are there.
hook_of()
{
	if [ $(($1 % 2)) = 1 ] && grep -q '^out_of_memory' "$FTRACED"; then
		echo hook=ftrace
	else
		echo hook=kprobe
	fi
}

# round I: with more or less time for the others, now and then hardly any
round()
{
	load_with "$(hook_of "$1") ring_kb=512" || return 1
	usleep $(($1 * 7919 % 8 * 50000))
	[ $(($1 % 4)) != 0 ] || echo f >/proc/sysrq-trigger
	[ "$(counter records_rejected)" = 0 ] || return 1
	events=$((events + $(counter events_memcg) + $(counter events_global) +
		$(counter events_sysrq)))
	rmmod oomx
}

rounds()
{
	kills=$(vmstat_kills) events=0 i=0
	while [ "$i" -lt "$ROUNDS" ]; do
		round "$i" || return 1
		i=$((i + 1))
	done
	diag "$i times loaded and unloaded; $events events, $(($(vmstat_kills) - kills)) kills"
	[ "$events" -gt 0 ]
}

# Their figures; of the readers and the cgroups none may be 0.
all_worked()
{
	[ -z "$removable" ] || wait_for [ -e unplugged ]
	: >over
	# shellcheck disable=SC2086 # a list of words
	kill $pids
	# shellcheck disable=SC2086
	wait $pids $unplug
	status=$?
	sed 's/^/# /' cgroups.txt tasks.txt readers.txt unplug.txt
	[ "$status" = 0 ] && grep -q ' 0 workers dead' cgroups.txt &&
		grep -q ' 0 workers dead' tasks.txt && grep -q ' 0 workers dead' readers.txt &&
		! grep -qE '[: ]0 (done|killed)' cgroups.txt && ! grep -q ' 0 bytes' readers.txt
}

was_unplugged()
{
	grep -q "$1 [0-9]* times" unplug.txt && ! grep -q "$1 0 times" unplug.txt
}

# unplugged NAME CAN: those that this machine can be without
unplugged()
{
	if [ -n "$2" ]; then
		check "$1 was taken away" was_unplugged "$1"
	else
		skip "$1 was taken away" "this machine cannot be without"
	fi
}

still_records()
{
	load && cgroup small 8M && in_dir "$CG/small" hog 16 >/dev/null
	wait_for settled && counter_is events_memcg 1 && rmmod oomx
}

plan 6
removable=$(movable)
[ -w "$CPU" ] || CPU=
begin
check "insmod and rmmod, $ROUNDS times" rounds
check "all others went on meanwhile" all_worked
unplugged "a CPU" "$CPU"
unplugged "a block of memory" "$removable"
check "nothing of the module is left" nothing_left
check "it still records" still_records
finish
