#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	run.sh DIR [events]
#
# Tests of the tool on the host, on what test_tool.sh left in DIR; or of what the tool made of the
# events there only, which differ by kernel. Prints KTAP.

set -euo pipefail
. "$(dirname "$0")/../../selftests/qemu/lib.sh"

OUT=$1 ONLY=${2:-}
EVENTS=$(wc -l <"$OUT/events.json")
HERE=$TOP/tools/test
CORPUS=$TOP/tools/fuzz/corpus
WORK=$BUILD/tool-test
tests=0 failed=0

# check NAME CMD...: what CMD says becomes diagnostics
check()
{
	local name=$1 word=ok

	shift
	tests=$((tests + 1))
	if ! "$@" >"$WORK/said" 2>&1; then
		word="not ok" failed=$((failed + 1))
	fi
	sed 's/^/# /' "$WORK/said" | tail -n 20
	echo "$word $tests $name"
}

json_is_valid()
{
	cp "$OUT/events.json" "$WORK/events.jsonl"
	/usr/bin/python3 "$HERE/check.py" json "$TOP/tools/oomx/oomx-event.schema.json" \
		"$WORK/events.jsonl" "$OUT"/show-*.json "$OUT/now.json"
}

# The fields that the schema asks for are not just any: without one of them it must fail.
schema_is_strict()
{
	sed 's/"points":[^,]*,//' "$OUT/events.json" >"$WORK/less.jsonl"
	! /usr/bin/python3 "$HERE/check.py" json "$TOP/tools/oomx/oomx-event.schema.json" \
		"$WORK/less.jsonl" "$OUT/now.json" >/dev/null
}

promtool_accepts()
{
	"$prometheus/usr/bin/promtool" check metrics <"$OUT/metrics.prom" &&
		! sed '/^# HELP/d' "$OUT/metrics.prom" |
			"$prometheus/usr/bin/promtool" check metrics >/dev/null 2>&1
}

openmetrics_is_strict()
{
	/usr/bin/python3 "$HERE/check.py" openmetrics "$OUT/metrics.om" &&
		! /usr/bin/python3 "$HERE/check.py" openmetrics "$OUT/metrics.prom" >/dev/null 2>&1
}

# The exporter itself, on a port that is free.
node_exporter_serves()
{
	local port pid line

	mkdir -p "$WORK/textfile"
	"$tool" metrics --input "$OUT/all.oomx" --textfile "$WORK/textfile/oomx.prom"
	port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	"$prometheus/usr/bin/prometheus-node-exporter" --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$WORK/textfile" \
		--web.listen-address="127.0.0.1:$port" >"$WORK/exporter.log" 2>&1 &
	pid=$!
	for _ in {1..50}; do
		/usr/bin/python3 -c "import urllib.request as u
print(u.urlopen('http://127.0.0.1:$port/metrics').read().decode())" \
			>"$WORK/served" 2>/dev/null && break
		sleep 0.2
	done
	kill $pid
	wait $pid 2>/dev/null || true
	grep -v '^#' "$WORK/textfile/oomx.prom" | sed 's/ .*//' | while read -r line; do
		grep -qF "$line " "$WORK/served" || { echo "not served: $line"; exit 1; }
	done &&
		grep -q '^oomx_events_total{kind="memcg"} 2$' "$WORK/served" &&
		grep -q '^# TYPE oomx_events_total counter$' "$WORK/served" &&
		grep -q '^node_textfile_scrape_error 0$' "$WORK/served"
}

# The journal's own tools read what was sent.
journal_accepts()
{
	rm -f "$WORK/oomx.journal"
	/lib/systemd/systemd-journal-remote -o "$WORK/oomx.journal" \
		--split-mode=none "$OUT/journal" >/dev/null || return 1
	journalctl --all --file "$WORK/oomx.journal" -o json MESSAGE_ID=3d9a2f0c6b5e4a0f9c1d7e84b2a6f513 |
		EVENTS=$EVENTS /usr/bin/python3 -c '
import json, os, sys
entries = [json.loads(line) for line in sys.stdin]
kinds = sorted({e["OOMX_KIND"] for e in entries})
print(len(entries), kinds)
sys.exit(len(entries) != int(os.environ["EVENTS"]) or len(kinds) != 5 or
	 any(e["PRIORITY"] != "3" or "OOM event" not in e["OOMX_REPORT"] or
	     json.loads(e["OOMX_JSON"])["kind"] != e["OOMX_KIND"] for e in entries))'
}

