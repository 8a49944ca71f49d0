# shellcheck shell=bash
# Tunnels: WireGuard, the implementation in Go (the kernel's module is not needed).
needs wireguard-go:wireguard-go wg:wireguard-tools busybox:busybox

wireguard_start() {
  local host client n=10
  for host in near far $CLIENTS; do
    (umask 077 && wg genkey >"$LAB/shared/$host.wg")
    wg pubkey <"$LAB/shared/$host.wg" >"$LAB/shared/$host.wgpub"
  done
  for host in near far; do
    daemon "$host" wireguard-go -f wg0
    sleep 0.3
    on "$host" wg set wg0 listen-port 51820 private-key "$LAB/shared/$host.wg"
    n=10
    for client in $CLIENTS; do
      n=$((n + 1))
      on "$host" wg set wg0 peer "$(<"$LAB/shared/$client.wgpub")" allowed-ips "10.89.0.$n/32"
    done
    on "$host" ip addr add 10.89.0.1/24 dev wg0
    on "$host" ip link set wg0 up
  done
}

wireguard_one() {
  local client=$1 i=$2 server port=51820
  server=$(pick "$i" near far)
  [ $((i % 7)) != 6 ] || port=51821
  LIMIT=4 on "$client" sh -c "
    wireguard-go -f wg$i &
    go=\$!
    sleep 0.3
    wg set wg$i private-key $LAB/shared/$client.wg
    wg set wg$i peer $(<"$LAB/shared/$server.wgpub") endpoint ${ADDR[$server]}:$port allowed-ips 10.89.0.0/24
    ip addr add 10.89.0.${ADDR[$client]##*.}/24 dev wg$i
    ip link set wg$i up
    busybox ping -c $((i % 5 + 1)) -A -w 1 -s $((i * 17 % 900 + 30)) 10.89.0.1
    kill \$go
    wait"
}

wireguard_run() { spread $(($1 / 2)) wireguard_one; }
