"""Packets, captures and log lines out of the format specifications, with nothing but the standard library."""
import base64
import hashlib
import ipaddress
import json
import socket
import struct

T0 = 1_700_000_000.0            # 2023-11-14T22:13:20Z
MAC_A = bytes.fromhex("020000000001")
MAC_B = bytes.fromhex("020000000002")

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
IPV4, IPV6, TEB, MPLS, ERSPAN, ERSPAN3, PPP_GRE = 0x0800, 0x86DD, 0x6558, 0x8847, 0x88BE, 0x22EB, 0x880B


# --- headers -------------------------------------------------------------------------------------------------

def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def is6(address):
    return ":" in address


def ip(source, target, protocol, payload, ttl=64, ident=1, fragment=0, options=b""):
    """An IPv4 or IPv6 packet; fragment is the 16 bits of flags and offset (IPv4 only)."""
    if is6(source):
        return struct.pack("!IHBB", 0x60000000, len(payload), protocol, ttl) + packed(source) + packed(target) + payload
    words = 5 + len(options) // 4
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, words * 4 + len(payload), ident, fragment, ttl, protocol, 0)
    head += packed(source) + packed(target) + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def pseudo(source, target, protocol, length):
    if is6(source):
        return packed(source) + packed(target) + struct.pack("!IHBB", length, 0, 0, protocol)
    return packed(source) + packed(target) + struct.pack("!BBH", 0, protocol, length)


def tcp_segment(source, sport, target, dport, flags, seq, ack, data=b""):
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 64240, 0, 0) + data
    return segment[:16] + struct.pack("!H", checksum(pseudo(source, target, 6, len(segment)) + segment)) + segment[18:]


def tcp(source, sport, target, dport, flags, seq, ack=0, data=b""):
    return ip(source, target, 6, tcp_segment(source, sport, target, dport, flags, seq, ack, data))


def udp_datagram(source, sport, target, dport, data):
    datagram = struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data
    return datagram[:6] + struct.pack("!H", checksum(pseudo(source, target, 17, len(datagram)) + datagram) or 0xFFFF) + data


def udp(source, sport, target, dport, data, **more):
    return ip(source, target, 17, udp_datagram(source, sport, target, dport, data), **more)


def ether(payload, kind=None, tags=(), back=False, source=None, target=None):
    """An Ethernet II frame; tags are (TPID, VLAN id) from outer to inner."""
    if kind is None:
        kind = IPV6 if payload[0] >> 4 == 6 else IPV4
    source = source or (MAC_B if back else MAC_A)
    target = target or (MAC_A if back else MAC_B)
    head = target + source
    for tpid, vlan in tags:
        head += struct.pack("!HH", tpid, vlan)
    return head + struct.pack("!H", kind) + payload


def mpls(labels, payload):
    out = b""
    for i, label in enumerate(labels):
        out += struct.pack("!I", label << 12 | (1 if i == len(labels) - 1 else 0) << 8 | 64)
    return out + payload


def gre(kind, payload, key=None, seq=None, check=False):
    """RFC 2784 and 2890."""
    flags = (0x8000 if check else 0) | (0x2000 if key is not None else 0) | (0x1000 if seq is not None else 0)
    head = struct.pack("!HH", flags, kind)
    if check:
        head += struct.pack("!HH", 0, 0)
    if key is not None:
        head += struct.pack("!I", key)
    if seq is not None:
        head += struct.pack("!I", seq)
    if check:
        head = head[:4] + struct.pack("!H", checksum(head + payload)) + head[6:]
    return head + payload


def vxlan(vni, frame):
    return struct.pack("!BBHI", 0x08, 0, 0, vni << 8) + frame


