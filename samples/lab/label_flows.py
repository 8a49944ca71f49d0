#!/usr/bin/env python3
"""Writes labels.csv for the captures of the lab: one row per TCP or UDP flow.

    label_flows.py CAPTURE_FOLDER LABELS_CSV [SERVICES_CSV NAMES_CSV]

The label is known by construction: services.csv says which service the lab runs on which port, hosts.csv which
host has which address, and names.csv (where there is one) which more names have an address of their own.
A flow is one bidirectional 5-tuple in one capture, as a sensor's flow table sees it: it begins anew
when a TCP connection that ended is opened again.  The source is the sender of the first packet,
unless that is a SYN+ACK.  Stops with an error when a flow fits no service.
"""
import csv
import gzip
import ipaddress
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FIELDS = ("pcap ts_first proto src_ip src_port dst_ip dst_port packets bytes label source_label group "
          "start c2s_packets duration_s").split()
FIN, SYN, RST, ACK = 1, 2, 4, 16


def packets(path):
    """Yields (time in microseconds, frame, length on the wire) of a pcap, gzip-compressed pcap or pcapng file of Ethernet frames."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        yield from packets_ng(data)
        return
    if data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack_from("<I", data, 20)[0] != 1:
        sys.exit("%s: not a little-endian pcap of Ethernet frames" % path)
    at = 24
    while at + 16 <= len(data):
        seconds, micros, length, wire = struct.unpack_from("<IIII", data, at)
        yield seconds * 1000000 + micros, data[at + 16:at + 16 + length], wire
        at += 16 + length


def packets_ng(data):
    at, per_second = 0, 1000000
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 1:                                   # interface description
            option = at + 16
            while option + 4 <= at + length - 4:
                code, size = struct.unpack_from("<HH", data, option)
                if code == 9:                           # if_tsresol
                    power = data[option + 4]
                    per_second = 2 ** (power & 127) if power & 128 else 10 ** power
                option += 4 + (size + 3 & ~3)
        elif kind == 6:                                 # enhanced packet
            _, high, low, captured, wire = struct.unpack_from("<IIIII", data, at + 8)
            yield ((high << 32 | low) * 1000000 // per_second, data[at + 28:at + 28 + captured], wire)
        at += length


def ip_layer(frame):
    """(protocol, source, destination, offset of the transport header) or None."""
    kind = struct.unpack_from(">H", frame, 12)[0]
    if kind == 0x0800:
        if struct.unpack_from(">H", frame, 20)[0] & 0x1FFF:
            return None                                 # a later fragment has no ports
        return frame[23], frame[26:30], frame[30:34], 14 + (frame[14] & 15) * 4
    if kind == 0x86DD:
        protocol = frame[20]
        if protocol == 44:                              # fragment header
            if struct.unpack_from(">H", frame, 56)[0] & 0xFFF8:
                return None
            return frame[54], frame[22:38], frame[38:54], 62
        return protocol, frame[22:38], frame[38:54], 54
    return None


def show(key):
    """A flow's key as text."""
    return "%s %s" % (key[0], " <-> ".join("%s:%d" % (ipaddress.ip_address(a), port) for a, port in key[1:]))


class Flow:
    def __init__(self, key, pcap, time, proto, source, destination, flags):
        swap = proto == "TCP" and flags & (SYN | ACK) == SYN | ACK
        self.source, self.destination = (destination, source) if swap else (source, destination)
        self.pcap, self.proto, self.first, self.last = pcap, proto, time, time
        self.packets = self.bytes = self.from_source = 0
        self.over, self.key, self.frames = False, key, []
        self.start = "udp" if proto == "UDP" else "syn" if flags & (SYN | ACK) == SYN else "midstream"

    def add(self, time, source, length, flags):
        self.last = time
        self.packets += 1
        self.bytes += length
        self.from_source += source == self.source
        self.over = self.over or bool(flags & (FIN | RST))

    def row(self, service, label, group):
        (src, sport), (dst, dport) = self.source, self.destination
        return (self.pcap, "%d.%06d" % divmod(self.first, 1000000), self.proto,
                ipaddress.ip_address(src), sport, ipaddress.ip_address(dst), dport,
                self.packets, self.bytes, label, service, group, self.start, self.from_source,
                "%.3f" % ((self.last - self.first) / 1e6))


def flow_packets(path):
    """Yields (time, frame, length on the wire, flow or None) of each packet of a capture."""
    table = {}
    for time, frame, wire in packets(path):
        layer = ip_layer(frame)
        if not layer or layer[0] not in (6, 17):
            yield time, frame, wire, None
            continue
        protocol, src, dst, at = layer
        proto = "TCP" if protocol == 6 else "UDP"
        sport, dport = struct.unpack_from(">HH", frame, at)
        source, destination = (src, sport), (dst, dport)
        flags = frame[at + 13] if protocol == 6 else 0
        key = (proto, *sorted((source, destination)))
        flow = table.get(key)
        if flow is None or flow.over and flags & (SYN | ACK) == SYN:
            flow = table[key] = Flow(key, os.path.basename(path), time, proto, source, destination, flags)
        flow.add(time, source, wire, flags)
        yield time, frame, wire, flow


def flows(path):
    """The flows of a capture in the order of their first packets."""
    found = {}
    for _, frame, _, flow in flow_packets(path):
        if flow is not None:
            found[flow] = True
            flow.frames.append(frame)
    return list(found)


class Services:
    def __init__(self, services=os.path.join(HERE, "services.csv"), more=None):
        names = {}
        with open(os.path.join(HERE, "hosts.csv"), newline="") as file:
            for host in csv.DictReader(file):
                net = 1 if host["side"] == "lan" else 2
                for text in ("10.77.%d.%s" % (net, host["octet"]), "fd77:0:0:%d::%s" % (net, host["octet"])):
                    names[ipaddress.ip_address(text).packed] = host["name"]
        if more:
            with open(more, newline="") as file:
                names.update((ipaddress.ip_address(row["address"]).packed, row["name"]) for row in csv.DictReader(file))
        self.names, self.rules = names, []
        with open(services, newline="") as file:
            for rule in csv.DictReader(file):
                ports = set()
                for part in rule["ports"].split():
                    low, _, high = part.partition("-")
                    ports.update(range(int(low), int(high or low) + 1))
                self.rules.append((rule["service"], rule["label"], rule["proto"], ports,
                                   rule["servers"].split(), rule["seen_at"]))

    def fits(self, end, ports, servers):
        return end[1] in ports and (not servers or self.names.get(end[0]) in servers)

    def of(self, flow):
        """(service, label): by the port that was opened, then by the port that it was opened from."""
        for service, label, proto, ports, servers, seen in self.rules:
            if proto == flow.proto and seen != "client" and self.fits(flow.destination, ports, servers):
                return service, label
        for service, label, proto, ports, servers, seen in self.rules:
            if (proto == flow.proto and (seen != "server" or flow.start == "midstream")
                    and self.fits(flow.source, ports, servers)):
                return service, label
        return None


def main():
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    folder, out = sys.argv[1:3]
    services, rows, unknown = Services(*sys.argv[3:]), [], []
    for name in sorted(os.listdir(folder)):
        group = name.split(".")[0]
        for flow in flows(os.path.join(folder, name)):
            known = services.of(flow)
            if known:
                rows.append(flow.row(*known, group))
            else:
                unknown.append(flow.row("?", "?", group))
    if unknown:
        for row in unknown:
            print("no service fits:", *row, file=sys.stderr)
        sys.exit(1)
    with open(out, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(rows)
    print("%s: %d flows" % (out, len(rows)))


if __name__ == "__main__":
    main()
