#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh"
#
# Probes that are switched off, and a trigger that cannot be hooked: it is loaded with what
# still works or not at all, and says which.

. ./lib.sh

HOOK=
DEBUG=/sys/kernel/debug
FTRACE=/proc/sys/kernel/ftrace_enabled

said()
{
	dmesg | sed -n 's/.*\(oomx: .*\)/# \1/p'
	dmesg | grep -q "oomx: $1"
}

# not_loaded PARAMETERS WORDS: insmod fails with these words in the log
not_loaded()
{
	fresh_log
	if load_with "$1" 2>error.txt; then
		rmmod oomx
		return 1
	fi
	sed 's/^/# /' error.txt
	said "$2" && nothing_left
}

records()
{
	in_dir "$CG/small" hog 16 >/dev/null 2>&1
	wait_for counter_is releases "$1" && counter_is events_memcg "$1" &&
		counter_is victims_without_capture 0
}

has_ftrace()
{
	grep -q '^out_of_memory' /sys/kernel/tracing/available_filter_functions
}

# Where it is the first choice, no word is lost on kprobes.
by_ftrace_first()
{
	[ "$(uname -m)" = aarch64 ] || uname -v | grep -q PREEMPT_RT
}

by_ftrace_instead()
{
	fresh_log
	load && said "recording by ftrace" && counter_is hook_ftrace 1 &&
		{ by_ftrace_first || said "nothing is called by kprobe"; } &&
		counter_is hook_live 1 && records 1
}

# live FILE N: with N in the file that switches probes, hook_live is N, and N OOMs of one are seen
live()
{
	echo "$2" >"$1"
	counter_is hook_live "$2" || return 1
	in_dir "$CG/small" hog 16 >/dev/null 2>&1
	sleep 1
	now=$(counter events_memcg)
	diag "$1 $2: hook_live $2, events $events to $now"
	seen=$((now - events)) events=$now
	[ "$seen" = "$2" ]
}

told_while_loaded()
{
	load_with "hook=$1" || return 1
	events=0
	live "$2" 1 && live "$2" 0 && live "$2" 1
	status=$?
	rmmod oomx && return "$status"
}

# another_trigger NAME HOOK: not loaded when it is to hook this in place of out_of_memory()
another_trigger()
{
	rename out_of_memory "$1" </oomx.ko >/tmp/other.ko || return 1
	fresh_log
	if insmod /tmp/other.ko "hook=$2" 2>error.txt; then
		rmmod oomx
		return 1
	fi
	sed 's/^/# /' error.txt
	said "cannot hook $1 by $2" && said "not loaded" && nothing_left
}

no_kprobes()
{
	echo 0 >$DEBUG/kprobes/enabled
	check "kprobes are off: not loaded by kprobe, and told" \
		not_loaded hook=kprobe "nothing is called by kprobe"
	if has_ftrace; then
		check "kprobes are off: loaded by ftrace, and told" by_ftrace_instead
		check "unload" rmmod oomx
	else
		check "kprobes are off: not loaded at all" not_loaded hook=auto "not loaded"
		skip "unload" "this kernel has no ftrace"
	fi
	echo 1 >$DEBUG/kprobes/enabled
}

# skip_ftrace WHY
skip_ftrace()
{
	for name in "not loaded by ftrace" "switched while loaded"; do
		skip "ftrace is off: $name" "$1"
	done
}

no_ftrace()
{
	if ! has_ftrace; then
		skip_ftrace "this kernel has no ftrace"
		return
	fi
	if ! echo 0 2>/dev/null >$FTRACE; then
		skip_ftrace "this kernel does not let ftrace be switched off"
		return
	fi
	check "ftrace is off: not loaded by ftrace, and told" \
		not_loaded hook=ftrace "nothing is called by ftrace"
	echo 1 >$FTRACE
	check "ftrace is switched while loaded: stats tell" told_while_loaded ftrace $FTRACE
}

as_ever()
{
	load && counter_is hook_live 1 && records 1 && rmmod oomx && nothing_left
}

# a name on the kernel's own list of what must not be probed, no longer than ours
forbidden()
{
	awk '{ print $2 }' $DEBUG/kprobes/blacklist | grep -E '^[a-z_]{1,13}$' | head -n 1
}

plan 10
cgroup small 8M
no_kprobes
check "kprobes are switched while loaded: stats tell" \
	told_while_loaded kprobe $DEBUG/kprobes/enabled
no_ftrace
check "no such function: not loaded, and told" another_trigger out_of_memorx auto
check "no such function for ftrace" another_trigger out_of_memorx ftrace
name=$(forbidden)
if [ -n "$name" ]; then
	check "a function that must not be probed: $name" another_trigger "$name" kprobe
else
	skip "a function that must not be probed" "none has so short a name"
fi
check "as ever afterwards" as_ever
finish
