#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh"
#
# Names that users choose reach no terminal as they are; who may not see the machine sees nothing,
# and no bytes that are written do any harm. FUZZ, seconds, comes from the kernel's command line.

. ./lib.sh

: "${FUZZ:=5}" "${SEED:=1}"

ESC=$(printf '\033')
NL='
'

# An OOM of a process and in a cgroup with names full of control bytes.
make_names()
{
	evil="x${NL}[31m${ESC}[2J\\"
	cp /bin/hog "/tmp/$evil"
	cgroup "${ESC}[31mred" 16M	# the kernel refuses a newline in these
	in_dir "$CG/${ESC}[31mred" "/tmp/$evil" 64 >/dev/null 2>&1
	wait_for counter_is releases 1
	cat "$LAST" /proc/oomx/history >oomx.txt
}

printable()
{
	[ "$(tr -d '\012\040-\176' <oomx.txt | wc -c)" -eq 0 ]
}

escaped()
{
	# shellcheck disable=SC1003 # a backslash it is
	grep -qF 'x\x0a[31m\x1b[2J\x5c' oomx.txt && grep -qF '/\x1b[31mred' oomx.txt
}

# long NAMELENGTH LEVELS: a path of that many names
long_path()
{
	name=$(printf '%0255d' 7)
	dir=$CG
	i=0
	while [ "$i" -lt 12 ]; do
		echo +memory >"$dir/cgroup.subtree_control"
		dir=$dir/$name
		mkdir "$dir" || return 1
		i=$((i + 1))
	done
	echo 16M >"$dir/memory.max"
	in_dir "$dir" hog 64 >/dev/null 2>&1
	wait_for counter_is releases 2
	cat "$LAST" >oomx.txt
	grep -qF "  memory cgroup   ${dir#"$CG"}" oomx.txt &&
		grep -qF 'cut' /proc/oomx/history
}

# Thirty names of 255 bytes: no path of that length can be told to mkdir.
deep()
(
	cd "$CG" || exit 1
	name=$(printf '%0255d' 8)
	i=0
	while [ "$i" -lt 30 ]; do
		echo +memory >cgroup.subtree_control
		mkdir "$name" && cd -P "$name" 2>/dev/null || exit 1
		i=$((i + 1))
	done
	echo 16M >memory.max
	# shellcheck disable=SC2016 # $$ is the inner shell, which moves itself
	sh -c 'echo $$ >cgroup.procs && exec killable hog 64' >/dev/null 2>&1
	exit 0
)

deep_levels()
{
	truncated=$(counter events_truncated)
	deep || return 1
	wait_for counter_is releases 3
	cat "$LAST" >oomx.txt
	diag "$(grep -E 'memory cgroup  |left out' oomx.txt | cut -c 1-72 | tr '\n' ';')"
	diag "$(sed -n '/^CAPTURE/,$p' oomx.txt | tail -n 1)"
	grep -qE 'left out:.* strings' oomx.txt && grep -qE 'memory cgroup +(n/a|/0)' oomx.txt &&
		counter_is events_truncated $((truncated + 1)) && counter_is outcome_killed 3
}

# closed_to CMD...: CMD sees none of the files, and writes none of them
closed_to()
{
	for file in last history stats format ring now now_record; do
		"$@" cat "/proc/oomx/$file" >seen.txt 2>/dev/null </dev/null && return 1
		[ ! -s seen.txt ] || return 1
		"$@" sh -c "echo / >/proc/oomx/$file" 2>/dev/null && return 1
	done
	! "$@" oomx now >seen.txt 2>/dev/null && [ ! -s seen.txt ]
}

# Who it is must work in the first place.
works()
{
	[ "$("$@" echo works)" = works ]
}

closed()
{
	spaces=
	[ ! -e /proc/self/ns/user ] || spaces=yes
	for who in "asuser 1000" "asuser container" ${spaces:+"asuser 1000 unshare -r" "unshare -r"}; do
		# shellcheck disable=SC2086 # a list of words
		works $who && closed_to $who && continue
		diag "not closed: $who"
		return 1
	done
	cat "$LAST" >/dev/null && echo / >/proc/oomx/now
}

fuzzed()
{
	before=$(counter events_memcg)
	fuzz "$FUZZ" "$SEED" /proc/oomx/* /sys/module/oomx/parameters/* >fuzz.txt || return 1
	diag "$(cat fuzz.txt)"
	! grep -q ' 0 of them accepted' fuzz.txt || return 1
	in_dir "$CG/small" hog 64 >/dev/null 2>&1
	wait_for counter_is events_memcg $((before + 1)) && wait_for settled &&
		grep -q '^OOM event' "$LAST" && oomx show --json >/dev/null &&
		counter_is records_rejected 0
}

plan 8
load || exit 1
cgroup small 16M
check "an OOM among evil names" make_names
check "no control byte comes through" printable
check "they are escaped as in /dev/kmsg" escaped
check "a path of 3000 bytes is whole, or marked as cut" long_path
check "30 levels of names of 255 bytes: what does not fit is counted" deep_levels
check "users, containers and user namespaces read and write nothing" closed
check "random bytes, sizes and offsets on every file" fuzzed
check "unload" rmmod oomx
finish
