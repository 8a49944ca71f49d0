# shellcheck shell=bash
# Neighbours finding each other: multicast DNS (Avahi), WS-Discovery (wsdd), SSDP (MiniDLNA, upnpc).
needs avahi-daemon:avahi-daemon dig:bind9-dnsutils wsdd:wsdd minidlnad:minidlna upnpc:miniupnpc

mdns_start() { :; }

mdns_host() {
  local host=$1 dir
  dir=$(home "$host" avahi)
  mkdir -p "$LAB/$host/etc/upper/avahi/services"
  cat >"$dir/avahi.conf" <<CONF
[server]
host-name=$host
enable-dbus=no
allow-interfaces=eth0
[publish]
publish-hinfo=no
publish-workstation=yes
[rlimits]
rlimit-nproc=
CONF
  sed -i '/rlimit/d' "$dir/avahi.conf"
  on "$host" sh -c "mkdir -p /etc/avahi/services; echo '<service-group><name>files on $host</name><service><type>_smb._tcp</type><port>445</port></service></service-group>' >/etc/avahi/services/files.service"
  LIMIT=${2:-5} on "$host" avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "$dir/avahi.conf"
}

mdns_one() {
  local client=$1 i=$2
  case $((i % 5)) in
    0) on "$client" dig +tries=1 +time=1 -p 5353 @224.0.0.251 nas.local A ;;
    1) on "$client" dig +tries=1 +time=1 -p 5353 @224.0.0.251 _smb._tcp.local PTR ;;
    2) on "$client" dig +tries=1 +time=1 -p 5353 @ff02::fb%eth0 nas.local AAAA ;;
    3) LIMIT=3 on "$client" upnpc -m eth0 -l ;;
    4) on "$client" dig +tries=1 +time=1 -p 5353 @224.0.0.251 nobody.local A ;;
  esac
}

mdns_run() {
  local jobs=() host dir
  dir=$(home nas minidlna)
  printf 'port=8200\nnetwork_interface=eth0\nmedia_dir=%s\ndb_dir=%s\nlog_dir=%s\nfriendly_name=nas\nnotify_interval=3\nmodel_name=lab\nuuid=%s\nserial=1\n' \
    "$dir" "$dir" "$dir" 02770000-0000-4000-8000-000000000020 >"$dir/conf"
  LIMIT=7 on nas minidlnad -S -f "$dir/conf" -P "$dir/pid" &
  jobs+=($!)
  for host in nas client1 client3; do
    mdns_host "$host" 6 &
    jobs+=($!)
  done
  LIMIT=5 on nas wsdd -s -w LAB -i eth0 &
  jobs+=($!)
  LIMIT=4 on client2 wsdd -s -D -w LAB -i eth0 -l /tmp/wsdd &
  jobs+=($!)
  LIMIT=3 on client4 wsdd -s -D -w LAB -i eth0 -l /tmp/wsdd &
  jobs+=($!)
  sleep 1
  spread $(($1 / 2)) mdns_one
  wait "${jobs[@]}"
}
