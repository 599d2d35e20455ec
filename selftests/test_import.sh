#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" MODULES="zram"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# The kernel's report of an OOM, imported: the same numbers as in the text, to the last, and
# as in the record that the module took of the same OOM. test_memcg_v1.sh and test_numa.sh do so
# with cgroup v1, cpusets and memory policies.

. ./lib.sh

memcg_oom()
{
	in_dir "$CG/x/y" hog 64 >/dev/null
}

global_oom()
{
	killable hog 4096 >/dev/null
}

sysrq_oom()
{
	rm -f hog.txt
	killable hog 5 1000 >hog.txt &
	wait_for grep -qs holding hog.txt
	usleep 500000
	echo f >/proc/sysrq-trigger
	quietly 3
}

# imported MINIMUM KIND: what the log says, at least so many values of it
imported()
{
	fresh_log
	"$2_oom"
	save_reports
	import_agrees "$1"
}

# as_recorded MINIMUM: what was imported is what the module has, which may be more
as_recorded()
{
	grep -v '^victims ' import.txt >values.txt
	awk -f oomx.awk oomx.txt >ours.txt
	compared ours.txt values.txt "oomx.txt kernel.log" -v minimum="$1" \
		-v no_variables="$no_variables" -v private="$private" -v lists="$lists"
}

# The verdict does not depend on where the record comes from.
same_cause()
{
	sed -n '/^  Cause: /p' oomx.txt imported.txt >causes.txt
	diag "$(xargs <causes.txt)"
	[ "$(sort -u causes.txt | wc -l)" = 1 ] && [ "$(wc -l <causes.txt)" = 2 ]
}

choice_follows()
{
	tr -s ' \n' ' ' <imported.txt >words.txt
	grep -q 'It is the choice that follows from the task table' words.txt && return
	grep -o 'It does not follow .*WHY' words.txt | sed 's/^/# /'
	return 1
}

# recorded MINIMUM MINIMUM_RECORDED KIND: as_recorded, of another OOM where the first was printed
# when something had moved (the task to another CPU, whose lists are "local" then)
recorded()
{
	as_recorded "$2" && return
	diag "once more, with another OOM"
	imported "$1" "$3" && as_recorded "$2"
}

# kind MINIMUM MINIMUM_RECORDED KIND
kind()
{
	check "$3: imported as the kernel printed it" imported "$1" "$3"
	check "$3: imported as the module recorded it" recorded "$@"
	check "$3: the same cause" same_cause
	check "$3: the choice follows from the task table" choice_follows
}

swap_on()
{
	modprobe zram 2>/dev/null && echo 48M >/sys/block/zram0/disksize &&
		mkswap /dev/zram0 >/dev/null && swapon /dev/zram0
}

plan 16
load || exit 1
cgroup x/y 32M
kind 60 60 memcg
kind 100 120 global
kind 100 120 sysrq
if swap_on; then
	# record and log are not held against each other: kswapd moves pages between the two
	check "swap: imported as the kernel printed it" imported 120 global
	if [ -n "$no_variables" ]; then
		skip "swap: the same cause" "the log tells the size of swap, and the record cannot"
	else
		check "swap: the same cause" same_cause
	fi
	check "swap: the choice follows from the task table" choice_follows
else
	for what in "imported as the kernel printed it" "the same cause" \
		"the choice follows from the task table"; do
		skip "swap: $what" "no zram"
	done
fi
check "unload" rmmod oomx
finish
