# shellcheck shell=bash
# Name service inside TLS (port 853) and inside HTTPS: unbound; kdig and curl.
needs unbound:unbound kdig:knot-dnsutils curl:curl

dns_secure_start() {
  local host dir n
  for host in metro far; do
    dir=$(home "$host" unbound-tls)
    {
      cat <<CONF
server:
  interface: ${ADDR[$host]}@853
  interface: ${ADDR[$host]}@443
  tls-port: 853
  https-port: 443
  tls-service-key: $LAB/shared/server.key
  tls-service-pem: $LAB/shared/chain.crt
  access-control: 10.77.0.0/16 allow
  chroot: ""
  username: ""
  directory: $dir
  pidfile: $dir/pid
  use-syslog: no
  do-daemonize: no
  module-config: iterator
  local-zone: "." static
CONF
      for n in $(seq 1 40); do
        echo "  local-data: 'host$n.lab.example. A 10.77.9.$n'"
        echo "  local-data: 'host$n.lab.example. TXT \"$(printf '%0100d' "$n")\"'"
      done
    } >"$dir/unbound.conf"
  done
  sed -i 's/@443/@8453/; s/https-port: 443/https-port: 8453/' "$LAB/far/unbound-tls/unbound.conf"
  for host in metro far; do
    daemon "$host" unbound -d -c "$LAB/$host/unbound-tls/unbound.conf"
    listening "$host" 853
  done
}

dns_secure_one() {
  local client=$1 i=$2 server name=host$(($2 % 40 + 1)).lab.example port=443
  server=$(pick "$i" metro far metro)
  [ "$server" = metro ] || port=8453
  case $((i % 6)) in
    0) on "$client" kdig +tls "@${ADDR[$server]}" "$name" A ;;
    1) on "$client" kdig "+tls-ca=$LAB/shared/ca.crt" "+tls-hostname=$server.lab.example" +tls "@${ADDR[$server]}" "$name" TXT ;;
    2) on "$client" kdig +https "@${ADDR[$server]}" -p "$port" "$name" A ;;
    3) on "$client" kdig +tls +keepopen "@${ADDR[$server]}" "$name" A host7.lab.example TXT gone.lab.example A ;;
    4) on "$client" curl -s --max-time 1 --cacert "$LAB/shared/ca.crt" \
      --doh-url "https://$server.lab.example:$port/dns-query" http://host9.lab.example/ ;;
    5) on "$client" kdig +https-get +https "@${ADDR[$server]}" -p "$port" "$name" AAAA ;;
  esac
}

dns_secure_run() { spread "$1" dns_secure_one; }
