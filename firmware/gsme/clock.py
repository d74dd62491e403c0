# Running time and UTC, advanced from the board's wrapping milliseconds.
#
# UTC is kept as it is sent, four bytes little-endian: seconds since 2000-01-01, which pass 2**30 in 2034.

from micropython import const

_SECOND_MS = const(1000)
_DAY_S = const(86400)
INVALID_UTC = b"\xff\xff\xff\xff"
LAST_KNOWN_AT_FIRST = b"\x80\x4a\x37\x1c"  # 2015-01-01T00:00:00Z


class Clock:
    # ticks: ticks_ms(), ticks_diff(a, b)
    def __init__(self, ticks):
        self._ticks = ticks
        self._at = ticks.ticks_ms()
        self._running_ms = 0  # below a second
        self._utc_ms = 0  # below a second
        self.running_s = 0  # since the first start, as far as it has been kept
        self.start_s = 0  # running_s at this start
        self.valid = False
        self.utc = bytearray(LAST_KNOWN_AT_FIRST)  # the last known time while invalid
        self.day = 0  # days since 2000-01-01, while valid
        self._second_of_day = 0

    # The last known time is image[at:].
    def restore(self, running_s, image, at):
        self.running_s = self.start_s = running_s
        for i in range(len(self.utc)):
            self.utc[i] = image[at + i]

    # Call it at least once in the time that the ticks need to half their range.
    def poll(self):
        now = self._ticks.ticks_ms()
        step_ms = self._ticks.ticks_diff(now, self._at)
        if step_ms <= 0:
            return
        self._at = now
        self._running_ms += step_ms
        if self._running_ms >= _SECOND_MS:
            self.running_s += self._running_ms // _SECOND_MS
            self._running_ms %= _SECOND_MS
        if self.valid:
            self._utc_ms += step_ms
            if self._utc_ms >= _SECOND_MS:
                self._advance(self._utc_ms // _SECOND_MS)
                self._utc_ms %= _SECOND_MS

    def _advance(self, seconds):
        self._second_of_day += seconds
        self.day += self._second_of_day // _DAY_S
        self._second_of_day %= _DAY_S
        for i in range(4):
            seconds += self.utc[i]
            self.utc[i] = seconds & 255
            seconds >>= 8

    # The beginning of that second is now.
    def set(self, utc):
        self.poll()
        self.utc[:] = utc
        seconds = int.from_bytes(utc, "little")
        self.day = seconds // _DAY_S
        self._second_of_day = seconds % _DAY_S
        self._utc_ms = 0
        self.valid = True

    def uptime_ms(self):
        return (self.running_s - self.start_s) * _SECOND_MS + self._running_ms
