# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Years of a meter's life: every half hour it wakes, hands over what waits and sleeps again. MicroPython.
#
# Standard input: a line, DAYS BLOCKS BLOCK_SIZE WORD. Standard output: a line of JSON for each year, and for what is
# left of the last one: days, half hours, litres that flowed and those that the register has, seconds that the meter's
# clock is off, entries in both logs, erases of the block that was erased most in this year and of all, bytes
# programmed, records, messages that the hub was handed.

import json
import sys

from flash import Flash
from hub import Hub
from meter import CHF, EVENTS, MANAGEMENT, Meter

_DAY_S = 86400
_HALF_HOUR_S = 1800
_YEAR_DAYS = 365
_BEGINNING_UTC = 0x30E21D00 - 0x30E21D00 % _DAY_S  # a midnight at the end of 2025
_PULSE_DM3 = 10  # as often as the register is kept

# Litres in each hour of a day: 2.9 cubic metres, about what a household with gas heating takes
_HOURLY_DM3 = (0, 0, 0, 0, 0, 100, 360, 360, 200, 40, 40, 40, 60, 40, 40, 100, 260, 320, 320, 260, 200, 120, 40, 0)

_SUPPLIER = bytes.fromhex("90A5A50000000010")
_IHD = bytes.fromhex("B19078563412DB00")
_TYPE_2 = 6

# Bench commands
_RAISE = 0x00
_ENROL_DEVICE = 0x02
_ENROL_PARTY = 0x04

_EVERY_DAY = (0x8161, 0x8154)  # codes: to the Event Log
_EVERY_WEEK = (0x81A5, 0x8184)  # to the Event Log and as alerts
_EVERY_MONTH = (0x8F3F, 0x8F74)  # to the Security Log and as alerts
_CONFIGURATION = bytes.fromhex("00000000 00000000 0B 00 02 A481 A581")


class Life:
    def __init__(self, blocks, block_size, word):
        self.flash = Flash(bytearray(b"\xff" * (blocks * block_size)), block_size, word)
        self.hub = Hub()
        self.hub.takes = 10**9
        self.now = _BEGINNING_UTC
        self.litres = 0
        self.half_hours = 0
        self.start()
        self.meter.bench(_ENROL_PARTY, _SUPPLIER + b"\x01\x00\x20" + bytes(range(32)))
        self.meter.bench(_ENROL_DEVICE, _IHD + bytes((_TYPE_2,)))

    def start(self):
        self.meter = Meter(self.flash)
        self.meter.sync()
        self.meter.give_time(self.now)

    # Gas flows, and the meter turns as it does: at once for each pulse.
    def _half_hour(self, litres):
        left_s = _HALF_HOUR_S
        for _ in range(litres // _PULSE_DM3):
            self.meter.board.volume_dm3 += _PULSE_DM3
            self.litres += _PULSE_DM3
            self.meter.wait(1)
            left_s -= 1
        self.now += _HALF_HOUR_S
        self.hub.utc = self.now
        self.meter.wait(left_s)
        self.hub.serve(self.meter, self.meter.settle())
        self.half_hours += 1

    def _raise(self, codes):
        for code in codes:
            self.meter.bench(_RAISE, code.to_bytes(2, "little") + b"\x00")

    def day(self, number):
        for half_hour in range(48):
            self._half_hour(_HOURLY_DM3[half_hour // 2] // 2)
        self._raise(_EVERY_DAY)
        if number % 7 == 0:
            self._raise(_EVERY_WEEK)
        if number % 30 == 0:
            self._raise(_EVERY_MONTH)
            self.meter.ask(CHF, MANAGEMENT, 0x09, 0x04, _CONFIGURATION)
            self.meter.ask(_IHD, EVENTS, 0x01, 0x00, b"\x14" + bytes(6) + b"\xff\xff\xff\xff" + bytes(3))

    def register(self):
        return int.from_bytes(self.meter.register(), "little")


def _run(days, blocks, block_size, word):
    life = Life(blocks, block_size, word)
    erased = [0] * blocks
    day = 0
    while day < days:
        first = day
        before = (life.flash.programmed, life.flash.programs, life.flash.erases)
        while day < days and day - first < _YEAR_DAYS:
            life.day(day)
            day += 1
        this_year = [life.flash.erased[block] - erased[block] for block in range(blocks)]
        erased = list(life.flash.erased)
        life.start()  # what counts is what a restart finds
        logs = life.meter.device.logs
        print(
            json.dumps(
                {
                    "days": day - first,
                    "half_hours": life.half_hours,
                    "litres": life.litres,
                    "register": life.register(),
                    "clock_off_s": int.from_bytes(life.meter.device.clock.utc, "little") - life.now,
                    "day_off": life.meter.device.clock.day - life.now // _DAY_S,
                    "event_log": logs.event.count(),
                    "security_log": logs.security.count(),
                    "hottest_erases": max(this_year),
                    "erases": life.flash.erases - before[2],
                    "programmed": life.flash.programmed - before[0],
                    "programs": life.flash.programs - before[1],
                    "handed_over": len(life.hub.puts),
                    "broken_rules": life.flash.wrong,
                }
            )
        )
        life.hub.puts.clear()


_run(*[int(word) for word in sys.stdin.readline().split()])
