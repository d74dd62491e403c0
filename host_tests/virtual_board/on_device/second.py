# ruff: noqa: D100, INP001
# mypy: ignore-errors
# The second after a start, in a time of its own. MicroPython.
#
# Standard input, a line a start: MS:HEX ... the bytes that come at that time. Standard output, a line each: 1 where the
# REPL is wanted, the ms that it took to tell, what the link is given.

import sys

from board_parts import way_back


class Line:
    def __init__(self, arrivals):
        self.now = 0
        self.arrivals = arrivals
        self.given = b""

    def ticks_ms(self):
        return self.now

    def ticks_diff(self, a, b):
        return a - b

    def wait(self, timeout_ms):
        if self.arrivals:
            self.now = max(self.now, min(self.now + timeout_ms, self.arrivals[0][0]))
            return self.now >= self.arrivals[0][0]
        self.now += timeout_ms
        return False

    def readinto(self, buf):
        buf[0] = self.arrivals.pop(0)[1]
        return 1

    def give_back(self, given):
        self.given = bytes(given)


for text in sys.stdin:
    arrivals = []
    for word in text.split():
        ms, data = word.split(":")
        arrivals += [(int(ms), byte) for byte in bytes.fromhex(data)]
    line = Line(arrivals)
    wanted = way_back.wanted(line, line)
    print(int(wanted), line.now, line.given.hex())
