#!/usr/bin/env bash
# The inner half of make-today.sh: the same network, names with an address each, today's servers and clients.
#   inside-today.sh TODAY_FOLDER [CAPTURE,CAPTURE...]
# Runs as process 1 of its own namespaces: when it ends, everything that it started ends.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=samples/lab/lib.sh
. "$HERE/lib.sh"
# shellcheck source=samples/lab/network.sh
. "$HERE/network.sh"
# shellcheck source=samples/lab/today/servers.sh
. "$HERE/today/servers.sh"
# shellcheck source=samples/lab/today/clients.sh
. "$HERE/today/clients.sh"
TODAY=$1
ONLY=${2:-}

build_gateway
build_hosts
build_certificates
build_files
ip link set br-lan promisc on
build_names
servers_start

for name in chromium firefox tools quic dns mqtt call; do
  wanted "$name" || continue
  capture "$name" "${name}_today"
  python3 "$HERE/cut_flows.py" "$LAB/$name.pcap" "$TODAY/captures/$name.pcap.gz" \
    "$HERE/today/services.csv" "$TODAY/names.csv"
done
