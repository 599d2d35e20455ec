#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	check.sh kunit|kunit_kernel|selftests|tool|events|bench|kernel_tests|stock|everything|matrix...
#
# Runs the tests in VMs, has the kernel's own kunit.py judge what they print,
# and ends with the sum of all test cases. What is no test case but goes wrong,
# a VM that does not end well or a log without results, counts as a failure.
#
# KERNEL and TESTS choose what the selftests run on and which of them. "kernel_tests" runs what
# selftests/kernels lists for KERNEL, "kunit_kernel" what it lists for KERNEL-kunit, "stock" a
# smoke test on every other kernel of Debian, "everything" all of these, "matrix" all tests on every
# kernel, with a table at the end.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

: "${KERNEL:=$(default_kernel)}" "${TESTS:=}"
LOGS=${OOMX_LOGS:-$BUILD/logs}
MATRIX=$BUILD/matrix
total_passed=0 total_failed=0 total_skipped=0

# count WORD LINE: the number in "word: N" of kunit.py's last line, or 0
count()
{
	local n

	n=$(sed -n "s/.*$1: \([0-9]*\).*/\1/p" <<<"$2")
	echo "${n:-0}"
}

sum()
{
	printf '%d passed, %d failed' "$1" "$2"
	[ "$3" -eq 0 ] || printf ', %d skipped' "$3"
	echo
}

# result NAME PASSED FAILED SKIPPED NOTE: one line, and into the totals
result()
{
	local word=ok

	[ "$3" -eq 0 ] || word=FAIL
	printf '  %-5s %-28s %s%s\n' "$word" "$1" "$(sum "$2" "$3" "$4")" "${5:-}"
	total_passed=$((total_passed + $2))
	total_failed=$((total_failed + $3))
	total_skipped=$((total_skipped + $4))
}

# judge NAME KTAP VM_STATUS SECONDS
judge()
{
	local name=$1 log line passed failed skipped why

	log=$LOGS/$name.parsed
	[ -e "$2" ] || { mkdir -p "$(dirname "$2")" && : >"$2"; }
	NO_COLOR=1 python3 "$kunit_py" parse "$2" >"$log" 2>&1 || true
	line=$(grep 'Testing complete' "$log" || true)
	passed=$(count passed "$line")
	skipped=$(count skipped "$line")
	failed=$(($(count failed "$line") + $(count crashed "$line")))
	if [ $failed -eq 0 ] && { [ "$3" -ne 0 ] || [ -z "$line" ] ||
	   [ "$(count errors "$line")" -gt 0 ]; }; then
		failed=1
	fi
	why=$(sed -n 's/.*# SKIP //p' "$2" | sort -u | paste -sd ';')
	result "$name" "$passed" "$failed" "$skipped" "${4:+ ($4 s)}${why:+ skipped: $why}"
	[ $failed -eq 0 ] || explain "$2" "$log" | sed 's/^/        /'
	[ "$3" -eq 0 ] || explain_vm "$name" | sed 's/^/        /'
}

# explain KTAP PARSED: what failed, with the diagnostics that lead up to it
explain()
{
	awk '/^ *ok/ { n = 0; next }
		/KTAP version|# Subtest|^ *1\.\.|pass:/ { next }
		!/^ *not ok/ { said[n++] = $0; next }
		!/# SKIP/ { for (i = n > 8 ? n - 8 : 0; i < n; i++) print said[i]
			print }
		{ n = 0 }' "$1"
	grep -o '\[ERROR\].*' "$2" || true
}

# explain_vm NAME: a script may well say no; any other end needs the console
explain_vm()
{
	local last

	last=$(tail -n 1 "$LOGS/$1.console")
	[ "${last#*the script ended with}" != "$last" ] || {
		grep -aE '(BUG|WARNING|INFO|Oops|panic|RIP): ' \
			"$LOGS/$1.console" || true
		tail -n 12 "$LOGS/$1.console" | sed '$d'
	}
	echo "$last; console: ${LOGS#"$TOP"/}/$1.console"
}

