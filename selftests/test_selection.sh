#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 NODES=2 APPEND="quiet loglevel=1" MODULES=zram TIMEOUT=3600
# vm: FILES="lib.sh selection.sh"
#
# The choice among random families of processes. SEED and SCALE: in the guest's /etc/vm, or
# as they are here; "make check-selection" takes them 15 times as many.

. ./lib.sh
. ./selection.sh

seed=${SEED:-1000}
scale=${SCALE:-1}

many()
{
	for kind in memcg memcg memcg memcg group; do
		families "$kind" $((3 * scale))
	done
}

whole_machine()
{
	families global $((3 * scale))
	families sysrq $((3 * scale))
	families cpuset $((2 * scale))
	families mempolicy $((2 * scale))
}

# Who was killed, as the kernel's log says and as we do; what it kills twice counts once.
kernel_log()
{
	dmesg | sed -n 's/.*Killed process \([0-9]*\) .*/\1/p' | sort -u >killed.txt
	sed -n 's/.*"outcome":\(.*"result":"\(group_\)\?killed"\)/\1/p' events.json |
		grep -o '"pid":[0-9]*,[^}]*"shares_mm":false' |
		sed 's/"pid":\([0-9]*\),.*/\1/' | sort -u >victims.txt
	diag "$(wc -l <killed.txt) killed by the log, $(wc -l <victims.txt) by the records"
	cmp killed.txt victims.txt
}

plan 2
make_zoo
load_with "ring_kb=65536"
many
whole_machine
if [ -n "$no_variables" ]; then
	# without the size of swap hardly anything can be
	check "no choice was predicted that did not come" all_agree 0
else
	check "every choice was predicted, to the page" all_agree $((20 * scale))
fi
check "who was killed, as in the kernel's log" kernel_log
finish
