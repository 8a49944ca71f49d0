# shellcheck shell=bash
# PostgreSQL, in the clear and over TLS: psql and pgbench.
needs /usr/lib/postgresql/15/bin/postgres:postgresql /usr/lib/postgresql/15/bin/psql:postgresql-client

postgresql_start() {
  local host dir bin=/usr/lib/postgresql/15/bin
  for host in near metro; do
    dir=$(home "$host" postgres postgres)
    cp "$LAB/shared/server.key" "$dir/key"
    chown postgres "$dir/key"
    chmod 600 "$dir/key"
    echo throwaway >"$dir/pw"
    LIMIT=30 on "$host" runuser -u postgres -- "$bin/initdb" -D "$dir/data" -U alice --pwfile="$dir/pw" \
      -A scram-sha-256 --no-sync --no-locale -E UTF8
    echo "host all all all scram-sha-256" >>"$dir/data/pg_hba.conf"
    daemon "$host" runuser -u postgres -- "$bin/postgres" -D "$dir/data" -c listen_addresses='*' \
      -c unix_socket_directories="$dir" -c fsync=off -c ssl=on -c shared_buffers=8MB \
      -c ssl_cert_file="$LAB/shared/chain.crt" -c ssl_key_file="$dir/key"
    listening "$host" 5432
    LIMIT=30 on "$host" env PGPASSWORD=throwaway "$bin/psql" -h "${ADDR[$host]}" -U alice -d postgres -c \
      "create table people as select n as id, 'user ' || n as name, md5(n::text) as tag from generate_series(1, 300) n"
  done
}

postgresql_one() {
  local client=$1 i=$2 server mode=disable bin=/usr/lib/postgresql/15/bin
  server=$(pick "$i" near metro near near6)
  [ $((i % 2)) = 0 ] || mode=require
  local sql=(env PGPASSWORD=throwaway PGCONNECT_TIMEOUT=4 "$bin/psql" -X -q "host=$server user=alice dbname=postgres sslmode=$mode")
  case $((i % 7)) in
    0) on "$client" "${sql[@]}" -c "select count(*) from people" ;;
    1) on "$client" "${sql[@]}" -c "select * from people where id < 40" ;;
    2) feed "$client" "begin;\ninsert into people values (1000 + $i, 'new', 'x');\nselect * from people where id = 7;\ncommit;\n" "${sql[@]}" ;;
    3) on "$client" env PGPASSWORD=wrong "$bin/psql" -X "host=$server user=alice dbname=postgres sslmode=$mode" -c "select 1" ;;
    4) on "$client" "${sql[@]}" -c "select * from nowhere" ;;
    5) on "$client" "${sql[@]}" -c "select pg_sleep(0.3)" -c "select now()" -c "select version() is not null" ;;
    6) on "$client" "$bin/pg_isready" -h "$server" ;;
  esac
}

postgresql_run() { spread "$1" postgresql_one; }
