#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=6144 CPUS=1 APPEND="quiet loglevel=1" TIMEOUT=3000
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# What an OOM costs with oomx and without, in instructions: with these arguments the emulator
# takes one for a nanosecond, and waits for nobody. SIZES=N,... are the numbers of processes.

. ./lib.sh
. ./meter.sh

: "${SIZES:=10,100,1000,5000,20000}"

# What is allowed: a figure above these fails. A capture takes the same each time, but the kernel's
# own work differs by a percent, which is a third of the share: it is that of the capture alone.
# What the whole call takes more has a bound beside it that leaves room for this.
MAX_SHARE=30	# per mille
MAX_WHOLE=60
MAX_PER=270	# instructions
MAX_FIXED=100000

# percent A B: A in percent of B, with one decimal
percent()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f %%\n", a * 100 / b }'
}

# row KIND DUMP: measure, and say what came out
row()
{
	echo "$2" >/proc/sys/vm/oom_dump_tasks
	without=$(median "$1" "$runs")
	load || exit 1
	with=$(median "$1" "$runs")
	capture=$(counter capture_ns_last)
	rmmod oomx
	diag "$(printf '%-7s %6d  %-4s %10d %9d %6s %9d' "$1" "$n" \
		"$([ "$2" = 1 ] && echo yes || echo no)" "$without" $((with - without)) \
		"$(percent $((with - without)) "$without")" "$capture")"
}

# What another candidate takes, by the captures of two sizes.
candidate()
{
	if [ -n "$last_n" ]; then
		one=$(((capture - last_capture) / (n - last_n)))
		diag "from $last_n to $n processes: $one instructions a candidate"
		[ "$n" != 1000 ] || per=$one
		[ -n "$fixed" ] || fixed=$((capture - one * n))
	fi
	last_n=$n last_capture=$capture
}

size()
{
	n=$1
	[ "$n" -lt 5000 ] || runs=3
	crowd_of "$CG" $((n - there))
	there=$n
	row sysrq 1
	row few 1
	row global 0
	row global 1
	candidate
	[ "$n" != 1000 ] || share=$((capture * 1000 / without)) \
		whole=$(((with - without) * 1000 / without))
}

# The crowd of a cgroup, without its parent, as /proc/PID/stat counts it, and an OOM before 7.2: of
# how many sizes is it?
varied()
{
	# shellcheck disable=SC2046 # a list of files
	sizes=$(awk '{ rss[$1] = $24; parent[$1] = $4 }
		END {
			for (pid in rss)
				if (parent[pid] in rss && !seen[rss[pid]]++)
					n++
			print n + 0
		}' $(sed 's|.*|/proc/&/stat|' "$CG/many/cgroup.procs"))
	diag "$sizes sizes"
	[ "$sizes" = 16 ]
}

# few: a cgroup of one process is out of memory, the crowd is outside; many: it is inside
group()
{
	cgroup many max
	n=1000 runs=7
	crowd_of "$CG/many" $n
	check "a crowd of 16 sizes" varied
	row many 0
	row many 1
	killall -9 crowd
	sleep 1
}

# The sections of a capture.
sections()
{
	load || return 1
	once global >/dev/null
	i=0
	for name in other domain trigger system memcg zones nodes tasks rest ring victim; do
		i=$((i + 1))
		diag "$(printf '%-8s %9d' "$name" \
			"$(cut -d, -f "$i" /sys/module/oomx/parameters/marks)")"
	done
	rmmod oomx
}

measure()
{
	for n in $(echo "$SIZES" | tr , ' '); do
		size "$n"
	done
	killall -9 crowd
	sleep 1
}

within()
{
	diag "$1 of $2"
	[ "$1" -gt 0 ] && [ "$1" -le "$2" ]
}

# A module that tells its sections is slower: it is asked for nothing else.
has_sections()
{
	load || exit 1
	[ -e /sys/module/oomx/parameters/marks ]
	has=$?
	rmmod oomx
	return $has
}

dmesg -n 1
echo 100000 >/proc/sys/kernel/pid_max
insmod /meter.ko || exit 1
cgroup few max
there=0
runs=7
if has_sections; then
	plan 1
	crowd_of "$CG" 1000
	diag "section   instructions of a global OOM among 1,000 processes"
	check "a capture by sections" sections
	finish
fi
plan 5
diag "kind    tasks  dump     kernel    + oomx  share   capture   (instructions)"
measure
group
if [ -n "$per" ]; then
	check "a capture among 1,000 processes, per mille of the kernel's cost" \
		within "$share" "$MAX_SHARE"
	check "all of oomx, per mille of the kernel's cost" within "$whole" "$MAX_WHOLE"
	check "instructions a candidate, up to 1,000 processes" within "$per" "$MAX_PER"
	check "instructions of a capture, whatever the number" within "$fixed" "$MAX_FIXED"
else
	skip "a capture, per mille of the kernel's cost" "1000 and a smaller number are not among SIZES"
	skip "all of oomx, per mille of the kernel's cost" \
		"1000 and a smaller number are not among SIZES"
	skip "instructions a candidate" "1000 and a smaller number are not among SIZES"
	skip "instructions of a capture" "1000 and a smaller number are not among SIZES"
fi
finish
