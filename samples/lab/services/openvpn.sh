# shellcheck shell=bash
# Tunnels: OpenVPN over UDP and TCP, with certificates.
needs openvpn:openvpn busybox:busybox

openvpn_start() {
  local host proto net=1
  for host in region nas; do
    for proto in udp tcp-server; do
      net=$((net + 1))
      daemon "$host" openvpn --mode server --tls-server --proto "$proto" --port 1194 --dev "tun-$net" --dev-type tun \
        --topology subnet --ifconfig "10.88.$net.1" 255.255.255.0 --ifconfig-pool "10.88.$net.10" "10.88.$net.90" 255.255.255.0 \
        --push "topology subnet" --ca "$LAB/shared/ca.crt" --cert "$LAB/shared/server.crt" --key "$LAB/shared/server.key" \
        --dh none --duplicate-cn --keepalive 5 20
    done
  done
  sleep 0.7
}

openvpn_one() {
  local client=$1 i=$2 server=region proto=udp net=2 notify="--explicit-exit-notify 1"
  [ "$client" != roadwarrior ] || { server=nas net=4; }
  [ $((i % 3)) != 1 ] || { proto=tcp-client notify="" net=$((net + 1)); }
  LIMIT=5 on "$client" sh -c "
    openvpn --client --nobind --dev tun$i --dev-type tun --proto $proto --remote $server 1194 --ca $LAB/shared/ca.crt \
      --cert $LAB/shared/server.crt --key $LAB/shared/server.key --connect-retry-max 1 $notify &
    vpn=\$!
    sleep 1.$((i % 10))
    busybox ping -c $((i % 7 + 2)) -A -w 1 -s $((i * 13 % 900 + 30)) 10.88.$net.1
    kill \$vpn
    wait"
}

openvpn_run() {
  local i
  spread $(($1 / 2)) openvpn_one &
  for i in 0 1; do openvpn_one roadwarrior "$i"; done
  wait $!
}
