# shellcheck shell=bash
# FTP, control and data connections: vsftpd; curl and lftp.
needs vsftpd:vsftpd curl:curl lftp:lftp

ftp_start() {
  local host dir
  for host in near far; do
    dir=$(home "$host" vsftpd)
    mkdir -p "$dir/files"
    cp "$LAB/shared/www/"*-{1,4,12}.* "$dir/files/"
    mkdir -m 777 "$dir/files/in"
    cat >"$dir/conf" <<CONF
listen=YES
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_root=$dir/files
anon_upload_enable=YES
write_enable=YES
local_enable=NO
secure_chroot_dir=$dir/empty
xferlog_enable=NO
pasv_min_port=40000
pasv_max_port=40099
port_enable=YES
connect_from_port_20=YES
ftpd_banner=files of $host
seccomp_sandbox=NO
CONF
    mkdir -p "$dir/empty"
    daemon "$host" vsftpd "$dir/conf"
    listening "$host" 21
  done
}

ftp_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near far near)
  case $((i % 7)) in
    0) on "$client" curl -s "ftp://$server/" ;;
    1) on "$client" curl -s "ftp://$server/text-12.txt" -o /dev/null ;;
    2) on "$client" curl -s -T "$LAB/shared/www/data-4.bin" "ftp://$server/in/d$client$i" ;;
    3) on "$client" lftp -c "set net:timeout 4; open ftp://$server; ls; get text-4.txt -o /dev/null; get data-1.bin -o /dev/null" ;;
    4) on "$client" curl -s -P - "ftp://$server/data-12.bin" -o /dev/null ;;
    5) on "$client" curl -s -u alice:wrong "ftp://$server/" ;;
    6) on "$client" curl -s --disable-epsv "ftp://$server/text-1.txt" "ftp://$server/none.txt" -o /dev/null -o /dev/null ;;
  esac
}

ftp_run() { spread "$1" ftp_one; }
