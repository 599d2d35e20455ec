#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk"
#
# The kernel's own report is the same with the module loaded: same frames, same lines.

. ./lib.sh

# -p: else it is now and then a page table that it lacks, and not a page (2 of 19 times on
# 6.12-rt, without the module): another request, with frames of its own.
memcg_oom()
{
	in_dir "$CG/a" hog -p 64 >/dev/null
}

global_oom()
{
	killable hog -p 4096 >/dev/null
}

sysrq_oom()
{
	killable hog 5 1000 >hog.txt &
	wait_for grep -q holding hog.txt
	usleep 500000
	echo f >/proc/sysrq-trigger
}

# What must be the same: no times, numbers, registers, letters of blocks, frames that the
# kernel is not sure of, slab caches that happen to be in use, processes that come and go.
# An out-of-tree module taints the kernel: that alone is different. A clock may complain of a slow
# machine at any time. And what is killed may say
# that it got no page for its own fault (seen on 6.12-rt without the module).
shape()
{
	sed -E 's/^\[[^]]*\] ?//
		/^ \? /d; /^(RSP|RIP|RAX|RDX|RBP|R[0-9]+|Code):/d
		/^Tainted: /d; /^\[ *[0-9]+\] /d; /(kthread|worker_thread|rescuer)/d
		s/(Not tainted|Tainted: [A-Z ]*[A-Z])/TAINT/; s/ +/ /g; s/ \([UMEHCI]+\)//g
		s/0x[0-9a-f]+/N/g; s/[0-9]+/N/g; s/Workqueue: .*//
		/^hrtimer: interrupt took /d
		s/all_unreclaimable\? (yes|no)//' "$1" |
		awk '/^Unreclaimable slab info/ { skip = 1 } /^Tasks state/ { skip = 0 }
			/: page allocation (failure|stall)/ { failure = 1 }
			/ invoked oom-killer: / { failure = 0 }
			!skip && (!failure || /Killed process |oom_reaper: /)'
}

# What is killed may still be complaining.
quiet()
{
	fresh_log
	usleep 500000
	[ -z "$(dmesg)" ]
}

report()
{
	wait_for quiet
	"$1"
	wait_for logged
	sleep 1
	dmesg >"$2"
	[ "$(grep -c 'Killed process' "$2")" -eq 1 ]
}

# The stack of sysrq is a worker's; who called is all the same.
frames()
{
	awk -f kernel.awk "$1" | grep '^stack\.'
}

same()
{
	shape "without.$1" >a.txt
	shape "with.$1" >b.txt
	diff a.txt b.txt | sed 's/^/# /'
	[ "$(wc -l <a.txt)" -gt 10 ] && cmp -s a.txt b.txt && return
	sed 's/^/# /' "without.$1" "with.$1"
	return 1
}

same_frames()
{
	frames "without.$1" >a.txt
	frames "with.$1" >b.txt
	diff a.txt b.txt | sed 's/^/# /'
	[ "$(wc -l <a.txt)" -gt 3 ] && cmp -s a.txt b.txt
}

plan 10
cgroup a 32M
for kind in memcg global sysrq; do
	report ${kind}_oom without.$kind || exit 1
done
load || exit 1
for kind in memcg global sysrq; do
	check "$kind: one kill as without" report ${kind}_oom with.$kind
	check "$kind: same lines" same $kind
	check "$kind: same stack frames" same_frames $kind
done
check "unload" rmmod oomx
finish
