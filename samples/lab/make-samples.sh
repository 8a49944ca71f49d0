#!/usr/bin/env bash
# Makes the sample traffic: real clients and servers from Debian packages, in network namespaces.
#   sudo samples/lab/make-samples.sh [--only NAME,NAME...]
# Writes samples/captures/, samples/labels.csv and (where Suricata is installed) samples/eve/.
# It installs nothing and leaves nothing behind: every process and mount is in namespaces of its own.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
SAMPLES=$(dirname "$HERE")
# shellcheck source=samples/lab/lib.sh
. "$HERE/lib.sh"

ONLY=
while [ $# -gt 0 ]; do
  case $1 in
    --only) ONLY=${2:?--only needs a list of services}; shift 2 ;;
    -h | --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
    *) echo "make-samples.sh: unknown option $1 (try --help)" >&2; exit 2 ;;
  esac
done

needs ip:iproute2 ss:iproute2 unshare:util-linux nsenter:util-linux tcpdump:tcpdump \
  ethtool:ethtool sysctl:procps editcap:wireshark-common openssl:openssl python3:python3 gzip:gzip
for file in "$HERE"/services/*.sh; do
  # shellcheck disable=SC1090
  . "$file"
done
tools_are_there
mkdir -p "$SAMPLES/captures"
trap 'rmdir "$LAB" 2>/dev/null || true' EXIT
unshare --net --mount --pid --uts --ipc --fork --mount-proc --kill-child \
  bash "$HERE/inside.sh" "$SAMPLES/captures" "$ONLY"
python3 "$HERE/label_flows.py" "$SAMPLES/captures" "$SAMPLES/labels.csv"
if command -v suricata >/dev/null; then
  bash "$HERE/make-eve.sh"
else
  echo "Suricata is not installed: samples/eve/ is left as it is." >&2
fi
