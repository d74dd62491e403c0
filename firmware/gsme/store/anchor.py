# Anchors of the Security Log's chain, apart from the journal: how many entries there ever were, and the tags of the
# newest and of the last one that was overwritten. A log whose tail is cut does not reach its anchor any more.
#
#   "GA" | version u8 | 0 | count u32 | newest: its number and one u32, tag 8 | last overwritten: the same | crc u32
#
# They are appended in block 0 or 1; the one with the highest count holds. A start, or a full block, goes on in the
# other block, which is erased first: the newest anchor is never in danger.

from micropython import const

from .. import crc32

_MAGIC = b"GA\x01\x00"
_COUNT = const(4)
_NEWEST = const(8)
_OVERWRITTEN = const(20)
_CRC_AT = const(32)
_LENGTH = const(36)
_TAG = const(8)
_BLOCKS = const(2)


def _put(buf, at, value):
    buf[at : at + 4] = value.to_bytes(4, "little")


def _number(buf, at):
    return int.from_bytes(buf[at : at + 4], "little")


class Anchor:
    # flash: Flash
    def __init__(self, flash):
        self._flash = flash
        self._size = flash.aligned(_LENGTH)
        self._buf = bytearray(b"\xff" * self._size)
        self._view = memoryview(self._buf)
        self._count = 0
        self._newest_in = 0  # the block that holds the newest anchor
        self._block = 0  # the one that is written now
        self._at = flash.block_size
        self.newest = 0  # entries that the log had in all
        self.tag = bytes(_TAG)  # of the last of them
        self.overwritten = 0  # entries that have left it

    # Finds the newest anchor.
    def mount(self):
        for block in range(_BLOCKS):
            for at in range(0, self._flash.block_size - self._size + 1, self._size):
                if not self._take(block, at):
                    break

    # True for an anchor, or where one was cut: others may follow.
    def _take(self, block, at):
        buf = self._buf
        try:
            self._flash.read(block, at, self._view)
        except OSError:
            return True
        if buf[0:_COUNT] == _MAGIC and crc32.holds(buf, 0, _LENGTH) and _number(buf, _COUNT) > self._count:
            self._count = _number(buf, _COUNT)
            self._newest_in = block
            self.newest = _number(buf, _NEWEST)
            self.tag = bytes(buf[_NEWEST + 4 : _OVERWRITTEN])
            self.overwritten = _number(buf, _OVERWRITTEN)
        return buf[0] != 0xFF

    # OSError where it cannot be written.
    def write(self, newest, tag, overwritten, overwritten_tag):
        buf = self._buf
        buf[0:_COUNT] = _MAGIC
        _put(buf, _COUNT, self._count + 1)
        _put(buf, _NEWEST, newest)
        buf[_NEWEST + 4 : _OVERWRITTEN] = tag
        _put(buf, _OVERWRITTEN, overwritten)
        buf[_OVERWRITTEN + 4 : _CRC_AT] = overwritten_tag
        crc32.append(buf, 0, _CRC_AT)
        for i in range(_LENGTH, self._size):
            buf[i] = 0xFF
        self._append()
        self._newest_in = self._block
        self._count += 1
        self.newest = newest
        self.tag = bytes(tag)
        self.overwritten = overwritten

    def _append(self):
        if self._at + self._size > self._flash.block_size:
            self._at = self._flash.block_size  # until it has been erased
            self._block = 1 - self._newest_in
            self._flash.erase(self._block)
            self._at = 0
        at = self._at
        self._at += self._size
        self._flash.program(self._block, at, self._view, self._size)
