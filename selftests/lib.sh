# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests in the guest share. They print KTAP; busybox sh.

CG=/sys/fs/cgroup
LAST=/proc/oomx/last
tests=0
failed=0

# kernels without CONFIG_KALLSYMS_ALL: no variable can be found, the size of swap is n/a
no_variables=
grep -q ' sysctl_panic_on_oom$' /proc/kallsyms || no_variables=1

# until 6.2 a thread counts the pages of its last faults by itself
split_rss=
uname -r | grep -qE '^(5\.|6\.[01]\.)' && split_rss=1

# set where the path of a cgroup cannot be had
no_path=

# what a module cannot tell of memory.stat, by README.md's table; later kernels keep all of it
private='.*'
case $(uname -r) in
5.10.*) private='thp_.*' ;;
6.1.*) private='kernel|percpu|sock|vmalloc|zswap|zswapped|(pg|thp_|zswp).*' ;;
esac

# the LRU lists of a cgroup, which 6.12 and later keep of the group that ran out
lists='(in)?active_(anon|file)|unevictable'

# plan N
plan()
{
	echo "KTAP version 1"
	echo "1..$1"
}

# result STATUS NAME
result()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests $2"
	else
		echo "not ok $tests $2"
		failed=$((failed + 1))
	fi
}

# check NAME CMD...
check()
{
	check_name=$1 check_start=$(cut -d. -f1 /proc/uptime)
	shift
	"$@"
	check_status=$?
	diag "$(($(cut -d. -f1 /proc/uptime) - check_start)) s"
	result $check_status "$check_name"
}

# skip NAME WHY
skip()
{
	tests=$((tests + 1))
	echo "ok $tests $1 # SKIP $2"
}

diag()
{
	echo "# $*"
}

# The verdicts are in the KTAP; the status says once more that none was bad.
finish()
{
	[ "$failed" -eq 0 ]
	exit
}

# HOOK: from the kernel's command line, forces a backend
load()
{
	load_with ""
}

# load_with "PARAMETER=VALUE ...", the last one counts. KO: another copy of the module. An emulated
# CPU may stand still for long: time is not short unless a test asks for that.
load_with()
{
	# shellcheck disable=SC2086 # parameters are words
	insmod "${KO:-/oomx.ko}" max_us=10000000 ${HOOK:+hook=$HOOK} $1
}

# cgroup PATH LIMIT: make a cgroup with a memory limit, its parents without
cgroup()
{
	dir=$CG
	for name in $(echo "$1" | tr / ' '); do
		echo +memory >"$dir/cgroup.subtree_control"
		dir=$dir/$name
		mkdir -p "$dir"
	done
	echo "$2" >"$dir/memory.max"
}

two_nodes()
{
	[ -d /sys/devices/system/node/node1 ]
}

# The cgroups node0 and node1, each with a node of the machine's.
cpusets()
{
	two_nodes && grep -qw cpuset "$CG/cgroup.controllers" || return 1
	echo +cpuset >"$CG/cgroup.subtree_control" || return 1
	for node in 0 1; do
		mkdir -p "$CG/node$node" && echo "$node" >"$CG/node$node/cpuset.mems" || return 1
	done
}

# in_dir DIR CMD...: run CMD, killable, in the cgroup of a directory
in_dir()
{
	# shellcheck disable=SC2016 # $$ is the inner shell, which moves itself
	sh -c 'd=$0; echo $$ >"$d/cgroup.procs" && exec killable "$@"' "$@"
}

# Forget the kernel's log, so that it holds the report of the next OOM only.
fresh_log()
{
	dmesg -c >/dev/null
}

# What the module holds, beside its code: kB of the pages that it has mapped. Of the ring, the only
# one that vmap() has mapped, they are told by its size: it is mapped twice in part.
data_kb()
{
	awk -v ring="$(counter ring_bytes)" '/\[oomx\]/ { n += / vmap/ ? ring : 0 }
		/\[oomx\].* pages=/ { sub(/.*pages=/, ""); n += $1 * 4096 }
		END { print n / 1024 }' /proc/vmallocinfo
}

code_kb()
{
	echo $(($(awk '$1 == "oomx" { print $2 }' /proc/modules) / 1024))
}

# How many the kernel has killed since boot.
vmstat_kills()
{
	sed -n 's/^oom_kill //p' /proc/vmstat
}

# counter NAME: of the module
counter()
{
	sed -n "s/^$1 //p" /proc/oomx/stats
}

# all_events: that the module counted, of all kinds
all_events()
{
	awk '/^events_(global|memcg|cpuset|mempolicy|sysrq) / { n += $2 } END { print n }' \
		/proc/oomx/stats
}

no_splat()
{
	! sh /splat.sh
}

no_stall_told()
{
	! dmesg | grep -E 'soft lockup|rcu.*stall|hung_task|blocked for more than'
}

# Of the module, once it is gone. What code that is gone has mapped has an address for a name.
nothing_left()
{
	! grep oomx /proc/modules && [ ! -e /proc/oomx ] && [ ! -e /sys/module/oomx ] &&
		[ ! -e /sys/kernel/debug/oomx ] &&
		! grep -sE 'out_of_memory|exit_oom_victim|oomx' /sys/kernel/debug/kprobes/list &&
		! grep -sE 'out_of_memory|oomx' /sys/kernel/tracing/enabled_functions &&
		! grep -E '\[oomx\]|^0x[^ ]+ +[0-9]+ 0x' /proc/vmallocinfo
}

# repeats NUMBER: of something that a kernel with checkers takes long for, a tenth of them there
repeats()
{
	if [ -n "$SLOW" ]; then
		echo $((($1 + 9) / 10))
	else
		echo "$1"
	fi
}

