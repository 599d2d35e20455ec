#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=512 CPUS=2 NODES=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# Two nodes, and one of them short: by cpuset, and by memory policy.

. ./lib.sh

in_cpuset()
{
	in_dir "$CG/node0" hog 1 >/dev/null &
	fresh_log
	in_dir "$CG/node1" hog 4096 >/dev/null
	save_reports
	agrees 120 partial
}

in_policy()
{
	killable hog -b 0 1 1000 >/dev/null &
	usleep 500000
	fresh_log
	killable hog -b 1 4096 >/dev/null
	save_reports
	agrees 120 partial
}

cause_is()
{
	grep -q "^  Cause: $1\$" oomx.txt
}

# has_status STATUS: one hog at least
has_status()
{
	grep -q "hog \[$1\]" oomx.txt
}

plan 14
load || exit 1
if cpusets; then
	check "cpuset: agrees with the kernel's report" twice in_cpuset
	check "cpuset: imported as the kernel printed it" import_agrees 100 partial
	check "cpuset: the kind is cpuset" kind_is cpuset
	check "cpuset: the cause is cpuset" cause_is cpuset
	check "cpuset: the victim is the task ranked first" chosen_as_predicted
	check "cpuset: a task of the other node is no candidate" has_status other_cpuset
	check "mempolicy: agrees with the kernel's report" twice in_policy
	check "mempolicy: imported as the kernel printed it" import_agrees 100 partial
	check "mempolicy: the kind is mempolicy" kind_is mempolicy
	check "mempolicy: the cause is mempolicy" cause_is mempolicy
	check "mempolicy: the victim is the task ranked first" chosen_as_predicted
	check "mempolicy: a task of the other node is no candidate" has_status other_mempolicy
	check "no notifier was seen without a capture" counter_is notifiers_without_capture 0
else
	for name in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
		skip "two nodes $name" "no second node, or no cpusets"
	done
fi
check "unload" rmmod oomx
finish
