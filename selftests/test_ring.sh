#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" TIMEOUT=300
# vm: FILES="lib.sh"
#
# The ring as programs read it: whole records, many readers, every loss reported, and
# rmmod while they wait.

. ./lib.sh

DEBUG=/sys/kernel/debug/oomx
OOMS=200

files()
{
	for file in ring stats format; do
		[ -r "$DEBUG/$file" ] || return 1
		! asuser 1000 cat "$DEBUG/$file" 2>/dev/null || return 1
		! asuser 1000 cat "/proc/oomx/$file" 2>/dev/null || return 1
	done
	grep -q '^clock CLOCK_MONOTONIC$' "$DEBUG"/format &&
		grep -q '^version [0-9]*$' "$DEBUG"/format &&
		cmp -s "$DEBUG"/stats /proc/oomx/stats
}

# What a program is told to make room for is enough.
room()
{
	bytes=$(sed -n 's/^max_record_bytes //p' "$DEBUG"/format)
	dd if="$DEBUG"/ring of=record.bin bs="$bytes" count=1 2>/dev/null &&
		[ "$(wc -c <record.bin)" -gt 1000 ] && [ "$(head -c 4 record.bin)" = OOMX ]
}

# Every number from the first record a reader saw to the end was read or reported lost.
nothing_untold()
{
	awk -v end="$2" '$1 == "lost" { lost += $3 - $2; at = $3; next }
		$1 == "end" { next }
		at && $1 != at { print "# gap untold: " at " " $1; bad = 1 }
		{ at = $1 + 1; n++ }
		END { print "# " FILENAME ": read " n ", lost " lost + 0
			exit bad || n + lost != end - 1 }' "$1"
}

# events FILE...: the numbers of all events that were read
events()
{
	awk '$2 == 1 { print $3 }' "$@" | sort -un
}

readers()
{
	ring read >fast.txt &
	fast=$!
	ring read 5000 >slow.txt &
	slow=$!
	ring hold &
	hold=$!
	usleep 300000
	storm "$OOMS" "$CG/small"
	wait_for counter_is releases "$OOMS"
	end=$(($(counter records) + $(counter records_overwritten) + 1))
	wait_for grep -q "^$((end - 1)) " fast.txt
	diag "overwritten $(counter records_overwritten) of $((end - 1)) records"
	[ "$(counter records_overwritten)" -gt 0 ]
}

fast_reader()
{
	nothing_untold fast.txt "$end" && [ "$(events fast.txt | wc -l)" = "$OOMS" ]
}

# What it was told is what the module counted.
slow_reader()
{
	kill -USR1 "$slow"
	wait_for grep -q "^$((end - 1)) " slow.txt
	nothing_untold slow.txt "$end" &&
		[ "$(awk '$1 == "lost" { n += $3 - $2 } END { print n }' slow.txt)" = \
			"$(counter reader_lost_records)" ] &&
		[ "$(counter reader_overruns)" -gt 0 ]
}

union()
{
	[ "$(events fast.txt slow.txt | wc -l)" = "$OOMS" ] && [ "$(counter events_memcg)" = "$OOMS" ]
}

readers_end()
{
	rmmod oomx || return 1
	wait "$fast" "$slow"
	kill "$hold"
	[ "$(tail -n 1 fast.txt)" = "end ENODEV" ] && [ "$(tail -n 1 slow.txt)" = "end ENODEV" ] &&
		[ ! -e "$DEBUG" ]
}

# unload_under HOW WHAT-IT-SAYS
unload_under()
{
	load || return 1
	ring wait "$1" >wait.txt &
	wait_for grep -q waiting wait.txt
	usleep 200000
	start=$(cut -d. -f1 /proc/uptime)
	rmmod oomx || return 1
	wait $!
	diag "$1: $(tail -n 1 wait.txt)"
	[ "$(tail -n 1 wait.txt)" = "$2" ] &&
		[ $(($(cut -d. -f1 /proc/uptime) - start)) -lt 5 ]
}

# A record that comes wakes who waits.
woken()
{
	load || return 1
	for how in read poll select epoll; do
		ring wait "$how" >"$how.txt" &
		wait_for grep -q waiting "$how.txt"
	done
	usleep 200000
	storm 1 "$CG/small"
	for how in read poll select epoll; do
		wait_for grep -q record "$how.txt" || return 1
	done
	rmmod oomx
}

# Loading and unloading under readers that come and go.
churn()
{
	i=0
	while [ "$i" -lt 20 ]; do
		load || return 1
		ring wait read >/dev/null &
		ring wait epoll >/dev/null &
		ring read >/dev/null &
		storm 2 "$CG/small" &
		usleep $((i * 20000))
		rmmod oomx || return 1
		i=$((i + 1))
	done
	wait
	no_splat
}

plan 16
cgroup small 2M
load_with "ring_kb=512 candidates=16"
check "debugfs has ring, stats and format, for root only" files
storm 3 "$CG/small"
wait_for counter_is releases 3
check "a buffer as large as format says is enough" room
check "the contract, nothing overwritten yet" ring contract
rmmod oomx
load_with "ring_kb=512 candidates=16"
check "$OOMS OOMs, two readers and one that never reads" readers
check "the fast reader was told every record" fast_reader
check "the slow reader was told every record or its loss" slow_reader
check "together they saw every event" union
check "the contract, with records overwritten" ring contract
check "rmmod ends all of them" readers_end
check "rmmod under a blocked read" unload_under read ENODEV
check "rmmod under poll" unload_under poll "hup ENODEV"
check "rmmod under select" unload_under select ENODEV
check "rmmod under epoll" unload_under epoll "hup ENODEV"
check "no open while it goes" unload_under open "hup ENODEV"
check "a record wakes all who wait" woken
check "load and unload under readers" churn
finish
