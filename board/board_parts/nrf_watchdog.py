# The nRF52's watchdog through its registers: the port has no class for it.
#
# PS: nRF52840 Product Specification, WDT - Watchdog timer; POWER: Reset behavior
#
# Once started it cannot be stopped or changed, and machine.reset() does not end it: only a reset by itself, by the
# reset pin, or a loss of power does. So whoever runs next must feed it, and a start finds out whether it runs.

import machine
from micropython import const

START = const(0x40010000)  # task
RUNSTATUS = const(0x40010400)
CRV = const(0x40010504)  # ticks of 32768 Hz, less one
RREN = const(0x40010508)  # reload registers that must be written: bit 0 after reset
CONFIG = const(0x4001050C)  # bit 0: runs while the processor sleeps, bit 3: while a debugger holds it
RR0 = const(0x40010600)
RELOAD = const(0x6E524635)

_HZ = const(32768)
_MS = const(1000)
_IN_SLEEP = const(1)

_TIMER = const(1)  # boot.py's


class Watchdog:
    # mem32: machine.mem32
    def __init__(self, mem32):
        self._mem32 = mem32

    def runs(self):
        return self._mem32[RUNSTATUS] & 1 == 1

    # Nothing if it runs: then its time is another run's.
    def start(self, timeout_ms):
        if self.runs():
            return
        mem32 = self._mem32
        mem32[CONFIG] = _IN_SLEEP
        mem32[CRV] = timeout_ms * _HZ // _MS - 1
        mem32[RREN] = 1
        mem32[START] = 1

    def feed(self):
        self._mem32[RR0] = RELOAD


_of_boot = []


# What feeds it by a timer lies in RAM: boot.py brings it.
def hand_over(keep_fed):
    _of_boot[:] = [keep_fed]


# While nobody runs.
def keep_fed():
    for keep in _of_boot:
        keep()


# Somebody runs, and feeds it.
def stop_feeding():
    machine.Timer(_TIMER).stop()
