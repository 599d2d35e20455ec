#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=3072 CPUS=1 NODES=2 APPEND="quiet loglevel=1" TIMEOUT=3000
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# How long a record takes that has little time, in instructions, as bench.sh. HOOK=kprobe, from the
# kernel's command line, has interrupts off meanwhile on arm64. N processes.

. ./lib.sh
. ./meter.sh

: "${N:=10000}"

# A kprobe of arm64 has interrupts off.
interrupts_known()
{
	[ "$HOOK,$(uname -m)" != kprobe,aarch64 ] || [ "$off" = 1 ]
}

# bounded "MAX_US ..." CMD...
bounded()
{
	bounds=$1
	shift
	of_looks "$@" && in_time "$bounds" "$@" && interrupts_known
}

# A process of the other node, whose threads are all looked at: does one of them have this node?
on_a_node()
{
	victim
	sleep 1
	sh -c 'echo $$ >"$0/cgroup.procs" && echo global >/proc/meter' "$CG/node1"
}

dmesg -n 1
echo 100000 >/proc/sys/kernel/pid_max
echo 100000 >/proc/sys/kernel/threads-max
insmod /meter.ko || exit 1
plan 2
cgroup few max
alone once few
crowd_of "$CG" "$N"
check "a record of $N processes in bounded time" bounded "100 1000 2000" once few
killall -9 crowd
wait
cpusets || exit 1
alone on_a_node
crowd_of "$CG/node0" "$N" threads
check "a record of a process with $N threads in bounded time" bounded 100 on_a_node
finish
