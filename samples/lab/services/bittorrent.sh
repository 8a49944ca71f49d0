# shellcheck shell=bash
# Peer to peer: aria2 as seeders and leechers, a small tracker, the distributed hash table.
needs aria2c:aria2 python3:python3

bittorrent_start() {
  local dir=$LAB/shared/torrents n
  mkdir -p "$dir/files"
  for n in 1 2 3 4 5 6; do
    head -c $((n * 9000)) /dev/urandom >"$dir/files/share$n.bin"
    python3 "$LAB/shared/make_torrent.py" "$dir/files/share$n.bin" "http://${ADDR[near]}:6969/announce" >"$dir/share$n.torrent"
  done
  daemon near python3 "$LAB/shared/tracker.py" 6969
  listening near 6969
}

bittorrent_one() {
  local client=$1 i=$2
  LIMIT=3 on "$client" aria2c -q --dir="/tmp/get$i" --seed-time=0 --listen-port=$((6883 + i % 12)) \
    --enable-dht=true --dht-listen-port=$((6883 + i % 12)) --dht-file-path="/tmp/dht$i" \
    --dht-entry-point="${ADDR[$(pick "$i" far region)]}:6881" --bt-stop-timeout=2 \
    "$LAB/shared/torrents/share$((i % 6 + 1)).torrent"
}

# The seeders run for the time of the downloads only: later they would go on looking for peers.
bittorrent_run() {
  local host dir=$LAB/shared/torrents jobs=()
  for host in region far; do
    LIMIT=12 on "$host" aria2c -q --dir="$dir/files" --check-integrity=true --seed-ratio=0.0 --listen-port=6882 \
      --enable-dht=true --dht-listen-port=6881 --dht-file-path="$LAB/$host/dht" --stop=9 \
      --dht-entry-point="${ADDR[far]}:6881" "$dir"/share{1,2,3,4,5,6}.torrent &
    jobs+=($!)
  done
  sleep 1
  spread $(($1 / 2)) bittorrent_one
  wait "${jobs[@]}"
  sleep 0.5
}
