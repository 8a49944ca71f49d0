# shellcheck shell=bash
# HTTP/3 over QUIC: the ngtcp2 example server and client.
needs gtlsserver:ngtcp2-server gtlsclient:ngtcp2-client

quic_start() {
  local host
  for host in near far; do
    daemon "$host" gtlsserver -q -d "$LAB/shared/www" "${ADDR[$host]}" 443 \
      "$LAB/shared/server.key" "$LAB/shared/chain.crt"
  done
  daemon region gtlsserver -q -d "$LAB/shared/www" "${ADDR6[region]}" 443 \
    "$LAB/shared/server.key" "$LAB/shared/chain.crt"
  sleep 0.5
}

quic_one() {
  local client=$1 i=$2 server address document
  server=$(pick "$i" near far region near)
  address=${ADDR[$server]}
  [ "$server" != region ] || address=${ADDR6[region]}
  document=$(pick "$i" index.html data-1.bin text-12.txt data-12.bin missing text-4.txt)
  if [ $((i % 9)) = 8 ]; then
    LIMIT=0.6 on "$client" gtlsclient -q --timeout=500ms "$address" 4433 "https://web.lab.example/"
  elif [ $((i % 7)) = 6 ]; then
    LIMIT=1.5 on "$client" gtlsclient -q --exit-on-all-streams-close -n 3 \
      "$address" 443 "https://web.lab.example/$document"
  else
    LIMIT=1.5 on "$client" gtlsclient -q --exit-on-all-streams-close \
      "$address" 443 "https://web.lab.example/$document"
  fi
}

quic_run() { spread "$1" quic_one; }
