#!/bin/sh
# Suricata 7.0.10 gives the alert of every tunnelled packet "packet_info":{"linktype":12} (raw IP), whatever "packet" begins
# with: inside VXLAN it is the IP header, inside GENEVE and GRE with EtherType 0x6558 it is the inner Ethernet header, and
# inside ERSPAN II there are the 8 bytes of its own header before that. Who decodes by the link type alone reads addresses
# from MACs where the first byte happens to look like a version, or finds no IP at all. The event's own src_ip and dest_ip are
# right, so they are what tells. Seen with Debian's suricata 1:7.0.10-1~bpo12+1 (bookworm-backports in apt's sources).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The package with what it needs, unpacked here and not installed.
mkdir -p debs/partial
apt-get install -qq -y --reinstall --download-only -o Dir::Cache::archives="$work/debs" -t bookworm-backports \
  suricata=1:7.0.10-1~bpo12+1 > /dev/null
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$(find "$work/root" -name '*.so*' -exec dirname {} + | sort -u | paste -sd :)

cat > make.py <<'PY'
import struct
def ip(proto, src, dst, payload):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, proto, 0, bytes(src), bytes(dst))
    total = sum(struct.unpack('!10H', head)); total = (total >> 16) + (total & 0xffff); total += total >> 16
    return head[:10] + struct.pack('!H', ~total & 0xffff) + head[12:] + payload
def udp(sport, dport, payload): return struct.pack('!HHHH', sport, dport, 8 + len(payload), 0) + payload
mac = bytes.fromhex('0200000000020200000000010800')
# A UDP packet inside, each time between other hosts, and its checksum left out as UDP allows.
def inner(n): return ip(17, (192, 0, 2, n), (198, 51, 100, n), udp(40000 + n, 7, b'inner'))
ends = ((203, 0, 113, 1), (203, 0, 113, 2))
def gre(kind, body): return struct.pack('!HH', 0, kind) + body
packets = [
    ip(17, *ends, udp(50001, 4789, bytes.fromhex('0800000000000100') + mac + inner(1))),
    ip(17, *ends, udp(50002, 6081, bytes.fromhex('0000655800000100') + mac + inner(2))),
    ip(47, *ends, gre(0x6558, mac + inner(3))),
    ip(47, *ends, struct.pack('!HHI', 0x1000, 0x88be, 1) + bytes.fromhex('1001000100000000') + mac + inner(4)),
]
with open('in.pcap', 'wb') as f:
    f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i, p in enumerate(packets):
        f.write(struct.pack('<IIII', 1700000000 + i, 0, len(mac + p), len(mac + p)) + mac + p)
PY
python3 make.py
cat > suricata.yaml <<'YAML'
%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [{alert: {packet: yes}}]}
decoder:
  vxlan: {enabled: true, ports: 4789}
  geneve: {enabled: true, ports: 6081}
  erspan: {typeI: {enabled: true}}
YAML
echo 'alert udp any any -> any 7 (msg:"inner"; sid:1;)' > rules
: > classification.config; : > reference.config; : > threshold.config
LD_LIBRARY_PATH=$libraries "$work/root/usr/bin/suricata" -c suricata.yaml -S rules -r in.pcap -l . -k none \
  --set classification-file=classification.config --set reference-config-file=reference.config \
  --set threshold-file=threshold.config > log 2>&1 || { cat log >&2; exit 2; }

cat > look.py <<'PY'
import base64, json
names = {1: 'VXLAN', 2: 'GENEVE', 3: 'GRE 0x6558', 4: 'ERSPAN II'}
seen = {}
for line in open('eve.json'):
    e = json.loads(line)
    if e['event_type'] != 'alert': continue
    packet = base64.b64decode(e['packet'])
    n = int(e['src_ip'].rsplit('.', 1)[1])
    at = packet.find(bytes([192, 0, 2, n, 198, 51, 100, n])) - 12
    seen[n] = (e['packet_info']['linktype'], at)
    print(f"{names[n]:10}  linktype {seen[n][0]}, the IP header is at byte {at} of 'packet'")
assert seen == {1: (12, 0), 2: (12, 14), 3: (12, 14), 4: (12, 22)}, 'CHANGED'
PY
python3 look.py
