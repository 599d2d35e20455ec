#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" MODULES=zram TIMEOUT=1800
# vm: FILES="lib.sh"
#
# Each root cause, for real: the class that the report names, and the holder.
#
# A driver's trouble is made by a writer with oom_score_adj 1000: it is killed, and stops.

. ./lib.sh

TROUBLE=/sys/module/trouble/parameters
TABLE=/out/causes.txt
cases=0

# The report of the last kill, once it is whole: of none, if no other came. An OOM without a
# victim may have followed.
take_report()
{
	: >oomx.txt
	wait_for counter_above victims "$cases" || return 1
	cases=$(counter victims)
	usleep 300000
	oomx show "$(sed -n 's/^\([0-9]*\) .*; victim .*/\1/p' /proc/oomx/history |
		tail -n 1)" >oomx.txt
}

# cause_is EXPECTED: and a line of the table
cause_is()
{
	found=$(sed -n 's/^  Cause: //p' oomx.txt)
	printf '%-28s %s\n' "$1" "$found" >>"$TABLE"
	[ "$found" = "$1" ] || { sed 's/^/# /' oomx.txt; return 1; }
}

# says WORDS: the report, its lines joined
says()
{
	tr '\n' ' ' <oomx.txt | tr -s ' ' | grep -qE "$1" || {
		diag "not said: $1"
		sed 's/^/# /' oomx.txt
		return 1
	}
}

own_limit()
{
	cgroup shop/db 16M
	in_dir "$CG/shop/db" hog 32 >/dev/null
	take_report
	cause_is memcg_limit && says "The memory cgroup /shop/db is at its limit: .* of 16.0 MB" &&
		says '(consists of anon|hold anonymous and shared memory) 1[56]\.[0-9] MB'
}

parent_limit()
{
	echo max >"$CG/shop/db/memory.max"
	echo 16M >"$CG/shop/memory.max"
	in_dir "$CG/shop/db" hog 32 >/dev/null
	take_report
	cause_is memcg_parent_limit &&
		says "The memory cgroup /shop, above the task's own /shop/db, is at its limit"
}

one_process()
{
	killable hog 4096 >/dev/null
	take_report
	cause_is host_exhausted && says 'most of it in one process: hog \(pid [0-9]+\) has' &&
		says '(None of the [0-9]+ zones|The one zone) open to it could( not)? serve it|could serve it by now'
}

many_processes()
{
	pids=
	many=$(awk '$1 == "MemTotal:" { print int($2 / 16384) + 1 }' /proc/meminfo)
	while [ "$(echo "$pids" | wc -w)" -lt "$many" ]; do
		killable hog 16 >/dev/null &
		pids="$pids $!"
	done
	take_report
	# shellcheck disable=SC2086 # they are words
	kill -9 $pids 2>/dev/null
	wait
	# more may have been killed before they were
	cases=$(counter victims)
	cause_is host_exhausted && says 'in many processes: hog'
}

# in_trouble PARAMETER VALUE
in_trouble()
{
	# shellcheck disable=SC2016 # $0 and $1 are the inner shell's
	sh -c 'echo 1000 >/proc/self/oom_score_adj; echo "$1" >"$0"' "$TROUBLE/$1" "$2" 2>/dev/null
	take_report
	[ "$1" = holes_kb ] || echo 0 >"$TROUBLE/$1"
}

slab_leak()
{
	in_trouble slab_kb 250000
	cause_is host_leak_slab && says "The kernel's slab caches fill the machine"
}

held_pages()
{
	in_trouble pages_kb 250000
	cause_is host_unaccounted && says 'No process explains where the memory is: unaccounted [0-9.]+ MB'
}

page_tables()
{
	killable hog -t 400 >/dev/null
	quietly 1	# later kernels free page tables a moment after they are gone
	take_report
	cause_is host_pagetables && says 'Page tables fill the machine' &&
		says 'Advice: [0-9.]+ MB of page tables belong to one process, hog'
}

