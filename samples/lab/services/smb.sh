# shellcheck shell=bash
# Windows file sharing: Samba (SMB 2 and 3, NetBIOS names).
needs smbd:samba nmbd:samba smbclient:smbclient nmblookup:samba-common-bin

smb_start() {
  local host dir
  for host in nas metro; do
    dir=$(home "$host" samba)
    mkdir -p "$dir/share" "$dir/state"
    cp "$LAB/shared/www/"*-{1,4,12}.* "$dir/share/"
    chmod -R a+rwX "$dir/share"
    cat >"$dir/smb.conf" <<CONF
[global]
  workgroup = LAB
  netbios name = ${host^^}
  server string = file server
  map to guest = Bad User
  private dir = $dir/state
  lock directory = $dir/state
  state directory = $dir/state
  cache directory = $dir/state
  pid directory = $dir/state
  log file = $dir/log
  load printers = no
  disable spoolss = yes
  min protocol = NT1
[files]
  path = $dir/share
  guest ok = yes
  writeable = yes
CONF
    feed "$host" "throwaway\nthrowaway\n" smbpasswd -c "$dir/smb.conf" -s -a alice
    daemon "$host" smbd -F --no-process-group -s "$dir/smb.conf"
    [ "$host" != nas ] || daemon "$host" nmbd -F --no-process-group -s "$dir/smb.conf"
    listening "$host" 445 139
  done
}

smb_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" nas nas metro)
  local guest=(smbclient -N "//$server/files") alice=(smbclient -U alice%throwaway "//$server/files")
  case $((i % 9)) in
    0) on "$client" "${guest[@]}" -c "ls" ;;
    1) on "$client" "${alice[@]}" -m SMB3 -c "get text-4.txt /tmp/t" ;;
    2) on "$client" "${alice[@]}" -c "put $LAB/shared/www/data-4.bin in$i.bin; del in$i.bin" ;;
    3) on "$client" smbclient -N -L "$server" ;;
    4) on "$client" smbclient -U alice%wrong "//$server/files" -c ls ;;
    5) on "$client" smbclient -U bob%throwaway "//$server/none" -c ls ;;
    6) on "$client" nmblookup -U "${ADDR[nas]}" NAS ;;
    7) on "$client" smbclient -p 139 -N "//$server/files" -c "mkdir d$i; rmdir d$i" ;;
    8) on "$client" nmblookup -B 10.77.1.255 NAS ;;
  esac
}

smb_run() { spread "$1" smb_one; }
