#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=512 CPUS=1 APPEND="quiet loglevel=1 initcall_debug" TIMEOUT=1800
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh"
#
# What oomx costs while there is no OOM, and what it holds. Times are in instructions: with
# these arguments the emulator takes one for a nanosecond. ROUNDS of page faults, forks and
# allocations are run RUNS times without the module and with it, in turn.

. ./lib.sh

: "${ROUNDS:=200}" "${RUNS:=8}"

# What is allowed: a figure above these fails.
MAX_ROUND=20		# parts in 100,000 of a round; the aim is 10, which takes long runs
MAX_ALL=500		# ... of all of them, with what else the machine did meanwhile
MAX_HELD=4096		# kB
MIN_EVENTS=500		# of 20 tasks in the default ring
MAX_TASK=128		# bytes
MAX_READ=10000000	# instructions

# tenth FILE: what one round in ten takes less than. No timer interrupt, no other task and no
# refill of a cache falls into such a round; what oomx added to the work itself would.
tenth()
{
	sort -n "$1" | sed -n "$(($(wc -l <"$1") / 10))p"
}

all()
{
	awk '{ n += $1 } END { printf "%.0f\n", n }' "$1"
}

# difference A B: in percent
difference()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%+.4f %%", (b - a) * 100 / a }'
}

# within A B MAX: do they differ by no more than MAX parts in 100,000?
within()
{
	[ $((($2 > $1 ? $2 - $1 : $1 - $2) * 100000 / $1)) -le "$3" ]
}

rounds()
{
	work loop $((2 * ROUNDS)) >warm
	rm -f without with
	i=0
	while [ "$i" -lt "$RUNS" ]; do
		work loop "$ROUNDS" >>without
		load || return 1
		work loop "$ROUNDS" >>with
		rmmod oomx
		i=$((i + 1))
	done
}

same_work()
{
	rounds || return 1
	a=$(tenth without) b=$(tenth with)
	sum_a=$(all without) sum_b=$(all with)
	diag "64 page faults, a fork, allocations: $a without oomx, $b with it: $(difference "$a" "$b")"
	diag "all $(wc -l <with) rounds, with all that came between: $sum_a and $sum_b:" \
		"$(difference "$sum_a" "$sum_b")"
	[ "$a" -gt 0 ] && within "$a" "$b" "$MAX_ROUND" && within "$sum_a" "$sum_b" "$MAX_ALL"
}

# switches: of the CPU to another task, since boot
switches()
{
	sed -n 's/^ctxt //p' /proc/stat
}

# idle SECONDS: switches and timer interrupts in so long a time
idle()
{
	ctxt=$(switches) timer=$(awk '/^ *LOC:/ { print $2 }' /proc/interrupts)
	quietly "$1"
	echo "$(($(switches) - ctxt))" \
		"$(($(awk '/^ *LOC:/ { print $2 }' /proc/interrupts) - timer))"
}

# Before and after: what is told without oomx differs, too.
no_wakeups()
{
	before=$(idle 100)
	load && storm 1 "$CG/small" && wait_for settled || return 1
	with=$(idle 100)
	rmmod oomx
	after=$(idle 100)
	diag "switches and timer interrupts in 100 idle seconds: $before and $after without oomx," \
		"$with with it"
	echo "$before $after $with" | awk '{
		exit $5 > ($1 > $3 ? $1 : $3) * 1.1 || $6 > ($2 > $4 ? $2 : $4) * 1.1 }'
}

memory_held()
{
	load
	code=$(code_kb)
	data=$(data_kb)
	rmmod oomx
	diag "held: $data kB, and $code kB of code and variables"
	[ "$data" -gt 0 ] && [ $((data + code)) -le "$MAX_HELD" ]
}

# fill N: N OOMs in a cgroup of 20 processes, the last of them settled
fill()
{
	released=$(counter releases)
	storm "$1" "$CG/twenty/rest"
	wait_for counter_is releases $((released + $1))
}

