# shellcheck shell=bash
# The network of the lab, its certificates, documents and captures.  Sourced by inside.sh and inside-today.sh.

build_gateway() {
  mount --make-rprivate /
  mkdir -p "$LAB"
  mount -t tmpfs lab "$LAB"
  mkdir -p "$LAB/log" "$LAB/shared"
  hostname gateway
  umask 022
  sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
  ip link set lo up
  local side net=1
  for side in lan wan; do
    ip link add "br-$side" address "02:77:00:00:0$net:01" type bridge stp_state 0 mcast_snooping 0
    ethtool -K "br-$side" tx off tso off gso off gro off >/dev/null 2>&1 || true
    ip addr add "10.77.$net.1/24" dev "br-$side"
    ip addr add "fd77:0:0:$net::1/64" dev "br-$side"
    ip link set "br-$side" up
    net=$((net + 1))
  done
}

# A host is a process that holds its namespaces open.
build_hosts() {
  local name side octet delay jitter loss ttl stamps net hostpid
  HOLDER[gateway]=1
  ADDR[gateway]=10.77.1.1
  : >"$LAB/cables"
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$LAB/hosts"
  while IFS=, read -r name side octet delay jitter loss ttl stamps _; do
    net=$([ "$side" = lan ] && echo 1 || echo 2)
    ADDR[$name]=10.77.$net.$octet
    ADDR6[$name]=fd77:0:0:$net::$octet
    echo "${ADDR[$name]} $name $name.lab.example" >>"$LAB/hosts"
    echo "${ADDR6[$name]} ${name}6 $name-six.lab.example" >>"$LAB/hosts"
    unshare --net --mount --pid --uts --ipc --fork --mount-proc --kill-child \
      bash "$HERE/host.sh" "$name" "$LAB" &
    for _ in $(seq 100); do [ -e "$LAB/$name/up" ] && break; sleep 0.05; done
    [ -e "$LAB/$name/up" ] || { echo "host $name did not come up (see above)" >&2; exit 1; }
    hostpid=$(pgrep -P $! | head -1)
    HOLDER[$name]=$hostpid
    if [ "$delay" = 0 ]; then
      ip link add "to-$name" type veth peer name eth0 netns "$hostpid"
      ethtool -K "to-$name" tx off tso off gso off gro off >/dev/null
      nsenter -t "$hostpid" -n ethtool -K eth0 tx off tso off gso off gro off >/dev/null
    else
      echo "$hostpid to-$name $delay $jitter $loss" >>"$LAB/cables"
    fi
  done < <(rows "$HERE/hosts.csv")

  python3 "$HERE/link.py" <"$LAB/cables" >"$LAB/cables.out" &
  for _ in $(seq 100); do grep -q ready "$LAB/cables.out" && break; sleep 0.05; done

  while IFS=, read -r name side octet delay jitter loss ttl stamps _; do
    net=$([ "$side" = lan ] && echo 1 || echo 2)
    ip link set "to-$name" master "br-$side" up
    nsenter -t "${HOLDER[$name]}" -m -n bash -euc "
      sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
        net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.router_solicitations=0 \
        net.ipv4.ip_default_ttl=$ttl net.ipv6.conf.eth0.hop_limit=$ttl \
        net.ipv4.tcp_timestamps=$stamps net.ipv4.ping_group_range='0 65535'
      sysctl -qw net.ipv4.ip_local_port_range='42000 60999'
      ip link set lo up
      ip link set eth0 address 02:77:00:00:0$net:$octet up
      ip addr add 10.77.$net.$octet/24 broadcast + dev eth0
      ip addr add fd77:0:0:$net::$octet/64 dev eth0
      ip route add default via 10.77.$net.1
      ip route add default via fd77:0:0:$net::1"
    cp "$LAB/hosts" "$LAB/$name/etc/upper/hosts"
  done < <(rows "$HERE/hosts.csv")
}

# One authority and two certificates (RSA and EC) for all servers; thrown away with the lab.
build_certificates() {
  local dir=$LAB/shared kind
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/O=Lab/CN=Lab Root" \
    -keyout "$dir/ca.key" -out "$dir/ca.crt" 2>/dev/null
  local names="DNS:web.lab.example,DNS:*.lab.example,DNS:near,DNS:metro,DNS:region,DNS:far,DNS:nas,DNS:plc"
  openssl req -newkey rsa:2048 -nodes -subj "/O=Lab/CN=web.lab.example" \
    -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/O=Lab/CN=mail.lab.example" \
    -keyout "$dir/ec.key" -out "$dir/ec.csr" 2>/dev/null
  for kind in server ec; do
    openssl x509 -req -in "$dir/$kind.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
      -days 3650 -out "$dir/$kind.crt" -extfile <(echo "subjectAltName=$names") 2>/dev/null
  done
  cat "$dir/server.crt" "$dir/ca.crt" >"$dir/chain.crt"
  chmod 644 "$dir"/*.key
}

# Documents of several sizes that no generator on the outside had a hand in.
build_files() {
  local dir=$LAB/shared/www size
  mkdir -p "$dir"
  for size in 1 4 12 40 90; do
    head -c $((size * 1000)) /dev/urandom >"$dir/data-$size.bin"
    seq -f 'a line of plain text number %04g' 1 $((size * 1000 / 33)) >"$dir/text-$size.txt"
  done
  printf '<html><head><title>Lab</title></head><body><h1>Lab</h1>%s</body></html>\n' \
    "$(seq 1 40 | sed 's/.*/<p>paragraph &<\/p>/')" >"$dir/index.html"
  chmod -R a+rX "$dir"
  cp "$HERE"/services/*.py "$LAB/shared/"
}

# capture NAME COMMAND...   the traffic that COMMAND makes, as seen on the gateway's LAN bridge: $LAB/NAME.pcap
capture() {
  local name=$1 pid began=$SECONDS
  shift
  tcpdump -i br-lan -n -s 0 -B 8192 --immediate-mode -Z root -w "$LAB/$name.pcap" 2>"$LAB/log/tcpdump-$name" &
  pid=$!
  for _ in $(seq 100); do grep -qs 'listening on' "$LAB/log/tcpdump-$name" && break; sleep 0.02; done
  "$@"
  sleep 0.4
  kill -INT "$pid"
  wait "$pid" || true
  echo "$name: $(grep 'packets captured' "$LAB/log/tcpdump-$name"), $((SECONDS - began)) s"
}

wanted() { [ -z "$ONLY" ] || [[ ",$ONLY," == *",$1,"* ]]; }

# LAB_LOGS=FOLDER keeps what the servers and clients said.
keep_logs() {
  [ -n "${LAB_LOGS:-}" ] || return 0
  cp -r "$LAB/log/." "$LAB_LOGS/"
}
trap keep_logs EXIT
