# shellcheck shell=bash
# Addresses for newcomers: dnsmasq on the gateway; the busybox client with many identities.
needs dnsmasq:dnsmasq busybox:busybox

dhcp_start() {
  local dir
  dir=$(home gateway dhcp)
  cat >"$dir/conf" <<CONF
port=0
interface=br-lan
bind-interfaces
no-resolv
no-ping
dhcp-range=10.77.1.100,10.77.1.200,1h
dhcp-option=option:router,10.77.1.1
dhcp-option=option:dns-server,10.77.2.20
dhcp-option=option:domain-name,lab.example
dhcp-leasefile=$dir/leases
pid-file=$dir/pid
user=root
CONF
  daemon gateway dnsmasq -k -C "$dir/conf"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n[ "$1" != bound ] || ip addr add "$ip/24" dev eth0\n' >"$LAB/shared/lease.sh"
  chmod +x "$LAB/shared/lease.sh"
  sleep 0.4
}

dhcp_one() {
  local client=$1 i=$2 id
  id=$(printf '0x3d:01027700000%03x' "$i")
  # Asks, renews twice (from the new address); every third one gives the address back.
  LIMIT=4 on "$client" sh -c "
    busybox udhcpc -f -i eth0 -C -x $id -x hostname:guest$i -V 'guest device' -s $LAB/shared/lease.sh -t 2 -T 1 -n &
    dhcp=\$!
    sleep 0.6
    kill -USR1 \$dhcp; sleep 0.4; kill -USR1 \$dhcp; sleep 0.4; [ $((i % 3)) != 0 ] || kill -USR2 \$dhcp; sleep 0.2
    kill \$dhcp
    wait
    ip -4 addr show dev eth0 | awk '/10.77.1.1[0-9][0-9]\//{print \$2}' | xargs -r -n 1 ip addr del dev eth0"
}

dhcp_run() { spread $(($1 / 2)) dhcp_one; }
