# shellcheck shell=bash
# TFTP, as boot servers use it: tftpd-hpa.
needs in.tftpd:tftpd-hpa tftp:tftp-hpa curl:curl

tftp_start() {
  local host dir
  for host in nas near; do
    dir=$(home "$host" tftp)
    cp "$LAB/shared/www/"*-{1,4,12}.* "$dir/"
    chmod -R a+rwX "$dir"
    daemon "$host" in.tftpd -L -u root -c -R 41000:41099 -a 0.0.0.0:69 -s "$dir"
  done
  sleep 0.4
}

tftp_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" nas near)
  case $((i % 6)) in
    0) on "$client" tftp -m binary "$server" -c get text-4.txt /tmp/t ;;
    1) on "$client" tftp -m binary "$server" -c get data-12.bin /tmp/t ;;
    2) on "$client" tftp -m binary "$server" -c put "$LAB/shared/www/data-1.bin" "in$i" ;;
    3) on "$client" tftp -m ascii "$server" -c get none.txt /tmp/t ;;
    5) on "$client" tftp -m ascii "$server" -c get text-1.txt /tmp/t ;;
    4) on "$client" curl -s --tftp-blksize 1024 "tftp://$server/data-4.bin" -o /dev/null ;;
  esac
}

tftp_run() { spread "$1" tftp_one; }
