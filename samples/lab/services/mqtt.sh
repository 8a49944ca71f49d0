# shellcheck shell=bash
# Sensors and switches: Mosquitto, in the clear and over TLS.
needs mosquitto:mosquitto mosquitto_pub:mosquitto-clients

mqtt_start() {
  local host dir
  for host in near region; do
    dir=$(home "$host" mosquitto)
    cp "$LAB/shared/server.key" "$dir/key"
    chmod 644 "$dir/key"
    cat >"$dir/conf" <<CONF
user root
listener 1883
allow_anonymous true
listener 8883
certfile $LAB/shared/chain.crt
keyfile $dir/key
CONF
    daemon "$host" mosquitto -c "$dir/conf"
    listening "$host" 1883 8883
  done
}

mqtt_one() {
  local client=$1 i=$2 server=near.lab.example
  [ $((i % 3)) != 0 ] || server=region.lab.example
  local broker=(-h "$server" -i "device$i") ca=(--cafile "$LAB/shared/ca.crt" -p 8883)
  case $((i % 8)) in
    0) on "$client" mosquitto_pub "${broker[@]}" -t "room$i/temperature" -m "21.$i" ;;
    1) on "$client" mosquitto_pub "${broker[@]}" -q 1 -r -t "room/humidity" -m "{\"value\":$i}" ;;
    2) on "$client" mosquitto_pub "${broker[@]}" -q 2 -t "room/door" -m open --will-topic gone --will-payload "$i" ;;
    3) on "$client" mosquitto_sub "${broker[@]}" -t 'room/#' -C 1 -W 2 ;;
    4) on "$client" mosquitto_pub "${broker[@]}" "${ca[@]}" -t "room/secret" -m "closed $i" ;;
    5) feed "$client" "$(seq -f "reading %g" 20)\n" mosquitto_pub "${broker[@]}" -l -q 1 -t meter/power ;;
    6) LIMIT=1 on "$client" mosquitto_sub "${broker[@]}" -V 5 -t "meter/#" -t "room/#" -W 1 ;;
    7) on "$client" mosquitto_pub "${broker[@]}" "${ca[@]}" -t big -f "$LAB/shared/www/text-4.txt" ;;
  esac
}

mqtt_early() { LIMIT=30 on client3 mosquitto_sub -h near -i watcher -t '#' -W 25; }

mqtt_run() { spread "$1" mqtt_one; }
