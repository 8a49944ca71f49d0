#!/usr/bin/env python3
"""Writes the captures that the tests read: make_traces.py FOLDER. Made up, from addresses that are nobody's."""
import struct
import sys
from ipaddress import ip_address
from pathlib import Path

import quic

START = 1_700_000_000_000_000  # microseconds
ICMP, TCP, UDP, IPIP, SIX_IN_FOUR = 1, 6, 17, 4, 41
SYN, ACK, PSH = 0x02, 0x10, 0x08
ETHERNET, PPP, RAW, COOKED, RADIOTAP = 1, 9, 101, 113, 127
TEREDO = 3544


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(src, dst, proto, payload):
    a, b = ip_address(src), ip_address(dst)
    if a.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(payload), proto, 64) + a.packed + b.packed + payload
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0, 64, proto, 0) + a.packed + b.packed
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def with_checksum(src, dst, proto, segment, at):
    pseudo = ip_address(src).packed + ip_address(dst).packed + struct.pack("!II", len(segment), proto)
    return segment[:at] + struct.pack("!H", checksum(pseudo + segment) or 0xFFFF) + segment[at + 2 :]


def udp(src, sport, dst, dport, payload):
    segment = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    return ip(src, dst, UDP, with_checksum(src, dst, UDP, segment, 6))


def tcp(src, sport, dst, dport, seq, ack, flags, payload=b""):
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 64240, 0, 0) + payload
    return ip(src, dst, TCP, with_checksum(src, dst, TCP, segment, 16))


def ping(src, dst, kind, number):
    message = struct.pack("!BBHHH", kind, 0, 0, 7, number) + b"ping"
    return ip(src, dst, ICMP, message[:2] + struct.pack("!H", checksum(message)) + message[4:])


def conversation(a, aport, b, bport, answers):
    """A TCP connection that stays open: 3 packets, then 2 for each question and answer."""
    x, y = 1000, 5000
    yield tcp(a, aport, b, bport, x, 0, SYN)
    yield tcp(b, bport, a, aport, y, x + 1, SYN | ACK)
    x, y = x + 1, y + 1
    yield tcp(a, aport, b, bport, x, y, ACK)
    for n in range(answers):
        question, answer = b"question %d " % n * 4, b"answer %d " % n * 40
        yield tcp(a, aport, b, bport, x, y, PSH | ACK, question)
        x += len(question)
        yield tcp(b, bport, a, aport, y, x, PSH | ACK, answer)
        y += len(answer)


def ethernet(packet, tags=b"", pad=0):
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    frame = bytes.fromhex("020000000001020000000002") + tags + struct.pack("!H", kind) + packet
    return frame.ljust(pad, b"\xee")


def cooked(packet):
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    return struct.pack("!HHH6s2xH", 0, 1, 6, b"\2\0\0\0\0\1", kind) + packet


def ppp(packet):
    return struct.pack("!H", 0x0021) + packet


def radiotap(packet, from_station):
    """A data frame of IEEE 802.11 with LLC and SNAP behind the shortest radiotap header."""
    data = bytes((0x08, 0x01 if from_station else 0x02)) + bytes(2) + bytes.fromhex("020000000001") * 3 + bytes(2)
    return bytes((0, 0, 8, 0)) + bytes(4) + data + bytes.fromhex("aaaa03000000") + struct.pack("!H", 0x0800) + packet


def authenticated(packet):
    """What Teredo carries behind an Authentication header without identifier and value: 13 bytes."""
    return struct.pack("!BBBBQB", 0, 1, 0, 0, 7, 0) + packet


def vlan(number):
    return struct.pack("!HH", 0x8100, number)


def spaced(frames, start, step):
    return [(start + i * step, frame) for i, frame in enumerate(frames)]


