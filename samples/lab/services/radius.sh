# shellcheck shell=bash
# Access control: FreeRADIUS, authentication and accounting.
needs freeradius:freeradius radclient:freeradius-utils

radius_start() {
  local host dir
  for host in near metro; do
    dir=$(home "$host" radius)
    cp -a /etc/freeradius/3.0/. "$dir/"
    rm -f "$dir/sites-enabled/inner-tunnel" "$dir/mods-enabled/eap"
    sed -i '/eap {/,/}/d; /^[[:space:]]*eap$/d' "$dir/sites-enabled/default"
    sed -i 's/^\([[:space:]]*\)\(user\|group\) = freerad/\1\2 = root/' "$dir/radiusd.conf"
    cat >>"$dir/clients.conf" <<CONF
client lab { ipaddr = 10.77.0.0/16
  secret = throwaway }
client lab6 { ipv6addr = fd77::/16
  secret = throwaway }
CONF
    cat >"$dir/mods-config/files/authorize" <<CONF
alice Cleartext-Password := "throwaway"
  Reply-Message = "hello alice", Session-Timeout = 3600
bob Cleartext-Password := "throwaway"
  Filter-Id = "students"
CONF
    daemon "$host" freeradius -f -d "$dir" -l stdout
  done
  sleep 1.5
}

radius_one() {
  local client=$1 i=$2 server user
  server=$(pick "$i" near metro)
  user=$(pick "$i" alice bob alice)
  local who="User-Name=$user,NAS-Identifier=ap$((i % 4)),NAS-Port=$i,Calling-Station-Id=02-77-00-00-00-$((i % 90 + 10))"
  local send=(radclient -t 1 -r 1)
  case $((i % 7)) in
    0) feed "$client" "$who,User-Password=throwaway" "${send[@]}" "$server:1812" auth throwaway ;;
    1) feed "$client" "$who,CHAP-Password=throwaway" "${send[@]}" "$server:1812" auth throwaway ;;
    2) feed "$client" "$who,User-Password=wrong" "${send[@]}" "$server:1812" auth throwaway ;;
    3) feed "$client" "$who,Acct-Status-Type=Start,Acct-Session-Id=s$i\n\n$who,Acct-Status-Type=Interim-Update,Acct-Session-Id=s$i,Acct-Input-Octets=$((i * 977))\n\n$who,Acct-Status-Type=Stop,Acct-Session-Id=s$i,Acct-Session-Time=$i" \
      "${send[@]}" "$server:1813" acct throwaway ;;
    4) feed "$client" "$who,MS-CHAP-Password=throwaway" "${send[@]}" "$server:1812" auth throwaway ;;
    5) feed "$client" "$who,User-Password=throwaway" "${send[@]}" "$server:1812" auth badsecret ;;
    6) feed "$client" "$who,User-Password=throwaway\n\n$who,User-Password=no\n\n$who,CHAP-Password=throwaway" \
      "${send[@]}" "$server:1812" auth throwaway ;;
  esac
}

radius_run() { spread "$1" radius_one; }
