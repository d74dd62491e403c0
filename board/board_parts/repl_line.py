# The link on the REPL's stream. It reads byte by byte: a read of more would wait for all of them.

import select
import sys

from micropython import const

_BITS_A_BYTE = const(10)
_MS = const(1000)


class ReplLine:
    # baud: of the slowest line that the stream goes to; 0 where it has no speed
    def __init__(self, baud=0):
        self.stream = sys.stdin  # what can be polled
        self._baud = baud
        self._in = sys.stdin.buffer
        self._out = sys.stdout.buffer
        self._byte = memoryview(bytearray(1))
        self._poll = select.poll()
        self._poll.register(sys.stdin, select.POLLIN)
        self._given = b""  # bytes that come first

    # These bytes were read from the line before it was the link's.
    def give_back(self, given):
        self._given = given

    def readinto(self, buf):
        n = min(len(self._given), len(buf))
        if n:
            buf[0:n] = self._given[0:n]
            self._given = self._given[n:]
        while n < len(buf) and self.any():
            self._in.readinto(self._byte)
            buf[n] = self._byte[0]
            n += 1
        return n

    def any(self):
        for _ in self._poll.ipoll(0):
            return True
        return False

    def write(self, buf, offset, count):
        return self._out.write(buf, offset, count)

    def wire_ms(self, count):
        return count * _BITS_A_BYTE * _MS // self._baud if self._baud else 0
