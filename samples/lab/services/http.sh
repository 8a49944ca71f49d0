# shellcheck shell=bash
# Web in the clear: nginx on three servers; curl and wget.
needs nginx:nginx-light curl:curl wget:wget

http_start() {
  local host
  for host in near region far; do
    web "$host" http "server {
      listen 80;
      listen [::]:80;
      server_name web.lab.example;
      root $LAB/shared/www;
      location /form { return 200 'thank you'; }
      location /old { return 301 /index.html; }
      location /api/ { default_type application/json; return 200 '{\"host\":\"$host\",\"ok\":true}'; }
    }"
    listening "$host" 80
  done
}

http_one() {
  local client=$1 i=$2 server url www=$LAB/shared/www
  server=$(pick "$i" near region far near6 region6 region near)
  url=http://$server
  case $((i % 12)) in
    0) on "$client" curl -s "$url/" -o /dev/null ;;
    1) on "$client" wget -q "$url/text-12.txt" -O /dev/null ;;
    2) on "$client" curl -s "$url/data-12.bin" -o /dev/null ;;
    3) on "$client" curl -s -d "name=alice&n=$i" "$url/form" ;;
    4) on "$client" curl -s --data-binary "@$www/text-12.txt" "$url/form" ;;
    5) on "$client" curl -sL --compressed "$url/old" "$url/text-4.txt" "$url/api/state" ;;
    6) on "$client" curl -s --max-time 0.2 --limit-rate 20k "$url/data-90.bin" -o /dev/null ;;
    7) on "$client" curl -s -I "$url/data-90.bin" ;;
    8) on "$client" curl -s "http://$server:8080/" ;;
    9) on "$client" wget -q -S "$url/nothing-here" -O /dev/null ;;
    10) on "$client" curl -s -A "Mozilla/5.0 (X11; Linux x86_64)" -H "Cookie: id=$i" \
      "$url/api/user/$i" "$url/index.html" -o /dev/null -o /dev/null ;;
    11) on "$client" curl -s -T "$www/data-4.bin" "$url/form" ;;
  esac
}

http_run() { spread "$1" http_one; }
