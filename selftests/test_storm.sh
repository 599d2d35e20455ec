#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=512 CPUS=2 APPEND="quiet loglevel=1 log_buf_len=32M" TIMEOUT=7200
# vm: FILES="lib.sh"
#
# As many OOMs as the machine can make: every one is recorded, or counted as overwritten.
# What the module says is held against a probe of the test's own, vmstat and memory.events.
# SCALE comes from the kernel's command line: "make storm" makes 20 times as many.

. ./lib.sh

GROUPS_N=50
WORKERS=4
PER_WORKER=$((125 * ${SCALE:-1}))
GLOBALS=$((3 * ${SCALE:-1}))

make_groups()
{
	i=0
	while [ "$i" -lt "$GROUPS_N" ]; do
		cgroup "storm/$i" 2M
		i=$((i + 1))
	done
	cgroup hog max
}

# worker W: its share of the cgroups, in turn
worker()
{
	dirs=
	i=$1
	while [ "$i" -lt "$GROUPS_N" ]; do
		dirs="$dirs $CG/storm/$i"
		i=$((i + WORKERS))
	done
	# shellcheck disable=SC2086 # a list of words
	storm $PER_WORKER $dirs
}

# The hog has a cgroup, without a limit, so that memory.events has all the kills there are.
globals()
{
	i=0
	while [ "$i" -lt "$GLOBALS" ]; do
		in_dir "$CG/hog" hog 4096 >/dev/null 2>&1
		i=$((i + 1))
	done
}

run_storm()
{
	pids="" status=0 w=0
	while [ "$w" -lt "$WORKERS" ]; do
		worker "$w" &
		pids="$pids $!"
		w=$((w + 1))
	done
	globals
	for pid in $pids; do
		wait "$pid" || status=1
	done
	return "$status"
}

probe()
{
	cat "/sys/module/count/parameters/$1"
}

cgroup_kills()
{
	cat "$CG"/storm/*/memory.events "$CG"/hog/memory.events |
		awk '$1 == "oom_kill" { n += $2 } END { print n + 0 }'
}

# now: what the kernel has counted so far
now()
{
	echo "$(probe entries) $(probe memcg) $(vmstat_kills) $(cgroup_kills) \
		$(cut -d. -f1 /proc/uptime)"
}

# timed: a storm, and what the kernel counted of it: entries, memcg, killed, told, seconds
timed()
{
	# shellcheck disable=SC2046 # five words
	set -- $(now)
	run_storm || return 1
	# shellcheck disable=SC2046
	set -- "$@" $(now)
	entries=$(($6 - $1)) memcg=$(($7 - $2)) killed=$(($8 - $3))
	shift 3
	told=$(($6 - $1)) seconds=$(($7 - $2))
	diag "$entries entries, $memcg of cgroups, $killed killed, $seconds s"
	[ "$killed" -ge $((WORKERS * PER_WORKER + GLOBALS)) ] && [ "$killed" = "$told" ]
}

without()
{
	timed || return 1
	alone=$seconds
}

with()
{
	load || return 1
	fresh_log
	echo "storm: begins" >/dev/kmsg
	timed
}

counted()
{
	diag "events: $(all_events) of $entries entries, $(counter events_memcg) of $memcg of cgroups"
	[ "$(all_events)" = "$entries" ] && [ "$(counter events_memcg)" = "$memcg" ] &&
		no_misses &&
		[ "$(counter victims_without_capture)" = 0 ] &&
		[ "$(counter notifiers_without_capture)" = 0 ] &&
		[ "$(counter records_rejected)" = 0 ]
}

kills()
{
	diag "kills: $(counter outcome_killed) recorded, $killed in vmstat, $told in memory.events"
	[ "$(counter outcome_killed)" = "$killed" ]
}

# What is left of the storm in the ring is its end, without a gap: all before is overwritten.
in_ring()
{
	sed -n 's/^\([0-9][0-9]*\) .*/\1/p' /proc/oomx/history | sort -n >ring.txt
	recorded=$(wc -l <ring.txt)
	overwritten=$(($(head -n 1 ring.txt) - 1))
	diag "$recorded events in the ring + $overwritten overwritten = $entries entries"
	[ $((recorded + overwritten)) = "$entries" ] && [ "$(tail -n 1 ring.txt)" = "$entries" ] &&
		[ "$(uniq ring.txt | wc -l)" = "$recorded" ] &&
		{ [ "$overwritten" = 0 ] || [ "$(counter records_overwritten)" -gt 0 ]; }
}

# Of the events in the ring all are whole; the kernel's log gives up after ten in 5 s.
log_and_record()
{
	reports=$(dmesg | grep -c 'invoked oom-killer')
	lines=$(dmesg | grep -c 'Killed process')
	whole=$(oomx list --json | wc -l)
	diag "the kernel's log: $reports reports and $lines kills of $killed;" \
		"oomx: $(all_events) records, $whole of them still in the ring," \
		"$(counter events_truncated) truncated"
	dmesg | grep 'storm: begins' >/dev/null || return 1	# it is all there
	[ "$reports" -lt "$entries" ] && [ "$whole" = "$recorded" ] &&
		[ "$(counter events_truncated)" = 0 ]
}

# One victim stays while more come and go than are followed at a time.
lingering()
{
	cgroup slow 16M
	insmod /stall.ko && load || return 1
	in_dir "$CG/slow" holder -t 20 100000 >/dev/null &
	slow=$!
	wait_for counter_is victims 1 && storm 70 "$CG/storm/0" && wait_for counter_is releases 70
	status=$?
	echo go >/proc/stall
	wait "$slow"
	wait_for counter_is releases 71
	diag "$(counter victims) victims, $(counter releases) releases;" \
		"$(counter victims_untracked) were not followed"
	[ "$status" = 0 ] && counter_is releases 71 && counter_is victims_untracked 0 && rmmod oomx
}

no_stall()
{
	diag "without oomx $alone s, with it $seconds s; the longest capture took" \
		"$(($(counter capture_ns_max) / 1000)) us"
	no_stall_told && [ "$seconds" -le $((2 * alone + 10)) ]
}

plan 9
insmod /count.ko || exit 1
make_groups
check "a storm without oomx" without
check "the same storm with oomx" with
check "an event for each entry of out_of_memory()" counted
check "each kill of vmstat and memory.events is recorded" kills
check "what is not in the ring was counted as overwritten" in_ring
check "the kernel's log was limited, the records are whole" log_and_record
check "no stall" no_stall
check "unload" rmmod oomx
check "a victim that stays is followed to its end" lingering
finish
