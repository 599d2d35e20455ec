#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1 sysctl.kernel.hung_task_timeout_secs=0" TIMEOUT=600
# vm: FILES="lib.sh"
#
# Every end that an entry of out_of_memory() can have, each for real, held against what the
# kernel says of it.

. ./lib.sh

# result_of ID: as JSON says; inferred or not
result_of()
{
	oomx show "$1" --json | sed -n 's/^ *"\(result\|inferred\)": "*\([a-z_]*\)"*,/\2/p' | xargs
}

# last_is RESULT INFERRED
last_is()
{
	result_of last >result.txt
	diag "last event: $(cat result.txt)"
	[ "$(cat result.txt)" = "$1 $2" ]
}

says()
{
	oomx show "${2:-last}" | tr '\n' ' ' | tr -s ' ' | grep -qE "$1" || {
		oomx show "${2:-last}" | sed 's/^/# /'
		return 1
	}
}

outcome()
{
	counter "outcome_$1"
}

# id_of PATTERN first|last: number of the event whose line has it
id_of()
{
	oomx list | grep "$1" | sed 's/ .*//' |
		if [ "$2" = first ]; then head -n 1; else tail -n 1; fi
}

# The log of the kernel since fresh_log.
log_says()
{
	dmesg | grep -qE "$1"
}

# quiet_log: it says nothing of an OOM. The reaper may get to a task that was let go.
quiet_log()
{
	! log_says 'oom-kill|Out of memory|out of memory|Killed process' ||
		{ dmesg | sed 's/^/# /'; return 1; }
}

# asleep CGROUP MB: the holder has that much memory, and waits in the kernel
asleep()
{
	holds "$1" "$2" || return
	for pid in $(pidof holder); do
		! grep -qs '^State:.D' "/proc/$pid/status" || return 0
	done
	return 1
}

killed()
{
	fresh_log
	cgroup small 8M
	in_dir "$CG/small" hog 16 >/dev/null
	wait_for settled
	last_is killed false && log_says 'Killed process' && [ "$(outcome killed)" = 1 ]
}

