#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh"
#
# /proc/oomx/now: the dry run, held against the kernel's oom_score.

. ./lib.sh

# now CGROUP: the text, by one open file
now()
{
	exec 3<>/proc/oomx/now
	[ -z "$1" ] || echo "$1" >&3
	cat <&3
	exec 3>&-
}

dry_run()
{
	killable hog 20 60 >/dev/null &
	when resident 20
	events=$(counter records)
	kills=$(vmstat_kills)
	now "" >now.txt
	pid=$(pidof hog)
	score=$(cat "/proc/$pid/oom_score")
	kill -9 "$pid"
	wait
	diag "oom_score $score; $(grep -E "^ +1 .* $pid hog\$" now.txt)"
	# oom_score: (points * 1000 / totalpages + 1000) * 2 / 3; there is no swap
	grep -E "^ +1 .* $pid hog\$" now.txt |
		awk -v want="$score" -v no_variables="$no_variables" \
			-v total="$(awk '/^MemTotal:/ { print $2 / 4 }' /proc/meminfo)" '
			no_variables { $2 = $2 == "-" ? $3 * 1000 / total : "unknown" }
			{ d = int((1000 + $2) * 2 / 3) - want }
			END { exit NR != 1 || d < -1 || d > 1 }' &&
		[ "$(head -n 1 now.txt)" = "DRY RUN: as if memory ran out now" ] &&
		[ "$(counter records)" = "$events" ] && [ "$(vmstat_kills)" = "$kills" ]
}

dry_run_of_cgroup()
{
	cgroup dry 64M
	in_dir "$CG/dry" hog 4 60 >/dev/null &
	killable hog 20 60 >/dev/null &
	when holds dry 4
	now /dry >now.txt
	oomx now /dry >tool.txt
	oomx now --json >now.json
	killall -9 hog
	wait
	grep -q 'As if the memory cgroup /dry were at its limit' now.txt &&
		grep -q '^   1 .* hog$' now.txt && ! grep -q '^   2 ' now.txt &&
		grep -q '^   1 .* hog$' tool.txt && grep -q '"kind": "manual"' now.json
}

# The error of a write, as the shell tells it.
refused()
{
	(exec 3<>/proc/oomx/now && echo "$1" >&3) 2>error.txt && return 1
	grep -q "$2" error.txt || { sed 's/^/# /' error.txt; return 1; }
}

plan 6
load || exit 1
check "a dry run of the machine" dry_run
check "a dry run of a memory cgroup" dry_run_of_cgroup
check "an unknown cgroup is ENOENT" refused /nowhere "No such file"
check "what is no path is EINVAL" refused nowhere "Invalid argument"
mkdir "$CG/dry/bare"
check "a cgroup without memory control is EINVAL" refused /dry/bare "Invalid argument"
check "unload" rmmod oomx
finish
