#!/usr/bin/env python3
"""Makes the cases of this folder: inputs as real sensors, shippers and routes write them, and the right values.

    make_cases.py [--suricata]

Writes KIND/NAME.*, KIND/expected.json and the tables of README.md. The values are stated here by hand, out of the specifications and of what
tshark, Suricata and Zeek do; nothing is taken from the product. With --suricata the EVE files of KIND "a3", "a6" and
"a9" that a real Suricata wrote are made anew, with new flow ids.
"""
import copy
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from wire import *

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, *[".."] * 8))
KINDS = {}


def flow(proto, client, cport, server, sport, packets=None, **more):
    """A flow that is right: packets is the number in its context record."""
    def end(address, port):
        return "[%s]:%d" % (address, port) if is6(address) else "%s:%d" % (address, port)
    value = {"transport": proto, "originator": end(client, cport), "responder": end(server, sport)}
    if packets is not None:
        value["packets"] = packets
    value["communityId"] = community_id(proto, client, cport, server, sport, more.pop("seed", 0))
    value.update(more)
    return value


def closed(packets):
    """A flow that both sides close: its record is complete with the second FIN, or with the ACK of it, as Zeek counts."""
    return [packets - 1, packets]


def case(kind, name, content, flows, why, **more):
    """content: bytes or text of the one input, or a list of (file name, content); None if it is there already."""
    cases = KINDS.setdefault(kind, [])
    inputs = []
    for file, data in [(name, content)] if not isinstance(content, list) else content:
        inputs.append(file)
        if data is not None:
            path = os.path.join(HERE, kind, *file.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as out:
                out.write(data if isinstance(data, bytes) else data.encode())
            assert len(data) < 20_000, file
    cases.append({"name": name.rsplit(".", 1)[0], "inputs": inputs, "why": why, **more, "flows": flows})


# === A1: a pause is no end ======================================================================================

def a1():
    ssh_ends = ("192.0.2.10", 50022, "198.51.100.22", 22)

    def ssh(pauses=10):
        s = Tcp(*ssh_ends).open()
        s.send(PSH | ACK, b"SSH-2.0-OpenSSH_9.2p1\r\n", back=True).send(PSH | ACK, b"SSH-2.0-OpenSSH_9.6\r\n")
        s.send(PSH | ACK, b"\0\0\0\x1c\x0a\x14" + b"k" * 26).send(PSH | ACK, b"\0\0\0\x1c\x0a\x14" + b"K" * 26, back=True)
        for i in range(1, pauses + 1):
            s.at(T0 + 120 * i).send(PSH | ACK, b"k" * 36, back=True).send(PSH | ACK, b"r" * 28).send(ACK, back=True)
        return s.close().packets

    case("a1", "ssh-keepalive-120s.pcap", pcap(frames(ssh())), [flow("tcp", *ssh_ends, 7)],
         "sshd with ClientAliveInterval 120: the server speaks after each pause. TCP idles 5 min in Zeek and 600 s in "
         "Suricata, so it is one flow; 7 packets come within the wait of 10 s.")
    imap = Tcp("2001:db8::10", 50143, "2001:db8::143", 143).open()
    imap.send(PSH | ACK, b"* OK IMAP4rev1 ready\r\n", back=True).send(PSH | ACK, b"a1 IDLE\r\n")
    imap.send(PSH | ACK, b"+ idling\r\n", back=True)
    for i in range(1, 5):
        imap.at(T0 + 240 * i).send(PSH | ACK, b"* OK Still here\r\n", back=True).send(ACK)
    case("a1", "imap-idle-240s.pcap", pcap(frames(imap.close().packets)),
         [flow("tcp", "2001:db8::10", 50143, "2001:db8::143", 143, 6)],
         "IMAP IDLE over IPv6, the server's 'Still here' after pauses of 4 min: below TCP's 5 min, one flow.")
    udp_ends = ("192.0.2.10", 40050, "198.51.100.50", 5060)
    case("a1", "udp-pause-50s.pcap", pcap(frames(talk(*udp_ends, [0, (0.02,), 50, (50.02,), (99,), 99.02]))),
         [flow("udp", *udp_ends, 2)], "UDP idles 1 min in Zeek: pauses of 50 s end nothing.")
    case("a1", "udp-pause-90s-server-goes-on.pcap", pcap(frames(talk(*udp_ends, [0, (0.02,), (90,), 90.02, 90.04]))),
         [flow("udp", *udp_ends, 2), flow("udp", *udp_ends, 3)],
         "90 s are more than UDP's 1 min in Zeek: a second flow, which begins with a packet of the server and keeps the roles. "
         "Suricata's 300 s for UDP that both sides spoke make it one flow.", **{"or": [[flow("udp", *udp_ends, 2)]]})
    case("a1", "udp-pause-10min-server-goes-on.pcap", pcap(frames(talk(*udp_ends, [0, (0.02,), (600,), 600.02, 600.04]))),
         [flow("udp", *udp_ends, 2), flow("udp", *udp_ends, 3)],
         "10 min are more than UDP idles in any sensor: a second flow, which begins with a packet of the server and keeps the roles.")
    tcp_ends = ("192.0.2.10", 50400, "198.51.100.40", 443)
    silent = Tcp(*tcp_ends).open().ask()
    silent.at(T0 + 1200).send(PSH | ACK, b"push after 20 minutes", back=True).send(ACK).close()
    case("a1", "tcp-silent-20min-server-goes-on.pcap", pcap(frames(silent.packets)),
         [flow("tcp", *tcp_ends, 5), flow("tcp", *tcp_ends, closed(5))],
         "20 min are more than TCP idles in Zeek (5 min) and Suricata (600 s): a second flow, whose first packet is the "
         "server's; it goes on after its eviction, so the client stays the originator.")
    one_way = [p for p in ssh(5) if p[2]]
    case("a1", "one-way-client-120s.pcap", pcap(frames(one_way)), [flow("tcp", *ssh_ends, 4)],
         "Only the client's direction was captured: SYN, ACK, banner, key exchange, then a packet each 120 s; one flow.")
    from_server = [p for p in ssh(5) if not p[2]]
    case("a1", "one-way-server-120s.pcap", pcap(frames(from_server)), [flow("tcp", *ssh_ends, 3)],
         "Only the server's direction, which begins with SYN ACK: the originator is whom it is sent to.")
    mqtt = Tcp("192.0.2.60", 51883, "198.51.100.83", 1883).open()
    mqtt.send(PSH | ACK, b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04dev1").send(PSH | ACK, b"\x20\x02\0\0", back=True)
    for i in range(1, 8):
        mqtt.at(T0 + 60.05 * i).send(PSH | ACK, b"\xc0\0").send(PSH | ACK, b"\xd0\0", back=True)
    case("a1", "mqtt-keepalive-60s.pcap", pcap(frames(mqtt.packets)),
         [flow("tcp", "192.0.2.60", 51883, "198.51.100.83", 1883, 5)],
         "MQTT's most common keep-alive, 60 s, seen 50 ms late.")
    dns_ends = ("192.0.2.10", 5353, "198.51.100.53", 53)
    case("a1", "udp-port-again-after-2min.pcap", pcap(frames(talk(*dns_ends, [0, (0.01,), 120, (120.01,)]))),
         [flow("udp", *dns_ends, 2), flow("udp", *dns_ends, 2)],
         "A resolver with a fixed source port asks again after 2 min: two flows in Zeek, as UDP idles 1 min, one in Suricata.",
         **{"or": [[flow("udp", *dns_ends, 2)]]})
    case("a1", "udp-port-again-after-10min.pcap", pcap(frames(talk(*dns_ends, [0, (0.01,), 600, (600.01,)]))),
         [flow("udp", *dns_ends, 2), flow("udp", *dns_ends, 2)], "The same after 10 min: two flows everywhere.")
    case("a1", "udp-pause-90s-as-zeek.pcap", pcap(frames(talk(*udp_ends, [0, (0.02,), (90,), 90.02, 90.04]))),
         [flow("udp", *udp_ends, 2), flow("udp", *udp_ends, 3)], "A site that sets Zeek's 1 min for UDP: two flows, the roles kept.",
         settings={"udp-established-timeout": 60})
    hourly = Tcp(*tcp_ends).open().ask().at(T0 + 400).send(PSH | ACK, b"push after 400 s", back=True).send(ACK)
    case("a1", "tcp-silent-400s.pcap", pcap(frames(hourly.packets)), [flow("tcp", *tcp_ends, 5)],
         "400 s are more than TCP idles in Zeek (5 min), less than in Suricata (600 s): one flow, or two with the roles kept.",
         **{"or": [[flow("tcp", *tcp_ends, 5), flow("tcp", *tcp_ends, 2)]]})
    case("a1", "tcp-silent-400s-as-zeek.pcap", pcap(frames(hourly.packets)), [flow("tcp", *tcp_ends, 5), flow("tcp", *tcp_ends, 2)],
         "A site that sets Zeek's 5 min for TCP: two flows, the roles kept.", settings={"tcp-established-timeout": 300})
    case("a1", "ssh-keepalive-120s-short-timeout.pcap", pcap(frames(ssh(5))), [flow("tcp", *ssh_ends, 7)] + [flow("tcp", *ssh_ends, 3)] * 4 + [flow("tcp", *ssh_ends, closed(6))],
         "A timeout below the keep-alive: a flow a pause, each begun by the server, each with the client as originator.",
         settings={"tcp-established-timeout": 100})
    busy = ssh(4)
    others = []
    for i in range(16):
        ends = ("192.0.2.10", 20000 + i, "198.51.100.53", 53)
        busy += talk(*ends, [0, (0.01,)], T0 + 30 * i + 5)
        others.append(flow("udp", *ends, 2))
    case("a1", "keepalive-among-others.pcap", pcap(frames(busy)), [flow("tcp", *ssh_ends, 7), *others],
         "The clock goes on with other flows, a DNS query each 30 s, while the SSH session is silent.")
    case("a1", "eve-ssh-keepalive-120s.json", lines(alerts(ssh(), 1000000000000101, ssh_ends)),
         [flow("tcp", *ssh_ends, 7, uid="1000000000000101")],
         "The same session as Suricata's rules report it: 10 packets, of which 3 come after the first pause.")
    case("a1", "ndpid-ssh-keepalive-120s.ndjson", lines(ndpid(ssh(4), 7)), [flow("tcp", *ssh_ends, 7)],
         "The same session as nDPId writes it; nDPId's TCP flows idle 7440 s, and it goes on counting its packets.")
    ntp_ends = ("192.0.2.10", 123, "198.51.100.123", 123)
    case("a1", "ndpid-udp-pause-50s.ndjson", lines(ndpid(talk(*ntp_ends, [0, (0.02,), 50, (50.02,)]), 8)),
         [flow("udp", *ntp_ends, 2)], "UDP with a pause of 50 s out of nDPId: one flow.")
    late = alerts(Tcp(*ssh_ends).open().at(T0 + 290).ask().packets, 1000000000000102, ssh_ends)
    case("a1", "eve-request-after-290s.json", lines(late), [flow("tcp", *ssh_ends, 3, uid="1000000000000102")],
         "A connection opened ahead of its use: the request comes 290 s after the handshake, in Suricata's packets 4 and 5.")


# === A2: the same port again ====================================================================================

def a2():
    ends = ("192.0.2.20", 51000, "198.51.100.80", 80)

    def connection(i, t, fins="both", isn=None):
        c = Tcp(*ends, t, isn or 1000 + 700_000 * i, 5000 + 900_000 * i).open().ask()
        if fins in ("both", "client"):
            c.send(FIN | ACK)
        if fins == "client":
            c.send(ACK, back=True)
        if fins == "both":
            c.send(FIN | ACK, back=True).send(ACK)
        if fins == "server":
            c.send(FIN | ACK, back=True).send(ACK)
        return c.packets

    three = sum((connection(i, T0 + 20 * i, "client") for i in range(3)), [])
    case("a2", "one-way-client.pcap", pcap(frames([p for p in three if p[2]])), [flow("tcp", *ends, 4)] * 3,
         "Only the client's direction: three times SYN, ACK, request, FIN from one port. RFC 9293: a SYN with a new "
         "sequence number after the FIN opens a new connection.")
    two = sum((connection(i, T0 + 20 * i) for i in range(2)), [])
    case("a2", "one-way-server.pcap", pcap(frames([p for p in two if not p[2]])), [flow("tcp", *ends, 3)] * 2,
         "Only the server's direction: twice SYN ACK, answer, FIN. The second SYN ACK has another sequence number and "
         "opens a new flow; the originator is whom it is sent to.")
    case("a2", "server-fin-only.pcap", pcap(frames(connection(0, T0, "server") + connection(1, T0 + 5, "server"))),
         [flow("tcp", *ends, 7)] * 2, "The server closes, the client's FIN is not in the capture, and the port is used again.")
    again = connection(0, T0)
    syn = again[0]
    slow = [(T0 + s, syn[1], True) for s in (0, 1, 3, 7)] + [(t + 7.02, p, f) for t, p, f in again[1:]]
    case("a2", "syn-retransmitted.pcap", pcap(frames(slow)), [flow("tcp", *ends, 10)],
         "The SYN is sent four times (Linux: after 1, 3, 7 s) with one sequence number: one connection of 11 packets.")
    lost = connection(0, T0)
    lost = [lost[0], lost[1], (T0 + 1.02, lost[1][1], False), *[(t + 1.02, p, f) for t, p, f in lost[2:]]]
    case("a2", "syn-ack-retransmitted.pcap", pcap(frames(lost)), [flow("tcp", *ends, closed(9))],
         "The SYN ACK is sent twice with one sequence number: one connection of 9 packets.")
    reset = Tcp(*ends).open().ask().send(RST | ACK).packets + connection(1, T0 + 2)
    case("a2", "after-rst.pcap", pcap(frames(reset)), [flow("tcp", *ends, 6), flow("tcp", *ends, closed(8))],
         "The port is used again 2 s after a reset.")
    case("a2", "after-both-fins.pcap", pcap(frames(connection(0, T0) + connection(1, T0 + 1))), [flow("tcp", *ends, closed(8))] * 2,
         "The port is used again 1 s after both sides have closed.")
    old = Tcp(*ends).open().ask()
    new = Tcp(*ends, T0 + 20, 9_000_000, 7_000_000)
    recovery = old.packets + [
        (T0 + 20, tcp(*ends, SYN, 9_000_000), True),
        (T0 + 20.01, tcp(*ends[2:], *ends[:2], ACK, old.seq[1], old.seq[0]), False),
        (T0 + 20.02, tcp(*ends, RST, old.seq[0]), True)] + new.at(T0 + 21).open().ask().close().packets
    case("a2", "half-open-recovery.pcap", pcap(frames(recovery)), [flow("tcp", *ends, 5), flow("tcp", *ends, 10)],
         "The client crashed and comes back with the same port: SYN, challenge ACK, RST of the old connection, and after 1 s "
         "the SYN again (RFC 9293, figure 9): two connections, 5 packets and 11. In Suricata the first SYN is the old "
         "connection's; for Zeek the RST ends the new one: three.",
         **{"or": [[flow("tcp", *ends, 5), flow("tcp", *ends, closed(8))],
                   [flow("tcp", *ends, 5), flow("tcp", *ends, 3), flow("tcp", *ends, closed(8))]]})
    unknown = Tcp(*ends, T0 + 3)
    unknown.open().ask().close()
    first = unknown.packets[0]
    stale = [(T0, first[1], True), (T0 + 0.01, tcp(*ends[2:], *ends[:2], ACK, 77_000_000, 88_000_000), False),
             (T0 + 0.02, tcp(*ends, RST, 88_000_000), True)]
    case("a2", "half-open-before-capture.pcap", pcap(frames(stale + unknown.packets)), [flow("tcp", *ends, 10)],
         "The same where the old connection is not in the capture: SYN, ACK of the old one, RST to it, the SYN again (RFC 9293, "
         "3.10.7.3: the client goes on waiting). One connection, as in Suricata; for Zeek the RST ends it: two.")
    refused = [(T0, first[1], True), (T0 + 0.01, tcp(*ends[2:], *ends[:2], RST, 0), False),
               (T0 + 1, first[1], True), (T0 + 1.01, tcp(*ends[2:], *ends[:2], RST, 0), False)]
    case("a2", "reset-that-acknowledges-nothing.pcap", pcap(frames(refused)), [flow("tcp", *ends, 4)],
         "A device answers SYN with RST alone, which the client drops (RFC 9293, 3.10.7.3) and so sends the same SYN after 1 s: "
         "one connection, as in Suricata; two for Zeek.")
    overtaken = connection(0, T0)
    overtaken[1], overtaken[2] = overtaken[2], overtaken[1]
    overtaken = [(T0 + 0.001 * i, p, f) for i, (_, p, f) in enumerate(overtaken)]
    case("a2", "ack-before-syn-ack.pcap", pcap(frames(overtaken)), [flow("tcp", *ends, closed(8))],
         "A capture on several queues has the client's ACK of the SYN ACK before the SYN ACK: one connection.")
    half = Tcp(*ends).open().send(PSH | ACK, b"GET /big HTTP/1.0\r\n\r\n").send(FIN | ACK)
    for i in range(20):
        half.at(T0 + 1.5 * (i + 1)).send(PSH | ACK, b"d" * 100, back=True)
    half.send(FIN | ACK, back=True).send(ACK)
    case("a2", "half-closed-server-goes-on.pcap", pcap(frames(half.packets)), [flow("tcp", *ends, 10)],
         "The client closes its half at once and the server sends for 30 s, then closes too: one flow.")
    twice = [q for t, p, f in connection(0, T0) for q in ((t, p, f), (t + 0.00001, p, f))]
    case("a2", "span-duplicates.pcap", pcap(frames(twice)), [flow("tcp", *ends, 10)],
         "A mirror port that copies ingress and egress: each packet twice, SYN and FIN too. One connection.")
    resent = connection(0, T0, "client")[:6]
    fin = resent[-1]
    resent += [(T0 + 1, fin[1], True), (T0 + 3, fin[1], True)] + connection(1, T0 + 6)
    case("a2", "fin-retransmitted.pcap", pcap(frames(resent)), [flow("tcp", *ends, 8), flow("tcp", *ends, closed(8))],
         "The client's FIN three times and never one of the server, then the port again.")
    stale = connection(0, T0, "client")
    stale.append((T0 + 0.5, stale[0][1], True))
    case("a2", "late-duplicate-of-the-syn.pcap", pcap(frames(stale)), [flow("tcp", *ends, 8)],
         "A copy of the connection's own SYN, of the same sequence number, arrives after the client's FIN: an old "
         "duplicate, no new connection, as in Suricata 7.0.10 and by Zeek's source (IsReuse).")
    swapped = connection(0, T0)
    swapped[0], swapped[1] = (T0, swapped[1][1], False), (T0 + 0.00002, swapped[0][1], True)
    case("a2", "syn-behind-syn-ack.pcap", pcap(frames(swapped)), [flow("tcp", *ends, closed(8))],
         "A capture on several queues has the SYN ACK before the SYN: one flow, the originator is the client.")
    woven = []
    flows = []
    for i in range(4):
        e = ("192.0.2.20", 51000, "198.51.100.%d" % (80 + i), 80)
        c = Tcp(*e, T0 + 0.001 * i).open().ask().send(FIN | ACK)
        d = Tcp(*e, T0 + 30 + 0.001 * i, 8_000_000).open().ask().send(FIN | ACK)
        woven += c.packets + d.packets
        flows += [flow("tcp", *e, 6)] * 2
    case("a2", "interleaved.pcap", pcap(frames(woven)), flows,
         "Four servers from one client port at once, each twice, with the client's FIN only: eight flows.")


# === A3: tunnels ================================================================================================

OUT = ("203.0.113.1", "203.0.113.2")
OUT6 = ("2001:db8:ffff::1", "2001:db8:ffff::2")
IN = ("192.0.2.77", 41000, "192.0.2.88", 443)
IN6 = ("2001:db8:1::77", 41000, "2001:db8:1::88", 443)


def outer(back, ends=OUT):
    return (ends[1], ends[0]) if back else ends


def tunnel(kind, source=OUT[0], target=OUT[1], sport=None, port=None, depth=1, number=None):
    """The outermost tunnel of a flow's first packet."""
    return {"type": kind, "depth": depth, "id": number, "source": source, "sourcePort": sport, "destination": target,
            "destinationPort": port}


VXLAN, GRE_ONLY, TO_GENEVE = tunnel("vxlan", sport=55555, port=4789, number=77), tunnel("gre"), tunnel("geneve", sport=55555, port=6081, number=9)
TUNNELS = {
    "vxlan-over-vlan": VXLAN, "qinq-vxlan": VXLAN, "vxlan-both-ways": {**VXLAN, "sourcePort": 50001},
    "vxlan-in-gre": tunnel("gre", "198.51.100.1", "198.51.100.2", depth=2), "gre-checksum-key-sequence": tunnel("gre", number=7),
    "nvgre-inner-vlan": tunnel("gre", number=0x4D00), "gre-over-ipv6": tunnel("gre", *OUT6), "gre-ipv6-inside": GRE_ONLY,
    "pptp-gre": tunnel("pptp", number=9), "erspan1": tunnel("erspan"), "erspan2-vlan": tunnel("erspan", number=5),
    "erspan3": tunnel("erspan", number=5), "erspan3-subheader": tunnel("erspan", number=5), "geneve-options": TO_GENEVE,
    "geneve-ip-inside": TO_GENEVE, "geneve-udp-inside": TO_GENEVE, "gtpu-extension-header": tunnel("gtp", sport=2152, port=2152, number=1),
    "gtpu-sequence-ipv6-inside": tunnel("gtp", sport=2152, port=2152, number=1), "teredo": tunnel("teredo", sport=55555, port=3544),
    "teredo-authentication-origin": tunnel("teredo", sport=55555, port=3544), "6in4": tunnel("ipip"), "4in6": tunnel("ipip", *OUT6),
    "6in6": tunnel("ipip", *OUT6), "ipip": tunnel("ipip"), "ah-tunnel": tunnel("ipip"), "ah-transport": None, "mpls-two-labels": None,
    "pseudowire-control-word": None}


def in_udp(port, make, sport=55555, back_port=None):
    """A wrapper for frames(): the inner packet, packed by make, in UDP to the tunnel's port in both directions."""
    def wrap(packet, back):
        return udp(*_ports(outer(back), sport if not back else back_port or sport, port), make(packet, back))
    return wrap


def _ports(ends, sport, dport):
    return ends[0], sport, ends[1], dport


def a3(run_suricata):
    inner = web()
    inner6 = web(*IN6)
    one, one6 = flow("tcp", *IN, 5), flow("tcp", *IN6, 5)
    q, ad = 0x8100, 0x88A8

    def simple_case(name, wrap, why, flows=None, packets=None, **more):
        flows = [{**f, "tunnel": TUNNELS[name.split(".")[0]]} if name.split(".")[0] in TUNNELS else f for f in flows or [one]]
        case("a3", name, pcap(frames(packets or inner, wrap)), flows, why, **more)

    vx = in_udp(4789, lambda p, b: vxlan(77, ether(p, back=b)))
    simple_case("vxlan-over-vlan.pcap",
                lambda p, b: ether(in_udp(4789, lambda p, b: vxlan(77, ether(p, tags=[(q, 10)], back=b)))(p, b),
                                   tags=[(q, 100)], back=b),
                "VXLAN (RFC 7348) over a VLAN, the inner frame tagged too.")
    simple_case("qinq-vxlan.pcap", lambda p, b: ether(vx(p, b), tags=[(ad, 20), (q, 100)], back=b), "VXLAN behind 802.1ad and 802.1Q.")
    simple_case("vxlan-both-ways.pcap",
                lambda p, b: ether(in_udp(4789, lambda p, b: vxlan(77, ether(p, back=b)), 50001, 60002)(p, b), back=b),
                "As real VTEPs do it: the outer source port is a hash, another one each way. One inner flow.")
    simple_case("vxlan-in-gre.pcap",
                lambda p, b: ether(ip("198.51.100.1", "198.51.100.2", 47, gre(IPV4, vx(p, b))) if not b else
                                   ip("198.51.100.2", "198.51.100.1", 47, gre(IPV4, vx(p, b))), back=b),
                "VXLAN inside GRE: two tunnels deep.")
    simple_case("gre-checksum-key-sequence.pcap",
                lambda p, b: ether(ip(*outer(b), 47, gre(IPV4, p, key=7, seq=9, check=True)), back=b),
                "GRE with all of RFC 2890's optional fields.")
    simple_case("nvgre-inner-vlan.pcap",
                lambda p, b: ether(ip(*outer(b), 47, gre(TEB, ether(p, tags=[(q, 5)], back=b), key=0x4D00)), back=b),
                "NVGRE (RFC 7637): GRE 0x6558 with a key, the inner frame tagged.")
    simple_case("gre-over-ipv6.pcap", lambda p, b: ether(ip(*outer(b, OUT6), 47, gre(IPV4, p)), back=b), "GRE over IPv6 (RFC 7676).")
    simple_case("gre-ipv6-inside.pcap", lambda p, b: ether(ip(*outer(b), 47, gre(IPV6, p)), back=b),
                "IPv6 inside GRE.", [one6], inner6)
    simple_case("pptp-gre.pcap",
                lambda p, b: ether(ip(*outer(b), 47, struct.pack("!HHHHII", 0x3081, PPP_GRE, len(p) + 4, 9, 1, 0) +
                                      b"\xff\x03\x00\x21" + p), back=b),
                "PPTP's enhanced GRE (RFC 2637) with PPP inside, as Zeek and Suricata open it.")
    simple_case("erspan1.pcap", lambda p, b: ether(ip(*OUT, 47, gre(ERSPAN, ether(p, back=b)))),
                "ERSPAN I: GRE 0x88be without a sequence number, so without an ERSPAN header. A mirror sends both directions one way.")
    erspan2 = struct.pack("!HHI", 0x1000 | 10, 0x0800 | 5, 3)
    simple_case("erspan2-vlan.pcap", lambda p, b: ether(ip(*OUT, 47, gre(ERSPAN, erspan2 + ether(p, tags=[(q, 10)], back=b), seq=1))),
                "ERSPAN II with its header of 8 bytes, the mirrored frame tagged.")
    erspan3 = struct.pack("!HHIHH", 0x2000 | 10, 5, 123456, 0, 0)
    erspan3_sub = struct.pack("!HHIHH", 0x2000 | 10, 5, 123456, 0, 1) + bytes.fromhex("1400000000000001")
    simple_case("erspan3.pcap", lambda p, b: ether(ip(*OUT, 47, gre(ERSPAN3, erspan3 + ether(p, back=b), seq=1))),
                "ERSPAN III: GRE 0x22eb, a header of 12 bytes.")
    simple_case("erspan3-subheader.pcap", lambda p, b: ether(ip(*OUT, 47, gre(ERSPAN3, erspan3_sub + ether(p, back=b), seq=1))),
                "ERSPAN III whose O bit announces a subheader of 8 bytes.")
    options = bytes.fromhex("0102800300000001000000020000000301030001deadbeef")
    simple_case("geneve-options.pcap",
                lambda p, b: ether(in_udp(6081, lambda p, b: geneve(9, TEB, ether(p, back=b), options))(p, b), back=b),
                "GENEVE (RFC 8926) with 24 bytes of options, as cloud gateways write them.")
    simple_case("geneve-ip-inside.pcap", lambda p, b: ether(in_udp(6081, lambda p, b: geneve(9, IPV4, p))(p, b), back=b),
                "GENEVE that carries IPv4 without an Ethernet header.")
    simple_case("gtpu-extension-header.pcap", lambda p, b: ether(in_udp(2152, lambda p, b: gtpu(1, p, extension=True), 2152)(p, b), back=b),
                "GTP-U of 5G: E bit, PDU session container.")
    simple_case("gtpu-sequence-ipv6-inside.pcap", lambda p, b: ether(in_udp(2152, lambda p, b: gtpu(1, p, seq=5), 2152)(p, b), back=b),
                "GTP-U with a sequence number, IPv6 inside.", [one6], inner6)
    teredo_auth = bytes.fromhex("00010000") + b"nonce678" + b"\0" + bytes.fromhex("0000") + struct.pack("!H", 55555 ^ 0xFFFF) + bytes(b ^ 255 for b in packed(OUT[0]))
    simple_case("teredo-authentication-origin.pcap", lambda p, b: ether(in_udp(3544, lambda p, b: teredo_auth + p)(p, b), back=b),
                "Teredo (RFC 4380) with an authentication header (13 bytes) and an origin indication (8 bytes): the inner header at an odd offset.",
                [one6], inner6)
    simple_case("teredo.pcap", lambda p, b: ether(udp(*_ports(outer(b), 3544 if b else 55555, 55555 if b else 3544), p), back=b),
                "Teredo with the port of its server at either end.", [one6], inner6)
    simple_case("6in4.pcap", lambda p, b: ether(ip(*outer(b), 41, p), back=b), "IPv6 in IPv4 (RFC 4213).", [one6], inner6)
    simple_case("4in6.pcap", lambda p, b: ether(ip(*outer(b, OUT6), 4, p), back=b), "IPv4 in IPv6 (RFC 2473), as DS-Lite.")
    simple_case("6in6.pcap", lambda p, b: ether(ip(*outer(b, OUT6), 41, p), back=b), "IPv6 in IPv6.", [one6], inner6)
    simple_case("ipip.pcap", lambda p, b: ether(ip(*outer(b), 4, p), back=b), "IP in IP (RFC 2003).")
    simple_case("mpls-two-labels.pcap", lambda p, b: ether(mpls([100, 200], p), MPLS, back=b), "IPv4 behind two MPLS labels.")
    simple_case("pseudowire-control-word.pcap", lambda p, b: ether(mpls([100, 200], b"\0\0\0\0" + ether(p, back=b)), MPLS, back=b),
                "An Ethernet pseudowire with its control word (RFC 4448) behind two labels.")
    wire = [bytes.fromhex(m) for m in ("460011223344", "62ab11223344", "4a0000000001", "6e0000000001")]
    for i, name in ((0, "46"), (1, "62"), (2, "4a")):
        simple_case("pseudowire-mac-%s.pcap" % name,
                    lambda p, b, i=i: ether(mpls([300], ether(p, source=wire[(i + 1) % 4], target=wire[i])), MPLS, back=b),
                    "An Ethernet pseudowire without a control word whose inner destination begins with %s, like a version of IP "
                    "(RFC 4928): the inner flow, or nothing and a word on stderr; no address is read from a MAC." % name,
                    **{"or": [[]], "never": ["70.0.", "%s:" % wire[i].hex()[:2], ".69.0"]})
    simple_case("pseudowire-control-word-mac-46.pcap",
                lambda p, b: ether(mpls([300], b"\0\0\0\7" + ether(p, source=wire[1], target=wire[0])), MPLS, back=b),
                "A control word with a sequence number, and inner MAC addresses that look like IP.")
    icv = b"integrity960"

    def ah(following, payload):
        return struct.pack("!BBHII", following, 4, 0, 0x1001, 1) + icv + payload

    def transport_ah(p, b):
        source, target = ".".join(map(str, p[12:16])), ".".join(map(str, p[16:20]))
        return ether(ip(source, target, 51, ah(6, p[20:])), back=b)
    simple_case("ah-transport.pcap", transport_ah, "AH over IPv4 (RFC 4302) in transport mode: TCP behind 24 bytes of AH.")
    simple_case("ah-tunnel.pcap", lambda p, b: ether(ip(*outer(b), 51, ah(4, p)), back=b), "AH over IPv4 in tunnel mode.")
    case("a3", "gre-on-raw-ip.pcap", pcap(frames(inner, lambda p, b: ip(*outer(b), 47, gre(IPV4, p))), link=101), [{**one, "tunnel": GRE_ONLY}], "GRE in a capture of raw IP.")
    bare = pcap(frames(inner, lambda p, b: ether(vx(p, b), back=b)))
    ends = [flow("udp", *_ports(outer(back), 55555, 4789), n, tunnel=None) for back, n in ((False, 3), (True, 2))]
    case("a3", "vxlan-none-opened.pcap", bare, ends, "The site opens no tunnels: two one-way flows of its ends.", settings={"tunnels": "none"})
    case("a3", "vxlan-others-opened.pcap", bare, ends, "The site opens GRE and GENEVE only.", settings={"tunnels": "gre,geneve"})
    case("a3", "gre-none-opened.pcap", pcap(frames(inner, lambda p, b: ether(ip(*outer(b), 47, gre(IPV4, p)), back=b))), [],
         "The site opens no tunnels: GRE has no ports, so its packets are skipped and counted.", settings={"tunnels": "none"}, stderr=["\\b5\\b"])
    udp_inner = talk("192.0.2.77", 5000, "192.0.2.88", 53, [0, (0.01,), 0.02])
    simple_case("geneve-udp-inside.pcap", lambda p, b: ether(in_udp(6081, lambda p, b: geneve(9, TEB, ether(p, back=b)))(p, b), back=b),
                "UDP inside GENEVE.", [flow("udp", "192.0.2.77", 5000, "192.0.2.88", 53, 3)], udp_inner)

    # Ports of tunnels that carry something else
    dns = ("192.0.2.10", 4789, "198.51.100.53", 53)
    query = bytes.fromhex("080001000001000000000000076578616d706c65036f72670000010001")
    answer = bytes.fromhex("080081800001000100000000076578616d706c65036f72670000010001c00c0001000100000e100004c0000201")
    case("a3", "dns-from-port-4789.pcap",
         pcap(frames([(T0, udp(*dns, query), True), (T0 + 0.01, udp(*dns[2:], *dns[:2], answer), False)])), [flow("udp", *dns, 2)],
         "A DNS query that happens to leave from port 4789, with an id that begins like a VXLAN header (08 00), while the "
         "reserved bits are not 0: no tunnel.")
    echo = ("203.0.113.1", 2152, "203.0.113.2", 2152)
    case("a3", "gtpu-echo.pcap",
         pcap(frames([(T0, udp(*echo, gtpu(0, b"", seq=1, kind=1)), True), (T0 + 0.01, udp(*echo[2:], *echo[:2], gtpu(0, b"\x0e\0", seq=1, kind=2)), False)])),
         [flow("udp", *echo, 2)], "GTP-U's echo request and response carry no packet: a flow of the tunnel's own ends.")
    text = ("192.0.2.10", 45000, "198.51.100.60", 6081)
    case("a3", "text-on-port-6081.pcap", pcap(frames(talk(*text, [0, (0.01,), 0.02]))), [flow("udp", *text, 3)],
         "Port 6081 used by something that is not GENEVE (its first byte says version 1).")
    stun = ("192.0.2.10", 45001, "198.51.100.61", 3544)
    case("a3", "text-on-port-3544.pcap", pcap(frames(talk(*stun, [0, (0.01,)]))), [flow("udp", *stun, 2)],
         "Port 3544 used by something that is not Teredo: no IPv6 header anywhere.")
    quic = ("192.0.2.10", 45002, "198.51.100.62", 4789)
    case("a3", "text-on-port-4789.pcap", pcap(frames(talk(*quic, [0, (0.01,)]))), [flow("udp", *quic, 2)],
         "Port 4789 used by something whose I flag is not set: no VXLAN.")

    second = Tcp(*IN, T0 + 3, 9_000_000, 8_000_000).open().ask().close().packets
    first = Tcp(*IN).open().ask().close().packets
    case("a3", "same-inner-tuple-two-vnis.pcap",
         pcap(frames(first, lambda p, b: ether(vx(p, b), back=b)) +
              frames(second, lambda p, b: ether(in_udp(4789, lambda p, b: vxlan(78, ether(p, back=b)))(p, b), back=b))),
         [flow("tcp", *IN, closed(8), tunnel=VXLAN), flow("tcp", *IN, closed(8), tunnel={**VXLAN, "id": 78})], "Two tenants with the same addresses, one complete connection after the other: two flows however they are keyed.")
    big = Tcp(*IN).open().send(PSH | ACK, b"G" * 1440).send(PSH | ACK, b"HTTP/1.1 200 OK\r\n\r\n", back=True).packets
    pieces = []
    for t, p, forth in big:
        whole = vx(p, not forth)
        if len(whole) <= 1500:
            pieces.append((t, ether(whole, back=not forth)))
        else:
            ends = outer(not forth)
            pieces.append((t, ether(ip(*ends, 17, whole[20:1500], ident=77, fragment=0x2000))))
            pieces.append((t + 0.0001, ether(ip(*ends, 17, whole[1500:], ident=77, fragment=1480 // 8))))
    case("a3", "vxlan-fragmented.pcap", pcap(pieces), [{**one, "tunnel": VXLAN}],
         "An MTU without room for VXLAN: one datagram in two fragments. The first has the inner headers; the second has none and is counted.")
    deep = b""
    nested = []
    for t, p, forth in inner:
        for _ in range(24):
            p = ip(*OUT, 4, p)
        nested.append((t, ether(p)))
    case("a3", "ipip-24-deep.pcap", pcap(nested), [], "24 tunnels in each other: the depth is bounded, so nothing and a word on stderr; or the inner flow.",
         **{"or": [[one]]})
    both = frames(inner, lambda p, b: ether(vx(p, b), back=b)) + frames(web("192.0.2.78", 41001), lambda p, b: ether(ip(*outer(b), 47, gre(IPV4, p)), back=b)) \
        + frames(web("192.0.2.79", 41002), lambda p, b: ether(p, back=b))
    case("a3", "mixed.pcap", pcap(both), [{**one, "tunnel": VXLAN}, flow("tcp", "192.0.2.78", 41001, *IN[2:], 5, tunnel=GRE_ONLY), flow("tcp", "192.0.2.79", 41002, *IN[2:], 5, tunnel=None)],
         "Three connections at once: in VXLAN, in GRE, and bare.")

    seen = ("vxlan-over-vlan geneve-options nvgre-inner-vlan erspan2-vlan gre-checksum-key-sequence 6in4 geneve-udp-inside mixed").split()
    for name in seen:
        file = "suricata-%s.json" % name
        if run_suricata:
            suricata("a3/%s.pcap" % name, "a3/" + file)
        source = copy.deepcopy(next(c for c in KINDS["a3"] if c["name"] == name))
        for one in source["flows"]:
            one.pop("tunnel", None)     # what Suricata says of it differs by version
        port = {"vxlan-over-vlan": 4789, "mixed": 4789, "geneve-options": 6081, "geneve-udp-inside": 6081}.get(name)
        more = {}
        if port:
            # The tunnel's datagrams are flows of their own for Suricata, one each way.
            there = 2 if name == "geneve-udp-inside" else 3
            ends = [flow("udp", *_ports(outer(back), 55555, port), n) for back, n in ((False, there), (True, source["flows"][0]["packets"] - there))]
            more["or"] = [source["flows"] + ends]
        case("a3", file, None, source["flows"], "What Suricata 7.0.10 wrote of %s.pcap: the inner flow once%s." % (
            name, "; the tunnel's own datagrams, which it reports too, are flows of the events' own tuples or are skipped" if port else ""), **more)


def suricata(source, target, seed=0, extra=(), text=""):
    """Runs a real Suricata with the shipped rules."""
    work = tempfile.mkdtemp()
    try:
        sensor = os.path.join(ROOT, "zeek-scripts", "suricata")
        with open(os.path.join(sensor, "serveflow-eve.yaml")) as eve:
            output = eve.read().replace("community-id-seed: 0", "community-id-seed: %d" % seed)
        with open(os.path.join(work, "eve.yaml"), "w") as out:
            out.write(output)
        with open(os.path.join(work, "suricata.yaml"), "w") as out:
            out.write("%%YAML 1.1\n---\noutputs:\n  - eve-log: !include %s/eve.yaml\nstream:\n  midstream: true\n%s" % (work, text))
        subprocess.run(["suricata", "-c", work + "/suricata.yaml", "-r", os.path.join(HERE, source), "-S",
                        sensor + "/serveflow.rules", "-l", work, "-k", "none", "--runmode", "single", *extra],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.copy(work + "/serveflow.json", os.path.join(HERE, target))
    finally:
        shutil.rmtree(work)


# === A4: envelopes and names ====================================================================================

ENDS = ("192.0.2.10", 40000, "198.51.100.20", 443)
UID = "P0eIBHSrAOiPzvc8VJ"
SEEN = "2023-11-14T22:13:25.000Z"


def zeek_lines(**more):
    return [compact(r) for r in zeek_pair(web(*ENDS), UID, ENDS, **more)]


def dns_log(uid="CdnsAAAA1", **more):
    return compact({"ts": T0 + 1, "uid": uid, "id.orig_h": "192.0.2.10", "id.orig_p": 5353, "id.resp_h": "198.51.100.53",
                    "id.resp_p": 53, "proto": "udp", "trans_id": 1, "query": "example.org", "qtype_name": "A",
                    "rcode_name": "NOERROR", "answers": ["192.0.2.1"], **more})


def a4():
    right = flow("tcp", *ENDS, 5, uid=UID)

    def seen_by(observer):
        return [{**right, "observer": observer}]

    def wrapped(name, why, wrap, observer="serveflow", inner=None, **more):
        case("a4", name, lines([wrap(line) for line in inner or zeek_lines()]), more.pop("flows", None) or seen_by(observer), why, **more)

    wrapped("vector-file.ndjson", "Vector's file source and json codec: message, source_type, file, host.",
            lambda l: {"file": "/opt/zeek/logs/current/serveflow.log", "host": "sensor-1", "message": l, "source_type": "file", "timestamp": SEEN}, "sensor-1")
    wrapped("vector-file-hour-name.ndjson", "Vector that reads zeekctl's archive, whose names carry the hours.",
            lambda l: {"file": "/opt/zeek/logs/2023-11-14/serveflow.22:00:00-23:00:00.log.gz", "host": "sensor-1", "message": l, "source_type": "file", "timestamp": SEEN}, "sensor-1")
    wrapped("vector-kafka.ndjson", "Vector's kafka source: message beside topic, partition, offset.",
            lambda l: {"headers": {}, "message": l, "message_key": UID, "offset": 7, "partition": 0, "source_type": "kafka", "timestamp": SEEN, "topic": "zeek"})
    wrapped("fluent-bit-tail.ndjson", "Fluent Bit's tail input: date and log, path_key set.",
            lambda l: {"date": T0 + 5.25, "filename": "/usr/local/zeek/logs/current/serveflow.log", "log": l})
    wrapped("fluent-bit-kafka.ndjson", "Fluent Bit's kafka output: @timestamp and log, nothing else.",
            lambda l: {"@timestamp": T0 + 5.25, "log": l})
    wrapped("docker-json-file.ndjson", "Docker's json-file driver: log with its line end, stream, time.",
            lambda l: {"log": l + "\n", "stream": "stdout", "time": "2023-11-14T22:13:25.123456789Z"})
    wrapped("logstash-file.ndjson", "Logstash's file input with ECS: event.original and message, a worker's spool as path.",
            lambda l: {"@version": "1", "@timestamp": SEEN, "host": {"name": "ls-1"}, "event": {"original": l}, "log": {"file": {"path": "/opt/zeek/spool/worker-1-2/serveflow.log"}}, "message": l}, "ls-1")
    wrapped("filebeat-archive-name.ndjson", "Filebeat on zeekctl's archive, whose names carry the hours.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "sensor-2", "type": "filebeat", "version": "8.19.0"}, "log": {"offset": 0, "file": {"path": "/opt/zeek/logs/2023-11-14/serveflow.22:00:00-23:00:00.log"}}, "message": l, "input": {"type": "filestream"}}, "sensor-2")
    wrapped("elastic-agent-worker-pipeline.ndjson", "An Elastic Agent whose pipeline was made out of a worker's file name.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "so-1", "type": "filebeat"}, "log": {"file": {"path": "/nsm/zeek/logs/current/serveflow-worker-1-3.log"}}, "pipeline": "zeek.serveflow-worker-1-3", "event": {"module": "zeek"}, "message": l}, "so-1")
    wrapped("corelight-archive-name.ndjson", "Corelight's names: log, date, hours.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "cl-1"}, "log": {"file": {"path": "/var/corelight/serveflow_20231114_22:00:00-23:00:00+0000.log.gz"}}, "message": l}, "cl-1")
    wrapped("path-of-another-log.ndjson", "The path says dns.log, the keys say serveflow: the keys decide.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "sensor-2"}, "log": {"file": {"path": "/nsm/zeek/logs/current/dns.log"}}, "message": l}, "sensor-2")
    wrapped("folder-of-another-log.ndjson", "A folder that is called like another log.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "sensor-2"}, "log": {"file": {"path": "/data/dns/http/ssl/serveflow.log"}}, "message": l}, "sensor-2")
    wrapped("logrotate-names.ndjson", "logrotate's dateext and numbers.",
            lambda l: {"@timestamp": SEEN, "host": "sensor-3", "log": {"file": {"path": "/var/log/zeek/serveflow.log-20231114" if "first" in l else "/var/log/zeek/serveflow.log.1"}}, "message": l}, "sensor-3")
    other = [dns_log(), zeek_lines()[0], zeek_lines()[1], dns_log("CdnsAAAA2")]
    wrapped("other-logs-under-this-path.ndjson", "dns lines under the path of serveflow.log are skipped, not dead letters.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "sensor-2"}, "log": {"file": {"path": "/nsm/zeek/logs/current/serveflow.log"}}, "message": l}, "sensor-2", other, skipped=2)
    wrapped("renamed-other-logs.ndjson", "dns lines of dns-eth0.log and of an archive name are skipped, not dead letters.",
            lambda l: {"@timestamp": SEEN, "agent": {"name": "sensor-2"}, "log": {"file": {"path": "/nsm/zeek/logs/current/%s.22:00:00-23:00:00.log" % ("dns-eth0" if "query" in l else "serveflow-eth0")}}, "message": l}, "sensor-2", other, skipped=2)
    case("a4", "json-streaming-fields.log", lines([{"_path": "serveflow", "_write_ts": iso(T0 + 6, "Z"), **r, "ts": iso(r["ts"], "Z")} for r in zeek_pair(web(*ENDS), UID, ENDS)]),
         [right], "The json-streaming-logs package and Corelight: _path and _write_ts in the line, ISO 8601 times.")
    case("a4", "corelight-system-name.log", lines([{"_path": "serveflow", "_system_name": "corelight-7", "_write_ts": iso(T0 + 6, "Z"), **r} for r in zeek_pair(web(*ENDS), UID, ENDS)]),
         [right], "Corelight adds the name of its sensor; the flow is read.")
    case("a4", "id-underscores.log", lines(zeek_lines(ids="underscore")), [right], "Log::default_scope_sep = \"_\": id_orig_h.")
    case("a4", "id-nested.log", lines(zeek_lines(ids="nested")), [right], "A shipper that expands dots: id is an object.")
    case("a4", "id-nested-conn.log", lines([{**{k: v for k, v in conn("CAbc7", ENDS).items() if not k.startswith("id.")}, "id": {"orig_h": ENDS[0], "orig_p": ENDS[1], "resp_h": ENDS[2], "resp_p": ENDS[3]}}]),
         [flow("tcp", *ENDS, uid="CAbc7", summary={"durationMicros": 1_500_000, "service": "ssl"})], "The same of conn.log.", bundle="conn")
    underscored = {k.replace("id.", "id_"): v for k, v in conn("CAbc8", ENDS).items()}
    case("a4", "id-underscores-conn.log", lines([underscored]), [flow("tcp", *ENDS, uid="CAbc8", summary={"durationMicros": 1_500_000, "originatorPackets": 5})],
         "conn.log with id_orig_h.", bundle="conn")
    case("a4", "filebeat-decoded-at-root.ndjson", lines([{"@timestamp": SEEN, "agent": {"name": "sensor-4"}, "log": {"file": {"path": "/nsm/zeek/logs/current/serveflow.log"}}, **json.loads(l)} for l in zeek_lines()]),
         [{**right, "observer": ["sensor-4", "serveflow"]}], "Filebeat with json.keys_under_root: the sensor's keys stand beside the shipper's, and there is no message.")
    pair = zeek_pair(web(*ENDS), UID, ENDS)
    case("a4", "tsv-bar-separator.log", tsv(pair, "serveflow", separator="|"), [right], "#separator \\x7c.")
    case("a4", "tsv-semicolon-separator.log", tsv(pair, "serveflow-worker-2", separator=";"), [right], "#separator ; as it is, and a worker's #path.")
    case("a4", "tsv-other-spellings.log", tsv(pair, "serveflow", sets="|", unset="NULL", empty="EMPTY"), [right],
         "set_separator, unset_field and empty_field that a site chose.")
    case("a4", "tsv-json-streaming-path.log", tsv(pair, "json_streaming_serveflow"), [right], "#path json_streaming_serveflow.")
    case("a4", "tsv-conn-worker-path.log", tsv([conn("CAbc9", ENDS)], "conn_worker_1", CONN_FIELDS, separator="|"),
         [flow("tcp", *ENDS, uid="CAbc9", summary={"durationMicros": 1_500_000, "responderPackets": 4})], "conn.log of a worker, #separator \\x7c.", bundle="conn")
    dns_fields = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id query qtype_name".split()
    case("a4", "tsv-two-logs-in-one.log", tsv([json.loads(dns_log())], "dns-eth1", dns_fields) + tsv(pair, "serveflow-eth1"), [right],
         "Two logs of one interface after each other in one file: each by its own #fields.", skipped=1)
    case("a4", "other-logs-first.log", lines([dns_log("CdnsA%d" % i) for i in range(20)] + zeek_lines()), [right],
         "A stream of several logs that begins with twenty lines of another: each line is detected by its keys.", skipped=20)
    case("a4", "bom-tsv.log", "\ufeff" + tsv(pair, "serveflow"), [right], "A byte order mark before #separator.")
    case("a4", "bom-eve.json", "\ufeff" + lines(alerts(web(*ENDS), 1000000000000401, ENDS)), [flow("tcp", *ENDS, 5, uid="1000000000000401")],
         "A byte order mark before the first EVE event: no packet is lost.")
    case("a4", "bom-envelope.ndjson", "\ufeff" + lines([{"date": T0, "log": l} for l in zeek_lines()]), [right], "A byte order mark before an envelope.")
    case("a4", "bom-crlf.log", ("\ufeff" + lines(zeek_lines())).replace("\n", "\r\n"), [right], "A file that went over Windows: byte order mark and CR LF.")
    eve = [compact(e) for e in alerts(web(*ENDS), 1000000000000402, ENDS)]
    eve_right = flow("tcp", *ENDS, 5, uid="1000000000000402")
    case("a4", "vector-eve.ndjson", lines([{"file": "/var/log/suricata/eve-2026-11-28.json", "host": "suri-1", "message": l, "source_type": "file", "timestamp": SEEN} for l in eve]),
         [{**eve_right, "observer": "suri-1"}], "Suricata's dated file through Vector.")
    case("a4", "fluent-bit-eve.ndjson", lines([{"date": T0, "log": l} for l in eve]), [eve_right], "EVE through Fluent Bit.")
    case("a4", "docker-eve.ndjson", lines([{"log": l + "\n", "stream": "stderr", "time": "2023-11-14T22:13:25.1Z"} for l in eve]), [eve_right], "EVE of a container's output.")
    case("a4", "fluent-bit-conn.ndjson", lines([{"date": T0, "filename": "conn.10:00:00-11:00:00.log.gz", "log": compact(conn("CAbc10", ENDS))}]),
         [flow("tcp", *ENDS, uid="CAbc10", summary={"durationMicros": 1_500_000})], "conn.log under zeekctl's name for an hour.", bundle="conn")
    case("a4", "zeek-kafka-renamed-tag.ndjson", lines([{"serveflow-eth0": r} for r in pair]), [right], "zeek-kafka tags with the name of the stream's path.")


# === A5: events shipped twice ===================================================================================

def a5():
    ends = ("192.0.2.30", 45000, "198.51.100.30", 8080)
    more = Tcp(*ends).open().ask().ask().ask().close().packets      # 12 packets, of which the rules report 10
    ten = alerts(more, 1000000000000501, ends)
    five = ten[:5]

    def right(n):
        return [flow("tcp", *ends, n, uid="1000000000000501")]

    case("a5", "three-times.json", lines(five * 3), right(5), "A shipper's two retries of a whole batch.")
    case("a5", "out-of-order.json", lines([five[i - 1] for i in (1, 2, 2, 1, 3, 5, 4, 4, 3, 5)]), right(5),
         "Duplicates between each other, 5 before 4: the numbers 1 to 5 are five packets.")
    case("a5", "each-at-once.json", lines([e for e in ten for _ in range(2)]), right(10), "Every event twice in a row, ten packets.")
    case("a5", "after-the-tenth.json", lines(ten + ten[4:]), right(10), "Packets 5 to 10 again after the context was complete: no second flow.")
    case("a5", "overlapping-batches.json", lines(ten[:4] + ten[:7] + ten[3:8]), right(8), "Batches that overlap: 1 to 4, 1 to 7, 4 to 8.")
    case("a5", "one-lost.json", lines([five[i - 1] for i in (1, 2, 4, 2, 4, 5)]), right(4), "Packet 3 never came, 2 and 4 came twice: four packets.")
    other = ("192.0.2.31", 45001, "198.51.100.30", 8080)
    second = alerts(web(*other), 1000000000000502, other)
    mixed = [e for pair in zip(five, second) for e in pair]
    case("a5", "two-flows-interleaved.json", lines(mixed + mixed), right(5) + [flow("tcp", *other, 5, uid="1000000000000502")],
         "Two flows, packet by packet, and the whole once more.")
    case("a5", "filebeat-again.ndjson", lines([{"@timestamp": SEEN, "agent": {"name": "suri-2"}, "log": {"offset": 1000 * i, "file": {"path": "/var/log/suricata/eve.json"}}, "message": compact(e)}
                                               for i, e in list(enumerate(five)) + list(enumerate(five))]),
         [flow("tcp", *ends, 5, uid="1000000000000501", observer="suri-2")], "Filebeat after a crash reads from its last registry entry: the same offsets again.")
    udp_ends = ("192.0.2.32", 45002, "198.51.100.53", 53)
    asked = alerts(talk(*udp_ends, [0, (0.01,)]), 1000000000000503, udp_ends, "UDP")
    case("a5", "udp-twice.json", lines(asked + asked), [flow("udp", *udp_ends, 2, uid="1000000000000503")], "A DNS question and its answer, both twice.")


# === A6: GTP-U that the sensor did not open =======================================================================

def a6(run_suricata):
    def capture(name, tunnels, why, own, port=2152, make=None, same_port=True, **more):
        make = make or (lambda i, p, b: gtpu(10 + i, p))
        records = []
        inners = []
        for i, conversation in enumerate(tunnels):
            wrap = in_udp(port, lambda p, b, i=i: make(i, p, b), port if same_port else 50000)
            records += [(t + i * 0.001, f) for t, f in frames(conversation[0], lambda p, b: ether(wrap(p, b) if same_port else
                        udp(*_ports(outer(b), port if b else 50000, 50000 if b else port), make(i, p, b)), back=b))]
            inners.append(conversation[1])
        source = os.path.join(tempfile.gettempdir(), "serveflow-case.pcap")
        with open(source, "wb") as out:
            out.write(pcap(records))
        if run_suricata:
            suricata(source, "a6/" + name, text=more.pop("text", ""))
        else:
            more.pop("text", None)
        os.remove(source)
        case("a6", name, None, [own], why, **{"or": [inners]}, **more)

    gtp = flow("udp", OUT[0], 2152, OUT[1], 2152)
    a, b, c = (web("10.45.0.%d" % i, 40000 + i, "192.0.2.88", 443) for i in (2, 3, 4))

    def of(i, n=5, **more):
        return flow("tcp", "10.45.0.%d" % i, 40000 + i, "192.0.2.88", 443, n, **more)

    # Ten events a flow: the sensor's rules report the first ten packets of the outer flow.
    capture("gtpu-three-inner.json", [(a, of(2, 4)), (b, of(3, 3)), (c, of(4, 3))],
            "Three connections in one GTP-U tunnel; Suricata reports the first ten packets of the outer flow: 4, 3 and 3 of them.", {**gtp, "packets": 10})
    capture("gtpu-extension-two-inner.json", [(a, of(2)), (b, of(3))],
            "Two connections behind PDU session containers (5G).", {**gtp, "packets": 10}, make=lambda i, p, b: gtpu(10 + i, p, extension=True))
    capture("gtpu-one-inner.json", [(a, of(2))], "One connection in the tunnel: the event's own tuple, or the inner flow.", {**gtp, "packets": 5})
    sixes = web("2001:db8:45::2", 40002, "2001:db8:1::88", 443)
    capture("gtpu-ipv4-and-ipv6-inner.json", [(a, of(2)), (sixes, flow("tcp", "2001:db8:45::2", 40002, "2001:db8:1::88", 443, 5))],
            "IPv4 and IPv6 connections in one tunnel.", {**gtp, "packets": 10})
    dns = talk("10.45.0.2", 5353, "198.51.100.53", 53, [0, (0.01,), 0.02, (0.03,)])
    capture("gtpu-tcp-and-udp-inner.json", [(a, of(2)), (dns, flow("udp", "10.45.0.2", 5353, "198.51.100.53", 53, 4))],
            "TCP and UDP in one tunnel.", {**gtp, "packets": 9})
    off = "decoder:\n  vxlan:\n    enabled: false\n  geneve:\n    enabled: false\n"
    capture("vxlan-decoder-off.json", [(a, of(2)), (b, of(3))], "A Suricata whose VXLAN decoder is off: the same with VXLAN.",
            flow("udp", OUT[0], 50000, OUT[1], 4789, 10), 4789, lambda i, p, b: vxlan(10 + i, ether(p, back=b)), False, text=off)
    capture("geneve-decoder-off.json", [(a, of(2)), (b, of(3))], "A Suricata whose GENEVE decoder is off.",
            flow("udp", OUT[0], 50000, OUT[1], 6081, 10), 6081, lambda i, p, b: geneve(10 + i, TEB, ether(p, back=b)), False, text=off)


# === A7: conn_long ==============================================================================================

def a7():
    def case(*given, **more):
        globals()["case"](*given, interims=True, **more)

    ends = ("192.0.2.40", 52000, "198.51.100.40", 443)

    def interim(seconds, uid="CLong1", **more):
        return conn(uid, ends, duration=float(seconds), state="S1", history="ShADad", pkts=(seconds // 10, seconds // 10), size=(seconds, seconds * 2), **more)

    final = conn("CLong1", ends, duration=7200.5, state="SF", pkts=(5000, 9000), size=(1_000_000, 9_000_000))
    right = [flow("tcp", *ends, uid="CLong1", summary={"durationMicros": 7_200_500_000, "state": "SF", "originatorPackets": 5000})]
    case("a7", "three-interim-then-final.ndjson", lines([{"conn_long": interim(s)} for s in (600, 1800, 3600)] + [{"conn": final}]), right,
         "zeek-long-connections writes a line at 10, 30, 60 min; the final conn line is what stands.", bundle="conn")
    case("a7", "final-before-interim.ndjson", lines([{"conn": final}, {"conn_long": interim(3600)}]), right,
         "Two topics or two files: the interim line is read after the final one and changes nothing.", bundle="conn")
    case("a7", "paths-of-a-shipper.ndjson", lines([{"@timestamp": SEEN, "agent": {"name": "sensor-5"}, "log": {"file": {"path": "/nsm/zeek/logs/current/%s.log" % path}}, "message": compact(r)}
                                                   for path, r in (("conn_long", interim(600)), ("conn", final))]),
         [{**right[0], "observer": "sensor-5"}], "An Elastic Agent's paths tell conn_long from conn.", bundle="conn")
    case("a7", "tsv-two-logs.log", tsv([interim(600), interim(1800)], "conn_long", CONN_FIELDS) + tsv([final], "conn", CONN_FIELDS), right,
         "Both logs in TSV after each other, detected by #path.", bundle="conn")
    case("a7", "corelight-path-fields.log", lines([{"_path": "conn_long", "_write_ts": iso(T0 + 600, "Z"), **interim(600)}, {"_path": "conn", "_write_ts": iso(T0 + 7200, "Z"), **final}]), right,
         "The same by _path in the line.", bundle="conn")
    case("a7", "rotated-names.ndjson", lines([{"file": "/opt/zeek/logs/2023-11-14/%s.22:00:00-23:00:00.log.gz" % path, "host": "sensor-6", "message": compact(r), "source_type": "file", "timestamp": SEEN}
                                              for path, r in (("conn_long", interim(600)), ("conn", final))]),
         [{**right[0], "observer": "sensor-6"}], "Names of the archive: conn_long.22:00:00-23:00:00 is conn_long.", bundle="conn")
    case("a7", "interim-only.ndjson", lines([{"conn_long": interim(600)}]), [flow("tcp", *ends, uid="CLong1")], "The connection is still open: nothing, or a record whose document no final one will be refused for.",
         bundle="conn", **{"or": [[]]})
    other = ("192.0.2.41", 52001, "198.51.100.41", 22)
    case("a7", "another-connection-between.ndjson", lines([{"conn_long": interim(600)}, {"conn": conn("CShort", other, service="ssh")}, {"conn": final}]),
         right + [flow("tcp", *other, uid="CShort", summary={"durationMicros": 1_500_000, "service": "ssh"})], "Another connection between interim and final.", bundle="conn")


# === A8: fields, blocks and headers =================================================================================

def a8():
    ends = ("192.0.2.50", 47000, "198.51.100.50", 443)
    j3, j4 = "0123456789abcdef0123456789abcdef", "q13d0310h3_55b375c5d22e_cd85d2d88918"
    ja3 = {"hash": j3, "string": "771,4865,0-10"}
    ja3s = {"hash": "fedcba9876543210fedcba9876543210", "string": "771,4865,51"}

    def eve(name, events, why, proto="UDP", app="quic", extra=(), **summary):
        events = [eve_event(k, 1000000000000801, ends, T0 + 0.1 * (i + 1), proto, **{k: v}) for i, (k, v) in enumerate(events)]
        case("a8", name, lines(events + [eve_flow(1000000000000801, ends, proto, app), *extra]),
             [flow(proto.lower(), *ends, uid="1000000000000801", summary={"durationMicros": 1_500_000, "service": app or "", **summary})], why, bundle="conn")

    eve("quic-three-events.json", [("quic", {"version": "1", "sni": "example.org", "ja3": ja3, "ja4": j4}), ("quic", {"version": "1", "ja3s": ja3s}), ("quic", {"version": "1"})],
        "Client's, server's and a later quic event: ja3 and ja4 of the first stay.", ja3=j3, ja4=j4)
    eve("quic-hello-second.json", [("quic", {"version": "1"}), ("quic", {"version": "1", "sni": "example.org", "ja3": ja3, "ja4": j4})],
        "A retry first, which has no client hello; the second event brings it.", ja3=j3, ja4=j4)
    eve("quic-server-first.json", [("quic", {"version": "1", "ja3s": ja3s}), ("quic", {"version": "1", "ja3": ja3, "ja4": j4}), ("quic", {"version": "1", "ja3s": ja3s})],
        "The client's event between two of the server's.", ja3=j3, ja4=j4)
    t4 = "t13d1516h2_8daaf6152771_02713d6af862"
    eve("tls-second-event-without-ja3.json", [("tls", {"version": "TLS 1.3", "sni": "example.org", "ja3": ja3, "ja4": t4}), ("tls", {"version": "TLS 1.3", "sni": "example.org", "ja3s": ja3s})],
        "tls twice, the second without the client's fingerprints.", "TCP", "tls", ja3=j3, ja4=t4)
    eve("quic-events-of-two-flows.json", [("quic", {"version": "1", "ja3": ja3, "ja4": j4}), ("quic", {"version": "1", "ja3s": ja3s})],
        "A quic event of another flow between changes nothing here.", ja3=j3, ja4=j4)

    eve("null-ja3.json", [("quic", {"version": "1", "ja3": None, "ja4": j4})], "\"ja3\":null is unknown, ja4 is known.", ja3="", ja4=j4)
    eve("null-after-known.json", [("quic", {"version": "1", "ja3": ja3, "ja4": j4}), ("quic", {"version": None, "ja3": None, "ja4": None})],
        "null later does not wipe what was known.", ja3=j3, ja4=j4)
    eve("null-ja3-hash-and-version.json", [("tls", {"version": None, "ja3": {"hash": None, "string": None}, "ja4": t4})], "null in nested members.", "TCP", "tls", ja3="", ja4=t4, tlsVersion="")
    eve("null-app-proto.json", [], "\"app_proto\":null: the flow is read, its service is unknown.", "TCP", None)
    nulls = eve_flow(1000000000000802, ends)
    nulls["flow"].update(state=None, bytes_toserver=None)
    nulls["community_id"] = None
    case("a8", "null-in-flow.json", lines([nulls]), [flow("tcp", *ends, uid="1000000000000802", summary={"durationMicros": 1_500_000, "originatorIpBytes": -1, "state": ""})],
         "null state, bytes and community_id: unknown, and the Community ID is computed.", bundle="conn")
    plain = alerts(web(*ends), 1000000000000803, ends)
    case("a8", "null-in-alert.json", lines([{**e, "community_id": None, "app_proto": None, "direction": None, "pkt_src": None} for e in plain]),
         [flow("tcp", *ends, 5, uid="1000000000000803")], "null members of an alert are unknown.")
    case("a8", "null-metadata.json", lines([{**e, "metadata": None} for e in plain]), [flow("tcp", *ends, 5, uid="1000000000000803")], "\"metadata\":null: the packets are not numbered.")

    for name, duration in (("negative-duration-microsecond.log", -1e-06), ("negative-duration-second.log", -1.25)):
        case("a8", name, lines([conn("CNeg1", ends, duration=duration)]), [flow("tcp", *ends, uid="CNeg1", summary={"durationMicros": [0, -1], "originatorPackets": 5})],
             "Packets out of order give a negative duration: read, 0 or unknown.", bundle="conn")
    case("a8", "negative-duration-tsv.log", tsv([conn("CNeg2", ends, duration=-0.000013), conn("CPos2", ends)], "conn", CONN_FIELDS),
         [flow("tcp", *ends, uid="CNeg2", summary={"durationMicros": [0, -1]}), flow("tcp", *ends, uid="CPos2", summary={"durationMicros": 1_500_000})],
         "The same in TSV, with a good line behind it.", bundle="conn")
    case("a8", "eve-flow-ends-before-start.json", lines([eve_flow(1000000000000804, ends, end=T0 - 0.000013)]),
         [flow("tcp", *ends, uid="1000000000000804", summary={"durationMicros": [0, -1], "originatorPackets": 5})], "A flow event whose end is 13 microseconds before its start.", bundle="conn")
    case("a8", "negative-zero-duration.log", lines([compact(conn("CNeg3", ends, duration=0.0)).replace('"duration":0.0', '"duration":-0.0')]),
         [flow("tcp", *ends, uid="CNeg3", summary={"durationMicros": 0})], "-0.0 is 0.", bundle="conn")

    five = frames(web(*ends))
    one = [flow("tcp", *ends, 5)]
    word = ["(?i)length|round|multiple|padd"]
    case("a8", "pcapng-unrounded-epb.pcapng", pcapng_head() + b"".join(enhanced(t, f, pad=False) for t, f in five), one,
         "Enhanced packet blocks whose length is not rounded to 4: read, with a word.", stderr=word)
    case("a8", "pcapng-unrounded-big-endian.pcapng", pcapng_head(order=">") + b"".join(enhanced(t, f, ">", False) for t, f in five), one,
         "The same of a big-endian writer.", stderr=word)
    custom = block(0x0BAD, b"12345", pad=False)
    case("a8", "pcapng-unrounded-other-block.pcapng", pcapng_head() + custom + b"".join(enhanced(t, f) for t, f in five), one,
         "A block of another kind with a length of 17 before sound packets.", stderr=word)
    mixed = pcapng_head() + b"".join(enhanced(t, f, pad=i % 2 == 0) for i, (t, f) in enumerate(five))
    case("a8", "pcapng-unrounded-some.pcapng", mixed, one, "Rounded and unrounded blocks by turns.", stderr=word)

    six = ("2001:db8::50", 47000, "2001:db8::51", 443)
    q = [(0x8100, 10)]
    qq = [(0x88A8, 20), (0x8100, 10)]
    case("a8", "snap68-vlan-ipv6-tcp.pcap", pcap(frames(web(*six), lambda p, b: ether(p, tags=q, back=b)), snap=68), [flow("tcp", *six, 5)],
         "snaplen 68 behind a VLAN tag and IPv6 leaves 10 bytes of TCP: the ports, not the flags.")
    u6 = ("2001:db8::50", 47001, "2001:db8::53", 53)
    case("a8", "snap66-qinq-ipv6-udp.pcap", pcap(frames(talk(*u6, [0, (0.01,), 0.02]), lambda p, b: ether(p, tags=qq, back=b)), snap=66), [flow("udp", *u6, 3)],
         "Two tags and IPv6 leave 4 bytes of UDP: the ports.")
    optioned = [(t, ip("192.0.2.50" if f else "198.51.100.50", "198.51.100.50" if f else "192.0.2.50", 6, p[20:], options=b"\x01" * 40), f) for t, p, f in web(*ends)]
    case("a8", "snap82-vlan-ipv4-options.pcap", pcap(frames(optioned, lambda p, b: ether(p, tags=q, back=b)), snap=82), one,
         "40 bytes of IP options and a tag leave 4 bytes of TCP.")
    hop = [(t, struct.pack("!IHBB", 0x60000000, len(p) - 32, 0, 64) + p[8:40] + bytes([6, 0, 1, 4, 0, 0, 0, 0]) + p[40:], f) for t, p, f in web(*six)]
    case("a8", "snap68-ipv6-hop-by-hop.pcap", pcap(frames(hop), snap=68), [flow("tcp", *six, 5)], "A hop-by-hop header leaves 6 bytes of TCP.")
    case("a8", "snap64-qinq-ipv6-ports-cut.pcap", pcap(frames(web(*six), lambda p, b: ether(p, tags=qq, back=b)), snap=64), [],
         "Only one port is left: no flow, and a word that says how many packets.", stderr=["5"])

    spb = pcapng_head() + b"".join(simple(f) for _, f in five)
    said = ["(?i)simple packet|no time|without (a )?time"]
    case("a8", "simple-packet-blocks.pcapng", spb, one, "Simple packet blocks have no time: said, and read as one flow or not at all.", **{"or": [[]]}, stderr=said)
    other = ("192.0.2.51", 47002, "198.51.100.50", 443)
    case("a8", "simple-and-enhanced-blocks.pcapng", spb + b"".join(enhanced(t, f) for t, f in frames(web(*other))), one + [flow("tcp", *other, 5)],
         "Both kinds in one file: the enhanced ones are right, of the others it is said.", **{"or": [[flow("tcp", *other, 5)]]}, stderr=said)


# === A9: Community ID ===========================================================================================

def a9(run_suricata):
    six = ("2001:db8::90", 49000, "2001:db8::91", 853)
    case("a9", "eve-seed-1-ipv6.json", lines(alerts(web(*six), 1000000000000901, six, seed=1)), [flow("tcp", *six, 5, seed=1)],
         "community-id-seed: 1, IPv6: the document has the event's own id.")
    ends = ("192.0.2.90", 49001, "198.51.100.90", 443)
    case("a9", "zeek-seed-11.log", lines(zeek_pair(web(*ends), "CSeed11", ends, seed=11)), [flow("tcp", *ends, 5, seed=11, uid="CSeed11")],
         "CommunityID::seed = 11 on Zeek: the log's own id.")
    case("a9", "conn-seed-65535.log", lines([conn("CSeedMax", ends, community_id=community_id("tcp", *ends, seed=65535))]),
         [flow("tcp", *ends, seed=65535, uid="CSeedMax")], "The highest seed, in conn.log.", bundle="conn")
    case("a9", "eve-flow-seed-3.json", lines([eve_flow(1000000000000902, ends, community_id=community_id("tcp", *ends, seed=3))]),
         [flow("tcp", *ends, seed=3)], "A flow event's own id.", bundle="conn")
    case("a9", "capture-seed-7.pcap", pcap(frames(web(*ends))), [flow("tcp", *ends, 5, seed=7)], "A capture has no id: the seed is a setting.", settings={"seed": 7})
    case("a9", "capture-seed-65535-ipv6.pcap", pcap(frames(web(*six))), [flow("tcp", *six, 5, seed=65535)], "The highest seed.", settings={"seed": 65535})
    case("a9", "ndpid-seed-7.ndjson", lines(ndpid(web(*ends), 1)), [flow("tcp", *ends, 5, seed=7)], "nDPId states no id: the setting's.", settings={"seed": 7})
    case("a9", "eve-stated-and-setting.json", lines(alerts(web(*ends), 1000000000000903, ends, seed=5)), [flow("tcp", *ends, 5, seed=5)],
         "The event states an id with seed 5, the setting says 7: the sensor's own is in the document.", settings={"seed": 7})
    case("a9", "eve-without-id-and-setting.json", lines(alerts(web(*ends), 1000000000000904, ends, community=False)), [flow("tcp", *ends, 5, seed=7)],
         "community-id: false on the sensor: computed with the setting's seed.", settings={"seed": 7}, tentative=True)
    own = ("192.0.2.9", 6000, "192.0.2.9", 5000)
    case("a9", "capture-self.pcap", pcap(frames(web(*own))), [flow("tcp", *own, 5)],
         "A host to itself: the specification orders the ends by port where the addresses are equal.")
    loop = ("::1", 50001, "::1", 8080)
    case("a9", "capture-self-loopback-ipv6.pcap", pcap([(t, struct.pack("<I", 30) + p) for t, p, _ in web(*loop)], link=0), [flow("tcp", *loop, 5)],
         "The same on the loopback of macOS, IPv6.")
    if run_suricata:
        suricata("a9/capture-self.pcap", "a9/suricata-self.json")
    stated = json.loads(open(os.path.join(HERE, "a9/suricata-self.json")).readline())["community_id"]
    right = flow("tcp", *own, 5)
    case("a9", "suricata-self.json", None, [{**right, "communityId": stated}],
         "Suricata 7.0.10's id of a flow of a host to itself is not the specification's (8 has it right); the document has the sensor's, "
         "by which the site's tools link.")


# === A10: silence ===============================================================================================

def a10():
    arp = [(T0 + i, ether(bytes.fromhex("0001080006040001") + MAC_A + packed("192.0.2.1") + bytes(6) + packed("192.0.2.%d" % (2 + i)), 0x0806)) for i in range(4)]
    case("a10", "arp-only.pcap", pcap(arp), [], "Four ARP requests: no flow, and one line that counts them.", stderr=["\\b4\\b"], exit=0)
    case("a10", "arp-only-strict.pcap", pcap(arp), [], "The same with --strict: an error.", settings={"strict": True}, stderr=["\\b4\\b"], fails=True)
    icmp = [(T0 + i, ether(ip("192.0.2.1", "192.0.2.2", 1, bytes([8, 0]) + struct.pack("!HHH", checksum(bytes([8, 0, 0, 0]) + struct.pack("!HH", 1, i)), 1, i)))) for i in range(3)]
    case("a10", "icmp-only.pcap", pcap(icmp), [], "Three pings.", stderr=["\\b3\\b"], exit=0)
    ends = ("192.0.2.95", 40095, "198.51.100.95", 443)
    some = frames(web(*ends))
    case("a10", "arp-beside-a-flow.pcap", pcap(arp + some), [flow("tcp", *ends, 5)], "The flow is right and the four others are counted.", stderr=["\\b4\\b"], exit=0)
    case("a10", "all-read-strict.pcap", pcap(some), [flow("tcp", *ends, 5)], "Nothing was skipped: --strict changes nothing.", settings={"strict": True}, exit=0)
    case("a10", "dns-log-only.log", lines([dns_log(), dns_log("CdnsAAAA2"), dns_log("CdnsAAAA3")]), [], "Lines of another log of Zeek's.", stderr=["."])
    http = [eve_event("http", 1000000000001000 + i, ends, T0 + i, http={"hostname": "example.org", "url": "/"}) for i in range(6)]
    case("a10", "eve-other-events.json", lines(http), [], "Six http events: skipped and counted.", stderr=["\\b6\\b"], exit=0)
    case("a10", "eve-other-events-strict.json", lines(http), [], "The same with --strict.", settings={"strict": True}, stderr=["\\b6\\b"], fails=True)
    case("a10", "lines-and-rubbish.log", lines([zeek_lines()[0], '{"ts":1700000000.0,"uid":"Ctorn","id.orig_h":"192.0.2', zeek_lines()[1]]), [flow("tcp", *ENDS, 5, uid=UID)],
         "A torn line between two sound ones is named, and the flow is right.", stderr=["."], deadLetters=1)

    def nflog(p, family=None):
        tlv = lambda kind, value: struct.pack("<HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
        return bytes([family or (10 if p[0] >> 4 == 6 else 2), 0, 0, 5]) + tlv(1, b"\x08\x00\x01\x00") + tlv(10, b"in: \0") + tlv(9, p)
    case("a10", "nflog.pcap", pcap(frames(web(*ends), lambda p, b: nflog(p)), link=239), [flow("tcp", *ends, 5)],
         "NFLOG (239), as tcpdump -i nflog writes it: the packet is in the TLV of type 9, behind others.")
    six = ("2001:db8::95", 40095, "2001:db8::96", 443)
    case("a10", "nflog-ipv6.pcapng", pcapng_head(239) + b"".join(enhanced(t, nflog(p)) for t, p, _ in web(*six)), [flow("tcp", *six, 5)], "NFLOG with IPv6 in a pcapng.")

    def pktap(frame, link):
        head = struct.pack("<III", 108, 1, link) + b"en0".ljust(24, b"\0") + struct.pack("<IIIIi", 2, 2, 14, 0, 501) + b"curl".ljust(20, b"\0")
        return head.ljust(108, b"\0") + frame
    case("a10", "pktap.pcap", pcap([(t, pktap(f, 1)) for t, f in some], link=258), [flow("tcp", *ends, 5)], "PKTAP (258) of macOS with Ethernet inside.")
    case("a10", "pktap-raw.pcapng", pcapng_head(258) + b"".join(enhanced(t, pktap(p, 12)) for t, p, _ in web(*six)), [flow("tcp", *six, 5)],
         "PKTAP with raw IP inside (utun: DLT 12).")
    ppi = lambda frame, link, fields=b"": struct.pack("<BBHI", 0, 0, 8 + len(fields), link) + fields + frame
    case("a10", "ppi-ethernet.pcap", pcap([(t, ppi(f, 1)) for t, f in some], link=192), [flow("tcp", *ends, 5)], "PPI (192) with Ethernet inside.")
    geo = struct.pack("<HH", 30002, 8) + bytes(8)
    data = lambda p: bytes.fromhex("08000000") + MAC_B + MAC_A + MAC_B + b"\0\0" + bytes.fromhex("aaaa030000000800") + p
    case("a10", "ppi-802-11.pcap", pcap([(t, ppi(data(p), 105, geo)) for t, p, _ in web(*ends)], link=192), [flow("tcp", *ends, 5)],
         "PPI with a field before an 802.11 data frame, as Kismet writes it.")
    for link, word in ((147, "USER"), (195, "802[._]?15[._]?4"), (220, "USB"), (201, "BLUETOOTH")):
        case("a10", "link-type-%d.pcap" % link, pcap([(T0, b"\0" * 64), (T0 + 1, b"\1" * 64)], link=link), [],
             "A link type that has no IP is named and numbered.", stderr=["(?i)%s[^\\n]*%d|%d[^\\n]*%s" % (word, link, link, word)])
    two = pcapng_head() + block(1, struct.pack("<HHI", 220, 0, 0)) + b"".join(enhanced(t, f) for t, f in some) + enhanced(T0 + 1, b"\0" * 64, interface=1)
    case("a10", "two-interfaces-one-usb.pcapng", two, [flow("tcp", *ends, 5)], "One interface is Ethernet, the other USB: the flow, and a word on the other.", stderr=["(?i)usb|220"])


# === A11: observers =============================================================================================

def a11():
    right = flow("tcp", *ENDS, 5, uid=UID)

    def wrapped(name, why, wrap, *observers, twice=False):
        out = [wrap(line, o) for o in observers for line in zeek_lines()] if twice else [wrap(line, observers[0]) for line in zeek_lines()]
        case("a11", name, lines(out), [{**right, "observer": o} for o in observers], why)

    wrapped("two-agents-one-topic.ndjson", "The same uid from two agents: two flows.", lambda l, o: {"@timestamp": SEEN, "agent": {"name": o}, "message": l}, "sensor-a", "sensor-b", twice=True)
    wrapped("two-vector-hosts.ndjson", "The same uid from two hosts of Vector.", lambda l, o: {"host": o, "message": l, "source_type": "file", "file": "/z/serveflow.log", "timestamp": SEEN}, "sensor-a", "sensor-b", twice=True)
    wrapped("host-object.ndjson", "Logstash and Beats: host.name.", lambda l, o: {"@timestamp": SEEN, "host": {"name": o, "hostname": "x"}, "message": l}, "sensor-c")
    wrapped("host-text.ndjson", "Logstash before ECS: host is text.", lambda l, o: {"@timestamp": SEEN, "@version": "1", "host": o, "path": "/z/serveflow.log", "message": l}, "sensor-d")
    wrapped("observer-before-agent.ndjson", "observer.name says who saw it, agent.name who shipped it.", lambda l, o: {"@timestamp": SEEN, "observer": {"name": o}, "agent": {"name": "shipper"}, "message": l}, "sensor-e")
    case("a11", "observer-in-the-record.log", lines([{**r, "observer": "sensor-f"} for r in zeek_pair(web(*ENDS), UID, ENDS)]), [{**right, "observer": "sensor-f"}], "The record names its sensor itself.")
    case("a11", "observer-set.log", lines(zeek_lines()), [{**right, "observer": "zeek-north"}], "A source's own observer.", settings={"observer": "zeek-north"})
    case("a11", "observer-set-eve.json", lines(alerts(web(*ENDS), 1000000000001101, ENDS)), [flow("tcp", *ENDS, 5, observer="suri-south")], "A source's own observer, for packets that are put together.", settings={"observer": "suri-south"})
    folders = ["by-folder/sensor-a/serveflow.log", "by-folder/sensor-b/serveflow.log"]
    case("a11", "by-folder", [(f, lines(zeek_lines())) for f in folders], [{**right, "observer": "sensor-a"}, {**right, "observer": "sensor-b"}],
         "A glob over the folders of two sensors, observer={folder}.", glob="by-folder/*/serveflow.log", settings={"observer": "{folder}"})
    case("a11", "by-file", [("by-file/serveflow-eth%d.log" % i, lines(zeek_lines())) for i in (0, 1)], [{**right, "observer": "zeek-serveflow-eth%d" % i} for i in (0, 1)],
         "A glob over the logs of two interfaces, observer=zeek-{file}.", glob="by-file/serveflow-*.log", settings={"observer": "zeek-{file}"})
    case("a11", "by-folder-eve", [("by-folder-eve/%s/eve.json" % o, lines(alerts(web(*ENDS), 1000000000001102, ENDS))) for o in ("suri-a", "suri-b")],
         [flow("tcp", *ENDS, 5, observer=o) for o in ("suri-a", "suri-b")], "Two Suricatas whose flow ids are equal: packets of one are never put to those of the other.",
         glob="by-folder-eve/*/eve.json", settings={"observer": "{folder}"})
    case("a11", "by-folder-and-envelope", [("by-folder-and-envelope/x/serveflow.log", lines([{"@timestamp": SEEN, "agent": {"name": "sensor-h"}, "message": l} for l in zeek_lines()])),
                                           ("by-folder-and-envelope/y/serveflow.log", lines(zeek_lines()))],
         [{**right, "observer": "sensor-h"}, {**right, "observer": "y"}], "The line's own sensor goes before the folder.", glob="by-folder-and-envelope/*/serveflow.log", settings={"observer": "{folder}"})
    case("a11", "envelope-before-setting.ndjson", lines([{"@timestamp": SEEN, "agent": {"name": "sensor-g"}, "message": l} for l in zeek_lines()]), [{**right, "observer": "sensor-g"}],
         "An envelope's sensor goes before the setting.", settings={"observer": "zeek-north"})


# === Inputs that are kept outside of the repository ===============================================================

def handed():
    """Right values of ../shared/cases, whose files are not copied here."""
    def there(file, flows, why, **more):
        case("handed", file, None, flows, why, **more)

    zeek = flow("tcp", *ENDS, 5, uid=UID)
    for name in "envelope-current-path-ok envelope-rotated-path envelope-rotated-pipeline envelope-json-streaming-path".split():
        there(name + ".ndjson", [{**zeek, "observer": "sensor1"}], "A shipper's path or pipeline is a hint, the keys of the line decide.")
    for name in "tsv-ok tsv-path-per-interface tsv-comma-separator".split():
        there(name + ".log", [zeek], "Zeek's TSV under another path or with another separator.")
    there("conn-tsv-path-local.log", [flow("tcp", "192.0.2.10", 51514, "203.0.113.9", 443, uid="CAbc1", summary={"durationMicros": 1_500_000, "originatorPackets": 5})],
          "#path conn-local is conn.log.", bundle="conn")
    inner = [flow("tcp", "192.0.2.77", 41000, "192.0.2.88", 443, 5)]
    for name in "gre erspan2 vxlan geneve".split():
        there("tunnel-%s.pcap" % name, inner, "One connection inside of a tunnel.")
    there("idle-65s-server-closes.pcap", [flow("tcp", *ENDS, 5)], "A pause of 65 s and the server's FIN: one flow.")
    there("syn-after-one-fin.pcap", [flow("tcp", *ENDS, 6)] * 3, "Three connections from one port, the server's FINs not in the capture.")
    there("eve-community-id-seed-7.json", [flow("tcp", *ENDS, 5, seed=7, uid="579696994")], "The event's own id.")
    outer_flow = flow("udp", "192.0.2.10", 2152, "198.51.100.20", 2152, 10, uid="721808406652588")
    there("eve-gtp-two-inner-flows.json", [outer_flow], "GTP-U that the sensor did not open: never a mixture.",
          **{"or": [[flow("tcp", "192.0.2.77", 41000, "203.0.113.5", 443, 5), flow("tcp", "192.0.2.78", 42000, "203.0.113.6", 80, 5)]]})
    twice = flow("tcp", *ENDS, 5, uid="1494673196633649")
    del twice["communityId"]
    there("eve-shipped-twice.json", [twice], "Every alert twice: five packets.")
    j3 = "0123456789abcdef0123456789abcdef"
    there("eve-quic-two-events.json", [flow("udp", *ENDS, uid="1494673196633649", summary={"ja3": j3, "ja4": "q13d0310h3_000000000001_000000000002"})],
          "ja3 and ja4 of the first quic event stay.", bundle="conn")
    there("eve-null-members.json", [flow("tcp", *ENDS, uid="1494673196633649", summary={"service": "tls", "ja3": j3, "ja4": ""}), flow("udp", *ENDS, uid="2", summary={"service": ""})],
          "null is unknown.", bundle="conn")
    long_ends = ("192.0.2.10", 51514, "198.51.100.20", 443)
    there("conn-long-interim-kafka.ndjson", [flow("tcp", *long_ends, uid="CAbc1", summary={"durationMicros": 7_200_500_000, "originatorPackets": 5000})],
          "The final record is what stands.", bundle="conn", interims=True)
    there("conn-negative-duration.log", [flow("tcp", *long_ends, uid="CAbc1", summary={"durationMicros": [0, -1], "originatorPackets": 5000})], "Read.", bundle="conn")
    there("pcapng-length-not-rounded.pcapng", [flow("tcp", *ENDS, 5)], "Read with a word.", stderr=["(?i)length|round|multiple|padd"])
    there("bom-one-line.json", [flow("tcp", *ENDS, 1, uid=UID)], "A byte order mark before the only line.")
    there("mpls-ethernet.pcap", [{**inner[0], "packets": [1, 2]}], "The inner flow, or nothing; no address read from a MAC.", **{"or": [[]]})


def main():
    run_suricata = "--suricata" in sys.argv
    os.makedirs(os.path.join(HERE, "a6"), exist_ok=True)
    for make in a1, a2:
        make()
    a3(run_suricata)
    for make in a4, a5:
        make()
    a6(run_suricata)
    for make in a7, a8:
        make()
    a9(run_suricata)
    for make in a10, a11, handed:
        make()
    for kind, cases in KINDS.items():
        os.makedirs(os.path.join(HERE, kind), exist_ok=True)
        with open(os.path.join(HERE, kind, "expected.json"), "w") as out:
            json.dump(cases, out, indent=1)
            out.write("\n")
        print(kind, len(cases))
    page = os.path.join(HERE, "README.md")
    with open(page) as text:
        top = text.read().split(MARK)[0]
    with open(page, "w") as out:
        out.write(top + MARK + "\n")
        for kind, cases in KINDS.items():
            out.write("\n### %s\n\n| case | what it is, and what is right |\n| --- | --- |\n" % TITLES[kind])
            for c in cases:
                out.write("| %s | %s **%s** |\n" % (c["name"], c["why"], right(c)))


MARK = "<!-- From here on written by make_cases.py. -->"
TITLES = {"a1": "a1: a pause is no end", "a2": "a2: the same port again", "a3": "a3: tunnels", "a4": "a4: envelopes and names",
          "a5": "a5: events shipped twice", "a6": "a6: tunnels that the sensor did not open", "a7": "a7: conn_long",
          "a8": "a8: fields, blocks and headers", "a9": "a9: Community ID", "a10": "a10: silence", "a11": "a11: observers",
          "handed": "handed: inputs that lie beside the repository, in ../shared/cases"}


def right(c):
    if not c["flows"]:
        return "No flow%s." % (", and a word on stderr" if "stderr" in c else "")
    shown = {}
    for f in c["flows"]:
        text = "%s %s -> %s" % (f["transport"], f["originator"], f["responder"])
        if "packets" in f:
            text += ", %s packets" % f["packets"]
        shown[text] = shown.get(text, 0) + 1
    texts = [("%d times " % n if n > 1 else "") + text for text, n in shown.items()]
    return "; ".join(texts[:4]) + ("; and %d more" % (len(texts) - 4) if len(texts) > 4 else "")


if __name__ == "__main__":
    main()
