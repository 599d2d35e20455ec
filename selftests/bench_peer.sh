#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=3072 CPUS=1 APPEND="quiet loglevel=1" TIMEOUT=500
# vm: QEMU_ARGS="-icount shift=0,sleep=off"
# vm: FILES="lib.sh meter.sh"
#
# Beside oomx what one would take instead: bpftrace with its oomkill.bt, on the same kernel, in
# instructions: with these arguments the emulator takes one for a nanosecond. "make bench-peer"
# brings bpftrace along.

. ./lib.sh
. ./meter.sh

PEER=/root/amd64-bpftrace
PROCESSES=100
EVENTS=1000

# as_guest CMD...: among the files of the peer
as_guest()
{
	chroot "$PEER" "$@"
}

start_peer()
{
	asked=$(cut -d ' ' -f 1 /proc/uptime)
	as_guest /usr/bin/bpftrace /usr/sbin/oomkill.bt >peer.txt 2>peer.err &
	job=$!
	tries=0
	until grep -q Tracing peer.txt 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 3000 ] || { sed 's/^/# /' peer.err; return 1; }
		usleep 20000
	done
	began=$(cut -d ' ' -f 1 /proc/uptime)
	peer=$(pidof bpftrace)
	[ -n "$peer" ]
}

stop_peer()
{
	kill -INT "$peer"
	wait "$job"
}

# line NAME VALUE...
line()
{
	diag "$(printf '%-34s %12s %12s' "$@")"
}

per_event()
{
	without=$(median global 15)
	started=$(work run insmod /oomx.ko | awk '{ printf "%.2f", $1 / 1000000000 }')
	held=$(($(data_kb) + $(code_kb)))
	with=$(median global 15)
	rmmod oomx
	start_peer || return 1
	peers=$(median global 15)
	line "until it records, seconds" "$started" \
		"$(echo "$began $asked" | awk '{ printf "%.2f", $1 - $2 }')"
	line "kB held" "$held" "$(awk '/^VmRSS/ { print $2 }' "/proc/$peer/status")"
	stop_peer
	line "instructions an event" "$((with - without))" "$((peers - without))"
	[ "$(grep -c Triggered peer.txt)" -gt 0 ]
}

# Both at once, one storm. The peer has time to print what it has; it tells of a time, two
# processes and their names, the pages, and the load.
caught()
{
	load || return 1
	start_peer || return 1
	kills=$(vmstat_kills)
	storm "$EVENTS" "$CG/small"
	kills=$(($(vmstat_kills) - kills))
	wait_for counter_is releases "$EVENTS"
	sleep 20
	stop_peer
	ours=$(counter events_memcg)
	line "events caught of $kills kills" "$ours" "$(grep -c Triggered peer.txt)"
	lost=$(($(counter probe_misses) + $(counter victims_without_capture) +
		$(counter records_rejected) + $(counter reader_lost_records)))
	line "events it says it lost" "$lost" \
		"$(awk '/^Lost/ { n += $2 } END { print n + 0 }' peer.txt peer.err)"
	line "values of an event" "$(oomx show --json | grep -c ': [-0-9"]')" 7
	rmmod oomx
	[ "$ours" = "$kills" ]
}

plan 2
mkdir -p "$PEER/proc" "$PEER/sys" "$PEER/dev" "$PEER/tmp"
for dir in proc sys dev; do
	mount --bind "/$dir" "$PEER/$dir"
done
cp /bin/busybox "$PEER/bin/sh"
mount --bind /sys/kernel/debug "$PEER/sys/kernel/debug"
cgroup small 2M
insmod /meter.ko || exit 1
killable crowd processes "$PROCESSES" >crowd.txt &
wait_for grep -qs ready crowd.txt
diag "$(as_guest /usr/bin/bpftrace --version)"
diag "$(printf '%-34s %12s %12s' "" oomx oomkill.bt)"
check "an event" per_event
check "a storm" caught
finish
