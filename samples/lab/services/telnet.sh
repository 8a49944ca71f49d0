# shellcheck shell=bash
# Terminal in the clear: the inetutils telnet server behind inetd.
needs telnetd:inetutils-telnetd inetutils-inetd:inetutils-inetd telnet:inetutils-telnet

telnet_start() {
  local host dir
  for host in near metro; do
    dir=$(home "$host" telnet)
    echo "0.0.0.0:23 stream tcp nowait root /usr/sbin/telnetd telnetd -h" >"$dir/inetd.conf"
    daemon "$host" inetutils-inetd -d "$dir/inetd.conf"
    listening "$host" 23
  done
}

telnet_one() {
  local client=$1 i=$2 server keys
  server=$(pick "$i" near metro near)
  case $((i % 5)) in
    0) keys="sleep 0.4; echo alice; sleep 0.3; echo throwaway; sleep 0.5; echo 'ls /'; sleep 0.2; echo exit; sleep 0.3" ;;
    1) keys="sleep 0.4; echo bob; sleep 0.3; echo wrong; sleep 0.5" ;;
    2) keys="sleep 0.2" ;;
    3) keys="sleep 0.4; echo carol; sleep 0.3; echo throwaway; sleep 0.5; echo 'seq 200'; sleep 0.3; echo id; sleep 0.2; echo exit; sleep 0.2" ;;
    4) server=region keys="sleep 0.1" ;;
  esac
  LIMIT=4 on "$client" sh -c "($keys) | telnet $server"
}

telnet_run() { spread $(($1 * 2 / 3)) telnet_one; }
