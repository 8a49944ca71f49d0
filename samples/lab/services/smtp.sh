# shellcheck shell=bash
# Mail hand-in and transport: Exim on ports 25, 465 and 587; swaks and curl.
needs exim4:exim4-daemon-light swaks:swaks curl:curl nc:netcat-openbsd

smtp_start() {
  local host dir
  printf 'From: alice@lab.example\r\nTo: bob@lab.example\r\nSubject: notes\r\n\r\n' >"$LAB/shared/mail.eml"
  cat "$LAB/shared/www/text-12.txt" >>"$LAB/shared/mail.eml"
  for host in near far; do
    dir=$(home "$host" exim)
    chmod 777 "$dir"
    cat >"$dir/exim.conf" <<CONF
primary_hostname = mail.lab.example
smtp_banner = \$primary_hostname ESMTP Exim
spool_directory = $dir/spool
log_file_path = $dir/log-%s
pid_file_path = $dir/pid
exim_user = mail
exim_group = mail
never_users =
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
daemon_smtp_ports = 25 : 465 : 587
tls_on_connect_ports = 465
tls_advertise_hosts = *
tls_certificate = $LAB/shared/chain.crt
tls_privatekey = $LAB/shared/server.key
acl_smtp_rcpt = check
acl_smtp_data = accept
begin acl
check:
  accept domains = lab.example
  accept authenticated = *
  deny message = relay not permitted
begin routers
local:
  driver = accept
  transport = drop
begin transports
drop:
  driver = appendfile
  file = /dev/null
  user = mail
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{\$auth2}{alice}}{eq{\$auth3}{throwaway}}}}
  server_advertise_condition = \${if def:tls_in_cipher}
CONF
    daemon "$host" exim4 -bdf -q30m -C "$dir/exim.conf"
    listening "$host" 25 465 587
  done
}

smtp_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near far near)
  local mail=(swaks --server "$server" --from alice@lab.example --ehlo "$client.lab.example" --timeout 6s)
  case $((i % 9)) in
    0) on "$client" "${mail[@]}" --to bob@lab.example --body "hello number $i" ;;
    1) on "$client" "${mail[@]}" --to bob@lab.example,carol@lab.example --tls --body "over starttls $i" ;;
    2) on "$client" "${mail[@]}" --to bob@lab.example --port 587 --tls --auth PLAIN --auth-user alice --auth-password throwaway ;;
    3) on "$client" "${mail[@]}" --to bob@lab.example --port 465 --tls-on-connect ;;
    4) on "$client" "${mail[@]}" --to eve@other.example --body "not relayed" ;;
    5) on "$client" curl -s --mail-from alice@lab.example --mail-rcpt bob@lab.example -T "$LAB/shared/mail.eml" "smtp://$server:25" ;;
    6) on "$client" "${mail[@]}" --to bob@lab.example --port 587 --tls --auth PLAIN --auth-user alice --auth-password wrong ;;
    7) feed "$client" "HELO probe\r\nVRFY alice\r\nQUIT\r\n" nc -w 1 "$server" 25 ;;
    8) on "$client" "${mail[@]}" --to carol@lab.example --attach "@$LAB/shared/www/text-4.txt" ;;
  esac
}

smtp_run() { spread "$1" smtp_one; }
