#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=1024 CPUS=16 APPEND="quiet loglevel=1 maxcpus=1" TIMEOUT=3000
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# Whether a record that has little time is as punctual on many CPUs as on one, in instructions, as
# bench.sh: from 7.2 on a task's counters are sums over all CPUs. The clock counts the instructions
# of all of them; the others are idle. Of N processes.

. ./lib.sh
. ./meter.sh

: "${N:=2000}"

# cpus 0|1: take away all but the first, or bring them
cpus()
{
	for cpu in /sys/devices/system/cpu/cpu[1-9]*/online; do
		echo "$1" >"$cpu" || return 1
	done
	diag "$(nproc) CPUs"
	diag_heading
}

on_many()
{
	cpus 1 && [ "$(nproc)" -gt 1 ] && in_time "100 1000" once few
}

# The sums go over these all the same, so that one CPU alone can be had only before.
on_taken_away()
{
	cpus 0 && [ "$(nproc)" = 1 ] && in_time "100 1000" once few
}

dmesg -n 1
echo 100000 >/proc/sys/kernel/pid_max
echo 100000 >/proc/sys/kernel/threads-max
insmod /meter.ko || exit 1
[ "$(nproc)" = 1 ] || exit 1
plan 3
cgroup few max
alone once few
crowd_of "$CG" "$N"
check "a record of $N processes on one CPU" of_looks once few
check "... is in time on all of them" on_many
check "... and when all but one are taken away" on_taken_away
finish
