# shellcheck shell=bash
# Constrained devices: libcoap over UDP and DTLS.
needs coap-server-openssl:libcoap3-bin

coap_start() {
  local host
  for host in plc metro; do
    daemon "$host" coap-server-openssl -A "${ADDR[$host]}" -k throwaway -h lab -d 20
  done
  sleep 0.4
}

coap_one() {
  local client=$1 i=$2 server
  server=${ADDR[$(pick "$i" plc metro)]}
  local ask=(coap-client-openssl -B 2)
  case $((i % 7)) in
    0) on "$client" "${ask[@]}" "coap://$server/.well-known/core" ;;
    1) on "$client" "${ask[@]}" "coap://$server/time" ;;
    2) on "$client" "${ask[@]}" -m put -e "state $i" "coap://$server/lamp$i" ;;
    3) LIMIT=2 on "$client" "${ask[@]}" -s 2 "coap://$server/time" ;;
    4) on "$client" "${ask[@]}" -k throwaway -u lab "coaps://$server/time" ;;
    5) on "$client" "${ask[@]}" -N "coap://$server/nothing" ;;
    6) on "$client" "${ask[@]}" -m put -f "$LAB/shared/www/text-4.txt" -b 512 "coap://$server/big$i" ;;
  esac
}

coap_run() { spread "$1" coap_one; }
