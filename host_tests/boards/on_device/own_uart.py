# ruff: noqa: D100, INP001
# mypy: ignore-errors
# A board whose link has a UART of its own. MicroPython. Standard input: the name of the board.

import sys

NAME = sys.stdin.readline().strip()

import board_config  # noqa: E402

board_config.LINK = board_config.OWN_UART

import board  # noqa: E402

port = board._port
uart = port.stream
number, baud, options = uart.given
print("uart", number, baud, " ".join(["%s=%d" % item for item in sorted(options.items())]))
print("way back", board.way_back())
buf = bytearray(8)
print("nothing", port.readinto(buf))
uart.came.extend(b"\x03\x00\x0dabc")
print("came", port.readinto(buf), bytes(buf[:6]).hex())
print("sent", port.write(b"..\x00\x0a\x03..", 2, 3), bytes(uart.sent).hex())
print("wire", port.wire_ms(1617))
