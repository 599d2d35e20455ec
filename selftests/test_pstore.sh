#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1" MODULES="ramoops?" TIMEOUT=240
# vm: FILES="lib.sh" REBOOT=1
#
# vm.panic_on_oom=1, with ramoops in memory that the kernel leaves alone: after the reboot the
# summary is in pstore. This runs twice, the second time with what the first has left there.

. ./lib.sh

BOOT_ID=/proc/sys/kernel/random/boot_id
PSTORE=/sys/fs/pstore

give_up()
{
	plan 1
	skip "the summary is in pstore" "$1"
	finish
}

panic()
{
	load
	echo "this is boot $(cat "$BOOT_ID")" >/dev/kmsg
	echo 1 >/proc/sys/vm/panic_on_oom
	killable hog 4096 >/dev/null
}

# saved REGEX: does a line in pstore match?
saved()
{
	grep -aqE "$1" "$PSTORE"/dmesg-ramoops-*
}

other_boot()
{
	saved "this is boot [0-9a-f-]{36}" && ! saved "$(cat "$BOOT_ID")"
}

summary()
{
	saved "oomx: event 1 .global.: panic after [0-9]+ ms: Out of memory: " &&
		saved "oomx: Cause: [a-z_]+\. " &&
		saved "oomx: hog .pid [0-9]+. asked for 4 kB .order 0, " &&
		saved "oomx: The highest badness of 1 candidate: hog .pid [0-9]+. with [0-9]+ points"
}

find /lib -name 'ramoops.ko' | grep -q . || give_up "this kernel has no ramoops"
modprobe ramoops mem_address="$KEPT" mem_size=0x100000 record_size=0x10000
mount -t pstore -o kmsg_bytes=60000 pstore "$PSTORE"
[ -e "$PSTORE"/dmesg-ramoops-0 ] || panic
plan 3
check "pstore has the panic" saved "Kernel panic - not syncing: Out of memory: "
check "it is of the boot before" other_boot
check "oomx's summary is in it" summary
grep -ah 'oomx: ' "$PSTORE"/dmesg-ramoops-* | sed 's/^/# /'
finish
