# shellcheck shell=bash
# Names with an address each, and a server behind each name.  Sourced by make-today.sh and inside-today.sh.
needs nginx:nginx-light caddy:caddy gtlsserver:ngtcp2-server unbound:unbound mosquitto:mosquitto ffmpeg:ffmpeg

declare -A AT=()                  # name -> address

# Each name gets its address at its host, the authority a certificate for all, the resolver what to answer.
build_names() {
  local name host address kind dir=$LAB/shared all=
  : >"$LAB/zone"
  while IFS=, read -r name host address; do
    AT[$name]=$address
    all=$all${all:+,}DNS:$name
    kind=A
    [ "${address#*:}" = "$address" ] || kind=AAAA
    echo "  local-data: '$name. $kind $address'" >>"$LAB/zone"
    nsenter -t "${HOLDER[$host]}" -n ip addr replace "$address/$([ $kind = A ] && echo 24 || echo 64)" dev eth0
  done < <(rows "$TODAY/names.csv")
  # The hidden name has an ECH configuration whose key the server does not have: clients show the cover's name
  # alone, are refused, and come again without.
  openssl genpkey -algorithm X25519 2>/dev/null | openssl pkey -pubout -outform DER -out "$dir/ech.der"
  echo "  local-data: 'page.hidden.example. HTTPS 1 . alpn=h2 ech=$(python3 "$HERE/today/ech_config.py" \
    front.cover.example "$dir/ech.der")'" >>"$LAB/zone"
  openssl req -newkey rsa:2048 -nodes -subj "/O=Lab/CN=Lab" -keyout "$dir/names.key" -out "$dir/names.csr" 2>/dev/null
  openssl x509 -req -in "$dir/names.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
    -days 365 -out "$dir/names.crt" -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$all") 2>/dev/null
  cat "$dir/names.crt" "$dir/ca.crt" >"$dir/names-chain.crt"
  chmod 644 "$dir/names.key"
  openssl x509 -in "$dir/ca.crt" -outform DER | base64 -w 0 >"$dir/ca.base64"
  cp "$HERE"/today/pages/* "$dir/www/"
  cp "$HERE"/today/*.py "$dir/"
  printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n' >"$dir/www/list.m3u8"
  ffmpeg -loglevel error -f lavfi -i testsrc=size=160x120:rate=10:duration=4 -c:v libvpx -b:v 300k "$dir/www/clip.webm"
  chmod -R a+rX "$dir/www"
}

# tls NAME LINES   a server block of nginx for a name; idle connections are closed soon, so that clients come again
tls() {
  local at=${AT[$1]}
  [ "${at#*:}" = "$at" ] || at="[$at]"
  cat <<CONF
  server {
    listen $at:443 ssl http2;
    server_name $1;
    ssl_certificate $LAB/shared/names-chain.crt;
    ssl_certificate_key $LAB/shared/names.key;
    root $LAB/shared/www;
    keepalive_timeout 2s;
    add_header Access-Control-Allow-Origin *;
    $2
  }
CONF
}

servers_start() {
  local dir host name shop strict
  strict=$(tls strict.bank.test 'ssl_protocols TLSv1.3; ssl_ecdh_curve secp384r1;')
  shop='ssl_protocols TLSv1.2 TLSv1.3; ssl_early_data on; ssl_session_cache shared:early:1m;'
  web near today "$(tls www.shop.example "$shop")
    $(tls timetable.harbour-ferries-and-island-buses.department-of-transport.coast.example "$shop")
    $(tls www.quic.test "$shop")
    $(tls page.hidden.example "$shop")"
  web metro today "$strict"
  web region today "$(tls video.cinema.example "$shop")"
  web far today "$(tls old.library.example 'ssl_protocols TLSv1.2;') $(tls retry.quic.test "$shop")"
  listening near 443
  listening metro 443

  for name in www.news.example live.cinema.example; do       # HTTP/1.1 to HTTP/3 at one address
    host=$([ $name = www.news.example ] && echo region || echo near)
    dir=$(home "$host" caddy)
    cat >"$dir/Caddyfile" <<CONF
{
  admin off
  auto_https off
  storage file_system $dir
}
https://$name {
  bind ${AT[$name]}
  tls $LAB/shared/names-chain.crt $LAB/shared/names.key
  root * $LAB/shared/www
  header Access-Control-Allow-Origin *
  file_server
}
CONF
    daemon "$host" env HOME="$dir" caddy run --config "$dir/Caddyfile" --adapter caddyfile
  done
  daemon near gtlsserver -q --timeout=2s -d "$LAB/shared/www" "${AT[www.quic.test]}" 443 \
    "$LAB/shared/names.key" "$LAB/shared/names-chain.crt"
  daemon near gtlsserver -q --timeout=2s --preferred-versions=v2draft -d "$LAB/shared/www" "${AT[draft.quic.test]}" 443 \
    "$LAB/shared/names.key" "$LAB/shared/names-chain.crt"
  daemon far gtlsserver -q -V --timeout=2s -d "$LAB/shared/www" "${AT[retry.quic.test]}" 443 \
    "$LAB/shared/names.key" "$LAB/shared/names-chain.crt"

  dir=$(home metro unbound-today)
  {
    cat <<CONF
server:
  interface: ${ADDR[metro]}@53
  interface: ${AT[dns.resolver.example]}@853
  interface: ${AT[dns.resolver.example]}@443
  tls-port: 853
  https-port: 443
  tls-service-key: $LAB/shared/names.key
  tls-service-pem: $LAB/shared/names-chain.crt
  access-control: 10.77.0.0/16 allow
  chroot: ""
  username: ""
  directory: $dir
  pidfile: $dir/pid
  use-syslog: no
  do-daemonize: no
  module-config: iterator
  local-zone: "." static
CONF
    cat "$LAB/zone"
  } >"$dir/unbound.conf"
  daemon metro unbound -d -c "$dir/unbound.conf"
  listening metro 853

  daemon metro python3 "$LAB/shared/chat.py" "${AT[chat.talk.example]}" 443 \
    "$LAB/shared/names-chain.crt" "$LAB/shared/names.key"

  dir=$(home region mosquitto-today)
  cat >"$dir/conf" <<CONF
user root
allow_anonymous true
listener 443 ${AT[broker.plant.example]}
certfile $LAB/shared/names-chain.crt
keyfile $LAB/shared/names.key
listener 8883 ${AT[broker.plant.example]}
certfile $LAB/shared/names-chain.crt
keyfile $LAB/shared/names.key
CONF
  daemon region mosquitto -c "$dir/conf"
  listening region 8883 443
}
