# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What one call of out_of_memory() takes, by selftests/modules/meter.c; after lib.sh.

# crowd_of DIR N [KIND]: N processes, no two neighbours of the same size, or "crowd KIND"
crowd_of()
{
	in_dir "$1" crowd "${3:-varied}" "$2" >crowd.txt &
	ready crowd.txt || exit 1
	rm crowd.txt
}

# victim [DIR]: a process that is chosen before all others
victim()
{
	sh -c 'echo 1000 >/proc/self/oom_score_adj && exec sleep 1000' >/dev/null &
	[ -z "$1" ] || echo $! >"$1/cgroup.procs"
}

# once KIND: the instructions of one call. The kernel prints ten reports in 5 seconds, at most.
once()
{
	case $1 in
	few|many) victim "$CG/$1" ;;
	*)	victim ;;
	esac
	sleep 1
	case $1 in
	few|many) sh -c 'echo $$ >"$0/cgroup.procs" && echo memcg >/proc/meter' "$CG/$1" ;;
	*)	echo "$1" >/proc/meter ;;
	esac || return
	cat /sys/module/meter/parameters/cycles
}

# median KIND RUNS: of so many calls
median()
{
	i=0
	while [ "$i" -lt "$2" ]; do
		once "$1"
		i=$((i + 1))
	done | sort -n | sed -n "$((($2 + 1) / 2))p"
}

diag_heading()
{
	diag "  max_us instructions  only counted interrupts"
}

# record MAX_US CMD...: of one OOM
record()
{
	load_with "max_us=$1" || exit 1
	us=$1
	shift
	"$@" >/dev/null || exit 1
	capture=$(counter capture_ns_last)
	unseen=$(counter unseen_tasks)
	off=$(counter events_interrupts_off)
	rmmod oomx
	diag "$(printf '%8d %12d %12d %10s' "$us" "$capture" "$unseen" \
		"$([ "$off" = 1 ] && echo off || echo on)")"
}

# alone CMD...: what a record takes while there is no crowd
alone()
{
	diag_heading
	record 10000000 "$@"
	alone=$capture
}

# of_looks CMD...: what it takes to look at one of the N that have come since
of_looks()
{
	record 10000000 "$@"
	look=$(((capture - alone) / N))
	[ "$unseen" = 0 ] && [ "$look" -gt 0 ]
}

# in_time "MAX_US ..." CMD...: beyond that a record takes no longer than all but the crowd, the 64
# looks until the clock is read, and 20 instructions for each that is only counted. One of them must
# have been short of time.
in_time()
{
	max=$1 short=
	shift
	[ -n "$look" ] || return 1
	for us in $max; do
		record "$us" "$@"
		[ "$capture" -le $((us * 1000 + alone + 64 * look + 20 * unseen)) ] || return 1
		[ "$unseen" = 0 ] || short=1
	done
	[ -n "$short" ]
}
