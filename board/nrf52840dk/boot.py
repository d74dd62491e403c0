# Runs before main.py, and alone where a host uses the raw REPL. A watchdog that the application started goes on over
# machine.reset() and a soft reset: it is fed until the application is there again.
#
# What feeds it is said here, as text, and so lies in RAM: a deploy takes away the ROMFS that all else runs from. The
# port calls it in the timer's interrupt; it takes a function and nothing else that can be called, and does not keep it
# from the collector: the names below do.

import os
import sys

import machine
from micropython import const

_RUNSTATUS = const(0x40010400)  # as in board_parts/nrf_watchdog.py
_RR0 = const(0x40010600)
_RELOAD = const(0x6E524635)
_TIMER = const(1)
_EVERY_US = const(1000000)


def _feed(timer):
    machine.mem32[_RR0] = _RELOAD


# While nobody runs, if it runs.
def _keep_fed():
    if machine.mem32[_RUNSTATUS] & 1:
        _feed(None)
        machine.Timer(_TIMER, period=_EVERY_US, mode=machine.Timer.PERIODIC, callback=_feed).start()


_keep_fed()

# A deploy takes main.py away first and writes it last. Without it the ROMFS may be torn, and the port reads on and on
# in a torn .mpy: nothing of it is touched then, and the REPL is there for the next deploy.
if "main.py" in os.listdir() or "rom" not in os.listdir("/"):
    from board_parts import nrf_watchdog

    nrf_watchdog.hand_over(_keep_fed)
    # The port has a module of that name, which is found before any file. What has been imported is found before all.
    sys.modules["board"] = __import__("nrf52840dk.board").board
