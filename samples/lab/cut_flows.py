#!/usr/bin/env python3
"""Cuts a capture to the flows of known services: the first packets of each whole, some more without their payload.

    cut_flows.py CAPTURE OUT_PCAP_GZ SERVICES_CSV NAMES_CSV

Of a flow it keeps WHOLE packets whole (so every hello is there in full), then up to MOST in all with their first
SNAP bytes and their length on the wire.  Prints what it leaves out.
"""
import gzip
import struct
import sys

from label_flows import Services, flow_packets

WHOLE, MOST, SNAP = 14, 60, 96


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    capture, out = sys.argv[1:3]
    services, kept, left, dropped = Services(*sys.argv[3:]), [], 0, set()
    known, seen = {}, {}
    for time, frame, wire, flow in flow_packets(capture):
        if flow is None:
            left += 1
            continue
        if flow not in known:
            known[flow] = services.of(flow)
        if not known[flow]:
            dropped.add(flow)
            left += 1
            continue
        seen[flow] = count = seen.get(flow, 0) + 1
        if count <= MOST:
            kept.append((time, frame if count <= WHOLE else frame[:SNAP], wire))
        else:
            left += 1
    with gzip.GzipFile(out, "wb", 9, mtime=0) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for time, frame, wire in kept:
            file.write(struct.pack("<IIII", *divmod(time, 1000000), len(frame), wire) + frame)
    print("%s: %d flows, %d packets; %d packets left out, %d flows of no service here" % (
        out, len(seen), len(kept), left, len(dropped)))


if __name__ == "__main__":
    main()
