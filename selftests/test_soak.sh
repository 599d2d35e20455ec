#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=512 CPUS=2 NODES=2 APPEND="quiet loglevel=1 log_buf_len=16M" TIMEOUT=14400
# vm: FILES="lib.sh"
#
# OOMs of all kinds in a random order, beside programs that read all the time. SOAK, seconds, and SEED
# come from the kernel's command line: "make soak" goes on for an hour.

. ./lib.sh

: "${SOAK:=20}" "${SEED:=1}"

KINDS="memcg group global sysrq cpuset mempolicy"

now()
{
	cut -d. -f1 /proc/uptime
}

# any N: the next of a series of numbers below N that SEED begins, in $number
any()
{
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	number=$((SEED / 65536 % $1))
}

prepare()
{
	insmod /count.ko && load || return 1
	cgroup memcg 8M
	cgroup group 8M
	echo 1 >"$CG/group/memory.oom.group"
	echo +cpuset >"$CG/cgroup.subtree_control"
	mkdir "$CG/set"
	echo 1 >"$CG/set/cpuset.mems"
	memory=$(($(data_kb) + $(code_kb)))
	race readers 2 >readers.txt 2>&1 &
	pids=$!
	mkfifo lines
	# of each line the beginning: an hour of them would not fit
	awk '{ print substr($0, 1, 60); fflush() }' <lines >follow.json &
	oomx follow --json >lines 2>follow.err &
	follower=$!
}

one_memcg()
{
	in_dir "$CG/memcg" hog 16
}

one_group()
{
	in_dir "$CG/group" sh -c "sleep 20 & hog 16"
}

one_global()
{
	killable hog 4096
}

one_sysrq()
{
	killable hog 8 60 &
	usleep 300000
	echo f >/proc/sysrq-trigger
	wait $!
}

one_cpuset()
{
	in_dir "$CG/set" hog 4096
}

one_mempolicy()
{
	killable hog -b 1 4096
}

# What only grows, by its name.
growing()
{
	grep -vE '^(capture_ns_last|records |ring_|outcome_open|hook_)' /proc/oomx/stats
}

# The counters now, held against those before.
look()
{
	growing >new.txt
	[ ! -e old.txt ] || awk 'NR == FNR { old[$1] = $2; next }
		$2 < old[$1] { print "# went back: " $1 " " old[$1] " " $2; bad = 1 }
		END { exit bad || !NR }' old.txt new.txt || return 1
	mv new.txt old.txt
}

soak()
{
	end=$(($(now) + SOAK)) looks=0 n=0
	while [ "$(now)" -lt "$end" ] || [ "$n" -lt 10 ]; do
		any 6
		n=$((n + 1))
		"one_$(echo "$KINDS" | cut -d ' ' -f $((number + 1)))" >/dev/null 2>&1
		[ $((n % 5)) != 0 ] || { look || return 1; }
		looks=$((looks + (n % 5 == 0)))
	done
	diag "$n OOMs were asked for in $SOAK s, the counters looked at $looks times"
}

all_recorded()
{
	entries=$(cat /sys/module/count/parameters/entries)
	diag "$(grep -E '^events_(global|memcg|cpuset|mempolicy|sysrq) ' /proc/oomx/stats | xargs);" \
		"$entries entries of out_of_memory()"
	diag "kills: $(counter outcome_killed) and $(counter outcome_group_killed) groups;" \
		"$(vmstat_kills) processes in vmstat; $(counter disagreements) disagreements"
	[ "$(all_events)" = "$entries" ] && counter_is records_rejected 0 && no_misses &&
		counter_is victims_without_capture 0
}

# Each event once, or that some were lost.
printed()
{
	[ "$(wc -l <follow.json)" -ge "$1" ] || grep -q 'records were lost' follow.err
}

readers_live()
{
	wait_for printed "$(all_events)"
	kill "$pids" "$follower"
	wait "$pids"
	sed 's/^/# /' readers.txt
	lines=$(wc -l <follow.json)
	lost=$(awk '/records were lost/ { n++ } END { print n + 0 }' follow.err)
	diag "the follower printed $lines events, and told $lost times that it was late"
	grep -q ' 0 workers dead' readers.txt &&
		printed "$(all_events)"
}

same_memory()
{
	after=$(($(data_kb) + $(code_kb)))
	diag "held: $memory kB when it was loaded, $after kB now"
	[ "$memory" -gt 0 ] && [ "$after" = "$memory" ]
}

no_warning()
{
	no_splat && no_stall_told
}

plan 6
prepare || exit 1
check "OOMs of all kinds; no counter goes back" soak
check "each of them is recorded" all_recorded
check "the readers had all of it" readers_live
check "the module holds what it held when it was loaded" same_memory
check "no warning in the log" no_warning
check "unload" rmmod oomx
finish