def geneve(vni, kind, payload, options=b""):
    return struct.pack("!BBHI", len(options) // 4, 0, kind, vni << 8) + options + payload


def gtpu(teid, payload, extension=False, seq=None, kind=255):
    """3GPP TS 29.281; extension is a PDU session container (TS 38.415), as 5G's N3 has it."""
    optional = b""
    flags = 0x30
    if extension or seq is not None:
        flags |= (0x04 if extension else 0) | (0x02 if seq is not None else 0)
        optional = struct.pack("!HBB", seq or 0, 0, 0x85 if extension else 0)
        if extension:
            optional += bytes([1, 0x10, 0x09, 0])
    return struct.pack("!BBHI", flags, kind, len(optional) + len(payload), teid) + optional + payload


# --- conversations: lists of (time, bytes from the IP header on, whether the originator sent it) ---------------

class Tcp:
    """One TCP connection whose packets are added one by one, with right sequence numbers."""

    def __init__(self, client, cport, server, sport, t=T0, isn=1000, server_isn=5000):
        self.ends = (client, cport, server, sport)
        self.t = t
        self.seq = [isn, server_isn]
        self.packets = []

    def at(self, t):
        self.t = t
        return self

    def send(self, flags, data=b"", back=False, step=0.01, seq=None):
        client, cport, server, sport = self.ends
        mine, other = self.seq[back], self.seq[not back]
        if seq is not None:
            mine = seq
        ends = (server, sport, client, cport) if back else (client, cport, server, sport)
        packet = tcp(*ends, flags, mine, other if flags & ACK else 0, data)
        self.packets.append((self.t, packet, not back))
        if seq is None:
            self.seq[back] += len(data) + (1 if flags & SYN else 0) + (1 if flags & FIN else 0)
        self.t += step
        return self

    def open(self):
        return self.send(SYN).send(SYN | ACK, back=True).send(ACK)

    def ask(self, request=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", answer=b"HTTP/1.1 200 OK\r\n\r\n"):
        return self.send(PSH | ACK, request).send(PSH | ACK, answer, back=True)

    def close(self):
        return self.send(FIN | ACK).send(FIN | ACK, back=True).send(ACK)


def web(client="192.0.2.77", cport=41000, server="192.0.2.88", sport=443, t=T0, isn=1000):
    """SYN, SYN ACK, ACK, request, answer: 5 packets."""
    return Tcp(client, cport, server, sport, t, isn).open().ask().packets


def talk(client, cport, server, sport, times, t=T0):
    """UDP datagrams to and fro at the given offsets; a negative one is from the server."""
    out = []
    for i, offset in enumerate(times):
        back = isinstance(offset, tuple)
        at = t + (offset[0] if back else offset)
        ends = (server, sport, client, cport) if back else (client, cport, server, sport)
        out.append((at, udp(*ends, b"datagram %02d" % i), not back))
    return out


def frames(packets, wrap=lambda p, back: ether(p, back=back)):
    return [(t, wrap(packet, not forth)) for t, packet, forth in packets]


# --- files ----------------------------------------------------------------------------------------------------

def pcap(records, link=1, snap=262144):
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, link)
    for t, frame in sorted(records, key=lambda r: r[0]):
        micros = round(t * 1e6)
        kept = frame[:snap]
        out += struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(kept), len(frame)) + kept
    return out


def block(kind, body, order="<", pad=True):
    """A pcapng block; without pad its length fields leave out the padding that is there, a known writer's fault."""
    total = len(body) + 12
    body += b"\0" * (-len(body) % 4)
    if pad:
        total = len(body) + 12
    return struct.pack(order + "II", kind, total) + body + struct.pack(order + "I", total)


def pcapng_head(link=1, order="<", snap=0):
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order) + block(
        1, struct.pack(order + "HHI", link, 0, snap), order)


def enhanced(t, frame, order="<", pad=True, interface=0, options=b""):
    micros = round(t * 1e6)
    body = struct.pack(order + "IIIII", interface, micros >> 32, micros & 0xFFFFFFFF, len(frame), len(frame)) + frame
    if options:
        body += b"\0" * (-len(frame) % 4) + options
    return block(6, body, order, pad)


def simple(frame, order="<"):
    return block(3, struct.pack(order + "I", len(frame)) + frame, order)


# --- the Community ID, as its specification defines version 1 ---------------------------------------------------

def community_id(proto, source, sport, target, dport, seed=0):
    a, b = (packed(source), sport), (packed(target), dport)
    if a > b:
        a, b = b, a
    number = {"tcp": 6, "udp": 17}[proto]
    data = struct.pack("!H", seed) + a[0] + b[0] + bytes([number, 0]) + struct.pack("!HH", a[1], b[1])
    return "1:" + base64.b64encode(hashlib.sha1(data).digest()).decode()


