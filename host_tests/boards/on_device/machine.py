# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Stands in for the boards' module of that name: what it is asked for is kept for the test to look at. MicroPython.

import nrf52840

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5

mem32 = nrf52840.Mem32()
cause = PWRON_RESET
timers = {}  # id: its callback while it runs
starts_at_once = True  # a timer does: the ESP32's
watchdogs = []  # (timeout, number of feeds)
pins = {}


class Reset(Exception):
    pass


def reset_cause():
    return cause


def reset():
    raise Reset


class WDT:
    def __init__(self, timeout):
        self.fed = 0
        self.timeout = timeout
        watchdogs.append(self)

    def feed(self):
        self.fed += 1


class Timer:
    PERIODIC = 1

    def __init__(self, number, mode=None, period=0, callback=None):
        if not (starts_at_once or callback is None or type(callback).__name__ == "function"):
            raise ValueError("callback must be a function")  # ports/nrf: modules/machine/timer.c
        self._number = number
        self._callback = callback
        self._period = period
        if callback and starts_at_once:
            self.start()

    def start(self):
        if self._period >= (8000 if starts_at_once else 8000000):  # ms, us
            raise ValueError("too late for the watchdog")
        timers[self._number] = self._callback

    def stop(self):
        timers.pop(self._number, None)

    deinit = stop


class Pin:
    IN = 0
    OUT = 1
    PULL_UP = 2
    IRQ_FALLING = 2

    def __init__(self, number, mode, pull=None, value=0):
        self.number = number
        self.level = value
        pins[number] = self

    def __call__(self, level):
        self.level = int(level)

    def irq(self, handler, trigger):
        self.closed = handler


class UART:
    def __init__(self, number, baudrate, **options):
        self.given = (number, baudrate, options)
        self.came = bytearray()
        self.sent = bytearray()

    def any(self):
        return len(self.came)

    def readinto(self, buf):
        n = min(len(buf), len(self.came))
        buf[0:n] = self.came[0:n]
        self.came = self.came[n:]
        return n

    def write(self, buf, offset, count):
        self.sent.extend(buf[offset : offset + count])
        return count

    # select.poll asks for a stream
    def ioctl(self, request, argument):
        return 0
