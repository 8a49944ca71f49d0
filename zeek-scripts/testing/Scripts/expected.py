#!/usr/bin/env python3
"""Works out what the log serveflow of a capture must be, without Zeek: expected.py CAPTURE [DEPTH SNAP [silent]] | canonify.py

Depth 10, 128 bytes a packet, a wait of 10 s; a third argument, "silent", leaves out how connections begin. Knows what the captures of these tests have and no more: TCP that stays
open and UDP, on Ethernet with VLAN tags, Linux cooked, PPP, radiotap and raw IP, in tunnels of IP in IP and Teredo.
"""
import base64
import hashlib
import json
import struct
import sys
from ipaddress import ip_address
from pathlib import Path

import quic

DEPTH, SNAP = (int(argument) for argument in sys.argv[2:4] or (10, 128))
WAIT = 10_000_000
NAMES = {6: "tcp", 17: "udp"}
TEREDO = 3544

# The fields of how a connection begins, in the order of the log.
SAID = """app_proto server_name http_host dns_query next_protocol ech quic_version hello_length hello_complete
    hello_versions hello_ciphers hello_extensions hello_groups hello_protocols hello_parameters""".split()


def frames(path):
    data = Path(path).read_bytes()
    link = struct.unpack_from("<I", data, 20)[0]
    at = 24
    while at < len(data):
        sec, usec, captured, _ = struct.unpack_from("<IIII", data, at)
        yield link, sec * 1_000_000 + usec, data[at + 16 : at + 16 + captured]
        at += 16 + captured


def ip_packets(link, frame):
    """The IP packets of connections in a frame, without padding: what is in a tunnel of IP in IP, else the packet itself,
    and what Teredo carries besides."""
    at = {1: 12, 9: 0, 101: -2, 113: 14, 127: 38}[link]
    while link == 1 and frame[at : at + 2] == b"\x81\x00":
        at += 4
    packet = frame[at + 2 :]
    while True:
        v6 = packet[:1] != b"" and packet[0] >> 4 == 6
        if len(packet) < (40 if v6 else 20):
            return
        length = 40 + struct.unpack_from("!H", packet, 4)[0] if v6 else struct.unpack_from("!H", packet, 2)[0]
        if len(packet) < length:
            return
        packet = packet[:length]
        header, proto = (40, packet[6]) if v6 else (packet[0] % 16 * 4, packet[9])
        if proto in NAMES:
            src, dst = (packet[8:24], packet[24:40]) if v6 else (packet[12:16], packet[16:20])
            sport, dport = struct.unpack_from("!HH", packet, header)
            yield packet, proto, (as_zeek(src), sport), (as_zeek(dst), dport)
        if proto in (4, 41):
            packet = packet[header:]
        elif proto == 17 and TEREDO in (sport, dport):
            packet = packet[header + 8 + 13 :]
        else:
            return


def as_zeek(address):
    """Zeek holds the IPv4-mapped addresses of IPv6 as IPv4."""
    return address[12:] if address[:12] == bytes(10) + b"\xff\xff" else address


def community_id(proto, one, other):
    low, high = sorted((one, other))
    text = b"\0\0" + low[0] + high[0] + bytes((proto, 0)) + struct.pack("!HH", low[1], high[1])
    return "1:" + base64.b64encode(hashlib.sha1(text).digest()).decode()


def reader(data):
    """Reads what is counted: a function that gives the next bytes, as many as a number of so many bytes says."""
    at = 0

    def take(size, counted=True):
        nonlocal at
        length = int.from_bytes(data[at : at + size], "big") if counted else size
        at += (size if counted else 0) + length
        return data[at - length : at]

    return take, lambda: at < len(data)


def numbers(data):
    return [value for (value,) in struct.iter_unpack("!H", data)]


def extensions(data):
    take, more = reader(data)
    found = {}
    while more():
        kind = int.from_bytes(take(2, False), "big")
        found[kind] = take(2)
    return found


def names(data):
    take, more = reader(data)
    found = []
    while more():
        found.append(take(1).decode())
    return found


def parameters(data):
    """Ids and lengths below 64 are one byte each."""
    take, more = reader(data)
    found = []
    while more():
        found.append(take(1, False)[0])
        take(1)
    return [kind for kind in found if kind % 31 != 27]


