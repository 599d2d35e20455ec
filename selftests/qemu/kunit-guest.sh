#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MODULES=kunit APPEND="quiet loglevel=0" TIMEOUT=300
#
# Runs in the guest: the results come from debugfs, where no other message can
# fall between them.

# from 6.16 on tests only run by themselves when asked; before, the word means nothing
modprobe kunit autorun=1 || exit 1
insmod oomx_test.ko || exit 1
# In 5.10 the results have no header of their own.
with_header()
{
	head -n 1 "$1" | grep -q 'TAP version' || printf 'TAP version 14\n1..1\n'
	cat "$1"
}

for results in /sys/kernel/debug/kunit/*/results; do
	[ -e "$results" ] || { echo "oomx_test.ko has no suite"; exit 1; }
	suite=${results%/results}
	with_header "$results" >"/out/${suite##*/}.ktap" || exit 1
	cat "$results"
done
rmmod oomx_test
