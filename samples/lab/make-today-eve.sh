#!/usr/bin/env bash
# Runs Suricata over the captures of today's clients and writes what it says of their hellos, its tls and quic
# events, to samples/today/eve/NAME.eve.json.gz.
#   samples/lab/make-today-eve.sh
set -euo pipefail
TODAY=$(cd "$(dirname "$0")/../today" && pwd)

command -v suricata >/dev/null || {
  echo "make-today-eve.sh: Suricata is not installed (7.0.10 is in Debian's bookworm-backports)" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/suricata.yaml" <<CONF
%YAML 1.1
---
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      community-id: true
      types:
        - tls:
            extended: yes
        - quic
app-layer:
  protocols:
    tls:
      enabled: yes
      ja3-fingerprints: yes
    quic:
      enabled: yes
CONF
: >"$work/none.rules"
mkdir -p "$TODAY/eve"
rm -f "$TODAY"/eve/*.eve.json.gz
for capture in "$TODAY"/captures/*; do
  name=$(basename "$capture" .pcap.gz)
  gunzip -c "$capture" >"$work/in.pcap"
  rm -f "$work/eve.json"
  suricata -c "$work/suricata.yaml" -r "$work/in.pcap" -S "$work/none.rules" -l "$work" \
    -k none --runmode single >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  gzip -9n <"$work/eve.json" >"$TODAY/eve/$name.eve.json.gz"
done
