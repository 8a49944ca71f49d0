# shellcheck shell=bash
# Audio streams: Icecast; curl as the listener.
needs icecast2:icecast2 ffmpeg:ffmpeg curl:curl

radio_start() {
  local host dir
  LIMIT=20 on near ffmpeg -v error -y -f lavfi -i "sine=frequency=440:duration=10" -b:a 32k "$LAB/shared/tone.mp3"
  for host in near region; do
    dir=$(home "$host" icecast icecast2)
    cat >"$dir/conf.xml" <<CONF
<icecast>
  <hostname>$host.lab.example</hostname>
  <location>lab</location>
  <admin>radio@lab.example</admin>
  <limits><clients>50</clients><sources>4</sources><burst-size>8192</burst-size></limits>
  <authentication><source-password>throwaway</source-password><admin-password>throwaway</admin-password></authentication>
  <listen-socket><port>8000</port></listen-socket>
  <paths><logdir>$dir</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><errorlog>error.log</errorlog></logging>
</icecast>
CONF
    daemon "$host" runuser -u icecast2 -- icecast2 -c "$dir/conf.xml"
    listening "$host" 8000
    daemon "$host" ffmpeg -v error -stream_loop -1 -re -i "$LAB/shared/tone.mp3" -c copy -content_type audio/mpeg -f mp3 \
      "icecast://source:throwaway@127.0.0.1:8000/tone.mp3"
  done
  sleep 1
}

radio_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near region)
  case $((i % 4)) in
    0 | 1) on "$client" curl -s --max-time "1.$((i % 9))" -H "Icy-MetaData: 1" "http://$server:8000/tone.mp3" -o /dev/null ;;
    2) on "$client" curl -s --max-time 0.4 -A "player/1.0" "http://$server:8000/tone.mp3" -o /dev/null ;;
    3) on "$client" curl -s "http://$server:8000/none.mp3" -o /dev/null ;;
  esac
}

radio_run() { spread $(($1 * 2 / 3)) radio_one; }
