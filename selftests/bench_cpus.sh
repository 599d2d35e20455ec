#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=1024 CPUS=16 APPEND="quiet loglevel=1 maxcpus=1" TIMEOUT=3000
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# Whether a record that has little time is as punctual on many CPUs as on one, in instructions: from
# 7.2 on a task's counters are sums over all of them. Of N processes.

. ./lib.sh
. ./meter.sh

: "${N:=2000}"

on_one()
{
	diag_rows
	[ "$(nproc)" = 1 ] && of_looks once few
}

# The sums go over CPUs that were taken away, too: the others come only now.
on_many()
{
	diag_rows
	for cpu in /sys/devices/system/cpu/cpu[1-9]*/online; do
		echo 1 >"$cpu" || return 1
	done
	for us in 100 1000 2000; do
		in_time "$us" once few || return 1
	done
}

dmesg -n 1
echo 100000 >/proc/sys/kernel/pid_max
echo 100000 >/proc/sys/kernel/threads-max
insmod /meter.ko || exit 1
plan 2
cgroup few max
crowd_of "$CG" "$N"
check "a record of $N processes on one CPU" on_one
check "... is as punctual on all of them" on_many
finish
