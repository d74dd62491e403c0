"""The journal in a meter's flash, read from an image of it with no code of the firmware.

    block     0 and 1 hold anchors; the others are a ring of segments: segment seq is in place seq % (their number)
    segment   "GJ" | version u8 | flags u8 | seq u32 | base u32 | crc u32 of these; then records
    record    length u16 | ~length u16 | items | crc u32 of seq u32, length, ~length, items; at a word, padded with FF
    item      kind u8 | length u16 | content: takes the place of what was there before
    anchor    "GA" | version u8 | 0 | count u32 | newest: its number and one u32, tag 8 | last overwritten: the same |
              crc u32 of these; at a word, padded with FF

All numbers little-endian, a crc is CRC-32. What is live are the records of the segments base to head, in order. Of the
anchors the one with the highest count holds. A record that does not fit is stepped over, word by word.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple

from .security_log import LEAST_ENTRY, Entry, SecurityLog

VERSION: Final = 1

_ANCHOR_BLOCKS: Final = 2
_LEAST_BLOCKS: Final = _ANCHOR_BLOCKS + 1
_COPY: Final = 1  # flag: nothing but a copy, which the header of a later segment completes
_COMPLEMENT: Final = 0xFFFF

_HEADER: Final = Struct("<2sBBIII")
_ANCHOR: Final = Struct("<2sBBII8sI8sI")
_LENGTHS: Final = Struct("<HH")
_U32: Final = Struct("<I")
_ITEM: Final = Struct("<BH")
_ENTRY_HEAD: Final = Struct("<II8s")  # number, order, tag
_BOUNDS: Final = Struct("<8xII")  # Security Log's first and next, behind those of the Event Log


class JournalError(Exception):
    """An image in which there is no journal, or none that can be read; the text is for people."""


class Kind(IntEnum):
    """Kinds of items that say something of the Security Log."""

    SECURITY_ENTRY = 0x05
    BOUNDS = 0x10
    CHAIN_KEY = 0x11
    RESET = 0x7F


class Geometry(NamedTuple):
    """Of a flash: bytes that are erased together, and bytes that are programmed together."""

    block_size: int
    word: int

    def aligned(self, at: int) -> int:
        """The next place at or behind `at` where a word begins."""
        return -(-at // self.word) * self.word


@dataclass(frozen=True, order=True)
class Anchor:
    """What is known of the log apart from it: how many entries there were, how many of them left, and two tags."""

    count: int
    entries: int
    tag: bytes
    overwritten: int
    overwritten_tag: bytes


@dataclass
class Journal:
    """What an image tells of the Security Log.

    `skipped`: places where no record fits although others follow; `lost_headers`: of live segments.
    """

    log: SecurityLog = field(default_factory=SecurityLog)
    key: bytes | None = None
    anchor: Anchor | None = None
    skipped: int = 0
    lost_headers: int = 0

    def apply(self, kind: int, content: bytes) -> None:
        """One item; of other kinds, and of none that makes sense, nothing is taken."""
        if kind == Kind.SECURITY_ENTRY and len(content) >= _ENTRY_HEAD.size + LEAST_ENTRY:
            number, order, tag = _ENTRY_HEAD.unpack_from(content)
            self.log.put(Entry(number, order, tag, content[_ENTRY_HEAD.size :]))
        elif kind == Kind.BOUNDS and len(content) >= _BOUNDS.size:
            self.log.bound(*_BOUNDS.unpack_from(content))
        elif kind == Kind.CHAIN_KEY:
            self.key = content
        elif kind == Kind.RESET:
            self.log.clear()


class _Segment(NamedTuple):
    seq: int
    base: int
    copy: bool
    content: bytes  # of the whole block


def read(image: bytes, geometry: Geometry) -> Journal:
    """What the whole flash tells; JournalError where it is no flash of that geometry, or holds no journal."""
    if geometry.block_size < _ANCHOR.size or geometry.word < 1:
        raise JournalError(f"no flash has blocks of {geometry.block_size} bytes and words of {geometry.word}")
    blocks, rest = divmod(len(image), geometry.block_size)
    if rest or blocks < _LEAST_BLOCKS:
        raise JournalError(f"{len(image)} bytes are not {_LEAST_BLOCKS} or more blocks of {geometry.block_size}")
    anchor = max(_anchors(image, geometry), default=None)
    segments = _segments(image, geometry.block_size)
    if not segments and not (anchor and anchor.entries):
        raise JournalError("there is no journal in it")
    journal = Journal(anchor=anchor)
    _replay(journal, image, segments, geometry)
    return journal


def _anchors(image: bytes, geometry: Geometry) -> Iterator[Anchor]:
    for block in range(_ANCHOR_BLOCKS):
        start = block * geometry.block_size
        last = start + geometry.block_size - _ANCHOR.size
        for at in range(start, last + 1, geometry.aligned(_ANCHOR.size)):
            magic, version, _, *values, _ = _ANCHOR.unpack_from(image, at)
            if magic == b"GA" and _proved(image[at : at + _ANCHOR.size]):
                _check_version(version)
                yield Anchor(*values)


def _segments(image: bytes, block_size: int) -> dict[int, _Segment]:
    """The segments that are there, by seq; one in another's place tells that blocks are missing."""
    found = {}
    places = len(image) // block_size - _ANCHOR_BLOCKS
    for place in range(places):
        block = image[(_ANCHOR_BLOCKS + place) * block_size :][:block_size]
        magic, version, flags, seq, base, _ = _HEADER.unpack_from(block)
        if magic != b"GJ" or not _proved(block[: _HEADER.size]):
            continue
        _check_version(version)
        if seq % places != place:
            raise JournalError(f"segment {seq} is not where it belongs: is this the whole storage?")
        found[seq] = _Segment(seq, base, bool(flags & _COPY), block)
    return found


