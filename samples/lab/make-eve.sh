#!/usr/bin/env bash
# Runs Suricata with ServeFlow's rules over every sample capture and writes samples/eve/*.eve.json.gz,
# then checks that each flow's first ten packets are there, once each.
#   samples/lab/make-eve.sh
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
SAMPLES=$(dirname "$HERE")
SENSOR=$(dirname "$SAMPLES")/zeek-scripts/suricata

command -v suricata >/dev/null || {
  echo "make-eve.sh: Suricata is not installed (7.0.10 is in Debian's bookworm-backports)" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/suricata.yaml" <<CONF
%YAML 1.1
---
outputs:
  - eve-log: !include $SENSOR/serveflow-eve.yaml
stream:
  midstream: true
CONF
mkdir -p "$SAMPLES/eve"
rm -f "$SAMPLES"/eve/*.eve.json.gz
for capture in "$SAMPLES"/captures/*; do
  name=$(basename "$capture")
  name=${name%%.*}
  input=$capture
  case $capture in
    *.gz) gunzip -c "$capture" >"$work/in.pcap"; input=$work/in.pcap ;;
  esac
  rm -f "$work/serveflow.json"
  suricata -c "$work/suricata.yaml" -r "$input" -S "$SENSOR/serveflow.rules" -l "$work" \
    -k none --runmode single >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  gzip -9n <"$work/serveflow.json" >"$SAMPLES/eve/$name.eve.json.gz"
done
python3 "$HERE/check_eve.py" "$SAMPLES/captures" "$SAMPLES/eve"
