# shellcheck shell=bash
# Mail collection: Dovecot's IMAP and POP3, in the clear, with STARTTLS and over TLS; curl.
needs dovecot:dovecot-imapd /usr/lib/dovecot/pop3:dovecot-pop3d curl:curl openssl:openssl

imap_pop3_start() {
  local host dir n user
  for host in near metro; do
    dir=$(home "$host" dovecot)
    for user in alice bob; do
      mkdir -p "$dir/mail/$user/"{new,cur,tmp}
      echo "$user:{PLAIN}throwaway::::::" >>"$dir/users"
      for n in 1 2 3 4; do
        {
          printf 'From: carol@lab.example\r\nTo: %s@lab.example\r\nSubject: message %s\r\n\r\n' "$user" "$n"
          head -c $((n * n * 700)) "$LAB/shared/www/text-12.txt"
        } >"$dir/mail/$user/new/170000000$n.M$n.$host"
      done
    done
    chown -R mail:mail "$dir/mail"
    cat >"$dir/dovecot.conf" <<CONF
protocols = imap pop3
listen = *, ::
base_dir = $dir/run
log_path = $dir/log
mail_location = maildir:$dir/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
ssl = yes
ssl_cert = <$LAB/shared/chain.crt
ssl_key = <$LAB/shared/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
login_greeting = mail.lab.example is ready
passdb {
  driver = passwd-file
  args = $dir/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$dir/mail/%u
}
CONF
    daemon "$host" dovecot -F -c "$dir/dovecot.conf"
    listening "$host" 143 993 110 995
  done
}

imap_pop3_one() {
  local client=$1 i=$2 server ca=$LAB/shared/ca.crt user
  server=$(pick "$i" near metro metro near6).lab.example
  server=${server/near6/near-six}
  user=$(pick "$i" alice bob alice)
  local get=(curl -s --max-time 5 --cacert "$ca" -u "$user:throwaway")
  case $((i % 12)) in
    0) on "$client" "${get[@]}" "imap://$server/" ;;
    1) on "$client" "${get[@]}" "imap://$server/INBOX;MAILINDEX=1" ;;
    2) on "$client" "${get[@]}" "imaps://$server/INBOX;MAILINDEX=2" ;;
    3) on "$client" "${get[@]}" --ssl-reqd "imap://$server/INBOX" -X 'FETCH 1:2 (FLAGS ENVELOPE)' ;;
    4) on "$client" "${get[@]}" "pop3://$server/" ;;
    5) on "$client" "${get[@]}" "pop3://$server/1" ;;
    6) on "$client" "${get[@]}" "pop3s://$server/2" ;;
    7) on "$client" "${get[@]}" --ssl-reqd "pop3://$server/" ;;
    8) on "$client" curl -s --cacert "$ca" -u alice:wrong "imaps://$server/" ;;
    9) on "$client" curl -s -u bob:wrong "pop3://$server/" ;;
    10) on "$client" "${get[@]}" "imap://$server/" -X 'SEARCH ALL' "imap://$server/INBOX" -X 'NOOP' ;;
    11) on "$client" curl -s "imaps://$server/" ;;
  esac
}

imap_pop3_run() { spread "$1" imap_pop3_one; }
