# shellcheck shell=bash
# Network management: net-snmp's agent, versions 1, 2c and 3.
needs snmpd:snmpd snmpget:snmp

snmp_start() {
  local host dir
  for host in near plc region; do
    dir=$(home "$host" snmp)
    cat >"$dir/snmpd.conf" <<CONF
agentAddress udp:161,udp6:161
sysDescr Lab agent on $host
sysName $host.lab.example
sysLocation Rack 7
sysContact hostmaster@lab.example
view some included .1.3.6.1.2.1.1
view some included .1.3.6.1.2.1.2
view some included .1.3.6.1.2.1.11
rocommunity public default -V some
rocommunity6 public default -V some
rwcommunity private default -V some
createUser alice SHA throwaway1 AES throwaway2
rouser alice priv -V some
CONF
    daemon "$host" env SNMP_PERSISTENT_DIR="$dir" snmpd -f -Lo -C -c "$dir/snmpd.conf" -p "$dir/pid"
  done
  sleep 0.5
}

snmp_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near plc region)
  local two=(-v2c -c public -t 1 -r 0 -On)
  case $((i % 8)) in
    0) on "$client" snmpget "${two[@]}" "$server" .1.3.6.1.2.1.1.1.0 .1.3.6.1.2.1.1.5.0 ;;
    1) on "$client" snmpwalk "${two[@]}" "$server" .1.3.6.1.2.1.1 ;;
    2) on "$client" snmpbulkwalk "${two[@]}" "$server" .1.3.6.1.2.1.2 ;;
    3) on "$client" snmpget -v1 -c public -t 1 -r 0 -On "$server" .1.3.6.1.2.1.1.3.0 ;;
    4) on "$client" snmpget -v2c -c wrong -t 0.4 -r 1 -On "$server" .1.3.6.1.2.1.1.3.0 ;;
    5) on "$client" snmpget -v3 -l authPriv -u alice -a SHA -A throwaway1 -x AES -X throwaway2 -t 1 -r 0 \
      -On "$server" .1.3.6.1.2.1.1.1.0 ;;
    6) on "$client" snmpgetnext "${two[@]}" "udp6:[${ADDR6[$server]}]" .1.3.6.1.2.1.11 ;;
    7) on "$client" snmpset -v2c -c private -t 1 -r 0 -On "$server" .1.3.6.1.2.1.1.6.0 s "Rack $i" ;;
  esac
}

snmp_run() { spread "$1" snmp_one; }
