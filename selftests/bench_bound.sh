#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=3072 CPUS=1 APPEND="quiet loglevel=1" TIMEOUT=3000
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# How long a record takes that has little time, in instructions, as bench.sh. HOOK=kprobe, from the
# kernel's command line, has interrupts off meanwhile on arm64. N processes.

. ./lib.sh
. ./meter.sh

: "${N:=10000}"

# record MAX_US: of a memcg OOM, all N are outside
record()
{
	load_with "max_us=$1" || exit 1
	once few >/dev/null || exit 1
	capture=$(counter capture_ns_last)
	unseen=$(counter unseen_tasks)
	off=$(counter events_interrupts_off)
	rmmod oomx
	diag "$(printf '%8d %12d %12d %10s' "$1" "$capture" "$unseen" \
		"$([ "$off" = 1 ] && echo off || echo on)")"
}

# What a record takes beside looking at tasks, and to count them, it takes of any max_us.
bounded()
{
	diag "  max_us instructions  only counted interrupts"
	record 100
	rest=$capture
	for us in 1000 2000 10000000; do
		record "$us"
		[ "$capture" -le $((us * 1000 + rest)) ] || return 1
	done
	[ "$unseen" = 0 ] && [ "$rest" -lt "$capture" ]
}

dmesg -n 1
echo 100000 >/proc/sys/kernel/pid_max
insmod /meter.ko || exit 1
cgroup few max
in_dir "$CG" crowd varied "$N" >crowd.txt &
while ! grep -q ready crowd.txt 2>/dev/null; do
	sleep 1
done
plan 1
check "a record of $N processes in bounded time" bounded
finish
