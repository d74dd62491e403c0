# ruff: noqa: D100, INP001
# mypy: ignore-errors
# The nRF52840's generator, and where its journal lies. MicroPython.

import sys

import nrf
import nrf52840

from board_parts.nrf_rng import Rng

mem32 = nrf52840.Mem32()
rng = Rng(mem32)
print(rng.random(4).hex(), mem32.rng.corrected, mem32.rng.runs)
mem32.rng.dead = True
try:
    print(rng.random(1))
except OSError:
    print("OSError", mem32.rng.runs)

board = __import__("nrf52840dk.board").board
board._journal()
print("%x %x" % nrf.made[0])
nrf.start = nrf.END - 23 * 4096
try:
    board._journal()
except OSError as error:
    print(error)

# What has been imported goes before a module of the port's own.
sys.modules["math"] = board
import math  # noqa: E402

print(math is board)
