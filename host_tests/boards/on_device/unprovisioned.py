# ruff: noqa: D100, INP001
# mypy: ignore-errors
# A board that has never been provisioned, and what its meter starts as. MicroPython.
#
# Standard input: the name of the board and a provisioning file. Standard output, a line a start: the identity, or what
# ended it. Without a file, with a damaged one, with it, and without it again; last, whether there is a bench.

import sys

import chip_modules
import machine

NAME, FILE = sys.stdin.readline().split()


chip_modules.stand_in()
machine.mem32.rng.values = list(range(256)) * 10
if NAME == "nrf52840dk":
    sys.modules["board"] = __import__("nrf52840dk.board").board

import board  # noqa: E402
from gsme import device  # noqa: E402

whole = bytes.fromhex(FILE)
made = board.Board()
for file in (None, whole[:-1], whole, None):
    made.provision = lambda file=file: file
    try:
        print(device.Gsme(made).next_eui64.hex())
    except device.NotProvisioned as error:
        print("%s: %s" % (type(error).__name__, error))
print("bench", device.bench is not None)
