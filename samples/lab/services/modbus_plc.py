"""A controller with a few registers: modbus_plc.py ADDRESS."""
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer

blocks = {kind: ModbusSequentialDataBlock(0, [n * 7 % 97 for n in range(200)]) for kind in ("co", "hr", "ir")}
blocks["di"] = ModbusSequentialDataBlock(0, [n % 2 for n in range(200)])
context = ModbusServerContext(slaves=ModbusSlaveContext(**blocks), single=True)
StartTcpServer(context=context, address=(sys.argv[1], 502))
