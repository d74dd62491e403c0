"""A meter's flash with a Security Log in it, written from the text of the format; and what is done to it by others.

blocks 0, 1   anchors: "GA" 01 00 | count | entries ever | tag 8 | overwritten | tag 8 | crc, at words
the others    "GJ" 01 | flags | seq | base | crc; records: length u16, ~length u16, items, crc over seq and these
items         kind u8, length u16, content: 05 entry, 10 bounds, 11 key, 7F cleared by a reset
tag           HMAC-SHA-256(key, tag before | number | order | entry), 8 bytes
"""

from __future__ import annotations

import hashlib
import hmac
from binascii import crc32
from dataclasses import dataclass, field
from typing import Final

from gsme_host.zcl import octstr, u8, u16, u32

KEY: Final = bytes(range(0x30, 0x40))
NOON: Final = 0x2F00A8C0
ENTRY, BOUNDS, CHAIN_KEY, RESET = 0x05, 0x10, 0x11, 0x7F
ORDER: Final = 3 + 4  # where the order begins in an item that is an entry
ENTRY_TAG: Final = ORDER + 4
ENTRY_IMAGE: Final = ENTRY_TAG + 8
ENTRIES: Final = 100
_BEFORE_RING: Final = 2
_HEADER: Final = 16
_AROUND: Final = 8  # bytes of a record beside its items
_SLICE: Final = 4  # entries that a record of a copy has


