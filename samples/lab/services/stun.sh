# shellcheck shell=bash
# What calls behind address translation use: STUN and TURN, coturn.
needs turnserver:coturn turnutils_uclient:coturn turnutils_stunclient:coturn

stun_start() {
  local host dir
  for host in metro far; do
    dir=$(home "$host" turn)
    daemon "$host" turnserver -n -L "${ADDR[$host]}" -p 3478 -a -u alice:throwaway -r lab.example --no-tls --no-dtls --no-cli \
      --min-port 49160 --max-port 49400 --allow-loopback-peers --db "$dir/db" --pidfile "$dir/pid" --log-file stdout
    listening "$host" 3478
  done
}

stun_one() {
  local client=$1 i=$2 server
  server=${ADDR[$(pick "$i" metro far)]}
  case $((i % 4)) in
    0) LIMIT=2 on "$client" turnutils_stunclient "$server" ;;
    1) LIMIT=2 on "$client" turnutils_uclient -u alice -w throwaway -y -c -n 3 -m 1 "$server" ;;
    2) LIMIT=1 on "$client" turnutils_uclient -u alice -w wrong -y -c -n 3 -m 1 "$server" ;;
    3) LIMIT=2 on "$client" turnutils_uclient -t -u alice -w throwaway -y -c -n 3 -m 1 "$server" ;;
  esac
}

stun_run() { spread $(($1 * 2 / 3)) stun_one; }
