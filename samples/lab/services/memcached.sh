# shellcheck shell=bash
# Cache: memcached, text and binary protocol.
needs memcached:memcached memccp:libmemcached-tools nc:netcat-openbsd

memcached_start() {
  local host
  for host in near metro; do
    daemon "$host" memcached -u root -p 11211 -l "${ADDR[$host]}"
    listening "$host" 11211
  done
}

memcached_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near metro near)
  case $((i % 6)) in
    0) feed "$client" "set k$i 0 60 5\r\nhello\r\nget k$i\r\nquit\r\n" nc -w 1 "$server" 11211 ;;
    1) feed "$client" "get none$i\r\nincr n 1\r\nversion\r\nquit\r\n" nc -w 1 "$server" 11211 ;;
    2) on "$client" memccp --servers="$server" "$LAB/shared/www/text-4.txt" ;;
    3) on "$client" memccat --servers="$server" text-4.txt ;;
    4) on "$client" memccp --binary --servers="$server" "$LAB/shared/www/text-1.txt" ;;
    5) on "$client" memcping --servers="$server" ;;
  esac
}

memcached_run() { spread "$1" memcached_one; }