# 5.10 has no event for it
group_killed()
{
	fresh_log
	cgroup group 8M
	echo 1 >"$CG/group/memory.oom.group"
	in_dir "$CG/group" hog 1 60 >/dev/null &
	in_dir "$CG/group" hog 1 60 >/dev/null &
	when holds group 2
	in_dir "$CG/group" hog 16 >/dev/null
	wait
	wait_for settled
	last_is group_killed false && log_says 'killed due to memory.oom.group set' &&
		[ "$(oomx show --json | grep -c '"marked_ns"')" = 3 ] &&
		says 'memory.oom.group had all tasks of the cgroup killed' &&
		[ "$(awk '$1 == "oom_group_kill" { n = $2 } $1 == "oom" { m = 1 }
			END { print n == "" ? m : n }' "$CG/group/memory.events")" = 1 ]
}

# The victims before may not have given back their memory yet.
taken()
{
	echo "notifier 65536" >/proc/stall
}

by_notifier()
{
	wait_for taken 2>/dev/null || return 1
	kills=$(vmstat_kills)
	fresh_log
	before=$(outcome freed_by_notifier)
	killable hog 190 0 >/dev/null &
	wait_for grown freed_by_notifier "$before"
	id=$(id_of ', freed_by_notifier$' last)
	diag "event $id, $(outcome freed_by_notifier) freed, kills $((kills)) to $(vmstat_kills)"
	killall hog 2>/dev/null
	wait
	says 'OOM notifiers gave back 16384 pages' "${id:-0}"
}

# grown RESULT FROM
grown()
{
	counter_above "outcome_$1" "$2"
}

# Others may run out of memory, too, until it is gone.
dying()
{
	kills=$(vmstat_kills)
	fresh_log
	before=$(outcome current_dying)
	sh -c 'echo 1000 >/proc/self/oom_score_adj; echo dying >/proc/stall'
	when grown current_dying "$before"
	id=$(id_of ', current_dying$' last)
	diag "event $id: $(result_of "$id"), kills $kills to $(vmstat_kills)"
	[ "$(result_of "$id")" = "current_dying false" ] &&
		says 'was about to die and got access to the reserves' "$id" &&
		[ "$(vmstat_kills)" = "$kills" ] && quiet_log
}

# cgroup_without_swap PATH LIMIT: the base of the points is known, where the size of swap is not
cgroup_without_swap()
{
	cgroup "$1" "$2"
	[ ! -e "$dir/memory.swap.max" ] || echo 0 >"$dir/memory.swap.max"
}

# An OOM in a cgroup where a sleeper has most: it is chosen, for all but it are protected.
run_out()
{
	# shellcheck disable=SC2016 # it is the inner shell's
	sh -c 'echo $$ >"$0/cgroup.procs"; echo -900 >/proc/self/oom_score_adj; exec hog 8 60' \
		"$1" >/dev/null &
}

# The sleeper goes, and who ran out of memory.
let_go()
{
	killall -9 hog holder
	echo go >/proc/stall
	wait
}

# A task that was killed by hand, and cannot die before it is reaped, in a cgroup that is full.
exiting()
{
	cgroup busy 16M
	fresh_log
	kills=$(vmstat_kills)
	in_dir "$CG/busy" holder 12 100000 >/dev/null &
	when asleep busy 12
	kill -9 "$(pidof holder)"
	run_out "$CG/busy"
	wait_for grown victim_exiting 0
	id=$(id_of ', victim_exiting$' first)
	diag "kills $kills to $(vmstat_kills), event $id"
	[ "$(vmstat_kills)" = "$kills" ] && quiet_log && says 'was about to die' "$id"
	err=$?
	let_go
	return "$err"
}

# Its victim sleeps, deaf to signals: who runs out of memory next has to wait for it.
in_flight()
{
	cgroup flight 16M
	fresh_log
	in_dir "$CG/flight" holder 12 100000 >/dev/null &
	when asleep flight 12
	before=$(outcome victim_in_flight)
	run_out "$CG/flight"
	wait_for grown victim_in_flight "$before"
	wait_for log_says 'oom_reaper: reaped process'
	usleep 500000
	let_go
	id=$(id_of ' memcg /flight;.* victim_in_flight$' last)
	first=$(id_of ' memcg /flight;' first)
	diag "victim of event $first, waited for in event $id"
	says 'the kernel waits for an earlier victim' "$id" &&
		says 'was reaped after [0-9.]+ ms' "$first" &&
		says 'It did not help for long: out of memory again after' "$first"
}

# Nothing in the cgroup may be killed: the kernel says so, and the request fails.
none_killable()
{
	cgroup tight 4M
	fresh_log
	before=$(outcome no_killable)
	sh -c 'echo $$ >/sys/fs/cgroup/tight/cgroup.procs; exec hog 8' >/dev/null &
	pid=$!
	wait_for log_says 'no killable processes'
	usleep 300000
	kill -9 "$pid"
	wait
	id=$(id_of ', no_killable$' first)
	grown no_killable "$before" && says 'Nothing was killed: nothing could be' "$id" &&
		says 'Not hog \(pid '"$pid"'\) with .*: its oom_score_adj is -1000' "$id"
}

no_fs()
{
	fresh_log
	kills=$(vmstat_kills)
	sh -c 'echo 1000 >/proc/self/oom_score_adj; echo nofs >/proc/stall'
	id=$(id_of ', no_fs$' last)
	diag "event $id, $(outcome no_fs) counted, kills $kills to $(vmstat_kills)"
	grown no_fs 0 && says 'the request has no __GFP_FS' "$id" &&
		oomx show "$id" | grep -q '__GFP_FS\|GFP_NOFS'
}

# Two processes with one memory: the kernel kills both, and tells of one.
sharers()
{
	cgroup shared 8M
	fresh_log
	before=$(counter victims_sharing_memory)
	in_dir "$CG/shared" holder -s 16 >/dev/null
	wait_for settled
	[ "$(counter victims_sharing_memory)" = $((before + 1)) ] &&
		says 'was killed, too, because it shares that memory' &&
		[ "$(dmesg | grep -c 'Killed process')" = 1 ]
}

allocating()
{
	echo 1 >/proc/sys/vm/oom_kill_allocating_task
	killable hog 40 60 >/dev/null &
	when resident 40
	fresh_log
	# the trigger is not the largest
	sh -c 'echo -500 >/proc/self/oom_score_adj; exec hog 4096' >/dev/null
	echo 0 >/proc/sys/vm/oom_kill_allocating_task
	wait_for settled
	killall -9 hog
	wait
	says 'oom_kill_allocating_task is set: the trigger itself is killed' &&
		says 'This is the choice that was predicted' &&
		log_says 'oom_kill_allocating_task'
}

adj_decides()
{
	before=$(outcome killed)
	cgroup_without_swap adj 16M
	in_dir "$CG/adj" hog 8 60 >/dev/null &
	when holds adj 8
	# shellcheck disable=SC2016 # it is the inner shell's
	sh -c 'echo $$ >/sys/fs/cgroup/adj/cgroup.procs; echo 900 >/proc/self/oom_score_adj
		exec hog 2 60' >/dev/null &
	when holds adj 10
	in_dir "$CG/adj" hog 16 >/dev/null &
	wait_for grown killed "$before"
	wait_for settled
	killall -9 hog
	wait
	id=$(id_of ' memcg /adj;' first)
	says 'It comes first although #2, hog \(pid [0-9]+\), uses more memory, because of '"\
"'oom_score_adj 900 against 0' "$id"
}

# The child has the memory of its parent, and is spared: the parent goes.
vforked()
{
	cgroup_without_swap vfork 16M
	before=$(outcome killed)
	in_dir "$CG/vfork" holder -v 12 >/dev/null &
	when asleep vfork 12
	run_out "$CG/vfork"
	wait_for grown killed "$before"
	id=$(id_of ' memcg /vfork;' first)
	killall -9 holder hog
	wait
	oomx show "$id" >vfork.txt
	grep -E 'holder' vfork.txt | sed 's/^/# /'
	grep -qE '^ +1 .* holder$' vfork.txt && grep -qE '^ +- .* holder \[vfork\]$' vfork.txt &&
		says 'This is the choice that was predicted, to the page' "$id"
}

# Held until it is told to go, 100 s at most; stuck after 10 s.
stuck()
{
	cgroup held 16M
	before=$(counter victims_stuck)
	in_dir "$CG/held" holder 12 100000 >/dev/null &
	when asleep held 12
	run_out "$CG/held"
	wait_for counter_above victims_stuck "$before"
	first=$(id_of ' memcg /held;' first)
	diag "stuck $before to $(counter victims_stuck), event $first"
	[ "$(counter victims_stuck)" = $((before + 1)) ] &&
		says 'is stuck: it has not given up' "$first"
	err=$?
	let_go
	[ "$err" = 0 ] && says 'gave up its memory only after' "$first"
}

# The thread that was marked goes at once, the memory when the other one wakes up: all of it.
slow_thread()
{
	cgroup thread 32M
	before=$(counter victims)
	in_dir "$CG/thread" holder -t 40 100000 >/dev/null &
	wait_for counter_above victims "$before" || return 1
	usleep 500000
	echo go >/proc/stall
	wait $!
	wait_for settled
	# shellcheck disable=SC2046 # two numbers
	set -- $(oomx show --json | sed -n 's/.*"\(released_ns\|freed_pages\)": \([0-9]*\),/\2/p')
	diag "released after ${1:-?} ns, ${2:-?} pages"
	says 'gave up its address space, as did its last user' && [ "$1" -ge 200000000 ] &&
		[ "$2" -ge 7000 ]
}

# It is free a while after its last user is gone: whether oomx looks in between is a matter of luck.
slow_threads()
{
	for _ in 1 2 3; do
		slow_thread || return 1
	done
}

# Kills are the kernel's, in sum.
counts()
{
	sum=0
	for result in killed group_killed freed_by_notifier current_dying victim_exiting no_fs \
		victim_in_flight no_killable panic; do
		sum=$((sum + $(outcome "$result")))
		diag "$result $(outcome "$result")"
	done
	events=0
	for kind in global memcg cpuset mempolicy sysrq; do
		events=$((events + $(counter "events_$kind")))
	done
	diag "$events events, $sum ended, $(counter outcome_open) open;" \
		"disagreements $(counter disagreements)"
	[ "$events" = $((sum + $(counter outcome_open))) ] &&
		{ counter_is disagreements 0 || only_points_differ; }
}

# moment ID WORDS: when that was, in seconds; n/a if it is not in the report of the event
moment()
{
	oomx show "$1" | awk -v words="$2" '/^  monotonic / { at = $2 }
		$1 == "after" && $0 ~ words { printf "%.6f\n", at + $2 / 1000; found = 1; exit }
		END { if (!found) print "n/a" }'
}

# went_meanwhile ID: the earlier victim that event ID names gave up its memory after that trigger,
# and not long after the kernel chose: the kernel looks at the mark that comes right before
went_meanwhile()
{
	earlier=$(sed -n 's/.*an earlier victim, process \([0-9]*\), was still.*/\1/p' differs.txt)
	[ -n "$earlier" ] || return 1
	trigger=$(oomx show "$1" | sed -n 's/^  monotonic *\([0-9.]*\) s/\1/p')
	chosen=$(moment "$1" 'marked as victim')
	for other in $(oomx list | sed -n 's/^\([0-9]*\) .*victim .*/\1/p'); do
		for how in reaped 'gave up'; do
			went=$(moment "$other" "pid $earlier $how")
			[ "$went" != n/a ] || continue
			diag "event $1: from $trigger to $chosen; process $earlier $how at $went"
			awk -v trigger="${trigger:-n/a}" -v chosen="$chosen" -v went="$went" '
				BEGIN { exit !(trigger + 0 && chosen + 0 &&
					went > trigger + 0 && went < chosen + 1) }'
			return
		done
	done
	return 1
}

# What another CPU reclaims between our count and the kernel's is a matter of pages; the
# victim has to be the same one. There are two exceptions. An earlier victim may go between the
# two. And a child of vfork() is spared before its parent exits, and not after: of these the
# first event was looked at above.
only_points_differ()
{
	for id in $(oomx list | grep 'victim ' | grep -v ' memcg /vfork;' | sed 's/ .*//'); do
		oomx show "$id" | tr '\n' ' ' | tr -s ' ' >differs.txt
		grep -o 'but with [-0-9]* points, while the kernel counted [-0-9]*' differs.txt |
			sed "s/^/# event $id: /"
		if grep -q 'It was not predicted' differs.txt && ! went_meanwhile "$id"; then
			oomx show "$id" | sed 's/^/# /'
			return 1
		fi
	done
}

# A bystander whose alloc_lock is held meanwhile: what cannot be known of it is left out, and
# counted. Nobody waits: the lock is let go only after the victim was marked. The kernel looks at
# the tasks of the cgroup alone. The script may not look at that task in /proc meanwhile, nor move
# another to a cgroup, which waits for RCU and so for the CPU of the lock's holder.
LOCKED=/sys/module/stall/parameters/locked

locked()
{
	cgroup small 8M
	before=$(counter skipped_locks)
	killable hog 8 1000 >held.txt &
	wait_for grep -q holding held.txt
	# shellcheck disable=SC2016 # for the other shell
	in_dir "$CG/small" sh -c 'while [ ! -e go.txt ]; do usleep 100000; done; exec hog 16' \
		>/dev/null 2>&1 &
	victim=$!
	bystander=$(pidof hog)
	wait_for grep -q . "$CG/small/cgroup.procs"
	echo "lock $bystander" >/proc/stall &
	wait_for grep -q Y "$LOCKED"
	killed=$(counter victims)
	: >go.txt
	wait_for counter_above victims "$killed"
	still=$(cat "$LOCKED")
	echo go >/proc/stall
	wait "$victim"
	wait_for settled
	let_go
	diag "$(($(counter skipped_locks) - before)) locks skipped; still held afterwards: $still"
	[ "$(counter skipped_locks)" = $((before + 1)) ] && [ "$still" = Y ] &&
		says 'left out: .*locked tasks 1' && says 'This is the choice that was predicted' &&
		oomx show --json | grep -q '"locked_tasks": 1'
}

plan 16
insmod /stall.ko
load_with "ring_kb=65536"
check "killed" killed
check "killed with its group" group_killed
check "freed by a notifier" by_notifier
check "the trigger is dying" dying
check "the chosen task is exiting" exiting
check "an earlier victim is in flight, reaped, no help" in_flight
check "nothing killable" none_killable
check "no __GFP_FS" no_fs
check "others share the memory" sharers
check "a lock that is held is not waited for" locked
if [ -n "$no_variables" ]; then
	skip "vm.oom_kill_allocating_task" "no CONFIG_KALLSYMS_ALL: it cannot be read"
else
	check "vm.oom_kill_allocating_task" allocating
fi
check "oom_score_adj decides" adj_decides
check "a child of vfork() is spared" vforked
check "a victim that is stuck" stuck
check "a thread that goes later" slow_threads
check "every event ended as one of these" counts
finish
