#!/bin/sh
# Suricata 7.0.10 writes another community_id than the specification and Wireshark 4.0.17 for two kinds of flow: those of a host
# to itself, where it orders the ports by their bytes in memory (40000 before 443; about half of such flows differ), and ESP,
# where it hashes two ports of 0 that the protocol does not have. The ids look like any other and every Suricata 7.0.10 writes
# the same, so nobody notices until a join with the records of another sensor finds nothing. Who joins computes the ids of these
# flows from addresses, ports and protocol, or joins by these. Seen with Debian's packages suricata 1:7.0.10-1~bpo12+1
# (bookworm-backports in apt's sources) and tshark 4.0.17-0+deb12u3 on x86-64.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The packages with what they need, unpacked here and not installed.
mkdir -p suricata/partial tshark/partial
apt-get install -qq -y --reinstall --download-only -o Dir::Cache::archives="$work/suricata" -t bookworm-backports \
  suricata=1:7.0.10-1~bpo12+1 > /dev/null
apt-get install -qq -y --reinstall --no-install-recommends --download-only -o Dir::Cache::archives="$work/tshark" \
  tshark=4.0.17-0+deb12u3 libwireshark16=4.0.17-0+deb12u3 > /dev/null
libraries() { find "$work/$1" -name '*.so*' -exec dirname {} + | sort -u | paste -sd :; }
for package in suricata tshark; do
  for deb in $package/*.deb; do dpkg-deb -x "$deb" $package/root; done
done

cat > make.py <<'PY'
import socket, struct
def ip(proto, src, dst, payload):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst))
    total = sum(struct.unpack('!10H', head)); total = (total >> 16) + (total & 0xffff); total += total >> 16
    return b'\x08\x00' + head[:10] + struct.pack('!H', ~total & 0xffff) + head[12:] + payload
def ip6(proto, src, dst, payload):
    return b'\x86\xdd' + struct.pack('!IHBB16s16s', 6 << 28, len(payload), proto, 64,
                       socket.inet_pton(socket.AF_INET6, src), socket.inet_pton(socket.AF_INET6, dst)) + payload
def udp(sport, dport): return struct.pack('!HHHH', sport, dport, 12, 0) + b'text' # IPv4 may leave the checksum out
packets = [
    ip(17, '192.0.2.1', '198.51.100.1', udp(40000, 443)),
    ip(17, '192.0.2.2', '192.0.2.2', udp(5353, 53)),
    ip(17, '192.0.2.3', '192.0.2.3', udp(40000, 443)),
    ip6(17, '2001:db8::4', '2001:db8::4', udp(40000, 443)),
    ip(50, '192.0.2.5', '198.51.100.5', struct.pack('!II', 1, 1) + bytes(32)),
]
with open('in.pcap', 'wb') as f:
    f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i, p in enumerate(packets):
        p = bytes.fromhex('020000000002020000000001') + p
        f.write(struct.pack('<IIII', 1700000000 + i, 0, len(p), len(p)) + p)
PY
python3 make.py
cat > suricata.yaml <<'YAML'
%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, community-id: true, types: [flow]}
YAML
: > rules; : > classification.config; : > reference.config; : > threshold.config
LD_LIBRARY_PATH=$(libraries suricata) suricata/root/usr/bin/suricata -c suricata.yaml -S rules -r in.pcap -l . -k none \
  --set classification-file=classification.config --set reference-config-file=reference.config \
  --set threshold-file=threshold.config > log 2>&1 || { cat log >&2; exit 2; }
LD_LIBRARY_PATH=$(libraries tshark) HOME=$work tshark/root/usr/bin/tshark -r in.pcap --enable-protocol communityid -T fields \
  -e communityid > wireshark.txt 2> log || { cat log >&2; exit 2; }

cat > look.py <<'PY'
import base64, hashlib, json, socket, struct
def specified(e):
    """Version 1 with the seed 0, as the specification has it."""
    family = socket.AF_INET6 if ':' in e['src_ip'] else socket.AF_INET
    ends = sorted((socket.inet_pton(family, e[side + '_ip']), e.get(side + '_port', 0)) for side in ('src', 'dest'))
    number = {'UDP': 17, 'ESP': 50}[e['proto']]
    ports = struct.pack('!HH', ends[0][1], ends[1][1]) if number == 17 else b''
    hashed = struct.pack('!H', 0) + ends[0][0] + ends[1][0] + bytes([number, 0]) + ports
    return '1:' + base64.b64encode(hashlib.sha1(hashed).digest()).decode()
wireshark = open('wireshark.txt').read().split()
flows = sorted((e for e in map(json.loads, open('eve.json')) if e['event_type'] == 'flow'), key=lambda e: e['flow']['start'])
seen = []
for e, other in zip(flows, wireshark):
    assert other == specified(e), 'CHANGED: Wireshark and the specification differ'
    seen.append(e['community_id'] == other)
    ends = ' -> '.join(f"{e[side + '_ip']} {e.get(side + '_port', '')}".strip() for side in ('src', 'dest'))
    print(f"{e['proto']} {ends}: Suricata {e['community_id']}, Wireshark {other}{'' if seen[-1] else '  OTHER'}")
assert seen == [True, True, False, False, False], 'CHANGED'
PY
python3 look.py
