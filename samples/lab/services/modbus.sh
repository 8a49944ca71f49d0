# shellcheck shell=bash
# Modbus/TCP between controllers and a supervisor: pymodbus.
needs /usr/lib/python3/dist-packages/pymodbus:python3-pymodbus /usr/lib/python3/dist-packages/serial_asyncio:python3-serial-asyncio

modbus_start() {
  local host
  for host in plc near; do
    daemon "$host" /usr/bin/python3 "$LAB/shared/modbus_plc.py" "${ADDR[$host]}"
    listening "$host" 502
  done
}

modbus_one() {
  local client=$1 i=$2 server
  server=$(pick "$i" plc plc near)
  [ $((i % 11)) != 10 ] || server=nas
  on "$client" /usr/bin/python3 "$LAB/shared/modbus_master.py" "${ADDR[$server]}" "$i"
}

modbus_run() { spread "$1" modbus_one; }
