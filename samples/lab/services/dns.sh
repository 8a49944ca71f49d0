# shellcheck shell=bash
# Name service over UDP and TCP: unbound and dnsmasq; dig, nslookup, the C library.
needs unbound:unbound dnsmasq:dnsmasq dig:bind9-dnsutils busybox:busybox

dns_start() {
  local dir n
  dir=$(home metro unbound)
  {
    cat <<CONF
server:
  interface: 10.77.2.20
  interface: fd77:0:0:2::20
  access-control: 10.77.0.0/16 allow
  access-control: fd77::/16 allow
  access-control: 10.77.1.14/32 refuse
  chroot: ""
  username: ""
  directory: $dir
  pidfile: $dir/pid
  use-syslog: no
  do-daemonize: no
  module-config: iterator
  local-zone: "." static
  local-zone: "lab.example." static
  local-zone: "77.10.in-addr.arpa." static
  local-data: "lab.example. SOA metro.lab.example. hostmaster.lab.example. 1 3600 600 86400 300"
  local-data: "lab.example. MX 10 near.lab.example."
  local-data: "lab.example. TXT 'v=spf1 mx -all'"
  local-data: "_sip._udp.lab.example. SRV 0 5 5060 region.lab.example."
  local-data: "big.lab.example. TXT '$(seq -s . 60)'"
  local-data: "www.lab.example. CNAME near.lab.example."
CONF
    for n in $(seq 1 40); do
      echo "  local-data: 'big.lab.example. TXT \"record $n $(printf '%080d' "$n")\"'"
      echo "  local-data: 'host$n.lab.example. A 10.77.9.$n'"
      echo "  local-data: 'host$n.lab.example. AAAA fd77:0:0:9::$n'"
      echo "  local-data-ptr: '10.77.9.$n host$n.lab.example'"
    done
    echo "  local-data: 'near.lab.example. A 10.77.2.10'"
  } >"$dir/unbound.conf"
  daemon metro unbound -d -c "$dir/unbound.conf"

  dir=$(home near dnsmasq)
  cat >"$dir/dnsmasq.conf" <<CONF
port=53
listen-address=10.77.2.10
bind-interfaces
no-resolv
local=/lab.example/
addn-hosts=/etc/hosts
txt-record=lab.example,"a text of dnsmasq"
mx-host=lab.example,near.lab.example,10
pid-file=$dir/pid
user=root
CONF
  daemon near dnsmasq -k -C "$dir/dnsmasq.conf"
  listening metro 53
  listening near 53
}

dns_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" 10.77.2.20 10.77.2.10 fd77:0:0:2::20 10.77.2.20 10.77.2.20 10.77.2.10 10.77.2.20)
  local ask=(dig +tries=1 +time=1 "@$server")
  case $((i % 16)) in
    0 | 1) on "$client" "${ask[@]}" "host$((i % 40 + 1)).lab.example" A ;;
    2) on "$client" "${ask[@]}" "host$((i % 40 + 1)).lab.example" AAAA ;;
    3) on "$client" "${ask[@]}" lab.example TXT ;;
    4) on "$client" "${ask[@]}" lab.example MX +noedns ;;
    5) on "$client" "${ask[@]}" "gone$i.lab.example" A ;;
    6) on "$client" "${ask[@]}" "host$((i % 40 + 1)).lab.example" A +tcp ;;
    7) on "$client" "${ask[@]}" big.lab.example TXT +bufsize=4096 ;;
    8) on "$client" "${ask[@]}" big.lab.example TXT +noedns ;;
    9) on "$client" "${ask[@]}" -x "10.77.9.$((i % 40 + 1))" ;;
    10) on "$client" "${ask[@]}" _sip._udp.lab.example SRV +dnssec ;;
    11) on "$client" busybox nslookup "host$((i % 40 + 1)).lab.example" "$server" ;;
    12) on "$client" getent ahosts "host$((i % 40 + 1)).lab.example" ;;
    13) on "$client" dig +tries=2 +time=1 @10.77.2.30 nobody.lab.example A ;;
    14) on "$client" "${ask[@]}" "host1.lab.example" A "www.lab.example" A "$i.no.such.example" A +tcp +keepopen ;;
    15) on "$client" dig +tries=2 +time=1 @10.77.2.99 nobody.lab.example A ;;
  esac
}

dns_run() { spread "$((2 * $1))" dns_one; }
