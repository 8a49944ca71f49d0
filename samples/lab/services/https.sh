# shellcheck shell=bash
# Web over TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2: nginx; curl, wget, openssl.
needs nginx:nginx-light curl:curl wget:wget openssl:openssl

https_start() {
  local host
  for host in near region far; do
    web "$host" https "server {
      listen 443 ssl http2;
      listen [::]:443 ssl http2;
      ssl_certificate $LAB/shared/chain.crt;
      ssl_certificate_key $LAB/shared/server.key;
      ssl_protocols TLSv1.2 TLSv1.3;
      root $LAB/shared/www;
      location /form { return 200 'thank you'; }
      location /api/ { default_type application/json; return 200 '{\"ok\":true}'; }
    }"
    listening "$host" 443
  done
}

https_one() {
  local client=$1 i=$2 server ca=$LAB/shared/ca.crt www=$LAB/shared/www url
  server=$(pick "$i" near region far region near)
  url=https://$server.lab.example
  [ $((i % 7)) != 5 ] || url=https://near-six.lab.example
  case $((i % 12)) in
    0) on "$client" curl -s --cacert "$ca" "$url/" -o /dev/null ;;
    1) on "$client" wget -q --ca-certificate="$ca" "$url/text-12.txt" -O /dev/null ;;
    2) on "$client" curl -s --cacert "$ca" --tls-max 1.2 "$url/data-12.bin" -o /dev/null ;;
    3) on "$client" curl -s --cacert "$ca" --http1.1 -d "name=bob&n=$i" "$url/form" ;;
    4) feed "$client" "GET / HTTP/1.0\r\n\r\n" openssl s_client -quiet -CAfile "$ca" -tls1_2 \
      -connect "$server:443" -servername web.lab.example ;;
    5) feed "$client" "GET /text-4.txt HTTP/1.0\r\n\r\n" openssl s_client -quiet -CAfile "$ca" -tls1_3 \
      -connect "$server:443" -servername web.lab.example ;;
    6) on "$client" curl -s "$url/" ;;
    7) on "$client" curl -sk "https://${ADDR[$server]}/api/state" "https://${ADDR[$server]}/data-1.bin" -o /dev/null -o /dev/null ;;
    8) on "$client" curl -s "https://$server:8443/" ;;
    9) feed "$client" "" openssl s_client -tls1_1 -cipher 'DEFAULT@SECLEVEL=0' -connect "$server:443" ;;
    10) on "$client" curl -s --cacert "$ca" --http2 -Z "$url/text-1.txt" "$url/text-4.txt" "$url/data-4.bin" \
      -o /dev/null -o /dev/null -o /dev/null ;;
    11) on "$client" curl -s --cacert "$ca" -T "$www/data-12.bin" "$url/form" ;;
  esac
}

https_run() { spread "$1" https_one; }
