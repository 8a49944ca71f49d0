#!/usr/bin/env bash
# Makes the samples of today's clients: browsers and current programs against local servers, in network namespaces.
#   sudo samples/lab/make-today.sh [--only NAME,NAME...]
# Writes samples/today/captures/ and samples/today/labels.csv.  Like make-samples.sh it installs nothing, leaves
# nothing behind and reaches no network but its own.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
TODAY=$(dirname "$HERE")/today
# shellcheck source=samples/lab/lib.sh
. "$HERE/lib.sh"
# shellcheck source=samples/lab/today/servers.sh
. "$HERE/today/servers.sh"
# shellcheck source=samples/lab/today/clients.sh
. "$HERE/today/clients.sh"

ONLY=
while [ $# -gt 0 ]; do
  case $1 in
    --only) ONLY=${2:?--only needs a list of captures}; shift 2 ;;
    -h | --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
    *) echo "make-today.sh: unknown option $1 (try --help)" >&2; exit 2 ;;
  esac
done

needs ip:iproute2 ss:iproute2 unshare:util-linux nsenter:util-linux tcpdump:tcpdump \
  ethtool:ethtool sysctl:procps openssl:openssl python3:python3
tools_are_there
mkdir -p "$TODAY/captures"
trap 'rmdir "$LAB" 2>/dev/null || true' EXIT
unshare --net --mount --pid --uts --ipc --fork --mount-proc --kill-child \
  bash "$HERE/inside-today.sh" "$TODAY" "$ONLY"
python3 "$HERE/label_flows.py" "$TODAY/captures" "$TODAY/labels.csv" "$HERE/today/services.csv" "$TODAY/names.csv"
