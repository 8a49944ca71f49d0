# shellcheck shell=bash
# Log shipping over UDP and TCP: rsyslog as the collector; logger.
needs rsyslogd:rsyslog logger:bsdutils

syslog_start() {
  local host dir
  for host in near region; do
    dir=$(home "$host" rsyslog)
    cat >"$dir/conf" <<CONF
global(workDirectory="$dir")
module(load="imudp")
module(load="imtcp")
input(type="imudp" port="514")
input(type="imtcp" port="514")
*.* $dir/messages
CONF
    daemon "$host" rsyslogd -n -f "$dir/conf" -i "$dir/pid"
    listening "$host" 514
  done
}

syslog_one() {
  local client=$1 i=$2 server lines
  server=$(pick "$i" near region near6)
  lines=$(seq -f "job %g of $i is done" $((i % 9 + 2)))
  case $((i % 6)) in
    0) on "$client" logger -n "$server" -P 514 -d -t cron "session $i opened for user alice" ;;
    1) feed "$client" "$lines\n" logger -n "$server" -P 514 -d -t backup -p daemon.info ;;
    2) on "$client" logger -n "$server" -P 514 -T -t app --rfc5424 "started number $i" ;;
    3) feed "$client" "$lines\n$lines\n$lines\n" logger -n "$server" -P 514 -T -t batch -p local0.notice ;;
    4) on "$client" logger -n "$server" -P 514 -d --rfc3164 -t kernel -p kern.warning "$(printf 'x%.0s' $(seq 900))" ;;
    5) on "$client" logger -n metro -P 514 -d -t lost "nobody listens" ;;
  esac
}

syslog_run() { spread "$1" syslog_one; }
