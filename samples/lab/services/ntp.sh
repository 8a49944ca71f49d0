# shellcheck shell=bash
# Time: chrony as the server (without touching any clock); chrony and ntpdig as clients.
needs chronyd:chrony ntpdig:ntpsec-ntpdig nc:netcat-openbsd

ntp_start() {
  local host dir
  for host in near metro far; do
    dir=$(home "$host" chrony)
    cat >"$dir/conf" <<CONF
local stratum 3
allow 10.77.0.0/16
allow fd77::/16
cmdport 0
bindcmdaddress /
driftfile $dir/drift
pidfile $dir/pid
CONF
    daemon "$host" chronyd -x -d -u root -f "$dir/conf"
  done
  sleep 0.5
}

ntp_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near metro far near6 metro metro6)
  case $((i % 6)) in
    0 | 1) on "$client" ntpdig -t 1 "$server" ;;
    2) LIMIT=3 on "$client" chronyd -Q -t 2 -u root "server $server iburst" "cmdport 0" "pidfile /tmp/chrony$i" ;;
    3) LIMIT=3 on "$client" ntpdig -t 1 "$server" near far ;;
    4) feed "$client" "\\x1b$(printf "\\\\0%.0s" $(seq 47))" nc -u -w 1 "$server" 123 ;;
    5) on "$client" ntpdig -t 1 region ;;
  esac
}

ntp_run() { spread "$1" ntp_one; }
