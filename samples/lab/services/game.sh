# shellcheck shell=bash
# A game that two machines play together: OpenTTD.
needs /usr/games/openttd:openttd /usr/share/games/openttd/baseset/opengfx:openttd-opengfx

game_start() {
  local host dir
  for host in near metro; do
    dir=$(home "$host" openttd)
    cat >"$dir/openttd.cfg" <<CONF
[network]
server_name = Lab
server_game_type = local
server_advertise = false
client_name = server
min_active_clients = 0
[game_creation]
map_x = 6
map_y = 6
generation_seed = 42
CONF
    daemon "$host" env HOME="$dir" openttd -D "${ADDR[$host]}:3979" -c "$dir/openttd.cfg" -x -I OpenGFX
    listening "$host" 3979
  done
}

game_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near metro)
  printf '[network]\nclient_name = player%s\n' "$i" >"$LAB/$client/player$i.cfg"
  LIMIT=3.$((i % 8)) on "$client" nice env HOME=/tmp openttd -n "${ADDR[$server]}:3979" -c "$LAB/$client/player$i.cfg" -x \
    -v null:ticks=90000000 -s null -m null -b null -I OpenGFX
}

game_run() { spread $(($1 / 2)) game_one; }
