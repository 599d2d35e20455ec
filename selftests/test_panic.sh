#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="loglevel=5" TIMEOUT=120
# vm: FILES="lib.sh" PANIC="oomx: event 2 .global.: panic after [0-9]+ ms: Out of memory: "
# vm: PANIC+=".*oomx: Cause: [a-z_]+\. .*oomx: hog .pid [0-9]+. asked for 4 kB .order 0, "
# vm: PANIC+=".*oomx: The highest badness of 2 candidates: hog .pid [0-9]+. with [0-9]+ points"
#
# vm.panic_on_oom=1: the record dies with the machine, its summary is on the console. A memory
# cgroup at its limit is no reason to panic.

. ./lib.sh

load
echo 1 >/proc/sys/vm/panic_on_oom
cgroup small 8M
in_dir "$CG/small" hog 16 >/dev/null
wait_for counter_is outcome_killed 1
killable hog 8 60 >/dev/null &
usleep 500000
killable hog 4096 >/dev/null