def capture(path, link, frames):
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    for micros, frame in sorted(frames, key=lambda f: f[0]):
        out += struct.pack("<IIII", (START + micros) // 10**6, (START + micros) % 10**6, len(frame), len(frame)) + frame
    path.write_bytes(out)


def counted(size, data):
    """Data with its length before it, in so many bytes."""
    return len(data).to_bytes(size, "big") + data


def numbers(*values):
    return b"".join(struct.pack("!H", value) for value in values)


def extension(kind, data=b""):
    return struct.pack("!H", kind) + counted(2, data)


def hello(name, protocols, *extensions):
    """A client's hello of TLS 1.3 as browsers send it: values that mean nothing (0x0a0a, 0x1a1a) among the others."""
    ech = b"\0" + numbers(1, 1) + b"\7" + counted(2, b"k" * 32) + counted(2, b"e" * 144)
    body = (b"\3\3" + b"r" * 32 + counted(1, b"s" * 32) + counted(2, numbers(0x0A0A, 0x1301, 0x1302, 0x1303)) + b"\1\0"
            + counted(2, extension(0x1A1A) + b"".join(extensions)
                      + extension(43, counted(1, numbers(0x0A0A, 0x0304, 0x0303)))
                      + extension(10, counted(2, numbers(0x0A0A, 0x11EC, 29, 23)))
                      + extension(65037, ech)
                      + extension(16, counted(2, b"".join(counted(1, p) for p in protocols)))
                      + extension(0, counted(2, b"\0" + counted(2, name)))))
    return b"\1" + counted(3, body)


def server_hello(protocol):
    body = (b"\3\3" + b"R" * 32 + counted(1, b"s" * 32) + numbers(0xC02F) + b"\0"
            + counted(2, extension(16, counted(2, counted(1, protocol)))))
    return b"\2" + counted(3, body)


def tls(message):
    return b"\x16\3\1" + counted(2, message)


def question(name):
    """A question for an address, and its answer that there is none."""
    asked = b"".join(counted(1, label) for label in name.split(b".")) + b"\0" + numbers(1, 1)
    return [numbers(7, flags, 1, 0, 0, 0) + asked for flags in (0x0100, 0x8183)]


def exchange(a, aport, b, bport, *turns):
    """A TCP connection that stays open: 3 packets, then what either side sends, the first side's as bytes, the other's in a list."""
    x, y = 1000, 5000
    yield tcp(a, aport, b, bport, x, 0, SYN)
    yield tcp(b, bport, a, aport, y, x + 1, SYN | ACK)
    x, y = x + 1, y + 1
    yield tcp(a, aport, b, bport, x, y, ACK)
    for turn in turns:
        if isinstance(turn, bytes):
            yield tcp(a, aport, b, bport, x, y, PSH | ACK, turn)
            x += len(turn)
        else:
            yield tcp(b, bport, a, aport, y, x, PSH | ACK, turn[0])
            y += len(turn[0])


def main(folder):
    a, b, c = "192.0.2.1", "198.51.100.2", "203.0.113.3"
    a6, b6 = "2001:db8::1", "2001:db8::2"
    # One connection that reaches the depth, one whose wait runs out, one that is open when the capture ends.
    capture(folder / "first-packets.pcap", ETHERNET,
            spaced([ethernet(p) for p in conversation(a, 40001, b, 80, 6)], 0, 1_300)
            + spaced([ethernet(udp(a, 40002, b, 5353, b"question")), ethernet(udp(b, 5353, a, 40002, b"answer"))], 500, 70_000)
            + [(15_000_000, ethernet(udp(a, 40003, b, 5353, b"late")))])
    # Frames of the least Ethernet length, whose padding belongs to no packet.
    capture(folder / "ethernet-padding.pcap", ETHERNET,
            spaced([ethernet(p, pad=60) for p in conversation(a, 40001, b, 80, 1)], 0, 900)
            + [(7_000, ethernet(udp(a, 40002, c, 9, b"x"), pad=60))])
    # IPv6, and another tag on the way back.
    capture(folder / "vlan-ipv6.pcap", ETHERNET,
            spaced([ethernet(p, vlan(5) if p[8:24] == ip_address(a6).packed else vlan(5) + vlan(6))
                    for p in conversation(a6, 40001, b6, 443, 2)], 0, 1_100))
    capture(folder / "linux-cooked.pcap", COOKED,
            spaced([cooked(p) for p in conversation(a, 40001, b, 80, 2)], 0, 1_100))
    capture(folder / "raw-ip.pcap", RAW,
            spaced([udp(a, 40001, b, 53, b"q"), udp(b, 53, a, 40001, b"a" * 300)], 0, 1_700)
            + spaced([udp(a6, 40001, b6, 53, b"q"), udp(b6, 53, a6, 40001, b"a" * 300)], 100, 1_700))
    # Between the same two hosts as the tunnel, the same behind two VLAN tags, and IPv6 in IPv4.
    capture(folder / "tunnels.pcap", ETHERNET,
            spaced([ethernet(ip(a, b, IPIP, udp(a, 40001, b, 53, b"q"))),
                    ethernet(ip(b, a, IPIP, udp(b, 53, a, 40001, b"answer")))], 0, 2_000)
            + spaced([ethernet(ip(a, b, IPIP, udp(a, 40002, b, 53, b"q")), vlan(5) + vlan(6)),
                      ethernet(ip(b, a, IPIP, udp(b, 53, a, 40002, b"answer")), vlan(5) + vlan(6))], 50, 2_000)
            + spaced([ethernet(ip(a, b, SIX_IN_FOUR, udp(a6, 40001, b6, 53, b"q"))),
                      ethernet(ip(b, a, SIX_IN_FOUR, udp(b6, 53, a6, 40001, b"answer")))], 100, 2_000))
    # Behind the 13 bytes of Teredo's Authentication header the IP header begins at an odd place.
    capture(folder / "teredo.pcap", ETHERNET,
            spaced([ethernet(udp(a, 40001, b, TEREDO, authenticated(udp(a6, 40002, b6, 9, b"question")))),
                    ethernet(udp(b, TEREDO, a, 40001, authenticated(udp(b6, 9, a6, 40002, b"answer")))),
                    ethernet(udp(a, 40001, b, TEREDO, authenticated(udp(a6, 40002, b6, 9, b"thanks"))))], 0, 2_000))
    # Link layers behind which the IP header is where no other has it.
    capture(folder / "ppp.pcap", PPP, spaced([ppp(p) for p in conversation(a, 40001, b, 80, 2)], 0, 1_100))
    capture(folder / "wireless.pcap", RADIOTAP,
            spaced([radiotap(p, p[12:16] == ip_address(a).packed) for p in conversation(a, 40001, b, 80, 2)], 0, 1_100)
            + spaced([radiotap(udp(a, 40002, b, 9, b"x"), True)], 500, 1))
    # IPv6 packets whose addresses Zeek takes for IPv4.
    capture(folder / "ipv4-mapped.pcap", ETHERNET,
            spaced([ethernet(p) for p in conversation("::ffff:" + a, 40001, "::ffff:" + b, 80, 2)], 0, 1_100)
            + spaced([ethernet(udp("::ffff:" + a, 40002, "::ffff:" + c, 9, b"question")),
                      ethernet(udp("::ffff:" + c, 9, "::ffff:" + a, 40002, b"answer"))], 500, 2_000))
    # Eight connections whose waits run out together, and one whose packets move the time on.
    capture(folder / "many-at-once.pcap", ETHERNET,
            spaced([ethernet(udp(a, 40001 + i, b, 9, b"x")) for i in range(8)], 0, 1_000)
            + spaced([ethernet(udp(a, 40009, b, 9, b"x")) for _ in range(4)], 12_000_000, 500_000))
    # A packet of more than 3,072 bytes, and 130 of one connection.
    capture(folder / "long-lines.pcap", ETHERNET,
            spaced([ethernet(udp(a, 40001, b, 9, b"long" * 800))]
                   + [ethernet(udp(a, 40001, b, 9, b"%d" % i)) for i in range(2, 131)], 0, 1_000))
    # ICMP makes no records, from whatever source.
    capture(folder / "icmp.pcap", ETHERNET,
            spaced([ethernet(ping(a, b, 8, 1)), ethernet(ping(b, a, 0, 1))], 0, 3_000)
            + spaced([ethernet(udp(a, 40001, b, 9, b"question")), ethernet(udp(b, 9, a, 40001, b"answer"))], 500, 2_000))
    # How connections begin: a hello in two segments with the name in the second, HTTP, SSH, DNS, and half a hello.
    name = b"www.example.org"
    long = tls(hello(name, (b"h2", b"http/1.1"), extension(21, bytes(1400))))
    capture(folder / "beginnings.pcap", ETHERNET,
            spaced([ethernet(p) for p in exchange(a, 40001, b, 443, long[:1200], long[1200:], [tls(server_hello(b"h2"))])], 0, 1_000)
            + spaced([ethernet(p) for p in exchange(a, 40002, b, 80, b"GET / HTTP/1.1\r\nHost: Www.example.org:80\r\n\r\n",
                                                    [b"HTTP/1.1 204 No Content\r\n\r\n"])], 100, 1_000)
            + spaced([ethernet(p) for p in exchange(a, 40003, b, 22, [b"SSH-2.0-server\r\n"], b"SSH-2.0-client\r\n")], 200, 1_000)
            + spaced([ethernet(udp(a, 40004, b, 53, question(name)[0])), ethernet(udp(b, 53, a, 40004, question(name)[1]))], 300, 1_000)
            + spaced([ethernet(p) for p in exchange(a, 40005, b, 443, long[:1200])], 400, 1_000))
    # The hello of QUIC in packet 1, with a parameter that means nothing (27) among the others.
    parameters = b"".join(bytes((kind,)) + counted(1, value) for kind, value in ((1, b"\x40\x64"), (27, b""), (4, b"\x10"), (15, b"")))
    crypto = hello(name, (b"h3",), extension(57, parameters))
    capture(folder / "quic.pcap", ETHERNET,
            [(0, ethernet(udp(a, 40001, b, 443, quic.initial(b"12345678", b"\6\0" + (0x4000 | len(crypto)).to_bytes(2, "big") + crypto, 1200))))])
    # Frames that end within the link header, within the IP header, and a whole one.
    whole = ethernet(udp(a, 40001, b, 53, b"whole"))
    capture(folder / "cut-off.pcap", ETHERNET, spaced([whole[:9], whole[:20], whole, whole[:33]], 0, 1_000))


main(Path(sys.argv[1]))