# wait_for CMD...: until it succeeds, 300 times at most, 0.1 s apart
wait_for()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		usleep 100000
	done
}

# ready FILE: wait until a crowd says there that all of it has come, 600 s at most
ready()
{
	tries=0
	until grep -qs ready "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 1
	done
}

# when CONDITION...: wait for it, and tell if it does not come
when()
{
	wait_for "$@" || diag "does not come: $*"
}

# holds CGROUP MB
holds()
{
	[ "$(cat "$CG/$1/memory.current")" -ge $(($2 << 20)) ]
}

# resident MB: a hog has that much
resident()
{
	for pid in $(pidof hog); do
		awk -v kb=$(($1 * 1024)) '/^VmRSS/ && $2 >= kb { found = 1 }
			END { exit !found }' "/proc/$pid/status" 2>/dev/null && return
	done
	return 1
}

counter_is()
{
	[ "$(counter "$1")" = "$2" ]
}

# Kernels of our own that have what Debian's are without, lockdown and cgroup v1: a test of that may
# not skip there.
built_for_it()
{
	case $KERNEL in
	*-kunit) ;;
	*)	return 1 ;;
	esac
}

# The kprobe layer had to skip no call; ftrace does not count them, and has no line.
no_misses()
{
	counter_is probe_misses 0 || { counter_is hook_ftrace 1 && counter_is probe_misses ""; }
}

# can_hook HOW: function tracing that hands out arguments; kprobes are everywhere
can_hook()
{
	[ "$1" = kprobe ] || grep -q '^out_of_memory' /sys/kernel/tracing/available_filter_functions
}

counter_above()
{
	[ "$(counter "$1")" -gt "$2" ]
}

# Made here: in quietly() it would be the process that must not be.
[ -e /tmp/quiet ] || mkfifo /tmp/quiet

# quietly SECONDS: wait without a new process, while others look at all there are
quietly()
{
	exec 9<>/tmp/quiet
	# shellcheck disable=SC3045 # busybox has -t
	read -r -t "$1" _ <&9
	exec 9<&-
}

# Keep both reports of the kill that just was: kernel.log and oomx.txt. Another OOM may have
# followed, without a victim and without a word of the kernel's.
save_reports()
{
	wait_for logged
	dmesg >kernel.log
	event=$(event_of_kill)
	wait_for released "$event"
	oomx show "$event" >oomx.txt
}

logged()
{
	dmesg | grep -q 'Killed process'
}

# The event whose victim is the first that the log tells of.
event_of_kill()
{
	killed=$(sed -n 's/.*Killed process \([0-9]*\).*/\1/p' kernel.log | head -n 1)
	sed -n "s/^\([0-9]*\) .*; victim .* (pid $killed).*/\1/p" /proc/oomx/history | tail -n 1
}

released()
{
	oomx show "$1" | grep -q 'gave up its address space'
}

settled()
{
	grep -q 'gave up its address space' "$LAST"
}

# compared OURS KERNEL TEXTS AWK-ARGUMENT...: what differs is told last, after both texts: of a long
# failure the end is shown
compared()
{
	ours=$1 theirs=$2 texts=$3
	shift 3
	awk "$@" -f compare.awk "$ours" "$theirs" >compared.txt && cat compared.txt && return
	# shellcheck disable=SC2086 # a list of files
	sed 's/^/# /' $texts
	cat compared.txt
	return 1
}

# agrees MINIMUM [partial]: do they say the same? At least MINIMUM values must have been
# compared. partial: the kernel's report leaves out nodes.
agrees()
{
	awk -f kernel.awk kernel.log >kernel.txt
	awk -f oomx.awk oomx.txt >ours.txt
	compared ours.txt kernel.txt "oomx.txt kernel.log" -v minimum="$1" -v partial="${2:-}" \
		-v no_variables="$no_variables" -v no_path="$no_path" \
		-v split_rss="$split_rss" -v private="$private" -v lists="$lists"
}

# import_agrees MINIMUM [partial]: what "oomx import" makes of kernel.log is what stands there, to
# the last number; as agrees
import_agrees()
{
	oomx import kernel.log >imported.txt || return 1
	awk -f kernel.awk kernel.log >kernel.txt
	awk -f oomx.awk imported.txt >import.txt
	diag "$(grep -c '^OOM event' imported.txt) events in the log"
	[ "$(grep -c '^OOM event' imported.txt)" = 1 ] &&
		compared import.txt kernel.txt "imported.txt kernel.log" -v minimum="$1" \
			-v partial="${2:-}" -v exact=1
}

# twice CMD...: one more OOM where the first was compared while something moved (a drain of
# the per-CPU lists, a process that exits). What is wrong with the record is so both times.
twice()
{
	"$@" && return
	diag "once more, with another OOM"
	"$@"
}

# ours KEY: a value of the last comparison, as oomx has it
ours()
{
	sed -n "s/^$1 //p" ours.txt
}

# The victim is the task that the record ranks first, and the kernel counted the same.
chosen_as_predicted()
{
	diag "predicted $(ours top.pid) with $(ours top.points) points," \
		"killed $(ours decision.pid) with $(ours decision.points)"
	[ -n "$(ours top.pid)" ] && [ "$(ours top.pid)" = "$(ours decision.pid)" ] &&
		[ "$(ours top.points)" = "$(ours decision.points)" ] &&
		{ [ -n "$no_variables" ] ||
			[ "$(ours top.totalpages)" = "$(ours decision.totalpages)" ]; }
}

kind_is()
{
	head -n 1 oomx.txt | grep -q "^OOM event [0-9]*: $1\$"
}
