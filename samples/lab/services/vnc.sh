# shellcheck shell=bash
# Remote desktop: TigerVNC's server; vncsnapshot.
needs Xvnc:tigervnc-standalone-server vncsnapshot:vncsnapshot nc:netcat-openbsd

vnc_start() {
  local host
  for host in nas region; do
    daemon "$host" Xvnc :1 -geometry 120x80 -depth 16 -SecurityTypes None -rfbport 5901 -AlwaysShared
    listening "$host" 5901
  done
}

vnc_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" nas region nas)
  case $((i % 4)) in
    0) LIMIT=3 on "$client" vncsnapshot -quiet "$server:1" /tmp/shot.jpg ;;
    1) LIMIT=3 on "$client" vncsnapshot -quiet -encodings "hextile" "$server:1" /tmp/shot.jpg ;;
    2) feed "$client" "RFB 003.003\n" nc -w 1 -q 0 "$server" 5901 ;;
    3) LIMIT=3 on "$client" vncsnapshot -quiet -encodings "raw" "$server:1" /tmp/shot.jpg ;;
  esac
}

vnc_run() { spread $(($1 * 2 / 3)) vnc_one; }
