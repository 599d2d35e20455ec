#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="loglevel=5" TIMEOUT=120
# vm: FILES="lib.sh" PANIC="oomx: event [0-9]+ .global.: panic after [0-9]+ ms: System is deadlocked"
# vm: PANIC+=".*oomx: Cause: [a-z_]+\. .*oomx: hog .pid [0-9]+. asked for 4 kB .order 0, "
# vm: PANIC+=".*oomx: No task could be killed. Not hog .pid [0-9]+. with [0-9.]+ MB: "
# vm: PANIC+="its oom_score_adj is -1000"
#
# "System is deadlocked on memory": nobody may be killed, and the console tells who should have
# been.

. ./lib.sh

load
hog 4096 >/dev/null
