#!/usr/bin/env python3
"""Compares the EVE files with the captures, packet by packet.

    check_eve.py CAPTURE_FOLDER EVE_FOLDER

For each flow (the flows of label_flows.py) the events have to hold exactly its first ten packets, byte
for byte, in order, once each, numbered 1, 2, 3...  Prints one line a capture and every difference.
"""
import base64
import gzip
import ipaddress
import json
import os
import sys

from label_flows import flows, show

DEPTH = 10


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    captures, events = sys.argv[1:]
    total = bad = 0
    for name in sorted(os.listdir(captures)):
        path = os.path.join(captures, name)
        seen = {}                                   # flow key -> events in the order of the file
        count = 0
        with gzip.open(os.path.join(events, name.split(".")[0] + ".eve.json.gz"), "rt") as file:
            for line in file:
                event = json.loads(line)
                if event["event_type"] != "alert":
                    continue
                key = event["proto"], *sorted((
                    (ipaddress.ip_address(event["src_ip"]).packed, event["src_port"]),
                    (ipaddress.ip_address(event["dest_ip"]).packed, event["dest_port"])))
                seen.setdefault(key, []).append(event)
                count += 1
        problems = []
        found = flows(path)
        for flow in found:
            want = flow.frames[:DEPTH]
            have = seen.get(flow.key, [])
            mine, seen[flow.key] = have[:len(want)], have[len(want):]
            frames = [base64.b64decode(event["packet"]) for event in mine]
            numbers = [event["metadata"]["flowints"]["serveflow"] for event in mine]
            ids = {event["flow_id"] for event in mine}
            kinds = {(event["packet_info"]["linktype"], event["pkt_src"], event["event_type"]) for event in mine}
            if frames != want:
                problems.append("%s: %d packets wanted, %d there, %d equal" % (
                    show(flow.key), len(want), len(frames), sum(a == b for a, b in zip(frames, want))))
            elif numbers != list(range(1, len(want) + 1)) or len(ids) != 1:
                problems.append("%s: numbers %s, %d flow ids" % (show(flow.key), numbers, len(ids)))
            elif kinds != {(1, "wire/pcap", "alert")}:
                problems.append("%s: %s" % (show(flow.key), kinds))
        for key, rest in seen.items():
            if rest:
                problems.append("%s: %d events too many (%s)" % (
                    show(key), len(rest), ", ".join(sorted({event["pkt_src"] for event in rest}))))
        print("%-22s %4d flows %6d events %s" % (
            name, len(found), count, "all equal" if not problems else "%d differences" % len(problems)))
        for problem in problems:
            print("   ", problem)
        total += len(found)
        bad += len(problems)
    print("%d flows, %d differences" % (total, bad))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
