# ruff: noqa: D100, INP001
# mypy: ignore-errors
# The clock, on ticks that wrap. MicroPython.
#
# Standard input, a line a clock: START UTC MS... START: ticks at the beginning; UTC: four bytes as they are sent, to be
# set at the first ms, - for a clock that is never set; MS: each a time to the next poll.
# Standard output, a line a clock: running s, uptime ms, UTC as it is sent, day, valid.

import sys

from memory import Ticks

from gsme.clock import Clock


def _run(start, utc, *steps):
    ticks = Ticks(int(start))
    clock = Clock(ticks)
    if utc != "-":
        clock.set(bytes.fromhex(utc))
    for step in steps:
        ticks.elapsed += int(step)
        clock.poll()
    print(clock.running_s, clock.uptime_ms(), clock.utc.hex(), clock.day, int(clock.valid))


for line in sys.stdin:
    _run(*line.split())
