# shellcheck shell=bash
# Tickets: MIT Kerberos over UDP and TCP.
needs krb5kdc:krb5-kdc kadmin.local:krb5-admin-server kinit:krb5-user

kerberos_start() {
  local host dir user
  for host in nas metro; do
    dir=$(home "$host" kdc)
    cat >"$dir/krb5.conf" <<CONF
[libdefaults]
  default_realm = LAB.EXAMPLE
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  LAB.EXAMPLE = {
    kdc = $host
  }
CONF
    sed 's/rdns = false/rdns = false\n  udp_preference_limit = 1/' "$dir/krb5.conf" >"$dir/krb5-tcp.conf"
    cat >"$dir/kdc.conf" <<CONF
[kdcdefaults]
  kdc_listen = 88
  kdc_tcp_listen = 88
[realms]
  LAB.EXAMPLE = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    acl_file = $dir/acl
  }
CONF
    local with=(env "KRB5_CONFIG=$dir/krb5.conf" "KRB5_KDC_PROFILE=$dir/kdc.conf")
    on "$host" "${with[@]}" kdb5_util create -s -r LAB.EXAMPLE -P throwaway
    for user in alice bob; do
      on "$host" "${with[@]}" kadmin.local -q "addprinc +requires_preauth -pw throwaway $user"
    done
    on "$host" "${with[@]}" kadmin.local -q "addprinc -randkey host/web.lab.example"
    daemon "$host" "${with[@]}" krb5kdc -n -P "$dir/pid"
    listening "$host" 88
  done
}

kerberos_one() {
  local client=$1 i=$2 server user conf=krb5.conf
  server=$(pick "$i" nas metro)
  user=$(pick "$i" alice bob alice)
  [ $((i % 3)) != 1 ] || conf=krb5-tcp.conf
  local with=(env "KRB5_CONFIG=$LAB/$server/kdc/$conf" KRB5CCNAME=/tmp/tickets)
  case $((i % 4)) in
    0) feed "$client" "throwaway\n" "${with[@]}" kinit "$user" ;;
    1) feed "$client" "wrong\n" "${with[@]}" kinit "$user" ;;
    2)
      feed "$client" "throwaway\n" "${with[@]}" kinit "$user"
      on "$client" "${with[@]}" kvno host/web.lab.example
      ;;
    3) feed "$client" "throwaway\n" "${with[@]}" kinit nobody ;;
  esac
}

kerberos_run() { spread "$1" kerberos_one; }
