#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1 panic_on_warn=0" TIMEOUT=120
# vm: FILES="lib.sh" PANIC="oomx: event 2 .global.: panic; 2 candidates, [0-9]+ points the most"
#
# vm.panic_on_oom=1: the record dies with the machine, its verdict is on the console. A memory
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
