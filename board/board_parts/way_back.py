# The way back to the REPL where the link shares its stream (LINK, rule 8): a Ctrl-C in the second after a start.
#
# Every byte value may be part of a frame, 03 too: the bench's DATA and ACKs begin with it. What comes in one go is
# looked at: Ctrl-C is a 03 at its beginning, or behind other keys, that is followed by further keys or by nothing.
# Whatever else comes before a pause or a zero is a frame, or noise, and has no key in it.

import micropython
from micropython import const

_WAIT_MS = const(1000)
_PAUSE_MS = const(10)  # nothing of one go is further apart: 115 bytes at 115200, 10 frames of USB
_CTRL_C = const(3)
_NOBODY = -1
_MOST = const(256)

_TYPED = b"\x03\r\n"  # sent right before and behind a Ctrl-C; no frame of a host begins with a 03 between two of them
_KEYS = b"\x01\x02\x03\x04\r\n"  # what the REPL acts on

_SHORTEST = const(8)  # of a frame without its zero (LINK: Wire): code byte, kind, seq, payload 1, crc 4
_LAST_KIND = const(3)


# line: ReplLine; ticks: ticks_ms(), ticks_diff(a, b). True where somebody wants the REPL: Ctrl-C is a key again then.
# Else it is a byte like any other, and what has come is the link's. A whole frame, a host of the link, ends the wait.
def wanted(line, ticks):
    micropython.kbd_intr(_NOBODY)
    watch = _Watch()
    if _until(watch, line, ticks):
        micropython.kbd_intr(_CTRL_C)
        return True
    line.give_back(watch.came)
    return False


def _until(watch, line, ticks):
    one = bytearray(1)
    began = ticks.ticks_ms()
    verdict = None
    while verdict is None:
        left_ms = _WAIT_MS - ticks.ticks_diff(ticks.ticks_ms(), began)
        if left_ms <= 0:
            return watch.pause() or False
        if not line.wait(min(_PAUSE_MS, left_ms) if watch.busy() else left_ms):
            verdict = watch.pause()
        elif line.readinto(one):
            verdict = watch.byte(one[0])
    return verdict


# What has come so far, and what it says: True: the REPL is wanted, False: the link is, None: neither yet.
class _Watch:
    def __init__(self):
        self.came = bytearray()
        self._start = 0  # came[_start:] has come in one go

    def busy(self):
        return len(self.came) > self._start

    def byte(self, byte):
        if byte in _TYPED and self._is_interrupt(_TYPED) and self.came[-1] == _CTRL_C:
            return True
        if len(self.came) >= _MOST:  # of no use to anybody: the host that sent it sends it again
            self.came = bytearray()
            self._start = 0
        self.came.append(byte)
        if byte:
            return None
        if self._is_frame():
            return False
        self._start = len(self.came)
        return None

    def pause(self):
        if self._is_interrupt(_KEYS):
            return True
        self._start = len(self.came)
        return None

    # True where those keys have come and nothing else, and Ctrl-C is one of them.
    def _is_interrupt(self, keys):
        found = False
        for i in range(self._start, len(self.came)):
            if self.came[i] not in keys:
                return False
            found = found or self.came[i] == _CTRL_C
        return found

    # True where the look of it is a frame's: its code bytes lead from one to the next, up to its zero.
    def _is_frame(self):
        at = self._start
        end = len(self.came) - 1
        if end - at < _SHORTEST or (self.came[at] > 1 and self.came[at + 1] > _LAST_KIND):
            return False
        while at < end:
            at += self.came[at]
        return at == end
