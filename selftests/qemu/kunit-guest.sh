#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MODULES=kunit APPEND="quiet loglevel=0" TIMEOUT=300
#
# Runs in the guest: the results come from debugfs, where no other message can
# fall between them.

modprobe kunit || exit 1
insmod oomx_test.ko || exit 1
for results in /sys/kernel/debug/kunit/*/results; do
	[ -e "$results" ] || { echo "oomx_test.ko has no suite"; exit 1; }
	suite=${results%/results}
	cat "$results" >"/out/${suite##*/}.ktap" || exit 1
	cat "$results"
done
rmmod oomx_test
