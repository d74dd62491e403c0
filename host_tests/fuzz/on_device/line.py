# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Both ends of a serial line made of memory, and the clock of the meter behind it. MicroPython.

from binascii import crc32

import memory

from gsme import cobs

SYNC = 0
DATA = 1
ACK = 2
HEADER = 15  # of a DATA frame's payload

# How the port takes bytes
FREE = 0
SLOW = 1  # a few at a time
STUCK = 2  # none any more
FITFUL = 3  # none for three calls, then all

# How DATA of the meter's is acknowledged: by that status, or not at all
ACCEPTED = 0
SILENT = 1

_FEW = 7
_MOST_SAID = 1 << 15  # bytes of an input
_MOST_HEARD = 1 << 18  # forty times what is acknowledged as having no room


def sealed(kind, seq, payload):
    body = bytes((kind, seq)) + payload
    frame = bytearray(b"\x00" + body + crc32(body).to_bytes(4, "little") + bytes(len(body) // 200 + 2))
    return bytes(frame[0 : cobs.encode(frame, 0, len(body) + 5)])


# While the port is stuck time passes with each look at it: nothing else would end the wait.
class Ticks(memory.Ticks):
    creeps = 0

    def ticks_ms(self):
        self.elapsed += self.creeps
        return super().ticks_ms()


# Takes its memory once: one that grew would be a piece of heap less at each end.
class Buffer:
    def __init__(self, size):
        self._octets = bytearray(size)
        self._view = memoryview(self._octets)
        self.clear()

    def clear(self):
        self._first = self._end = 0

    def __len__(self):
        return self._end - self._first

    def put(self, octets):
        end = self._end + len(octets)
        if end > len(self._octets):
            raise ValueError("more than an input may come to")
        self._octets[self._end : end] = octets
        self._end = end

    # The first that are left.
    def view(self, count):
        return self._view[self._first : self._first + count]

    def drop(self, count):
        self._first += count
        if self._first == self._end:
            self.clear()


class Line:
    def __init__(self, ticks):
        self._ticks = ticks
        self._acks = [[sealed(ACK, seq, bytes((status,))) for seq in range(256)] for status in (0, 2, 3)]
        self._to_meter = Buffer(_MOST_SAID)
        self.said = Buffer(_MOST_SAID)  # all that was put on the line but for acknowledgements given by themselves
        self.heard = Buffer(_MOST_HEARD)  # all that the meter has written
        self.frames = []  # payloads of its DATA frames, where somebody listens
        self.listens = False
        self._ends = True  # what was put last was a whole frame
        self.begin(ACCEPTED, FREE)

    # What is said from now on is another input's.
    def begin(self, acks, port):
        self._status = acks
        self._mode = port
        self._calls = 0
        self._ticks.creeps = int(port == STUCK)
        self.said.clear()
        self.heard.clear()
        self.frames.clear()

    # From now on the line works.
    def mend(self):
        self._status = ACCEPTED
        self._mode = FREE
        self._ticks.creeps = 0

    def put(self, octets):
        if len(octets):
            self._ends = octets[len(octets) - 1] == 0
        self.said.put(octets)
        self._to_meter.put(octets)

    def idle(self):
        return not len(self._to_meter)

    # --- the meter's port

    def readinto(self, buf):
        n = min(len(buf), len(self._to_meter))
        if n:
            buf[0:n] = self._to_meter.view(n)
            self._to_meter.drop(n)
        return n

    def write(self, buf, offset, count):
        if self._mode:
            count = self._room(count)
            if not count:
                return None
        self.heard.put(memoryview(buf)[offset : offset + count])
        if count > HEADER and buf[offset + 1] == DATA:
            self._on_data(buf, offset, count)
        return count

    def wire_ms(self, count):
        return 0

    def _room(self, count):
        self._calls += 1
        if self._mode == SLOW:
            return min(count, _FEW)
        if self._mode == STUCK:
            return min(count, _FEW) if self._calls == 1 else 0
        return 0 if self._calls & 3 else count

    # A DATA frame's code byte comes first, then its kind: no kind that is sent needs more of COBS.
    def _on_data(self, buf, offset, count):
        if self._status != SILENT:
            if not self._ends:
                self.put(b"\x00")
            seq = 0 if buf[offset] == 2 else buf[offset + 2]
            self._to_meter.put(self._acks[max(0, self._status - 1)][seq])
        if self.listens:
            frame = bytearray(buf[offset : offset + count - 1])
            end = cobs.decode(frame, 0, count - 1)
            self.frames.append(bytes(frame[3 : end - 4]))