def hello(message):
    """What a client's hello says; nothing if it is not there to its end."""
    length = int.from_bytes(message[1:4], "big")
    if message[:1] != b"\1" or len(message) < 4 + length:
        return {}
    take, _ = reader(message[4 : 4 + length])
    take(34, False)
    take(1)
    ciphers = take(2)
    take(1)
    found = extensions(take(2))
    said = {
        "server_name": found[0][5:].decode(),
        "ech": 65037 in found,
        "hello_length": length,
        "hello_complete": True,
        "hello_versions": numbers(found[43][1:]),
        "hello_ciphers": numbers(ciphers),
        "hello_extensions": list(found),
        "hello_groups": numbers(found[10][2:]),
        "hello_protocols": names(found[16][2:]),
    }
    if 57 in found:
        said["hello_parameters"] = parameters(found[57])
    return said


def chosen(record):
    """The protocol that a server's hello of TLS 1.2 chooses."""
    take, _ = reader(record[9:])
    take(34, False)
    take(1)
    take(3, False)
    return names(extensions(take(2))[16][2:])[0]


def payloads(flow, is_orig):
    """What a side sent, put together."""
    sent = b""
    for _, orig, packet in flow["packets"]:
        if orig == is_orig:
            header = 40 if packet[0] >> 4 == 6 else packet[0] % 16 * 4
            sent += packet[header + (8 if flow["proto"] == 17 else packet[header + 12] // 16 * 4) :]
    return sent


def beginning(flow):
    """How a connection begins, as far as it says so."""
    asked, answered = payloads(flow, True), payloads(flow, False)
    said, port = {}, flow["resp"][1]
    if asked[:2] == b"\x16\3":
        said = hello(asked[5:])
        if said:
            said["app_proto"] = "tls"
            said["next_protocol"] = chosen(answered)
    elif flow["proto"] == 17 and port == 443:
        frames = quic.opened(asked)
        said = hello(frames[4 : 4 + (int.from_bytes(frames[2:4], "big") & 0x3FFF)])
        said.update(app_proto="quic", quic_version=int.from_bytes(asked[1:5], "big"))
    elif asked[:4] == b"GET ":
        said = {"app_proto": "http", "http_host": asked.split(b"Host: ")[1].split(b"\r")[0].decode()}
    elif asked[:4] == b"SSH-":
        said = {"app_proto": "ssh"}
    elif flow["proto"] == 17 and port == 53 and len(asked) > 12:
        said = {"app_proto": "dns", "dns_query": ".".join(names(asked[12:].split(b"\0")[0]))}
    return {key: said[key] for key in SAID if key in said}


def line(flow, stage, reason):
    (orig_h, orig_p), (resp_h, resp_p) = flow["orig"], flow["resp"]
    packets = flow["packets"]
    row = {
        "ts": flow["start"] / 1e6,
        "uid": flow["uid"],
        "id.orig_h": str(ip_address(orig_h)),
        "id.orig_p": orig_p,
        "id.resp_h": str(ip_address(resp_h)),
        "id.resp_p": resp_p,
        "proto": NAMES[flow["proto"]],
        "community_id": community_id(flow["proto"], flow["orig"], flow["resp"]),
        "stage": stage,
        "reason": reason,
        "pkt_dt": [(micros - flow["start"]) / 1e6 for micros, _, _ in packets],
        "pkt_orig": [is_orig for _, is_orig, _ in packets],
        "pkt_len": [len(packet) for _, _, packet in packets],
        "pkt_data": [base64.b64encode(packet[:SNAP]).decode() for _, _, packet in packets],
    }
    if stage == "context" and sys.argv[4:] != ["silent"]:
        row.update(beginning(flow))
    print(json.dumps(row))


def finish(flow, reason):
    line(flow, "context", reason)
    flow["done"] = True


def take(flows, micros, packet, proto, src, dst):
    key = (proto, *sorted((src, dst)))
    flow = flows.setdefault(
        key,
        {"uid": f"C{len(flows)}", "start": micros, "proto": proto, "orig": src, "resp": dst, "packets": [], "done": False},
    )
    if flow["done"]:
        return
    flow["packets"].append((micros, src == flow["orig"], packet))
    if len(flow["packets"]) == 1:
        line(flow, "first", "depth")
    if len(flow["packets"]) == DEPTH:
        finish(flow, "depth")


def main(path):
    flows = {}
    for link, micros, frame in frames(path):
        for flow in flows.values():
            if not flow["done"] and micros - flow["start"] >= WAIT:
                finish(flow, "timeout")
        for packet, proto, src, dst in ip_packets(link, frame):
            take(flows, micros, packet, proto, src, dst)
    for flow in flows.values():
        if not flow["done"]:
            finish(flow, "end")


main(sys.argv[1])
