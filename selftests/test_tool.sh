#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 NODES=2 APPEND="quiet loglevel=1" MODULES=zram TIMEOUT=600
# vm: FILES="lib.sh"
#
# The tool on the running module. Records, JSON and metrics of every kind of OOM go to
# /out, where the host looks at them further (tools/test/run.sh).

. ./lib.sh

# refuses STATUS WORDS CMD...
refuses()
{
	want=$1 words=$2
	shift 2
	"$@" >said.txt 2>&1
	got=$?
	[ "$got" = "$want" ] && grep -q -- "$words" said.txt && return
	diag "status $got: $(head -n 3 said.txt)"
	return 1
}

no_module()
{
	refuses 1 "module not loaded: modprobe oomx" oomx show
}

not_root()
{
	refuses 1 "not root" asuser 1000 oomx show
}

without_debugfs()
{
	umount /sys/kernel/debug
	oomx list | grep -q 'no OOM since' && oomx now >now.txt && oomx metrics >/dev/null
	status=$?
	mount -t debugfs debugfs /sys/kernel/debug
	return "$status"
}

nothing_yet()
{
	refuses 3 "there is no event" oomx show && oomx list | grep -q 'no OOM since' &&
		[ -z "$(oomx list --json)" ]
}

# All kinds, with names that no sink may be fooled by.
all_kinds()
{
	weird='d"b\ {x="1"}'
	echo +memory >"$CG/cgroup.subtree_control"
	mkdir "$CG/$weird"
	echo 8M >"$CG/$weird/memory.max"
	in_dir "$CG/$weird" hog 16 >/dev/null
	cgroup hostile 8M
	cp /bin/hog "$(printf '/tmp/a"\033\\\377\n{}')"
	in_dir "$CG/hostile" "$(printf '/tmp/a"\033\\\377\n{}')" 16 >/dev/null
	killable hog 4096 >/dev/null
	killable hog 8 >hog.txt &
	wait_for grep -q holding hog.txt
	echo f >/proc/sysrq-trigger
	wait
	echo +cpuset >"$CG/cgroup.subtree_control"
	mkdir -p "$CG/set"
	echo 1 >"$CG/set/cpuset.mems"
	in_dir "$CG/set" hog 4096 >/dev/null
	killable hog -b 1 4096 >/dev/null
	wait_for counter_is victims 6
	wait_for settled
	happened=$(oomx list | wc -l)
	diag "$happened events"
	# a victim that is slow to die may run out of memory once more
	[ "$happened" = 6 ] || { [ -n "$SLOW" ] && [ "$happened" -gt 6 ]; }
}

same_text()
{
	cat "$LAST" >last.txt
	oomx show >show.txt
	cmp last.txt show.txt && oomx show last | cmp last.txt - &&
		oomx show "$happened" | cmp last.txt - && oomx list | cmp /proc/oomx/history -
}

# What is saved prints the same.
saved()
{
	oomx save all.oomx || return 1
	for id in $(seq "$happened"); do
		oomx show "$id" >live.txt
		oomx show "$id" --input all.oomx | cmp live.txt - || return 1
		oomx show "$id" --json >live.json
		oomx show "$id" --json -i - <all.oomx | cmp live.json - || return 1
	done
	oomx list -i all.oomx | cmp /proc/oomx/history - && oomx save - >copy.oomx &&
		cmp all.oomx copy.oomx && oomx save again.oomx --input all.oomx &&
		cmp all.oomx again.oomx
}

top_is_part()
{
	oomx top 3 >top.txt
	oomx show 3 >show.txt
	sed -n '/^CANDIDATES/,/^WHAT BECAME/p' show.txt | sed '/^$/d; $d' >want.txt
	sed -n '/^CANDIDATES/,$p' top.txt | sed '/^$/d' | cmp want.txt -
}

bad_input()
{
	dd if=all.oomx of=cut.oomx bs=1 count=3000 2>/dev/null
	refuses 4 "cut.oomx: cut off at byte 3000: the record at byte" oomx show -i cut.oomx ||
		return 1
	cp all.oomx bad.oomx
	printf '\377\377\377\377' | dd of=bad.oomx bs=1 seek=36 conv=notrunc 2>/dev/null
	refuses 4 "bad.oomx: byte 32: the record at byte 0 is damaged" oomx show -i bad.oomx ||
		return 1
	refuses 4 "byte 0: not a record of oomx" oomx list -i /bin/hog || return 1
	printf 'XMOO' >other.oomx
	dd if=/dev/zero bs=64 count=1 >>other.oomx 2>/dev/null
	refuses 4 "of the other byte order" oomx list -i other.oomx || return 1
	: >empty.oomx
	refuses 4 "is empty" oomx show -i empty.oomx || return 1
	refuses 1 "cannot open" oomx show -i /nowhere
}

bad_usage()
{
	refuses 2 "unknown command" oomx shwo && refuses 2 "which command" oomx &&
		refuses 2 "takes no argument" oomx list 1 && refuses 2 "where to" oomx save &&
		refuses 2 "knows no --json" oomx top --json && refuses 3 "there is no event 99" \
		oomx show 99 && refuses 3 "there is no event x" oomx show x &&
		refuses 2 "belong to follow" oomx list --journal &&
		refuses 1 "no memory cgroup /nowhere" oomx now /nowhere &&
		refuses 1 "not the path of a memory cgroup" oomx now nowhere
}

# What cannot be written whole does not replace what is there.
full_disk()
{
	mkdir -p small
	mount -t tmpfs -o size=8k none small
	echo precious >small/file
	refuses 1 "cannot write" oomx save small/file && [ "$(cat small/file)" = precious ] &&
		[ "$(ls small)" = file ]
	status=$?
	umount small
	return "$status"
}