# used N: bytes of the ring for N more OOMs
used()
{
	before=$(counter ring_used_bytes)
	fill "$1"
	echo $((($(counter ring_used_bytes) - before) / $1))
}

# What 21 more processes in the cgroup add to a record: 20 and the one that makes them.
bytes()
{
	load
	few=$(used 8)
	in_dir "$CG/twenty/more" crowd processes 20 >more.txt &
	wait_for grep -q ready more.txt
	more=$(used 8)
	echo 1 >"$CG/twenty/more/cgroup.kill"
	rmmod oomx
	per=$(((more - few) / 21))
	diag "a memcg OOM of 20 tasks, all its records: $few bytes; a task more: $per"
	[ "$per" -gt 0 ] && [ "$per" -le "$MAX_TASK" ]
}

events_held()
{
	load
	fill $((MIN_EVENTS + 200))
	events=$(wc -l </proc/oomx/history)
	diag "the ring is full: $(counter records_overwritten) records overwritten;" \
		"$events events of 20 tasks are in it"
	diag "taken with interrupts off: $(counter events_interrupts_off), with preemption off:" \
		"$(counter events_preemption_off), of $(counter events_memcg);" \
		"the longest took $(counter capture_ns_max) instructions"
	[ "$(counter records_overwritten)" -gt 0 ] && [ "$events" -ge "$MIN_EVENTS" ]
}

# took COLUMN CMD...: what work tells there, without what starting a program takes
took()
{
	column=$1
	shift
	start=$(work run true | cut -d ' ' -f "$column")
	echo $(($(work run "$@" | cut -d ' ' -f "$column") - start))
}

reading()
{
	last=$(took 2 cat /proc/oomx/last)
	diag "reading last: $last; history: $(took 2 cat /proc/oomx/history);" \
		"the newest event as JSON: $(took 2 oomx show --json)"
	rmmod oomx
	[ "$last" -gt 0 ] && [ "$last" -le "$MAX_READ" ]
}

# A kprobe of the kernel's own on the same function.
TRACING=/sys/kernel/tracing
PROBE="echo p:bench out_of_memory >$TRACING/kprobe_events &&
	echo 1 >$TRACING/events/kprobes/bench/enable"
UNPROBE="echo 0 >$TRACING/events/kprobes/bench/enable && echo >$TRACING/kprobe_events"

# What the module's init function takes; the kernel tells microseconds, of 1,000 instructions.
attach()
{
	insmod /oomx.ko &&
		dmesg | sed -n 's/.*initcall oomx_init.* after \([0-9]*\) usecs/\1000/p' | tail -n 1
}

# The time that passes: there are waits for other CPUs in it.
attaching()
{
	on=$(attach)
	off=$(took 1 rmmod oomx)
	insmod /meter.ko
	any=$(took 1 rmmod meter)
	probe_on=$(took 1 sh -c "$PROBE")
	probe_off=$(took 1 sh -c "$UNPROBE")
	diag "attaching oomx: $on; detaching: $off, of which any module's end takes $any"
	diag "attaching a kprobe: $probe_on; detaching: $probe_off"
	[ "$on" -le $((2 * probe_on)) ] && [ $((off - any)) -le $((2 * probe_off)) ]
}

# 18 processes, beside the one that made them and the one that is to die
twenty()
{
	cgroup twenty/more max
	mkdir "$CG/twenty/rest"
	echo 8M >"$CG/twenty/memory.max"
	in_dir "$CG/twenty/rest" crowd processes 18 >crowd.txt &
	wait_for grep -q ready crowd.txt
}

echo 0 >/proc/sys/kernel/randomize_va_space
plan 7
check "the same work costs the same with oomx" same_work
cgroup small 2M
check "no wakeups" no_wakeups
check "memory held, kB: at most $MAX_HELD" memory_held
twenty
check "bytes of a task: at most $MAX_TASK" bytes
check "events of 20 tasks in the default ring: at least $MIN_EVENTS" events_held
check "instructions of reading last: at most $MAX_READ" reading
check "attaching and detaching take no more than twice a kprobe of the kernel's own" attaching
finish
