#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" MODULES="zram"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk zoneinfo.awk"
#
# The whole machine out of memory, without swap and with it.

. ./lib.sh

machine()
{
	killable hog 10 1000 >/dev/null &
	fresh_log
	killable hog 4096 >/dev/null
	save_reports
	agrees 120
}

swap_on()
{
	modprobe zram 2>/dev/null && echo 48M >/sys/block/zram0/disksize &&
		mkswap /dev/zram0 >/dev/null && swapon /dev/zram0
}

swap_is_counted()
{
	if [ -n "$no_variables" ]; then
		[ "$(ours total.swap)" = n/a ]
	else
		[ "$(ours total.swap)" -gt 40000 ]
	fi &&
		awk '/^task\.[0-9]+\.swapents/ { sum += $2 } END { exit sum < 4096 }' ours.txt
}

# What kswapd may change between record and report of an OOM is at rest now.
given_up_nodes_agree()
{
	awk -f zoneinfo.awk /proc/zoneinfo | grep all_unreclaimable | sort -u >zones.txt
	oomx now | awk -f oomx.awk | grep all_unreclaimable | sort -u >ours.txt
	diag "$(xargs <ours.txt), /proc/zoneinfo: $(xargs <zones.txt)"
	[ -s ours.txt ] && cmp ours.txt zones.txt
}

plan 10
load || exit 1
check "agrees with the kernel's report" twice machine
check "the kind is global" kind_is global
check "the victim is the task ranked first" chosen_as_predicted
check "the nodes that kswapd gave up are those of /proc/zoneinfo" given_up_nodes_agree
if swap_on; then
	check "with swap: agrees with the kernel's report" twice machine
	check "with swap: total and entries are known" swap_is_counted
	check "with swap: the victim is the task ranked first" chosen_as_predicted
else
	skip "with swap: agrees with the kernel's report" "no zram"
	skip "with swap: total and entries are known" "no zram"
	skip "with swap: the victim is the task ranked first" "no zram"
fi
check "every event was counted" counter_is events_global "$(counter notifier_calls)"
check "no notifier was seen without a capture" counter_is notifiers_without_capture 0
check "unload" rmmod oomx
finish
