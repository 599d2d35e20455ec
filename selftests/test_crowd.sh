#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=1536 CPUS=2 APPEND="quiet loglevel=1" TIMEOUT=600
# vm: FILES="lib.sh kernel.awk oomx.awk"
#
# Many threads, many processes, and processes that come and go while they are looked at.

. ./lib.sh

# The last record: the value of a line of its "capture" section in JSON.
field()
{
	oomx show --json | sed -n "s/^ *\"$1\": \\([a-z0-9]*\\),*\$/\\1/p" | head -n 1
}

# One OOM in a small cgroup, and what was predicted for it.
one_oom()
{
	before=$(counter agreements)
	in_dir "$CG/small" hog 16 >/dev/null
	wait_for counter_is agreements $((before + 1))
}

threads()
{
	killable crowd threads 4000 >threads.txt &
	ready threads.txt || return 1
	one_oom && oomx show | grep -qE ' 4001 .* crowd$|^ *[0-9]+ .* 4001 ' || return 1
	diag "capture $(counter capture_ns_last) ns"
	# and as the victim
	pid=$(pidof crowd)
	echo 1000 >"/proc/$pid/oom_score_adj"
	before=$(counter victims)
	echo f >/proc/sysrq-trigger
	wait_for counter_is victims $((before + 1))
	wait
	wait_for settled && counter_is disagreements 0
}

processes()
{
	killable crowd processes 5000 >processes.txt &
	parent=$!
	ready processes.txt || return 1
	one_oom || return 1
	dropped=$(field candidates_dropped)
	diag "of $(field candidates_total) tasks $dropped did not fit;" \
		"capture $(counter capture_ns_last) ns"
	[ "$dropped" -gt 3900 ] && [ "$(field truncated)" = true ] && counter_is disagreements 0
}

# Of 5,000 that are as large the kernel takes the last, long after the table is full. Their
# parent is larger.
the_last_of_equals()
{
	echo -1000 >"/proc/$parent/oom_score_adj"
	before=$(counter agreements)
	echo f >/proc/sysrq-trigger
	wait_for counter_is agreements $((before + 1))
	status=$?
	victim=$(dmesg | sed -n 's/.*Killed process \([0-9]*\) (crowd).*/\1/p' | tail -n 1)
	first=$(oomx show --json | sed -n 's/^ *"pid": \([0-9]*\),*$/\1/p' | sed -n 2p)
	diag "killed ${victim:-none}; ranked first ${first:-none}; dropped $(field candidates_dropped)"
	killall -9 crowd
	wait
	[ "$status" = 0 ] && [ -n "$victim" ] && [ "$first" = "$victim" ]
}

# More processes than rows: those with the most points are kept, each once, and none with more
# than the last of them is missing. The crowd sleeps: the kernel has the same points of it.
the_highest_are_kept()
{
	load_with "candidates=64" || return 1
	killable crowd varied 500 >varied.txt &
	ready varied.txt || return 1
	fresh_log
	before=$(counter victims)
	echo f >/proc/sysrq-trigger
	wait_for counter_is victims $((before + 1))
	dmesg | awk -f kernel.awk >kernel.txt
	oomx show | awk -f oomx.awk >ours.txt
	killall -9 crowd
	wait
	rmmod oomx
	awk '!/^task\./ { next }
		{ split($1, key, "."); pid = key[2] }
		NR == FNR && /\.(rss|swapents|pgtables) / { points[pid] += $2 / 4 }
		NR == FNR && /\.adj / { adj[pid] = $2 }
		NR == FNR && /\.name crowd$/ { crowd[pid] = 1 }
		NR == FNR { next }
		/\.points / {
			bad += pid in seen || (pid in crowd && points[pid] != $2)
			seen[pid] = 1
			if (!n++ || $2 < least)
				least = $2
		}
		END {
			for (pid in crowd) {
				there++
				missing += !adj[pid] && points[pid] > least && !(pid in seen)
			}
			print "# " n " rows, the crowd has " there "; " bad + 0 " are wrong, " \
				missing + 0 " are missing"
			exit bad || missing || n != 64 || there < 500
		}' kernel.txt ours.txt
}

# An event too large for a datagram goes to the journal as a sealed file.
large_event_in_the_journal()
{
	oomx save crowd.oomx
	events=$(oomx list | wc -l)
	mkdir -p /run/systemd/journal
	journald /run/systemd/journal/socket journal.txt "$events" &
	usleep 300000
	timeout 60 oomx follow --journal -i crowd.oomx && wait $! || return 1
	diag "$events events, $(stat -c %s journal.txt) bytes; a datagram holds" \
		"$(cat /proc/sys/net/core/wmem_default)"
	[ "$(stat -c %s journal.txt)" -gt $((2 * $(cat /proc/sys/net/core/wmem_default))) ] &&
		[ "$(grep -ac '^OOMX_KIND$' journal.txt)" = "$events" ]
}

churning()
{
	killable crowd churn >churn1.txt &
	killable crowd churn >churn2.txt &
	ready churn1.txt
	i=0
	while [ "$i" -lt 30 ]; do
		one_oom || return 1
		i=$((i + 1))
	done
	oomx list --json | tail -n 30 | grep -o '"comm":"churn[^"]*"' | sort -u | wc -l >seen.txt
	killall -9 crowd
	wait
	diag "$(cat seen.txt) short-lived processes in 30 records; locked $(counter skipped_locks)"
	[ "$(cat seen.txt)" -gt 0 ] && counter_is disagreements 0
}

plan 6
cgroup small 8M
check "of more than fit, the highest are kept" the_highest_are_kept
load
check "a process with 4,000 threads" threads
check "5,000 processes" processes
check "the last of equal ones is chosen, and kept" the_last_of_equals
check "an event larger than a datagram, in a journal" large_event_in_the_journal
check "processes that fork, exit and change their names" churning
finish
