"""A supervisor that polls a controller: modbus_master.py ADDRESS NUMBER."""
import sys
import time

from pymodbus.client import ModbusTcpClient

number = int(sys.argv[2])
plc = ModbusTcpClient(sys.argv[1], timeout=1)
if not plc.connect():
    sys.exit("no connection")
for turn in range(1 + number % 7):
    kind = (number + turn) % 6
    if kind == 0:
        plc.read_holding_registers(number, 10)
    elif kind == 1:
        plc.read_coils(0, 16)
    elif kind == 2:
        plc.write_register(number, turn)
    elif kind == 3:
        plc.read_input_registers(turn, 100)
    elif kind == 4:
        plc.write_coils(4, [True, False, True])
    else:
        plc.read_holding_registers(5000, 1)          # not there: an exception reply
    if number % 3 == 0:
        time.sleep(0.1)
plc.close()
