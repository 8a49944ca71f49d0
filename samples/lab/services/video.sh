# shellcheck shell=bash
# Video streams: RTMP and HLS from nginx, MPEG-TS over UDP; ffmpeg on both ends.
needs nginx:nginx-light /usr/lib/nginx/modules/ngx_rtmp_module.so:libnginx-mod-rtmp ffmpeg:ffmpeg nc:netcat-openbsd

video_start() {
  local host dir=$LAB/shared/video
  mkdir -p "$dir"
  LIMIT=30 on near ffmpeg -v error -y -f lavfi -i "testsrc=size=96x64:rate=10:duration=6" -c:v libx264 -preset ultrafast \
    -b:v 25k -g 10 -pix_fmt yuv420p "$dir/clip.flv"
  LIMIT=30 on near ffmpeg -v error -y -i "$dir/clip.flv" -c copy -f hls -hls_time 1 -hls_list_size 0 "$dir/clip.m3u8"
  LIMIT=30 on near ffmpeg -v error -y -i "$dir/clip.flv" -c copy -t 2 -f mpegts "$dir/clip.ts"
  chmod -R a+rX "$dir"
  for host in near region; do
    WEB_MODULES="load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;" \
      WEB_EXTRA="rtmp { access_log off; server { listen 1935; application live { live on; } application vod { play $dir; } } }" \
      web "$host" video "server { listen 8088; root $dir; }"
    listening "$host" 1935 8088
  done
}

video_one() {
  local client=$1 i=$2 server player
  server=$(pick "$i" near region)
  player=(ffmpeg -v error -threads 1)
  case $((i % 6)) in
    0) LIMIT=2 on "$client" "${player[@]}" -i "rtmp://$server/vod/clip.flv" -t 2 -c copy -f null - ;;
    1) LIMIT=3 on "$client" "${player[@]}" -re -i "$LAB/shared/video/clip.flv" -t 1.5 -c copy -f flv "rtmp://$server/live/cam$i" ;;
    2 | 3) LIMIT=3 on "$client" "${player[@]}" -i "http://$server:8088/clip.m3u8" -t "$((i % 4 + 1))" -c copy -f null - ;;
    4)
      LIMIT=3 on "$client" nc -u -l -w 1 "$((15000 + i % 100))" &
      LIMIT=2 on "$server" "${player[@]}" -re -i "$LAB/shared/video/clip.ts" -c copy -f mpegts \
        "udp://${ADDR[$client]}:$((15000 + i % 100))?pkt_size=1316"
      wait $!
      ;;
    5) on "$client" curl -s "http://$server:8088/clip.m3u8" "http://$server:8088/clip[0-2].ts" -o /dev/null -o /dev/null ;;
  esac
}

video_run() { spread $(($1 * 2 / 3)) video_one; }