# --- log lines --------------------------------------------------------------------------------------------------

def compact(value):
    return json.dumps(value, separators=(",", ":"))


def iso(t, zone="+0000"):
    import datetime
    moment = datetime.datetime.fromtimestamp(round(t * 1e6) // 10**6, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + ".%06d" % (round(t * 1e6) % 10**6) + zone


def b64(data):
    return base64.b64encode(data).decode()


def zeek_pair(packets, uid, ends, proto="tcp", community=True, seed=0, ids="flat", depth=10):
    """The two records that the Zeek package writes of a flow, as dicts."""
    client, cport, server, sport = ends
    if ids == "nested":
        id_fields = {"id": {"orig_h": client, "orig_p": cport, "resp_h": server, "resp_p": sport}}
    else:
        dot = {"flat": ".", "underscore": "_"}[ids]
        id_fields = {"id%sorig_h" % dot: client, "id%sorig_p" % dot: cport,
                     "id%sresp_h" % dot: server, "id%sresp_p" % dot: sport}
    out = []
    for stage in "first", "context":
        kept = packets[:1] if stage == "first" else packets[:depth]
        record = {"ts": packets[0][0], "uid": uid, **id_fields, "proto": proto}
        if community:
            record["community_id"] = community_id(proto, client, cport, server, sport, seed)
        record.update(
            stage=stage,
            reason="depth" if stage == "first" or len(packets) >= depth else "end",
            pkt_dt=[round(t - packets[0][0], 6) for t, _, _ in kept],
            pkt_orig=[forth for _, _, forth in kept],
            pkt_len=[len(p) for _, p, _ in kept],
            pkt_data=[b64(p[:128]) for _, p, _ in kept])
        out.append(record)
    return out


FIELDS = ("ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto community_id stage reason "
          "pkt_dt pkt_orig pkt_len pkt_data").split()
CONN_FIELDS = ("ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes "
               "conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts "
               "resp_ip_bytes tunnel_parents").split()
TYPES = {"ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
         "id.resp_p": "port", "proto": "enum", "duration": "interval", "pkt_dt": "vector[double]",
         "pkt_orig": "vector[bool]", "pkt_len": "vector[count]", "pkt_data": "vector[string]",
         "local_orig": "bool", "local_resp": "bool", "tunnel_parents": "set[string]"}
TYPES.update({name: "count" for name in CONN_FIELDS if name.endswith(("bytes", "pkts"))})


def tsv(records, path, fields=FIELDS, separator="\t", sets=",", unset="-", empty="(empty)"):
    """A Zeek ASCII log with its headers."""
    def cell(value):
        if value is None:
            return unset
        if isinstance(value, bool):
            return "T" if value else "F"
        if isinstance(value, float):
            return "%.6f" % value
        if isinstance(value, list):
            return sets.join(cell(v) for v in value) if value else empty
        return str(value)

    spelled = "".join("\\x%02x" % ord(c) for c in separator) if separator in "\t|" else separator
    s = separator
    out = ["#separator " + spelled, "#set_separator" + s + sets, "#empty_field" + s + empty, "#unset_field" + s + unset,
           "#path" + s + path, "#open" + s + "2023-11-14-22-13-20", "#fields" + s + s.join(fields),
           "#types" + s + s.join(TYPES.get(f, "string") for f in fields)]
    out += [s.join(cell(r.get(f)) for f in fields) for r in records]
    out.append("#close" + s + "2023-11-14-23-00-00")
    return "\n".join(out) + "\n"


def conn(uid, ends, proto="tcp", ts=T0, duration=1.5, state="SF", pkts=(5, 4), size=(100, 200), history="ShADadFf",
         service="ssl", **more):
    client, cport, server, sport = ends
    record = {"ts": ts, "uid": uid, "id.orig_h": client, "id.orig_p": cport, "id.resp_h": server, "id.resp_p": sport,
              "proto": proto, "service": service, "duration": duration, "orig_bytes": size[0], "resp_bytes": size[1],
              "conn_state": state, "missed_bytes": 0, "history": history, "orig_pkts": pkts[0],
              "orig_ip_bytes": size[0] + 40 * pkts[0], "resp_pkts": pkts[1], "resp_ip_bytes": size[1] + 40 * pkts[1]}
    record.update(more)
    return record


def alert(t, flow_id, number, frame, ends, forth, proto="TCP", community=None, link=1, **more):
    """An EVE alert of the ServeFlow rules, its members in the order in which Suricata 7.0.10 writes them."""
    client, cport, server, sport = ends
    if not forth:
        client, cport, server, sport = server, sport, client, cport
    event = {"timestamp": iso(t), "flow_id": flow_id, "pcap_cnt": number, "event_type": "alert", "src_ip": client,
             "src_port": cport, "dest_ip": server, "dest_port": sport, "proto": proto, "pkt_src": "wire/pcap",
             "metadata": {"flowints": {"serveflow": number}}}
    if community:
        event["community_id"] = community
    event["alert"] = {"action": "allowed", "gid": 3900, "signature_id": 3900011 if proto == "TCP" else 3900012,
                      "rev": 1, "signature": "SERVEFLOW packet", "category": "", "severity": 3}
    event["direction"] = "to_server" if forth else "to_client"
    event["packet"] = b64(frame)
    event["packet_info"] = {"linktype": link}
    event.update(more)
    return event


def alerts(packets, flow_id, ends, proto="TCP", seed=0, wrap=lambda p, back: ether(p, back=back), community=True, **more):
    cid = community_id(proto.lower(), *ends, seed=seed) if community else None
    return [alert(t, flow_id, i + 1, wrap(p, not forth), ends, forth, proto, cid, **more)
            for i, (t, p, forth) in enumerate(packets[:10])]


def eve_flow(flow_id, ends, proto="TCP", app="tls", start=T0, end=T0 + 1.5, pkts=(5, 4), size=(3500, 5600), **more):
    client, cport, server, sport = ends
    event = {"timestamp": iso(T0 + 60.5), "flow_id": flow_id, "event_type": "flow", "src_ip": client, "src_port": cport,
             "dest_ip": server, "dest_port": sport, "proto": proto, "app_proto": app,
             "flow": {"pkts_toserver": pkts[0], "pkts_toclient": pkts[1], "bytes_toserver": size[0],
                      "bytes_toclient": size[1], "start": iso(start), "end": iso(end), "state": "established"}}
    event.update(more)
    return event


def eve_event(kind, flow_id, ends, t=T0 + 0.1, proto="TCP", **more):
    client, cport, server, sport = ends
    return {"timestamp": iso(t), "flow_id": flow_id, "event_type": kind, "src_ip": client, "src_port": cport,
            "dest_ip": server, "dest_port": sport, "proto": proto, **more}


def ndpid(packets, flow_id, alias="ndpid-1", source="eth0", wrap=lambda p, back: ether(p, back=back)):
    """packet-flow events of nDPId, each with the five digits of its length before it."""
    out = []
    for i, (t, p, forth) in enumerate(packets):
        frame = wrap(p, not forth)
        micros = round(t * 1e6)
        text = compact({
            "packet_event_id": 2, "packet_event_name": "packet-flow", "thread_id": 0, "packet_id": i + 1,
            "source": source, "alias": alias, "flow_id": flow_id, "flow_packet_id": i + 1,
            "flow_src_last_pkt_time": micros, "flow_dst_last_pkt_time": micros, "flow_idle_time": 7440000000,
            "pkt_oversize": False, "pkt_caplen": len(frame), "pkt_type": 2048, "pkt_l3_offset": len(frame) - len(p),
            "pkt_l4_offset": len(frame) - len(p) + 20, "pkt_len": len(frame), "pkt_l4_len": len(p) - 20,
            "thread_ts_usec": micros, "pkt": b64(frame)})
        out.append("%05d%s" % (len(text) + 1, text))
    return out


def lines(values):
    return "\n".join(v if isinstance(v, str) else compact(v) for v in values) + "\n"
