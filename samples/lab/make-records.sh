#!/usr/bin/env bash
# Writes the serveflow log of every sample capture, as a Zeek with our package would: samples/records/NAME.log.
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p samples/records
for capture in samples/captures/*; do
  name=$(basename "$capture" .gz)
  ./serveflow records --observer lab --out "samples/records/${name%.pcap*}.log" "$capture"
done
