#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Looks at what the tool printed of the events of a test VM. Prints findings; fails if any.

	check.py json SCHEMA FILE...	one JSON document a file, or one a line (*.jsonl)
	check.py openmetrics FILE	by the strict parser of the Prometheus client
	check.py newer TOOL FILE	records of a later version print the same
	check.py logs TOOL SCHEMA DIR	DIR/*.log import as DIR/*.expect say, and validate
	check.py prefixes TOOL LOG	a log imports the same behind every kind of prefix
	check.py broken TOOL LOG	a log imports the same with its lines broken at a column
	check.py speed TOOL LOG		200 MB of a log a second of CPU time, in constant memory; LOG:
					one without an OOM, but with much that looks like it
"""
import glob
import json
import os
import re
import struct
import subprocess
import sys
import tempfile


def documents(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def number(value):
    return int(value)


def killed(event):
    """A victim that is slow to die may leave a second event without one."""
    return event["outcome"]["result"] in ("killed", "group_killed")


def arithmetic(event):
    """What must add up in an event."""
    balance = sum(number(part["pages"]) for part in event["balance"])
    yield "balance", balance == number(event["system"]["managed_pages"])
    dropped = number(event["candidates_dropped"])
    total = number(event["candidates_total"])
    yield "candidates", len(event["candidates"]) == total - dropped
    ranks = [c["rank"] for c in event["candidates"] if c["rank"] is not None]
    yield "ranks", ranks == list(range(1, len(ranks) + 1))
    for zone in event["zones"]:
        if zone["usable_pages"] is not None:
            missing = number(zone["needed_pages"]) - number(zone["usable_pages"])
            yield "short", number(zone["short_pages"]) == max(missing, 0)
        free = sum(number(b["free"]) << b["order"] for b in zone["buddy"])
        yield "buddy", free <= number(zone["managed_pages"])
    if killed(event):
        yield "victims", len(event["outcome"]["victims"]) > 0
        yield "agrees", event["decision"]["agrees"] is True
    if event["kind"] != "manual":
        yield "hit", (event["kind"] == "memcg") == any(m["hit"] for m in event["memcg"])


def check_json(schema, paths):
    import jsonschema

    with open(schema, encoding="utf-8") as f:
        validator = jsonschema.Draft7Validator(json.load(f))
    findings, kinds = [], set()
    for path in paths:
        for event in documents(path):
            if killed(event) or event["kind"] == "manual":
                kinds.add(event["kind"])
            for error in validator.iter_errors(event):
                findings.append(f"{path}: {list(error.absolute_path)}: {error.message[:200]}")
            for what, good in arithmetic(event):
                if not good:
                    findings.append(f"{path}: event {event['id']}: {what}")
    missing = {"global", "memcg", "cpuset", "mempolicy", "sysrq", "manual"} - kinds
    if missing:
        findings.append(f"no event of kind {missing}")
    return findings


def check_openmetrics(path):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    with open(path, encoding="utf-8") as f:
        families = list(text_string_to_metric_families(f.read()))
    counters = [f for f in families if f.type == "counter"]
    return [] if len(counters) > 3 else ["too few counters"]


def grow(data):
    """The same records as a later version would write them: an unknown section first,
    every element of known tables but texts 8 bytes longer, and a higher version."""
    out, at = b"", 0
    while at < len(data):
        head = bytearray(data[at:at + 32])
        length = struct.unpack_from("<I", head, 8)[0]
        body, pos = struct.pack("<HHI", 0x7000, 8, 1) + b"unknown!", at + 32
        while pos < at + length:
            kind, esize, count = struct.unpack_from("<HHI", data, pos)
            payload = data[pos + 8:pos + 8 + esize * count]
            pos += 8 + (esize * count + 7) // 8 * 8
            # zones have tables beside them whose width counts: these grow, too
            if esize % 8 == 0 and kind not in (7 + 1, 7 + 2):
                rows = [payload[i * esize:(i + 1) * esize] + b"\xee" * 8 for i in range(count)]
                payload, esize = b"".join(rows), esize + 8
            payload += bytes(-len(payload) % 8)
            body += struct.pack("<HHI", kind, esize, count) + payload
        struct.pack_into("<H", head, 4, 999)
        struct.pack_into("<I", head, 8, 32 + len(body))
        out += bytes(head) + body
        at += length
    return out


def check_newer(tool, path):
    with open(path, "rb") as f:
        data = f.read()
    findings = []
    for command in (["list"], ["show", "1"], ["show", "last"], ["show", "last", "--json"]):
        old = subprocess.run([tool, *command, "-i", path], capture_output=True, check=True)
        new = subprocess.run([tool, *command, "-i", "-"], input=grow(data),
                             capture_output=True, check=False)
        lines = zip(old.stdout.splitlines(), new.stdout.splitlines())
        # the size of the record is told, and is another
        differ = [a for a, b in lines if a != b and b"bytes" not in a]
        if new.returncode or differ or not old.stdout:
            findings.append(f"{command}: status {new.returncode}, {differ[:3]} {new.stderr}")
    return findings


def imported(tool, path=None, text=None):
    """The events of a log, or of its text."""
    run = subprocess.run([tool, "import", "--json", path or "-"], input=text,
                         capture_output=True, check=False)
    # 3: there is none
    if run.returncode not in (0, 3):
        raise RuntimeError(f"{path}: status {run.returncode}: {run.stderr.decode()}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def look_up(value, path):
    """a.b[0].c and a[name=x].b in a document."""
    for key, index in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", path):
        if key:
            value = value[key]
        elif "=" in index:
            name, want = index.split("=", 1)
            value = next(v for v in value if str(v.get(name)) == want)
        else:
            value = value[int(index)]
    return value


def expectations(path):
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")


def check_report(tool, log, path, want):
    """Is a text in the report, or not? Lines are put together."""
    run = subprocess.run([tool, "import", log], capture_output=True, check=False)
    text = " ".join(run.stdout.decode().split())
    if (want in text) != (path == "has"):
        yield f"{os.path.basename(log)}: the report {path} not: {want}"


def check_log(tool, log, validator):
    events, name, n = imported(tool, log), os.path.basename(log), 0
    for event in events:
        for error in validator.iter_errors(event):
            yield f"{name}: {list(error.absolute_path)}: {error.message[:200]}"
    for number_of, path, want in expectations(log[:-4] + ".expect"):
        n += 1
        if number_of == "events":
            if len(events) != int(want):
                yield f"{name}: {len(events)} events, not {want}"
            continue
        if number_of == "report":
            yield from check_report(tool, log, path, json.loads(want))
            continue
        try:
            got = look_up(events[int(number_of) - 1], path)
        except (IndexError, KeyError, StopIteration):
            got = "nothing"
        if got != json.loads(want) or isinstance(got, bool) != isinstance(json.loads(want), bool):
            yield f"{name}: event {number_of} {path}: {got!r}, not {want}"
    if not n:
        yield f"{name}: nothing is expected of it"


def check_logs(tool, schema, folder):
    import jsonschema

    with open(schema, encoding="utf-8") as f:
        validator = jsonschema.Draft7Validator(json.load(f))
    logs = sorted(glob.glob(folder + "/*.log"))
    findings = [f for log in logs for f in check_log(tool, log, validator)]
    print(f"{len(logs)} logs")
    return findings if logs else ["no logs"]


PREFIXES = [
    "", "<4>", "[  128.496873] ", "<4>[  128.496873] ", "[  128.496873][  T118] ",
    "[Thu Dec  7 00:29:05 2023] ", "kern  :warn  : [  128.496873] ", "[  +0.000012] ",
    "2023-12-07T00:29:05,123456+01:00 ", "Dec  7 00:29:05 host kernel: ",
    "Dec  7 00:29:05 host kernel: [  128.496873] ", "Dec 07 00:29:05.123456 host kernel: ",
    "2023-12-07T00:29:05+0100 host kernel: ", "2023-12-07T00:29:05.123456Z host kernel[12]: ",
    "Thu 2023-12-07 00:29:05 UTC host kernel: ", "[   12.345678] host kernel: ",
    "1701905345.123456 host kernel: ", "2023-12-07T00:29:05.123456789Z ",
    "2023-12-07T00:29:05.123456789Z stdout F [  128.496873] ",
    "Thu Dec  7 00:29:05 2023 kern.warn kernel: [  128.496873] ",
    "Dec  7 00:29:05 host kern.warn kernel: [  128.496873] ",
    "Dec  7 00:29:05 kern.warn kernel: [  128.496873] ",
    "Dec  7 2023 00:29:05 host kernel: ", "4,1234,128496873,-;", "4,9,128496873,-,caller=T118;",
    "<4>1 2023-12-07T00:29:05.123456+01:00 host kernel - - - [  128.496873] ",
    "[  128.496873 <    0.000001 >] host kernel: ", "[  128.496873                ] host kernel: ",
    "\033[32m[  128.496873] \033[0m\033[31m", "Dec  7 00:29:05 host kernel: \033[0;1;39m",
    "MESSAGE=", "_TRANSPORT=kernel\n    MESSAGE=",
    "\nMessage from syslogd@host at Dec  7 00:29:05 ...\n kernel:[  128.496873] ",
]

# Such have something behind the line, too, and it is a string of JSON.
OBJECTS = [
    ('{"__REALTIME_TIMESTAMP": "1701905345000000", "_HOSTNAME": "host", "_PID": [1, {"a": "}"}], '
     '"SYSLOG_IDENTIFIER": "kernel", "MESSAGE": ', '}'),
    ('{"MESSAGE":', ',"_SOURCE_MONOTONIC_TIMESTAMP":"128496873","_TRANSPORT":"kernel"}'),
    ('{"log": ', ', "stream": "stdout", "time": "2023-12-07T00:29:05.1Z"}'),
]


def packed(lines):
    """By name, the lines behind each kind of prefix."""
    for prefix in PREFIXES:
        yield prefix, "".join(prefix + line for line in lines)
    yield "byte order mark", "\ufeff" + "".join(lines)
    yield "colours", "".join(f"\033[1m{line[:-1]}\033[0m\n" for line in lines)
    for before, behind in OBJECTS:
        yield before, "".join(before + json.dumps(line) + behind + "\n" for line in lines)


def check_prefixes(tool, path):
    """@path: a log whose lines all have the prefix of printk's clock, and no other."""
    with open(path, encoding="utf-8") as f:
        lines = [re.sub(r"^\[ *[0-9]+\.[0-9]+\] ", "", line) for line in f]
    seen = {}
    for prefix, text in packed(lines):
        events = imported(tool, text=text.encode())
        for event in events:
            for key in ("time", "host", "log"):
                del event[key]
            del event["capture"]["bytes"]
            for victim in event["outcome"]["victims"]:
                del victim["marked_ns"], victim["reaped_ns"]
        seen.setdefault(json.dumps(events), []).append(prefix)
    kinds = sorted(seen.values(), key=len)
    return [] if len(seen) == 1 and "kind" in next(iter(seen)) else [f"differ: {kinds[:-1]}"]


def broken(lines, width):
    """As a terminal breaks them."""
    return "".join(line[i:i + width] + "\n" for line in lines
                   for i in range(0, max(len(line), 1), width))


def without_place(events):
    for event in events:
        del event["log"], event["time"], event["capture"]
        for victim in event["outcome"]["victims"]:
            del victim["marked_ns"], victim["reaped_ns"]
    return events


def check_broken(tool, path):
    """Broken at any column, with a prefix and without one, and with another message behind."""
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines() + ["[ 9999.000000] 8021q: adding VLAN 0 to eth0"]
    bare = [re.sub(r"^\[[^\]]*\] ?", "", line) for line in lines]
    whole = without_place(imported(tool, path))
    findings = []
    for width in (80, 100, 121, 132):
        for name, text in (("prefix", lines), ("bare", bare)):
            events = without_place(imported(tool, text=broken(text, width).encode()))
            if not whole or events != whole:
                findings.append(f"{path}: {name} lines broken at {width} differ")
    return findings


def log_lines():
    """Some MB of ordinary messages; nothing about memory in them."""
    words = ("systemd Started Session of user root usb device new high-speed number using "
             "xhci_hcd eth0 link up audit type container sandbox Created slice mount ext4 "
             "mounted filesystem with ordered data mode").split()
    return "".join(
        f"Dec  4 00:{i // 60 % 60:02}:{i % 60:02} host-{i % 3} kernel: [{i:8}.{i * 7 % 1000000:06}] "
        + " ".join(words[(i * k) % len(words)] for k in range(1, 4 + i % 17)) + "\n"
        for i in range(40000)).encode()


def cost(tool, path):
    """CPU seconds; the program gets 32 MB of address space. Status 3: there is no OOM in it."""
    pid = os.spawnv(os.P_NOWAIT, "/bin/sh", [
        "sh", "-c", f"ulimit -v 32768; exec {tool} import {path} 2>/dev/null"])
    _, status, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime, os.waitstatus_to_exitcode(status)


def check_speed(tool, no_oom):
    block = log_lines()
    with tempfile.NamedTemporaryFile() as f:
        for _ in range(400_000_000 // len(block)):
            f.write(block)
        f.flush()
        size = f.tell()
        seconds, status = cost(tool, f.name)
    print(f"{size / seconds / 1e6:.0f} MB/s of CPU time, in less than 32 MB")
    findings = []
    # what looks like the beginning of a report, and never becomes one, must not pile up
    with tempfile.NamedTemporaryFile() as f, open(no_oom, "rb") as log:
        f.write(log.read() * 8000)
        f.flush()
        if cost(tool, f.name)[1] != 3:
            findings.append("memory grows with failed allocations")
    if status != 3:
        findings.append(f"status {status} with 32 MB of memory")
    if size / seconds < 200e6:
        findings.append("below 200 MB/s")
    return findings


def main(argv):
    checks = {
        "json": lambda: check_json(argv[2], argv[3:]),
        "openmetrics": lambda: check_openmetrics(argv[2]),
        "newer": lambda: check_newer(argv[2], argv[3]),
        "logs": lambda: check_logs(argv[2], argv[3], argv[4]),
        "prefixes": lambda: check_prefixes(argv[2], argv[3]),
        "broken": lambda: check_broken(argv[2], argv[3]),
        "speed": lambda: check_speed(argv[2], argv[3]),
    }
    findings = checks[argv[1]]()
    print("\n".join(findings))
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
