#!/usr/bin/env bash
# The inner half of make-samples.sh: builds the network, runs the services, captures.
#   inside.sh CAPTURE_FOLDER [SERVICE,SERVICE...]
# Runs as process 1 of its own namespaces: when it ends, everything that it started ends.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=samples/lab/lib.sh
. "$HERE/lib.sh"
# shellcheck source=samples/lab/network.sh
. "$HERE/network.sh"
OUT=$1
ONLY=${2:-}

# publish NAME   a capture to the folder of captures, in one of the formats that readers meet
publish() {
  case $1 in
    ssh) editcap -F pcapng "$LAB/$1.pcap" "$OUT/$1.pcapng" ;;
    mixed | https | game) gzip -9nc "$LAB/$1.pcap" >"$OUT/$1.pcap.gz" ;;
    *) cp "$LAB/$1.pcap" "$OUT/$1.pcap" ;;
  esac
}

build_gateway
build_hosts
build_certificates
build_files
ip link set br-lan promisc on

SERVICES=()
for file in "$HERE"/services/*.sh; do
  # shellcheck disable=SC1090
  . "$file"
  SERVICES+=("$(basename "$file" .sh)")
done
for service in "${SERVICES[@]}"; do
  wanted "$service" || wanted mixed || continue
  "${service}_start"
  wanted "$service" || continue
  capture "$service" "${service}_run" 24
  publish "$service"
done

if wanted mixed; then
  mixed() {
    local service jobs=()
    for service in "${SERVICES[@]}" end; do      # ten at a time
      if [ "$service" = end ] || [ ${#jobs[@]} = 10 ]; then
        wait "${jobs[@]}"
        jobs=()
      fi
      [ "$service" = end ] || "${service}_run" 5 &
      jobs+=($!)
    done
  }
  early=()
  for service in "${SERVICES[@]}"; do          # sessions that are open before the capture begins
    declare -F "${service}_early" >/dev/null || continue
    "${service}_early" &
    early+=($!)
  done
  sleep 1
  capture mixed mixed
  publish mixed
  wait "${early[@]}"
fi
