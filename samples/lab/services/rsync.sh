# shellcheck shell=bash
# File trees: the rsync daemon.
needs rsync:rsync

rsync_start() {
  local host dir n
  for host in nas far; do
    dir=$(home "$host" rsync)
    mkdir -p "$dir/tree" "$dir/in"
    for n in 1 2 3 4 5 6; do
      mkdir -p "$dir/tree/d$n"
      cp "$LAB/shared/www/text-1.txt" "$LAB/shared/www/data-1.bin" "$dir/tree/d$n/"
    done
    echo "alice:throwaway" >"$dir/secrets"
    chmod 600 "$dir/secrets"
    cat >"$dir/conf" <<CONF
uid = root
gid = root
use chroot = no
pid file = $dir/pid
[tree]
  path = $dir/tree
[in]
  path = $dir/in
  read only = no
[private]
  path = $dir/tree
  auth users = alice
  secrets file = $dir/secrets
CONF
    daemon "$host" rsync --daemon --no-detach --config="$dir/conf"
    listening "$host" 873
  done
}

rsync_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" nas far nas nas6)
  case $((i % 7)) in
    0) on "$client" rsync "rsync://$server/" ;;
    1) on "$client" rsync -a "rsync://$server/tree/" /tmp/tree ;;
    2) on "$client" rsync -az "rsync://$server/tree/d$((i % 6 + 1))/" "/tmp/part$i" ;;
    3) on "$client" rsync -a "$LAB/shared/www/text-12.txt" "rsync://$server/in/t$i.txt" ;;
    4) on "$client" env RSYNC_PASSWORD=throwaway rsync -r "rsync://alice@$server/private/" ;;
    5) on "$client" env RSYNC_PASSWORD=wrong rsync -r "rsync://alice@$server/private/" ;;
    6) on "$client" rsync -a "rsync://$server/none/" /tmp/none ;;
  esac
}

rsync_run() { spread "$1" rsync_one; }
