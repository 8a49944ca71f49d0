# shellcheck shell=bash
# MariaDB, in the clear and over TLS.
needs mariadbd:mariadb-server mariadb:mariadb-client

mariadb_start() {
  local host dir
  for host in near region; do
    dir=$(home "$host" mariadb mysql)
    LIMIT=40 on "$host" mariadb-install-db --no-defaults --user=mysql --datadir="$dir/data" --skip-test-db \
      --auth-root-authentication-method=normal --innodb-log-file-size=8M
    cat >"$dir/init.sql" <<SQL
create database shop;
use shop;
create table shop.items (id int primary key, name varchar(40), price int);
insert into shop.items select seq, concat('item ', seq), seq * 3 from seq_1_to_300;
create user alice@'%' identified by 'throwaway';
grant all on shop.* to alice@'%';
SQL
    daemon "$host" mariadbd --no-defaults --user=mysql --datadir="$dir/data" --socket="$dir/sock" --port=3306 \
      --skip-name-resolve --innodb-buffer-pool-size=16M --innodb-log-file-size=8M --pid-file="$dir/pid" \
      --ssl-cert="$LAB/shared/chain.crt" --ssl-key="$LAB/shared/server.key" --init-file="$dir/init.sql"
    listening "$host" 3306
  done
}

mariadb_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" near region near)
  local sql=(mariadb --no-defaults -h "$server" -u alice -pthrowaway shop)
  if [ $((i % 2)) = 0 ]; then sql+=(--skip-ssl); else sql+=(--ssl); fi
  case $((i % 6)) in
    0) on "$client" "${sql[@]}" -e "select count(*) from items" ;;
    1) on "$client" "${sql[@]}" -e "select * from items where id < 30" ;;
    2) feed "$client" "start transaction;\nupdate items set price = $i where id = 9;\nselect * from items where id = 9;\ncommit;\n" "${sql[@]}" ;;
    3) on "$client" mariadb --no-defaults -h "$server" -u alice -pwrong shop -e "select 1" ;;
    4) on "$client" "${sql[@]}" -e "select * from nowhere" ;;
    5) on "$client" "${sql[@]}" -e "show tables; select sleep(0.2); select now()" ;;
  esac
}

mariadb_run() { spread "$1" mariadb_one; }
