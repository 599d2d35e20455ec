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
PATIENCE=30	# seconds for a block to get empty

# The blocks of memory that hold movable pages only.
movable()
{
	grep -l '^Movable' "$BLOCKS"/memory*/valid_zones 2>/dev/null | sed 's/valid_zones$/state/'
}

# Take away a CPU, and bring it back, until there is a file "over".
unplug_cpu()
{
	n=0
	while [ ! -e over ]; do
		if echo 0 >"$CPU"; then
			[ -e over ] || n=$((n + 1))
			echo 1 >"$CPU"
		fi
		sleep 1
	done
	echo "unplugged: a CPU $n times"
}

# The same for a block of memory. The kernel tries until it is empty, or the time is up; before the
# next attempt a CPU gets its turn, which has to wait meanwhile. What goes when all is over does not
# count: nothing else happened then.
unplug_memory()
{
	n=0
	while [ ! -e over ]; do
		for state in $(movable); do
			[ ! -e over ] || break
			usleep 100000
			timeout "$PATIENCE" sh -c "echo offline >$state" 2>/dev/null
			[ "$(cat "$state")" = offline ] || continue
			[ -e over ] || n=$((n + 1))
			usleep 20000
			echo online_movable >"$state"
			: >unplugged
		done
		sleep 1
	done
	echo "unplugged: a block of memory $n times"
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
	unplug=
	[ -z "$CPU" ] || { unplug_cpu >cpu.txt 2>&1 & unplug=$!; }
	[ -z "$removable" ] || { unplug_memory >memory.txt 2>&1 & unplug="$unplug $!"; }
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

# Go on until a block of memory was taken away, at most for the time of two attempts at each of two
# blocks; whether there was one is checked later.
await_memory()
{
	end=$(($(date +%s) + 4 * PATIENCE))
	until [ -z "$removable" ] || [ -e unplugged ] || [ "$(date +%s)" -gt "$end" ]; do
		round "$i" || return 1
		i=$((i + 1))
	done
}

# Their figures; of the readers and the cgroups none may be 0.
all_worked()
{
	await_memory
	status=$?
	: >over
	# shellcheck disable=SC2086 # a list of words
	kill $pids
	# shellcheck disable=SC2086
	wait $pids $unplug
	sed 's/^/# /' cgroups.txt tasks.txt readers.txt ${CPU:+cpu.txt} ${removable:+memory.txt}
	[ "$status" = 0 ] && grep -q ' 0 workers dead' cgroups.txt &&
		grep -q ' 0 workers dead' tasks.txt && grep -q ' 0 workers dead' readers.txt &&
		! grep -qE '[: ]0 (done|killed)' cgroups.txt && ! grep -q ' 0 bytes' readers.txt
}

was_unplugged()
{
	grep -qE "unplugged: $1 [1-9][0-9]* times" cpu.txt memory.txt 2>/dev/null
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