@dataclass(frozen=True)
class Shape:
    """Of a flash: blocks, bytes of a block, bytes that are programmed together."""

    blocks: int = 24
    block: int = 4096
    word: int = 4

    def aligned(self, size: int) -> int:
        """As many whole words."""
        return -(-size // self.word) * self.word


SIMULATED: Final = Shape()
SMALL: Final = Shape(24, 512, 4)


def with_crc(data: bytes, before: bytes = b"") -> bytes:
    """Data and the check value over it, and over something before it."""
    return data + u32(crc32(before + data))


def item(kind: int, content: bytes = b"") -> bytes:
    """One item."""
    return u8(kind) + u16(len(content)) + content


@dataclass
class JournalWriter:
    """A meter at work: `image` is its flash at any time, `at` where the newest item of each entry begins in it."""

    shape: Shape = SIMULATED
    key: bytes = KEY
    version: int = 1
    image: bytearray = field(init=False)
    first: int = 0
    next: int = 0
    at: dict[int, int] = field(default_factory=dict)
    tags: dict[int, bytes] = field(default_factory=lambda: {-1: bytes(8)})
    items: dict[int, bytes] = field(default_factory=dict)
    bounds_at: int = 0

    def __post_init__(self) -> None:
        """The first start: all there is in copies alone, which the header behind them completes."""
        self.image = bytearray(b"\xff" * (self.shape.blocks * self.shape.block))
        self.seq = self.base = -1
        self._order = self._anchors = 0
        self._anchor_block, self._anchor_at = 1, 0
        self._copy(alone=True)

    def put(self, code: int = 0x8F3F, data: bytes = b"", *, anchored: bool = True) -> None:
        """One more entry; where the log is full the oldest one leaves it."""
        number = self.next
        self._order += 1
        entry = u8(4) + u16(code) + u32(NOON + 60 * number) + octstr(data)
        message = self.tags[number - 1] + u32(number) + u32(self._order) + entry
        self.tags[number] = hmac.new(self.key, message, hashlib.sha256).digest()[:8]
        content = u32(number) + u32(self._order) + self.tags[number] + entry
        self.items[number] = item(ENTRY, content)
        self.at[number] = self.record(self.items[number])
        self.next += 1
        self.first = max(self.first, self.next - ENTRIES)
        if anchored:
            self.anchor()

    def put_many(self, count: int) -> JournalWriter:
        """So many entries with data of their own; copies are made in between as the ring needs them."""
        for _ in range(count):
            self.put(data=u16(self.next & 0xFFFF))
            if self.seq - self.base >= self.shape.blocks // 2:
                self.copy()
        return self

    def clear(self, *, anchored: bool = True) -> None:
        """A factory reset."""
        self.cleared_at = self.record(item(RESET))
        self.first = self.next
        if anchored:
            self.anchor()

    def restart(self) -> None:
        """Nothing is appended to what the last run wrote."""
        self.open(self.base)
        self._other_anchors()

    def copy(self) -> None:
        """All there is at the end once more; what is older is given up."""
        self._copy(alone=False)

    def begin_copy(self, *, alone: bool) -> int:
        """A copy that has no end yet; returns the segment that it begins in."""
        self.open(self.base, copy=alone)
        start = self.seq
        self.record(item(CHAIN_KEY, self.key), copy=alone)
        numbers = range(self.first, self.next)
        for group in (numbers[i : i + _SLICE] for i in range(0, len(numbers), _SLICE)):
            begin = self.record(b"".join(self.items[number] for number in group), copy=alone)
            for number in group:
                self.at[number] = begin
                begin += len(self.items[number])
        return start

    def _copy(self, *, alone: bool) -> None:
        start = self.begin_copy(alone=alone)
        numbers = b"".join(map(u32, (0, 0, self.first, self.next, self._order)))
        newest = self.tags[self.next - 1] + self.tags[self.first - 1]
        self.bounds_at = self.record(item(BOUNDS, numbers + newest), copy=alone)
        self.open(start)

    def open(self, base: int, *, copy: bool = False) -> None:
        """The next segment."""
        self.seq += 1
        self.base = max(base, 0)
        header = b"GJ" + u8(self.version) + u8(copy) + u32(self.seq) + u32(self.base)
        start = self._block() * self.shape.block
        self.image[start : start + self.shape.block] = b"\xff" * self.shape.block
        self._program(start, with_crc(header))
        self._end = start + self.shape.aligned(_HEADER)

    def record(self, items: bytes, *, copy: bool = False) -> int:
        """One transaction, in a segment of its own kind; returns where its items begin in the image."""
        whole = (self._block() + 1) * self.shape.block
        if self._end + len(items) + _AROUND > whole:
            self.open(self.base, copy=copy)
        start = self._end
        body = u16(len(items)) + u16(len(items) ^ 0xFFFF) + items
        self._program(start, with_crc(body, u32(self.seq)))
        self._end += self.shape.aligned(len(items) + _AROUND)
        return start + 4

    def anchor(self) -> None:
        """What is known of the log apart from it."""
        self._anchors += 1
        known = u32(self.next) + self.tags[self.next - 1] + u32(self.first) + self.tags[self.first - 1]
        data = with_crc(b"GA" + u8(self.version) + u8(0) + u32(self._anchors) + known)
        if self._anchor_at + len(data) > self.shape.block:
            self._other_anchors()
        self.anchor_at = self._anchor_block * self.shape.block + self._anchor_at
        self._program(self.anchor_at, data)
        self._anchor_at += self.shape.aligned(len(data))

    def _other_anchors(self) -> None:
        self._anchor_block, self._anchor_at = 1 - self._anchor_block, 0
        start = self._anchor_block * self.shape.block
        self.image[start : start + self.shape.block] = b"\xff" * self.shape.block

    def _block(self) -> int:
        return _BEFORE_RING + self.seq % (self.shape.blocks - _BEFORE_RING)

    def _program(self, at: int, data: bytes) -> None:
        assert set(self.image[at : at + len(data)]) == {0xFF}, "erased before"
        self.image[at : at + len(data)] = data


def turn(image: bytearray, bit: int) -> None:
    """One bit is another."""
    image[bit // 8] ^= 1 << bit % 8


def record_around(image: bytes | bytearray, at: int, shape: Shape = SIMULATED) -> tuple[int, int]:
    """Where the record begins and ends, crc included, that has a byte of its items at that place."""
    start = at // shape.block * shape.block + shape.aligned(_HEADER)
    while start <= at:
        length, inverse = (int.from_bytes(image[start + half :][:2], "little") for half in (0, 2))
        size = length + _AROUND if length ^ inverse == 0xFFFF else 1
        if at < start + size:
            return start, start + size
        start += shape.aligned(size)
    raise AssertionError(f"no record around {at}")


def mend(image: bytearray, at: int, shape: Shape = SIMULATED) -> None:
    """Gives the record around that place the crc that its items should have."""
    start, end = record_around(image, at, shape)
    seq = at // shape.block * shape.block + 4
    image[start:end] = with_crc(bytes(image[start : end - 4]), bytes(image[seq : seq + 4]))


def erase_record(image: bytearray, at: int, shape: Shape = SIMULATED) -> None:
    """As if it had never been written."""
    start, end = record_around(image, at, shape)
    image[start:end] = b"\xff" * (end - start)


def erase_block(image: bytearray, at: int, shape: Shape = SIMULATED) -> None:
    """The block around that place."""
    start = at // shape.block * shape.block
    image[start : start + shape.block] = b"\xff" * shape.block


def with_anchors_of(image: bytes | bytearray, other: bytes | bytearray, shape: Shape = SIMULATED) -> bytearray:
    """The journal of one, the anchors of another."""
    anchors = _BEFORE_RING * shape.block
    return bytearray(other[:anchors] + image[anchors:])