help_and_version()
{
	oomx --help | grep -q 'oomx follow --json' && oomx --version | grep -q '^oomx [0-9]' &&
		oomx show | grep -qv "$(printf '\033')\[1m"
}

metrics_agree()
{
	oomx metrics >metrics.prom && oomx metrics --openmetrics >metrics.om &&
		oomx metrics --textfile textfile.prom && cmp metrics.prom textfile.prom &&
		grep -q '^oomx_events_total{kind="memcg"} 2$' metrics.prom &&
		grep -q '^oomx_kills_total 6$' metrics.prom &&
		grep -q '^oomx_disagreements_total 0$' metrics.prom &&
		grep -q '^oomx_last_event_timestamp_seconds 1' metrics.prom &&
		! grep -v '^#' metrics.prom | grep -E 'pid|comm|path|shop'
}

metrics()
{
	metrics_agree && return
	diff metrics.prom textfile.prom | sed 's/^/# /'
	grep -E '^oomx_(events|kills|disagreements|last)' metrics.prom | sed 's/^/# /'
	return 1
}

# follows FILE N: so many events, each with its end, unless that takes longer than a second
follows()
{
	[ "$(grep -c '^OOM event' "$1")" = "$2" ] && { [ -n "$SLOW" ] ||
		[ "$(grep -c 'gave up its address space' "$1")" = "$2" ]; }
}

# It reads the ring, and sleeps: what happens from now on is what it follows.
at_the_end()
{
	for fd in "/proc/$1/fd"/*; do
		[ "$(readlink "$fd")" = /proc/oomx/ring ] &&
			grep -q '^State:.S' "/proc/$1/status" && return
	done
	return 1
}

# once, however long the module takes to go
both_say()
{
	[ "$(grep -c "$1" follow.err)" = 1 ] && [ "$(grep -c "$1" text.err)" = 1 ]
}

# The last event is followed up to its end; all events come once, the module gone and back.
follow()
{
	oomx follow --json >follow.json 2>follow.err &
	follower=$!
	oomx follow >follow.txt 2>text.err &
	reader=$!
	wait_for at_the_end "$follower"
	wait_for at_the_end "$reader"
	storm 3 "$CG/hostile"
	wait_for lines follow.json 3
	wait_for follows follow.txt 3
	rmmod oomx
	wait_for both_say "waiting for it to come back"
	load
	wait_for both_say "is back"
	storm 2 "$CG/hostile"
	wait_for lines follow.json 5
	wait_for follows follow.txt 5
	kill "$follower" "$reader"
	wait
	diag "$(wc -l <follow.json) lines; $(xargs <follow.err); $(xargs <text.err)"
	ids=$(sed 's/^{"schema":1,"id":\([0-9]*\),.*/\1/' follow.json | xargs)
	[ "$ids" = "$(seq -s ' ' $((happened + 1)) $((happened + 3))) 1 2" ] && follows follow.txt 5 &&
		both_say "waiting for it to come back" && both_say "is back"
}

lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# A follower that is stopped while the ring is overrun says how much it lost.
lossy_follow()
{
	rmmod oomx
	load_with "ring_kb=512 candidates=16"
	oomx follow --json --all >slow.json 2>slow.err &
	slow=$!
	usleep 300000
	storm 2 "$CG/hostile"
	wait_for lines slow.json 2
	kill -STOP "$slow"
	storm 200 "$CG/hostile"
	kill -CONT "$slow"
	wait_for grep -q 'records were lost' slow.err
	storm 1 "$CG/hostile"
	wait_for grep -q '^{"schema":1,"id":203,' slow.json
	kill "$slow"
	wait
	diag "$(cat slow.err); $(wc -l <slow.json) events printed, $(counter events_memcg) happened"
	grep -qE '[0-9]+ records were lost' slow.err &&
		tail -n 1 slow.json | grep -q '^{"schema":1,"id":203,' &&
		[ "$(counter reader_lost_records)" -gt 0 ]
}

# Fields of the native protocol, received by a socket in the journal's place.
journal()
{
	mkdir -p /run/systemd/journal
	refuses 1 "cannot reach the journal" oomx follow --journal -i all.oomx || return 1
	journald /run/systemd/journal/socket /out/journal "$happened" &
	usleep 300000
	timeout 20 oomx follow --journal -i all.oomx && wait $!
	[ "$(grep -ac '^OOMX_KIND$' /out/journal)" = "$happened" ]
}

plan 19
modprobe zram
check "the module is not loaded" no_module
load_with "ring_kb=8192"
check "not root" not_root
check "without debugfs" without_debugfs
check "nothing has happened yet" nothing_yet
check "an OOM of every kind" all_kinds
check "the text is the module's, byte for byte" same_text
check "saved records print the same" saved
check "the ranking alone" top_is_part
check "input that is no record" bad_input
check "wrong usage" bad_usage
check "a full disk loses nothing" full_disk
check "help and version" help_and_version
check "metrics" metrics
check "a journal" journal
oomx list --json >/out/events.json
oomx now --json | tr -d '\n' >/out/now.json
cp all.oomx metrics.prom metrics.om /out/
for id in $(seq "$happened"); do
	oomx show "$id" >"/out/show-$id.txt"
	oomx show "$id" --json >"/out/show-$id.json"
done
check "follow, over rmmod and insmod" follow
check "follow says what it lost" lossy_follow
check "unloading" rmmod oomx
check "now without a module" refuses 1 "module not loaded" oomx now
check "metrics without a module" refuses 1 "module not loaded" oomx metrics
finish
