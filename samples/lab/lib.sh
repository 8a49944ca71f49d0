# shellcheck shell=bash
# Helpers of the traffic lab.  Sourced by make-*.sh (for the tool check) and by inside*.sh.

HERE=${HERE:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}
PATH=$PATH:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin:/usr/games
LAB=/run/serveflow-lab            # a tmpfs inside the lab's own mount namespace
CLIENTS="client1 client2 client3 client4"
declare -a NEEDED=()
# shellcheck disable=SC2034  # ADDR and ADDR6 are for the service files
declare -A HOLDER=() ADDR=() ADDR6=()

# needs COMMAND:PACKAGE...   what a service file asks for
needs() { NEEDED+=("$@"); }

# tools_are_there   stops and says what is missing of what was asked for, or that it takes root
tools_are_there() {
  local need tool missing=()
  for need in "${NEEDED[@]}"; do
    tool=${need%%:*}
    if [ "${tool#/}" != "$tool" ]; then [ -e "$tool" ] || missing+=("${need#*:}")
    else command -v "$tool" >/dev/null || missing+=("${need#*:}"); fi
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Some tools are missing. On Debian 12, in a machine or container made for this:" >&2
    echo "  apt-get install --no-install-recommends $(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')" >&2
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    echo "$(basename "$0"): needs root (for network namespaces)" >&2
    exit 1
  fi
}

# rows FILE   the rows of a CSV file without its header
rows() { tail -n +2 "$1"; }

# on HOST COMMAND...   run something on a host of the lab, ten seconds at most, failures are fine
on() {
  local host=$1
  shift
  { timeout -k 1 "${LIMIT:-10}" nsenter -t "${HOLDER[$host]}" -m -u -i -n -p --wd=/ "$@" || true; } \
    >>"$LAB/log/$host.log" 2>&1 </dev/null
}

# feed HOST TEXT COMMAND...   the same with TEXT on standard input
feed() {
  local host=$1 text=$2
  shift 2
  { printf '%b' "$text" | timeout -k 1 "${LIMIT:-10}" \
    nsenter -t "${HOLDER[$host]}" -m -u -i -n -p --wd=/ "$@" || true; } >>"$LAB/log/$host.log" 2>&1
}

# daemon HOST COMMAND...   start a server on a host and leave it running
daemon() {
  local host=$1
  shift
  setsid nsenter -t "${HOLDER[$host]}" -m -u -i -n -p --wd=/ "$@" \
    >>"$LAB/log/$host-daemon.log" 2>&1 </dev/null &
}

# listening HOST PORT...   wait until the TCP ports are open (five seconds at most)
listening() {
  local host=$1 port tries
  shift
  for port in "$@"; do
    for ((tries = 0; tries < 50; tries++)); do
      if nsenter -t "${HOLDER[$host]}" -n ss -Hltn "sport = :$port" | grep -q .; then
        continue 2
      fi
      sleep 0.1
    done
    echo "  warning: nothing listens on $host port $port" >&2
  done
}

# home HOST NAME [USER]   a state directory of a server; prints its path
home() {
  local dir=$LAB/$1/$2
  mkdir -p "$dir"
  if [ $# -gt 2 ]; then chown "$3" "$dir"; fi
  echo "$dir"
}

# spread N COMMAND...   run COMMAND HOST I N times, a quarter of them on each client, all clients at
# once.  I is 5 * round + client number: any choice by I modulo 2, 3, 4, 6, 7.. then varies on each
# client (modulo 5 it would not).
spread() {
  local n=$1 client turn=0 jobs=()
  shift
  for client in $CLIENTS; do
    (for ((round = 0; round * 4 + turn < n; round++)); do "$@" "$client" $((5 * round + turn)); done) &
    jobs+=($!)
    turn=$((turn + 1))
  done
  wait "${jobs[@]}"
}

# pick I WORD...   the I-th word, round and round
pick() {
  local i=$1
  shift
  local words=("$@")
  echo "${words[i % ${#words[@]}]}"
}

# web HOST NAME SERVERS   an nginx of its own; SERVERS are its server blocks
web() {
  local host=$1 dir
  dir=$(home "$host" "$2")
  cat >"$dir/nginx.conf" <<CONF
user www-data;
daemon off;
worker_processes 1;
pid $dir/pid;
error_log $dir/error.log;
${WEB_MODULES:-}
events { }
http {
  include /etc/nginx/mime.types;
  access_log $dir/access.log;
  client_body_temp_path $dir/body;
  gzip on;
  gzip_types text/plain;
  $3
}
${WEB_EXTRA:-}
CONF
  daemon "$host" nginx -c "$dir/nginx.conf"
}