catalog_is_valid()
{
	mkdir -p "$WORK/root/usr/lib/systemd/catalog" "$WORK/root/var/lib/systemd/catalog"
	cp "$TOP/tools/oomx/oomx.catalog" "$WORK/root/usr/lib/systemd/catalog/"
	journalctl --root="$WORK/root" --update-catalog &&
		journalctl --root="$WORK/root" --dump-catalog | grep 'The kernel ran out of memory' >/dev/null
}

# The text and the JSON of another architecture, which runs in an emulator.
arm64_prints_the_same()
{
	local id

	make -s -C "$TOP/tools/oomx" O="$BUILD/tools-arm64" PROGRAM="$WORK/oomx-arm64" \
		CC=aarch64-linux-gnu-gcc CFLAGS="-O2 -I$jansson/usr/include" \
		LDLIBS="$jansson/usr/lib/aarch64-linux-gnu/libjansson.a" || return 1
	for id in $(seq "$EVENTS"); do
		qemu-aarch64-static "$WORK/oomx-arm64" show "$id" -i "$OUT/all.oomx" |
			cmp - "$OUT/show-$id.txt" || return 1
		qemu-aarch64-static "$WORK/oomx-arm64" show "$id" --json -i "$OUT/all.oomx" |
			cmp - "$OUT/show-$id.json" || return 1
	done
}

valgrind_is_clean()
{
	local command

	make -s -C "$TOP/tools/oomx" O="$BUILD/tools-valgrind" PROGRAM="$WORK/oomx-valgrind" \
		LDFLAGS= || return 1
	for command in list "show --json" "show 3" top "follow --json" metrics "save -"; do
		# shellcheck disable=SC2086 # they are words
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=all \
			"$WORK/oomx-valgrind" $command -i "$OUT/all.oomx" >/dev/null || return 1
	done
	! valgrind -q --error-exitcode=9 --leak-check=full "$WORK/oomx-valgrind" show \
		-i /bin/true 2>&1 | grep -v '^oomx: /bin/true: byte 0: not a record'
}

# Records of earlier versions print, and nothing in them is unknown that was known then.
old_records_print()
{
	local file

	for file in "$CORPUS"/v1-*.oomx; do
		"$tool" show -i "$file" >"$WORK/old.txt" || return 1
		grep -q '^  Cause: [a-z_]*' "$WORK/old.txt" &&
			grep -q 'gave up its address space' "$WORK/old.txt" &&
			"$tool" show --json -i "$file" | grep '"result": "killed"' >/dev/null || return 1
	done
}

# Logs of all vintages: what must come out of each stands beside it.
logs_import()
{
	/usr/bin/python3 "$HERE/check.py" logs "$tool" "$TOP/tools/oomx/oomx-event.schema.json" \
		"$HERE/logs"
}

prefixes_make_no_difference()
{
	local log

	for log in 3.2-i386-highmem-sacrifice 5.10-no-killable; do
		/usr/bin/python3 "$HERE/check.py" prefixes "$tool" "$HERE/logs/$log.log" || return 1
	done
}

broken_lines_make_no_difference()
{
	local log

	for log in 6.12-arm64-16k-kswapd 3.2-i386-highmem-sacrifice 6.12-sysrq \
		7.2-highatomic-short-full; do
		/usr/bin/python3 "$HERE/check.py" broken "$tool" "$HERE/logs/$log.log" || return 1
	done
}

# What was saved is what was printed, and a second import does not write over it.
import_saves()
{
	local log=$HERE/logs/central-syslog-two-hosts.log dir=$WORK/saved id n

	rm -rf "$dir"
	n=$("$tool" import --list "$log" | wc -l)
	"$tool" import "$log" --save "$dir" >"$WORK/saved.txt"
	"$tool" list -i "$dir" | cmp - "$WORK/saved.txt" || return 1
	for ((id = 1; id <= n; id++)); do
		"$tool" show "$id" -i "$dir"
		[ "$id" -eq "$n" ] || echo
	done | cmp - <("$tool" import "$log") || return 1
	"$tool" show --json -i "$dir" | tr -d ' \n' |
		cmp - <("$tool" import --json "$log" | tail -n 1 | tr -d ' \n') || return 1
	[ "$n" -gt 1 ] && ! "$tool" import "$log" --save "$dir" >/dev/null &&
		[ "$(find "$dir" -type f | wc -l)" = "$n" ]
}

