#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk zoneinfo.awk"
#
# Memory cgroups (v2) at their limit: the record against the kernel's own report.

. ./lib.sh

own_limit()
{
	fresh_log
	in_dir "$CG/a/b" hog 64 >/dev/null
	save_reports
	agrees 60
}

parent_limit()
{
	echo max >"$CG/a/b/memory.max"
	echo 48M >"$CG/a/memory.max"
	fresh_log
	in_dir "$CG/a/b" hog 64 >/dev/null
	save_reports
	agrees 60
}

chain_is()
{
	[ "$(awk '/^MEMORY CGROUPS/ { on = 1 } /\(id / { on = 0 }
		on && $NF ~ /^\// { printf "%s ", $NF }' oomx.txt)" = "$1" ]
}

zones_agree()
{
	awk -f zoneinfo.awk /proc/zoneinfo >zones.txt
	awk -v minimum=9 -f compare.awk ours.txt zones.txt
}

# memory.events: the victim itself runs into the limit some more times before it dies.
events_agree()
{
	max=$(sed -n 's/^max //p' "$CG/a/b/memory.events")
	diag "max: record $(ours event.max), memory.events $max"
	[ "$(ours event.max)" -gt 0 ] && [ "$(ours event.max)" -le "$max" ] &&
		[ "$(ours event.oom)" = "$(sed -n 's/^oom //p' "$CG/a/b/memory.events")" ]
}

group_kill()
{
	echo 1 >"$CG/a/memory.oom.group"
	in_dir "$CG/a/b" hog 4 >/dev/null &
	in_dir "$CG/a/b" hog 5 >/dev/null &
	usleep 500000
	in_dir "$CG/a/b" hog 64 >/dev/null
	wait_for counter_is releases 5
	cat "$LAST" >oomx.txt
	awk -f oomx.awk oomx.txt >ours.txt
	[ "$(ours victims)" = 3 ]
}

# family NAME MB: a group of many, one of which has all the memory: it takes long to add them up
family()
{
	cgroup "$1/0" max
	i=1
	while [ "$i" -lt 400 ]; do
		mkdir "$CG/$1/$i"
		i=$((i + 1))
	done
	in_dir "$CG/$1/0" hog "$2" >/dev/null &
}

# dry_runs NAME: as fast as they come; only their records, into a file each
dry_runs()
{
	mkdir "$1"
	i=0
	while [ "$i" -lt "$RUNS" ]; do
		{
			echo "/$1" >&3
			dd of="$1/$i" bs=4M count=1 <&3 2>/dev/null
		} 3<>/proc/oomx/now_record
		i=$((i + 1))
	done
}

# anon NAME: kB of anonymous memory that each of them says the group has, the least first
anon()
{
	for run in "$1"/*; do
		oomx show -i "$run" | xargs | sed 's/.*MEMORY CGROUPS//' |
			grep -oE 'inactive_anon [0-9]+ active_anon [0-9]+' | head -n 1 |
			awk '{ print $2 + $4 }'
	done | sort -n >"$1.txt"
	diag "$1: $(uniq -c "$1.txt" | xargs)"
}

# Each of two at a time has numbers of its own.
two_dry_runs()
{
	RUNS=$(repeats 60)
	family small 8
	family large 40
	usleep 3000000
	dry_runs small &
	dry_runs large
	wait $!
	killall -9 hog
	wait
	anon small
	anon large
	[ "$(wc -l <small.txt)" = "$RUNS" ] && [ "$(wc -l <large.txt)" = "$RUNS" ] &&
		[ "$(head -n 1 small.txt)" -gt 4096 ] &&
		[ "$(tail -n 1 small.txt)" -lt "$(head -n 1 large.txt)" ]
}

trigger_is_in()
{
	grep -q "^  memory cgroup   $1\$" oomx.txt
}

plan 15
load || exit 1
cgroup a/b 32M
check "own limit: agrees with the kernel's report" own_limit
check "own limit: the kind is memcg" kind_is memcg
check "own limit: the victim is the task ranked first" chosen_as_predicted
check "own limit: chain to the root" chain_is "/a/b /a / "
check "own limit: carries the zones of /proc/zoneinfo" zones_agree
check "own limit: memory.events" events_agree
check "parent limit: agrees with the kernel's report" parent_limit
check "parent limit: the victim is the task ranked first" chosen_as_predicted
check "parent limit: chain from the parent" chain_is "/a / "
check "parent limit: the trigger's own cgroup" trigger_is_in /a/b
check "memory.oom.group: all members are victims" group_kill
check "three events were counted" counter_is events_memcg 3
check "no victim was seen without a capture" counter_is victims_without_capture 0
check "two dry runs at a time" two_dry_runs
check "unload" rmmod oomx
finish
