#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh"
#
# Names that users choose reach no terminal as they are.

. ./lib.sh

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

plan 5
load || exit 1
check "an OOM among evil names" make_names
check "no control byte comes through" printable
check "they are escaped as in /dev/kmsg" escaped
check "a path of 3000 bytes is whole, or marked as cut" long_path
check "unload" rmmod oomx
finish
