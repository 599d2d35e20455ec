#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# sysrq-f at a quiet moment: the kernel's report, and every /proc/PID/oom_score.

. ./lib.sh

# with_adj ADJ CMD...
with_adj()
{
	# shellcheck disable=SC2016 # $0 is the adj
	sh -c 'echo $0 >/proc/self/oom_score_adj && exec "$@"' "$@"
}

crowd()
{
	for adj in -999 -500 -100 -1 0 1 100 300; do
		with_adj "$adj" hog 3 1000 >/dev/null &
		with_adj "$adj" hog 7 1000 >/dev/null &
	done
	with_adj 0 sleep 1000 &
	with_adj -1000 sleep 1000 &
	sleep 3
}

scores()
{
	for dir in /proc/[0-9]*; do
		score=$(cat "$dir/oom_score" 2>/dev/null) && echo "${dir#/proc/} $score"
	done
}

ask()
{
	fresh_log
	scores >scores.txt
	echo f >/proc/sysrq-trigger
	quietly 3	# a worker does it: record and report are to see the same processes
	save_reports
	agrees 300
}

# proc_oom_score(): (1000 + points * 1000 / totalpages) * 2 / 3, in integers; 0 without
# points. The shell that read the scores may have gained a page meanwhile.
scores_agree()
{
	awk 'NR == FNR { score[$1] = $2; next }
	/^top.totalpages/ { total = $2 }
	/^task\.[0-9]+\.points/ { split($1, part, "."); points[part[2]] = $2 }
	END {
		for (pid in points) {
			want = 0
			if (points[pid] != "-")
				want = int((1000 + int(points[pid] * 1000 / total)) * 2 / 3)
			if (!(pid in score))
				continue
			compared++
			if (want - score[pid] > 1 || score[pid] - want > 1) {
				print "# pid " pid ": oom_score " score[pid] ", points say " want
				bad++
			} else if (want == score[pid]) {
				equal++
			}
		}
		print "# compared " compared ", equal " equal
		exit bad || compared < 18 || equal < compared - 2
	}' scores.txt ours.txt
}

# Most points follow from the size of swap only: nobody is said to come first. A retry has fewer
# tasks.
says_unknown()
{
	tr -s ' \n' ' ' <oomx.txt | grep -q 'The points of 1[1-4] of 1[4-7] candidates are not known'
}

plan 5
load || exit 1
crowd
check "agrees with the kernel's report" twice ask
check "the kind is sysrq" kind_is sysrq
if [ -n "$no_variables" ]; then
	check "it is said that most points are not known" says_unknown
	skip "all oom_score values follow from the points" "the size of swap is not known"
else
	check "the victim is the task ranked first" chosen_as_predicted
	check "all oom_score values follow from the points" scores_agree
fi
check "unload" rmmod oomx
finish