def _check_version(version: int) -> None:
    if version != VERSION:
        raise JournalError(f"a journal of version {version}; this command knows version {VERSION}")


def _proved(data: bytes) -> bool:
    """Whether data ends in its own crc."""
    return _U32.pack(binascii.crc32(data[: -_U32.size])) == data[-_U32.size :]


def _replay(journal: Journal, image: bytes, segments: dict[int, _Segment], geometry: Geometry) -> None:
    """Applies what is live. A copy that nothing completes is not: the head is the newest segment of another kind."""
    head = max((seq for seq, segment in segments.items() if not segment.copy), default=None)
    if head is None:
        return
    for segment in _live(image, segments, head, geometry.block_size):
        known = segment.seq in segments
        found = False
        for skipped, items in _records(segment, geometry):
            found = True
            journal.skipped += skipped
            for kind, content in _items(items):
                journal.apply(kind, content)
        journal.lost_headers += not known and (found or segment.seq <= head)


def _live(image: bytes, segments: dict[int, _Segment], head: int, block_size: int) -> Iterator[_Segment]:
    """From base to head, and the one behind, if its header is lost: records say themselves in which segment they are.

    A copy alone counts at the base only; elsewhere it was given up.
    """
    places = len(image) // block_size - _ANCHOR_BLOCKS
    in_copy = True
    for seq in range(max(segments[head].base, head + 1 - places), head + 2):
        block = image[(_ANCHOR_BLOCKS + seq % places) * block_size :][:block_size]
        segment = segments.get(seq) or _Segment(seq, 0, copy=False, content=block)
        in_copy = in_copy and (segment.copy or seq not in segments)
        if (in_copy or not segment.copy) and (seq <= head or seq not in segments):
            yield segment


def _records(segment: _Segment, geometry: Geometry) -> Iterator[tuple[bool, bytes]]:
    """The items of each record, and whether something that is no record stands before it."""
    at = geometry.aligned(_HEADER.size)
    skipped = False
    while at + _LENGTHS.size + _U32.size <= len(segment.content):
        items = _record(segment, at)
        if items is None:
            skipped = True
            at += geometry.word
            continue
        yield skipped, items
        skipped = False
        at = geometry.aligned(at + _LENGTHS.size + len(items) + _U32.size)


def _record(segment: _Segment, at: int) -> bytes | None:
    length, inverse = _LENGTHS.unpack_from(segment.content, at)
    if length ^ inverse != _COMPLEMENT:
        return None
    whole = segment.content[at : at + _LENGTHS.size + length + _U32.size]
    cut = len(whole) < _LENGTHS.size + length + _U32.size
    return None if cut or not _proved(_U32.pack(segment.seq) + whole) else whole[_LENGTHS.size : -_U32.size]


def _items(record: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ITEM.size <= len(record):
        kind, length = _ITEM.unpack_from(record, at)
        start, at = at + _ITEM.size, at + _ITEM.size + length
        if at <= len(record):
            yield kind, record[start:at]
