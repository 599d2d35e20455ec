#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1 movablecore=80M"
# vm: FILES="lib.sh"
#
# Memory that the request may not use: a driver fills the zones for the kernel, while the
# zone for movable pages has plenty.

. ./lib.sh

zone_reserve()
{
	sh -c 'echo 1000 >/proc/self/oom_score_adj
		echo 250000 >/sys/module/trouble/parameters/pages_kb' 2>/dev/null
	wait_for counter_is victims 1
	cat "$LAST" >oomx.txt
	echo 0 >/sys/module/trouble/parameters/pages_kb
	sed -n '1,/^TRIGGER/s/^/# /p' oomx.txt
	grep -q '^  Cause: zone_reserve$' oomx.txt
}

# Movable has most of the free memory, and is closed to the request by its gfp mask.
movable_is_closed()
{
	tr '\n' ' ' <oomx.txt | tr -s ' ' | grep -qE \
		'Movable: free [0-9]{5,} kB, not for this request: its gfp mask'
}

plan 2
insmod /trouble.ko
load
check "enough is free, but not for this request" zone_reserve
check "the zone that it may not use is named" movable_is_closed
finish