# heeding CMD...: a signal that ends this script ends that, too, and at once: the shell does not
# wait for a command in the foreground then. In the background it would not heed ctrl-C by itself.
heeding()
{
	(trap - INT QUIT; exec setpriv --pdeathsig TERM "$@") &
	wait $!
}

# vm NAME SCRIPT: runs it; what it leaves in /out goes to $LOGS/NAME
vm()
{
	local rc=0

	mkdir -p "$LOGS"
	rm -rf "${LOGS:?}/$1"*
	SCRIPT=$2 OUT=$LOGS/$1 heeding "$QEMU_DIR/vm.sh" >"$LOGS/$1.console" 2>&1 || rc=$?
	return $rc
}

# Each suite's results are judged apart; a VM that failed is one more failure. Debian's kernels
# have no KUnit: there is one of our own for each series.
kunit()
{
	local kernel=$KERNEL dir rc=0 ktap

	case $(kernel "$KERNEL" kind) in
	+*)	;;
	*)	kernel=$KERNEL-kunit ;;
	esac
	dir=$("$QEMU_DIR/modules.sh" "$kernel")
	[ -e "$dir/kunit/oomx_test.ko" ] || die "Kbuild made no oomx_test.ko"
	step "KUnit on $kernel"
	KERNEL=$kernel FILES=$dir/kunit/oomx_test.ko \
		vm kunit "$QEMU_DIR/kunit-guest.sh" || rc=$?
	for ktap in "$LOGS"/kunit/*.ktap; do
		[ ! -e "$ktap" ] || judge "$(basename "$ktap" .ktap)" "$ktap" 0
	done
	if [ $rc -ne 0 ]; then
		result kunit-vm 0 1 0
		explain_vm kunit | sed 's/^/        /'
	fi
}

selftests()
{
	local t rc start

	"$QEMU_DIR/modules.sh" "$KERNEL" >/dev/null
	step "selftests on $KERNEL"
	for t in ${TESTS:-"$TOP"/selftests/test_*.sh}; do
		t=$(basename "$t")
		[ -e "$TOP/selftests/$t" ] || die "no such test: selftests/$t"
		rc=0 start=$SECONDS
		vm "${t%.sh}" "$TOP/selftests/$t" || rc=$?
		judge "${t%.sh}" "$LOGS/${t%.sh}/stdout" $rc $((SECONDS - start))
	done
}

# on_host NAME [events]: with what the tool printed in the guest
on_host()
{
	local name=$1 rc=0 start=$SECONDS

	shift
	[ -s "$LOGS/test_tool/events.json" ] || TESTS=test_tool.sh selftests
	mkdir -p "$LOGS/$name"
	"$TOP/tools/test/run.sh" "$LOGS/test_tool" "$@" >"$LOGS/$name/stdout" \
		2>"$LOGS/$name.console" || rc=$?
	echo "oomx: run.sh: the script ended with $rc" >>"$LOGS/$name.console"
	judge "$name" "$LOGS/$name/stdout" $rc $((SECONDS - start))
}

tool()
{
	step "the tool on the host"
	on_host tool
}

# What its records become differs by kernel; the tool does not.
events()
{
	step "events of $KERNEL on the host"
	on_host events events
}

# The part of the benchmark that fails when a figure is over its bound.
bench()
{
	KERNEL=6.1 MEM=2048 APPEND="SIZES=10,1000" TESTS="bench.sh bench_load.sh" selftests
}

# kernel: what is to be tested on $KERNEL
kernel_tests()
{
	local t tests

	tests=$(kernel "$KERNEL" tests)
	for t in ${tests//,/ }; do
		case $t in
		all)	selftests
			[ -n "$TESTS" ] || events ;;
		kunit)	kunit ;;
		inject)	TESTS=inject.sh selftests ;;
		bound)	APPEND=HOOK=kprobe TESTS=bench_bound.sh selftests ;;
		cpus)	TESTS=bench_cpus.sh selftests ;;
		*)	TESTS=test_$t.sh selftests ;;
		esac
	done
}

# The list's other kernel of the series: KUnit, and what only a kernel of our own can try. What
# it leaves is kept apart from that of the same test on the other one.
kunit_kernel()
{
	local LOGS=$LOGS/own

	KERNEL=${KERNEL%-kunit}-kunit kernel_tests
}

# The default kernel is tested in full anyway.
stock()
{
	local k

	for k in $(kernel_names | tail -n +2); do
		case $(kernel "$k" kind) in
		+*)	;;
		*)	KERNEL=$k TESTS=test_smoke.sh selftests ;;
		esac
	done
}

# beside JOB...: in a run of its own, at the same time, with logs of its own
beside()
{
	OOMX_LOGS=$LOGS/beside setpriv --pdeathsig TERM "$QEMU_DIR/check.sh" "$@" \
		>"$LOGS/beside.log" 2>&1 &
	beside=$!
}

# What that run said, and says until it ends; its sum goes into the totals.
join()
{
	local p f s

	step "what ran beside that:"
	heeding tail -n +1 -f --pid="$beside" "$LOGS/beside.log" | sed -u '/^[0-9]* passed, /d'
	read -r p f s < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p' \
		"$LOGS/beside.log") || true
	[ -n "${f:-}" ] || result beside 0 1 0
	total_passed=$((total_passed + ${p:-0}))
	total_failed=$((total_failed + ${f:-0}))
	total_skipped=$((total_skipped + ${s:-0}))
}

# Most of a VM's time is that of one CPU. These are about half of the work.
everything()
{
	beside stock bench kunit_kernel
	selftests
	tool
	join
}

# What is tested: another tree, another name.
tree_id()
{
	(cd "$TOP" && find . \( -name .git -o -name .build -o -path ./tools/oomx/oomx \) -prune -o \
		-type f -print0 | sort -z | xargs -0 sha256sum) | sha256sum | cut -c 1-12
}

# one KERNEL ID: its tests, with log and logs in a directory of its own
one()
{
	local dir=$MATRIX/$1 rc=0 tee

	if [ "$(cat "$dir/passed" 2>/dev/null)" = "$2" ]; then
		step "$1 passed on this tree before"
		return
	fi
	fresh "$dir"
	exec 3> >(exec tee "$dir/log")
	tee=$!
	KERNEL=$1 OOMX_LOGS=$dir/logs heeding "$QEMU_DIR/check.sh" kernel_tests >&3 2>&1 3>&- || rc=$?
	exec 3>&-
	wait $tee	# the table is made of the log
	[ $rc -ne 0 ] || echo "$2" >"$dir/passed"
}

# row KERNEL: its lines of the table. A kernel that could not be had or built has no sum: that
# is one failure, with its reason.
row()
{
	local log=$MATRIX/$1/log line

	sed -n "s/^  \(ok\|FAIL\) */$1 /p" "$log" | tr -s ' '
	line=$(tail -n 1 "$log")
	case $line in
	*" passed, "*) ;;
	*)	echo "$1 - 0 passed, 1 failed: $line" ;;
	esac
}

# Each kernel apart: one that cannot be had or built fails alone. Interrupted or not, the next
# run goes on with what has not passed yet on this very tree; "make clean" forgets it.
matrix()
{
	local k id

	id=$(tree_id)
	for k in $(kernel_names); do
		one "$k" "$id"
	done
	for k in $(kernel_names); do
		row "$k"
	done >"$MATRIX/table"
	column -t -l 3 "$MATRIX/table"
	# kernel suite N passed, N failed, N skipped
	read -r total_passed total_failed total_skipped < <(awk '
		{ p += $3; f += $5; s += $8 ~ /^skipped/ ? $7 : 0 }
		END { print p + 0, f + 0, s + 0 }' "$MATRIX/table")
	LOGS=$MATRIX/$KERNEL/logs	# for the tool on the host
}

main()
{
	local job

	trap 'exit 130' INT TERM HUP
	mkdir -p "$LOGS"
	need_for kernel bsdextrautils
	kunit_py=$("$QEMU_DIR/fetch.sh" source 6.1)/tools/testing/kunit/kunit.py
	for job; do
		$job
	done
	sum $total_passed $total_failed $total_skipped
	[ $total_failed -eq 0 ] && [ $total_passed -gt 0 ]
}

main "$@"
