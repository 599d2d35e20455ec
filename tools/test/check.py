#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Looks at what the tool printed of the events of a test VM. Prints findings; fails if any.

	check.py json SCHEMA FILE...	one JSON document a file, or one a line (*.jsonl)
	check.py openmetrics FILE	by the strict parser of the Prometheus client
	check.py newer TOOL FILE	records of a later version print the same
"""
import json
import struct
import subprocess
import sys


def documents(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def number(value):
    return int(value)


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
    if event["kind"] != "manual":
        yield "victims", len(event["outcome"]["victims"]) > 0
        yield "agrees", event["decision"]["agrees"] is True
        yield "hit", (event["kind"] == "memcg") == any(m["hit"] for m in event["memcg"])


def check_json(schema, paths):
    import jsonschema

    with open(schema, encoding="utf-8") as f:
        validator = jsonschema.Draft7Validator(json.load(f))
    findings, kinds = [], set()
    for path in paths:
        for event in documents(path):
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


def main(argv):
    checks = {
        "json": lambda: check_json(argv[2], argv[3:]),
        "openmetrics": lambda: check_openmetrics(argv[2]),
        "newer": lambda: check_newer(argv[2], argv[3]),
    }
    findings = checks[argv[1]]()
    print("\n".join(findings))
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
