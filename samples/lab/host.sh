#!/usr/bin/env bash
# One host of the lab: gives itself a name and private /etc, /run, /home and /var, then waits.
#   host.sh NAME LAB_FOLDER
set -euo pipefail
NAME=$1
LAB=$2
ME=$LAB/$NAME
hostname "$NAME"
mkdir -p "$ME"/{etc,var}/{upper,work} "$ME/run/serveflow-lab"

for dir in etc var; do
  mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$ME/$dir/upper,workdir=$ME/$dir/work" "/$dir"
done
for dir in /home /root /dev/shm /var/log /var/spool /var/tmp /tmp; do mount -t tmpfs tmpfs "$dir"; done
chmod 1777 /tmp /var/tmp /dev/shm
mount --bind "$LAB" "$ME/run/serveflow-lab"
mount --rbind "$ME/run" /run
mkdir -p /run/lock /run/samba /var/log/samba

rm -rf /etc/update-motd.d /etc/motd
echo "$NAME" >/etc/hostname
echo "Welcome to $NAME.lab.example" | tee /etc/issue >/etc/issue.net
echo "nameserver 10.77.2.20" >/etc/resolv.conf
printf '%s' "$NAME" | md5sum | cut -c1-32 >/etc/machine-id
password=$(openssl passwd -5 -salt lab throwaway)
for user in alice bob carol; do
  useradd --no-log-init -M -d "/home/$user" -s /bin/sh -p "$password" "$user"
  mkdir -p "/home/$user"
  chown "$user:$user" "/home/$user"
done
touch "$ME/up"
exec sleep infinity
