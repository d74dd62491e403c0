# The link on the REPL's stream (LINK, rule 8). A read of the stream waits until it has all that it was asked for, so
# each byte is asked for by itself, once it is there. Reading and writing allocate nothing.

import select
import sys

from micropython import const

_BITS_A_BYTE = const(10)  # start, eight, stop
_MS = const(1000)


class ReplLine:
    # baud: of the slowest line that the stream goes to; 0 where it has no speed
    def __init__(self, baud=0, stdin=sys.stdin, stdout=sys.stdout):
        self.stream = stdin  # what can be polled
        self._baud = baud
        self._in = stdin.buffer
        self._out = stdout.buffer
        self._byte = bytearray(1)
        self._poll = select.poll()
        self._poll.register(stdin, select.POLLIN)
        self.wait(0)  # the first time, poll allocates what it gives every time
        self._given = b""  # bytes that come first
        self._taken = 0  # so many of them have come

    # These bytes were read before the line was the link's: they come again.
    def give_back(self, given):
        self._given = given
        self._taken = 0

    # Returns when a byte is there, at the latest after that time. True if one is.
    def wait(self, timeout_ms):
        for _ in self._poll.ipoll(timeout_ms):
            return True
        return False

    # As many bytes as are there and find room. Returns their number.
    def readinto(self, buf):
        n = self._again(buf) if self._given else 0
        while n < len(buf) and self.wait(0):
            if not self._in.readinto(self._byte):
                return n  # the other side has gone
            buf[n] = self._byte[0]
            n += 1
        return n

    def _again(self, buf):
        n = 0
        while n < len(buf) and self._taken < len(self._given):
            buf[n] = self._given[self._taken]
            self._taken += 1
            n += 1
        if self._taken == len(self._given):
            self._given = b""
        return n

    # Takes buf[offset:offset + count] or the beginning of it: returns how much, 0 or None if nothing.
    def write(self, buf, offset, count):
        return self._out.write(buf, offset, count)

    def wire_ms(self, count):
        return count * _BITS_A_BYTE * _MS // self._baud if self._baud else 0
