# shellcheck shell=bash
# Chat rooms: ngIRCd, in the clear and over TLS; sic and openssl as clients.
needs ngircd:ngircd sic:sic openssl:openssl

irc_start() {
  local host dir
  for host in near region; do
    dir=$(home "$host" ngircd)
    cat >"$dir/conf" <<CONF
[Global]
Name = $host.lab.example
Info = Lab chat
Ports = 6667
ServerUID = irc
ServerGID = irc
MotdPhrase = "be nice"
[Options]
DNS = no
Ident = no
PAM = no
[Limits]
MaxConnectionsIP = 0
[SSL]
CertFile = $LAB/shared/chain.crt
KeyFile = $LAB/shared/server.key
Ports = 6697
CONF
    chmod 755 "$dir"
    daemon "$host" ngircd -n -f "$dir/conf"
    listening "$host" 6667 6697
  done
}

irc_one() {
  local client=$1 i=$2 server talk
  server=$(pick "$i" near region)
  case $((i % 4)) in
    0) talk="sleep 0.3; echo ':j #lab'; sleep 0.2; echo 'hello, $i here'; sleep 0.3; echo ':q'" ;;
    1) talk="sleep 0.3; echo ':j #lab'; for n in 1 2 3 4 5; do sleep 0.15; echo \"line \$n\"; done; sleep 0.8" ;;
    2) talk="sleep 0.2" ;;
    3)
      LIMIT=3 on "$client" sh -c "(sleep 0.2; printf 'NICK t$i\r\nUSER t$i 0 * :$i\r\n'; sleep 0.4; printf 'JOIN #lab\r\nPRIVMSG #lab :over TLS\r\n'; sleep 0.3; printf 'QUIT\r\n') |
        openssl s_client -quiet -connect $server:6697"
      return
      ;;
  esac
  LIMIT=3 on "$client" sh -c "($talk) | sic -h ${ADDR[$server]} -n u$i"
}

irc_run() { spread $(($1 * 2 / 3)) irc_one; }
