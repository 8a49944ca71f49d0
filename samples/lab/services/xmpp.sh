# shellcheck shell=bash
# Instant messages: Prosody; go-sendxmpp.
needs prosody:prosody prosodyctl:prosody go-sendxmpp:go-sendxmpp

xmpp_start() {
  local host=metro dir user
  dir=$(home "$host" prosody prosody)
  cp "$LAB/shared/server.key" "$dir/key"
  chown prosody "$dir/key"
  cat >"$dir/conf.lua" <<CONF
daemonize = false
pidfile = "$dir/pid"
data_path = "$dir/data"
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "offline" }
modules_disabled = { "s2s" }
c2s_require_encryption = true
authentication = "internal_hashed"
log = "*console"
ssl = { certificate = "$LAB/shared/chain.crt", key = "$dir/key" }
VirtualHost "lab.example"
CONF
  mkdir -p "$dir/data"
  chown prosody "$dir/data"
  for user in alice bob; do
    on "$host" runuser -u prosody -- prosodyctl --config "$dir/conf.lua" register "$user" lab.example throwaway
  done
  daemon "$host" runuser -u prosody -- prosody -F --config "$dir/conf.lua"
  listening "$host" 5222
}

xmpp_one() {
  local client=$1 i=$2
  local send=(go-sendxmpp -n -u alice@lab.example -j metro.lab.example:5222)
  case $((i % 4)) in
    0 | 1) LIMIT=4 feed "$client" "message number $i\n" "${send[@]}" -p throwaway bob@lab.example ;;
    2) LIMIT=4 feed "$client" "message\n" "${send[@]}" -p wrong bob@lab.example ;;
    3) LIMIT=1.5 on "$client" go-sendxmpp -n -u bob@lab.example -p throwaway -j metro.lab.example:5222 -l ;;
  esac
}

xmpp_run() { spread $(($1 * 2 / 3)) xmpp_one; }
