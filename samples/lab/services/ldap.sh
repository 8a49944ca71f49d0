# shellcheck shell=bash
# Directory: OpenLDAP in the clear, with StartTLS and over TLS.
needs slapd:slapd ldapsearch:ldap-utils

ldap_start() {
  local host dir n
  for host in nas metro; do
    dir=$(home "$host" slapd)
    mkdir -p "$dir/db"
    cat >"$dir/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile $dir/pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile $LAB/shared/ca.crt
TLSCertificateFile $LAB/shared/server.crt
TLSCertificateKeyFile $LAB/shared/server.key
database mdb
suffix "dc=lab,dc=example"
rootdn "cn=admin,dc=lab,dc=example"
rootpw throwaway
directory $dir/db
maxsize 10485760
CONF
    {
      printf 'dn: dc=lab,dc=example\nobjectClass: dcObject\nobjectClass: organization\no: Lab\ndc: lab\n\n'
      printf 'dn: ou=people,dc=lab,dc=example\nobjectClass: organizationalUnit\nou: people\n\n'
      for n in $(seq 1 50); do
        printf 'dn: uid=user%s,ou=people,dc=lab,dc=example\nobjectClass: inetOrgPerson\nuid: user%s\n' "$n" "$n"
        printf 'cn: User %s\nsn: %s\nmail: user%s@lab.example\nuserPassword: throwaway\n\n' "$n" "$n" "$n"
      done
    } >"$dir/people.ldif"
    on "$host" slapadd -q -f "$dir/slapd.conf" -l "$dir/people.ldif"
    daemon "$host" slapd -d 0 -f "$dir/slapd.conf" -h "ldap:/// ldaps:///"
    listening "$host" 389 636
  done
}

ldap_one() {
  local client=$1 i=$2 server base=dc=lab,dc=example
  server=$(pick "$i" nas metro nas nas6)
  local admin=(-D "cn=admin,$base" -w throwaway) me=(-D "uid=user$((i % 50 + 1)),ou=people,$base" -w throwaway)
  case $((i % 10)) in
    0) on "$client" ldapsearch -x -LLL -H "ldap://$server" -b "$base" "uid=user$i" ;;
    1) on "$client" ldapsearch -x -LLL -H "ldap://$server" -b "$base" "${me[@]}" "(mail=user1*)" mail cn ;;
    2) on "$client" env LDAPTLS_REQCERT=never ldapsearch -x -LLL -ZZ -H "ldap://$server" -b "$base" "${me[@]}" "uid=user3" ;;
    3) on "$client" env LDAPTLS_REQCERT=never ldapsearch -x -LLL -H "ldaps://$server" -b "$base" "${me[@]}" "cn=User 4*" ;;
    4) feed "$client" "dn: uid=user$((i % 50 + 1)),ou=people,$base\nchangetype: modify\nreplace: description\ndescription: change $i\n" \
      ldapmodify -x -H "ldap://$server" "${admin[@]}" ;;
    5) on "$client" ldapsearch -x -H "ldap://$server" -b "$base" -D "cn=admin,$base" -w wrong ;;
    6) on "$client" ldapsearch -x -LLL -H "ldap://$server" -b "$base" -s base "(objectClass=*)" ;;
    7) on "$client" ldapwhoami -x -H "ldap://$server" "${me[@]}" ;;
    8) on "$client" ldapsearch -x -LLL -H "ldap://$server" -b "ou=people,$base" -E pr=10/noprompt "(objectClass=person)" uid ;;
    9) on "$client" ldapsearch -x -o nettimeout=1 -H "ldap://region" -b "$base" ;;
  esac
}

ldap_run() { spread "$1" ldap_one; }
