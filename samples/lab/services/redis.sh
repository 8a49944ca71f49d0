# shellcheck shell=bash
# Key-value store: Redis.
needs redis-server:redis-server redis-cli:redis-tools nc:netcat-openbsd

redis_start() {
  local host
  for host in near region; do
    daemon "$host" redis-server --port 6379 --bind 0.0.0.0 '::' --protected-mode no --save '' --dir "$(home "$host" redis)"
    listening "$host" 6379
  done
}

redis_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near region near near6)
  local cli=(redis-cli -h "$server")
  case $((i % 7)) in
    0) on "$client" "${cli[@]}" SET "key$i" "value $i" ;;
    1) on "$client" "${cli[@]}" GET "key$i" ;;
    2) on "$client" "${cli[@]}" LPUSH list $(seq -f 'item%g' 40) ;;
    3) on "$client" "${cli[@]}" -r 12 -i 0.05 INCR counter ;;
    4) on "$client" redis-benchmark -q -h "$server" -c 1 -n 15 -t set,lpush ;;
    5) LIMIT=1 on "$client" "${cli[@]}" SUBSCRIBE news ;;
    6) feed "$client" "PING\r\nMULTI\r\nHSET h a 1 b 2\r\nHGETALL h\r\nEXEC\r\nLRANGE list 0 9\r\nQUIT\r\n" nc -w 1 "$server" 6379 ;;
  esac
}

redis_early() { LIMIT=30 on client2 redis-cli -h near -r 25 -i 0.8 INCR visits; }

redis_run() { spread "$1" redis_one; }
