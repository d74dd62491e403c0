# The ESP32's watchdog: once started it cannot be stopped. It outlives a soft reset, and ends with any other.

import machine
from micropython import const

TIMEOUT_MS = const(8000)
_FEED_MS = const(2000)
_TIMER = const(0)


# While nobody runs: a timer feeds it.
def keep_fed():
    watchdog = machine.WDT(timeout=TIMEOUT_MS)
    machine.Timer(_TIMER, mode=machine.Timer.PERIODIC, period=_FEED_MS, callback=lambda timer: watchdog.feed())


# Somebody runs, and feeds what is returned.
def take_over():
    machine.Timer(_TIMER).deinit()
    return machine.WDT(timeout=TIMEOUT_MS)


# The watchdog ended the last run. A soft reset has a cause of its own, so it is told once.
def ended_last_run():
    return machine.reset_cause() == machine.WDT_RESET