import_counts()
{
	"$tool" import --summary "$HERE/logs/6.8-memcg-storm.log" | tee "$WORK/summary"
	grep -q '^13 events, ' "$WORK/summary" && grep -q '^ *[0-9]* *memcg_limit$' "$WORK/summary" &&
		cat "$HERE"/logs/*.log | "$tool" import --summary --json |
		/usr/bin/python3 -c '
import json, sys
s = json.load(sys.stdin)
print(s["events"], s["kills"])
for key in ("by_cause", "by_cgroup", "by_hour"):
    assert sum(r["n"] for r in s[key]) == s["events"], key
assert sum(r["n"] for r in s["by_victim"]) == s["kills"]'
}

# A report is printed soon after its last line, while the log stays open.
import_follows()
{
	local pid

	rm -f "$WORK/fifo"
	mkfifo "$WORK/fifo"
	"$tool" import --follow --list "$WORK/fifo" >"$WORK/followed" &
	pid=$!
	exec 8>"$WORK/fifo"
	cat "$HERE/logs/6.12-sysrq.log" >&8
	for _ in {1..100}; do
		[ ! -s "$WORK/followed" ] || break
		sleep 0.1
	done
	wc -l <"$WORK/followed"
	grep -q '^1 .* sysrq; trigger ' "$WORK/followed" || { kill $pid; return 1; }
	cat "$HERE/logs/6.12-sysrq.log" >&8
	exec 8>&-
	wait $pid && grep -q '^2 .* sysrq; trigger ' "$WORK/followed"
}

# Other messages that go on do not keep it back, and a file that grows is read on.
import_follows_on()
{
	local pid writer ret=0

	exec 8> >("$tool" import --follow --list - >"$WORK/followed")
	cat "$HERE/logs/6.12-sysrq.log" >&8
	while sleep 0.1; do
		echo "Dec  7 00:29:05 host foo[1]: hello"
	done >&8 &
	writer=$!
	sleep 3.5
	grep -q '^1 .* sysrq; trigger ' "$WORK/followed" || ret=1
	kill $writer
	exec 8>&-
	cp "$HERE/logs/6.12-sysrq.log" "$WORK/growing"
	"$tool" import --follow --list "$WORK/growing" >"$WORK/followed" &
	pid=$!
	sleep 0.5
	cat "$HERE/logs/6.12-sysrq.log" >>"$WORK/growing"
	sleep 3.5
	grep -q '^2 .* sysrq; trigger ' "$WORK/followed" || ret=1
	kill $pid || ret=1
	return $ret
}

import_refuses()
{
	local status=0

	"$tool" import "$HERE/logs/no-oom.log" 2>"$WORK/refused" || status=$?
	[ $status -eq 3 ] && grep -q 'no report of an OOM in it' "$WORK/refused" || return 1
	gzip -c "$HERE/logs/6.12-sysrq.log" >"$WORK/log.gz"
	iconv -t UTF-16 "$HERE/logs/6.12-sysrq.log" >"$WORK/log.utf16"
	! "$tool" import "$WORK/log.gz" 2>"$WORK/refused" &&
		grep -q "is compressed: zcat $WORK/log.gz | oomx import" "$WORK/refused" &&
		! "$tool" import "$WORK/log.utf16" 2>"$WORK/refused" &&
		grep -q "is UTF-16: iconv" "$WORK/refused" || return 1
	rm -rf "$WORK/none"
	! "$tool" import --save "$WORK/none" "$HERE/logs/no-oom.log" 2>/dev/null &&
		[ ! -e "$WORK/none" ] &&
		! "$tool" import --save "$WORK/log.gz" "$HERE/logs/6.12-sysrq.log" 2>"$WORK/refused" &&
		grep -q "log.gz is no directory" "$WORK/refused" || return 1
	! "$tool" import /nowhere 2>"$WORK/refused" && grep -q 'cannot read /nowhere' "$WORK/refused" &&
		! "$tool" import --summary --list /nowhere 2>/dev/null &&
		! "$tool" list --summary 2>/dev/null && ! "$tool" import -i x 2>/dev/null
}

import_is_clean()
{
	local option

	# one after the other in one run: starting is most of its time
	cat "$HERE"/logs/*.log >"$WORK/all.log"
	for option in "" --json --list --summary "--save $WORK/valgrind-saved"; do
		rm -rf "$WORK/valgrind-saved"
		# shellcheck disable=SC2086 # they are words
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=all \
			"$WORK/oomx-valgrind" import $option "$WORK/all.log" >/dev/null || return 1
	done
}

man_page_is_clean()
{
	! groff -man -Tascii -P-c -P-b -P-u -ww "$TOP/tools/oomx/oomx.8" 2>&1 >"$WORK/oomx.txt" |
		grep . &&
		grep -q 'EXIT STATUS' "$WORK/oomx.txt"
}

# Each option that --help names is in the man page and in the completion.
options_are_documented()
{
	local option

	"$tool" --help | grep -o -- '--[a-z]*' | sort -u | while read -r option; do
		[ "$option" = --usage ] || [ "$option" = --version ] ||
			{ sed 's/\\-/-/g' "$TOP/tools/oomx/oomx.8" | grep -- "$option" >/dev/null &&
			grep -q -- "$option" "$TOP/tools/oomx/oomx.bash-completion"; } ||
			{ echo "not documented: $option"; exit 1; }
	done
}

# completes WORD... : the candidates for the last of them
completes()
{
	(
		# shellcheck source=/dev/null
		. "$TOP/tools/oomx/oomx.bash-completion"
		COMP_WORDS=(oomx "$@") COMP_CWORD=$#
		_oomx
		echo "${COMPREPLY[*]}"
	)
}

completion_works()
{
	[ "$(completes s)" = "show save" ] && [ "$(completes show la)" = last ] &&
		[ "$(completes follow --jo)" = --journal ]
}

of_events()
{
	check "JSON of every kind validates, and adds up" json_is_valid
	check "the schema asks for its fields" schema_is_strict
	check "promtool check metrics" promtool_accepts
	check "metrics are OpenMetrics" openmetrics_is_strict
	check "prometheus-node-exporter serves the metrics" node_exporter_serves
	check "journal entries are read by journalctl" journal_accepts
}

main()
{
	mkdir -p "$WORK"
	need_for tool python3 python3-jsonschema python3-prometheus-client valgrind groff-base \
		systemd systemd-journal-remote gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
		qemu-user-static >&2
	tool=$("$QEMU_DIR/tool.sh")
	prometheus=$("$QEMU_DIR/fetch.sh" deb amd64 prometheus prometheus-node-exporter)
	jansson=$("$QEMU_DIR/fetch.sh" deb arm64 libjansson-dev)
	echo "KTAP version 1"
	if [ "$ONLY" = events ]; then
		echo "1..6"
		of_events
		return $((failed > 0))
	fi
	echo "1..28"
	of_events
	check "the catalog entry is accepted" catalog_is_valid
	check "arm64 prints the same" arm64_prints_the_same
	check "valgrind" valgrind_is_clean
	check "records of version 1 print" old_records_print
	check "records of a later version print" /usr/bin/python3 "$HERE/check.py" newer "$tool" \
		"$OUT/all.oomx"
	check "the header changes with its version only" "$HERE/abi.sh"
	check "the man page" man_page_is_clean
	check "every option is documented" options_are_documented
	check "completion" completion_works
	check "the version is the module's" grep -q "$("$tool" --version | cut -d ' ' -f 2)" \
		"$TOP/oomx.c"
	check "kernel logs import as they must" logs_import
	check "prefixes make no difference" prefixes_make_no_difference
	check "broken lines make no difference" broken_lines_make_no_difference
	check "import --save" import_saves
	check "import --summary" import_counts
	check "import --follow" import_follows
	check "import --follow of a log that goes on" import_follows_on
	check "import of what is no log" import_refuses
	check "import: valgrind" import_is_clean
	check "import: 200 MB/s, in constant memory" /usr/bin/python3 "$HERE/check.py" speed \
		"$tool" "$HERE/logs/no-oom.log"
	check "30 s of fuzzing records" "$TOP/tools/fuzz/run.sh" records "${FUZZ_SECONDS:-30}" \
		"$OUT/all.oomx"
	check "30 s of fuzzing logs" "$TOP/tools/fuzz/run.sh" import "${FUZZ_SECONDS:-30}"
	[ $failed -eq 0 ]
}

main "$@"