tmpfs_files()
{
	mkdir -p /tmp/full
	mount -t tmpfs -o size=100% none /tmp/full
	killable dd if=/dev/zero of=/tmp/full/file bs=1M count=120 2>/dev/null
	killable hog 4096 >/dev/null
	take_report
	rm /tmp/full/file
	umount /tmp/full
	cause_is host_shmem && says 'Shared memory .* fills the machine' &&
		says 'the rest is in files' && says 'Advice: Shared memory outlives its processes'
}

# Most of the memory; how much that is depends on the kernel's checkers. A pool that cannot be
# read is not held to be none.
huge_pages()
{
	awk '/^MemTotal/ { print int($2 * 0.6 / 2048) }' /proc/meminfo >/proc/sys/vm/nr_hugepages
	pool=$(cat /proc/sys/vm/nr_hugepages)
	killable hog 4096 >/dev/null
	take_report
	echo 0 >/proc/sys/vm/nr_hugepages
	diag "$pool huge pages"
	if [ -n "$no_variables" ]; then
		cause_is host_unaccounted && says 'or pools of huge pages, whose size is not known'
		return
	fi
	cause_is host_hugetlb &&
		grep -qE "^  hugetlb +$((pool * 2048)) " oomx.txt
}

# Pages that cannot be moved with holes of a page between them: no block of order 3.
fragmentation()
{
	in_trouble holes_kb 250000
	in_trouble blocks_kb 250000
	echo 0 >"$TROUBLE/holes_kb"
	cause_is fragmentation && says 'no block of order 3 \(32 kB\) that the request may use' &&
		says 'unusable free index [01]\.[0-9]{3}'
}

full_swap()
{
	modprobe zram
	echo 32M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	killable hog 4096 >/dev/null
	take_report
	swapoff /dev/zram0
	if [ -n "$no_variables" ]; then
		cause_is host_exhausted && says 'How much swap there is could not be read'
		return
	fi
	cause_is "host_exhausted, swap full" &&
		says 'Swap is full: .* of 31\.9 MB are free; in it, hog \(pid'
}

sysrq()
{
	killable hog 8 >/dev/null &
	usleep 500000
	echo f >/proc/sysrq-trigger
	take_report
	wait
	cause_is sysrq
}

# How often an allocator that fails finds all zones short in the record, and how often not.
verdict_against_kernel()
{
	: "${OOMS:=$(repeats 100)}"
	short=0 over=0 neither=0
	while [ $((short + over + neither)) -lt "$OOMS" ]; do
		killable hog 4096 >/dev/null
		take_report || return 1
		if says '(None of the [0-9]+ zones|The one zone) open to it could( not)? serve it' >/dev/null; then
			short=$((short + 1))
		elif says 'could serve it by now' >/dev/null; then
			over=$((over + 1))
		else
			neither=$((neither + 1))
		fi
	done
	diag "zones short in $short OOMs, freed meanwhile in $over, nothing said in $neither"
	[ "$neither" = 0 ] && [ "$short" -gt 0 ]
}

no_capture_missed()
{
	echo "# expected, and found:"
	sed 's/^/#   /' "$TABLE"
	counter_is victims_without_capture 0
}

plan 14
insmod /trouble.ko
load
: >"$TABLE"
check "a pool of huge pages" huge_pages	# before the memory is in pieces
check "the task's own cgroup is at its limit" own_limit
check "a cgroup above it is" parent_limit
check "the machine, by one process" one_process
check "the machine, by many" many_processes
check "a leak of slab objects" slab_leak
check "pages that no one accounts for" held_pages
check "page tables" page_tables
check "files in a tmpfs" tmpfs_files
check "fragmentation" fragmentation
check "swap is full" full_swap
check "sysrq" sysrq
check "the verdict on the zones against the kernel's" verdict_against_kernel
check "the causes, together" no_capture_missed
finish
