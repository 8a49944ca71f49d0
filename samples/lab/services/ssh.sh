# shellcheck shell=bash disable=SC2016
# Secure shell: commands, sessions, sftp, scp, refused log-ins, probes.
needs /usr/sbin/sshd:openssh-server ssh:openssh-client sshpass:sshpass nc:netcat-openbsd

ssh_start() {
  local host dir
  ssh-keygen -q -t ed25519 -N '' -C alice -f "$LAB/shared/id_alice"
  cp "$LAB/shared/www/text-12.txt" "$LAB/shared/notes.txt"
  for host in near far nas; do
    dir=$(home "$host" sshd)
    ssh-keygen -q -t ed25519 -N '' -C "$host" -f "$dir/key"
    cat >"$dir/config" <<CONF
Port 22
HostKey $dir/key
AuthorizedKeysFile $LAB/shared/authorized
PasswordAuthentication yes
PermitRootLogin no
StrictModes no
UsePAM no
UseDNS no
MaxAuthTries 3
PidFile $dir/pid
Subsystem sftp internal-sftp
CONF
    cp "$LAB/shared/id_alice.pub" "$LAB/shared/authorized"
    on "$host" mkdir -p /run/sshd
    daemon "$host" /usr/sbin/sshd -D -e -f "$dir/config"
    listening "$host" 22
  done
}

ssh_one() {
  local client=$1 i=$2 server options
  server=$(pick "$i" near far nas near6 near)
  [ "$client" != roadwarrior ] || server=nas
  options=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5)
  local key=("${options[@]}" -i "/tmp/key")
  on "$client" install -m 600 "$LAB/shared/id_alice" /tmp/key
  case $((i % 11)) in
    0) on "$client" ssh "${key[@]}" "alice@$server" id ;;
    1) on "$client" ssh "${key[@]}" "alice@$server" 'for n in 1 2 3 4 5 6; do echo line $n; sleep 0.1; done' ;;
    2) on "$client" sshpass -p throwaway ssh "${options[@]}" "bob@$server" 'seq 1 400' ;;
    3) on "$client" sshpass -p wrong ssh "${options[@]}" "carol@$server" id ;;
    4) feed "$client" "put $LAB/shared/notes.txt /tmp/n$i\nls -l /tmp\nget /tmp/n$i /tmp/back\nbye\n" \
      sftp -q "${key[@]}" "alice@$server" ;;
    5) on "$client" scp -q "${key[@]}" "$LAB/shared/www/data-12.bin" "alice@$server:/tmp/d$i" ;;
    6) feed "$client" "hello\n" nc -q 1 -w 1 "$server" 22 ;;
    7) feed "$client" "echo one\nsleep 0.3\nls /\nexit\n" ssh -tt "${key[@]}" "alice@$server" ;;
    8) on "$client" ssh "${key[@]}" -p 2222 "alice@$server" id ;;
    9) on "$client" ssh "${key[@]}" -c aes128-ctr -o KexAlgorithms=ecdh-sha2-nistp256 "alice@$server" 'cat /etc/services | head -c 8000' ;;
    10) LIMIT=1 on "$client" ssh "${key[@]}" "alice@$server" 'sleep 5' ;;
  esac
}

ssh_early() {
  LIMIT=40 on client1 ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i /tmp/key alice@near \
    'for n in 1 2 3 4 5 6 7 8 9 10; do sleep 2; date; done'
}

ssh_run() {
  local i
  spread "$1" ssh_one &
  for i in 0 2 5 7; do ssh_one roadwarrior "$i"; done
  wait $!
}
