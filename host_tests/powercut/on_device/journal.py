# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# The store's format, read by other code than the firmware's, and what must hold of the chain of the Security Log in
# it. MicroPython.
#
#   blocks 0, 1   anchors: "GA" 01 00 | count | entries ever | tag 8 | overwritten | tag 8 | crc, u32 each
#   the others    "GJ" 01 | flags u8 | seq | base | crc; records: length u16, ~length u16, items, crc over seq and these

import struct
from binascii import crc32
from hashlib import sha256

FIRST_BLOCK = 2
_HEADER = 16
_ANCHOR = 36
_COPY = 1
_SECURITY_ENTRY = 0x05
_BOUNDS = 0x10
_CHAIN_KEY = 0x11
_MOST_KNOWN = 96


# (kind, content) of each item.
def _items(p):
    at = 0
    found = []
    while at + 3 <= len(p):
        end = at + 3 + (p[at + 1] | p[at + 2] << 8)
        found.append((p[at], p[at + 3 : end]))
        at = end
    return found


# Kinds of the items in what an operation programs; none if it is no record.
def kinds_of(block, offset, data):
    if block < FIRST_BLOCK or offset == 0 or len(data) < 8:
        return ()
    n = data[0] | data[1] << 8
    if n ^ 0xFFFF != data[2] | data[3] << 8:
        return ()
    return [kind for kind, _ in _items(data[4 : 4 + n])]


# A segment: (seq, base, flags, items that matter here, where its last record begins), None where there is none.
def _segment(p, word):
    if p[0:3] != b"GJ\x01" or crc32(p[0:12]) != struct.unpack("<I", p[12:16])[0]:
        return None
    flags, seq, base = struct.unpack("<BII", p[3:12])
    items = []
    last = 0
    at = -(-_HEADER // word) * word
    while at + 8 <= len(p):
        record = _record(p, at, seq)
        if record is None:
            at = _next_place(p, at + word, word)
        else:
            last = at
            items += [item for item in _items(record) if item[0] in (_SECURITY_ENTRY, _BOUNDS, _CHAIN_KEY)]
            at += -(-(len(record) + 8) // word) * word
    return seq, base, flags, items, last


# Where a record may be: not where nothing was programmed.
def _next_place(p, at, word):
    erased = len(p) - at - len(p[at:].lstrip(b"\xff"))
    return at + erased // word * word


def _record(p, at, seq):
    n = p[at] | p[at + 1] << 8
    end = at + 4 + n
    if n ^ 0xFFFF != p[at + 2] | p[at + 3] << 8 or end + 4 > len(p):
        return None
    if crc32(p[at:end], crc32(struct.pack("<I", seq))) != struct.unpack("<I", p[end : end + 4])[0]:
        return None
    return p[at + 4 : end]


# (count, entries ever, tag, overwritten, tag) of the newest anchor in a block, None without one.
def _newest_anchor(p, word):
    newest = None
    for at in range(0, len(p) - _ANCHOR + 1, -(-_ANCHOR // word) * word):
        if p[at : at + 4] == b"GA\x01\x00" and crc32(p[at : at + 32]) == struct.unpack("<I", p[at + 32 : at + 36])[0]:
            anchor = struct.unpack("<II8sI8s", p[at + 4 : at + 32])
            if newest is None or anchor[0] > newest[0]:
                newest = anchor
    return newest


def _tag(key, before, number, order, entry):
    padded = key + bytes(64 - len(key))
    inner = sha256(
        bytes([octet ^ 0x36 for octet in padded]) + before + struct.pack("<I", number) + order + entry
    ).digest()
    return sha256(bytes([octet ^ 0x5C for octet in padded]) + inner).digest()[0:8]


class Reader:
    # Blocks that have been seen before are known by their hash: a CRC is the same for all that end in their own CRC.
    def __init__(self, block_size, word):
        self._block_size = block_size
        self._word = word
        self._known = {}
        self._proved = {}  # number: (key, tag before, rest of the entry) whose tag is right

    # What is wrong with the chain in that image; empty if it holds.
    def fault(self, image):
        blocks = self._read(image)
        anchors = [anchor for anchor in blocks[0:FIRST_BLOCK] if anchor]
        live = _live([segment for segment in blocks[FIRST_BLOCK:] if segment])
        key, bounds, entries = _gather(live)
        return self._check(key, bounds, entries, max(anchors) if anchors else None)

    # Whether a place is in a segment's header or its last record: damage there looks like a cut.
    def is_like_a_cut(self, image, place):
        block = place // self._block_size
        segment = self._read(image)[block]
        if block < FIRST_BLOCK or segment is None:
            return False
        return not _HEADER <= place % self._block_size < segment[4]

    def _read(self, image):
        view = memoryview(image)
        blocks = []
        for start in range(0, len(image), self._block_size):
            p = view[start : start + self._block_size]
            name = (start, sha256(p).digest())
            if name not in self._known:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                reads = _segment if len(blocks) >= FIRST_BLOCK else _newest_anchor
                self._known[name] = reads(bytes(p), self._word)
            blocks.append(self._known[name])
        return blocks

    def _check(self, key, bounds, entries, anchor):
        first, following = bounds
        if key is None:
            return "no chain key"
        if following - first > 100:
            return "more than 100 entries"
        before = None
        for number in range(first, following):
            if number not in entries:
                return "entry %d is missing" % number
            if before is None:
                before = _tag_before(first, anchor)
            if before is not None and not self._proves(key, before, number, entries[number]):
                return "tag of entry %d" % number
            before = entries[number][4:12]
        return _anchor_fault(anchor, following, entries)

    def _proves(self, key, before, number, content):
        name = (key, before, content)
        if self._proved.get(number) != name:
            if _tag(key, before, number, content[0:4], content[12:]) != content[4:12]:
                return False
            self._proved[number] = name
        return True


# The segments from base to head, in order.
def _live(segments):
    segments.sort(key=lambda segment: segment[0])
    while segments and segments[-1][2] & _COPY:
        segments.pop()
    return [segment for segment in segments if segment[0] >= segments[-1][1]]


# Chain key, (first, next) and entries of the Security Log: order u32, tag, entry each, by number.
def _gather(live):
    key = None
    first = following = 0
    entries = {}
    for _, _, _, items, _ in live:
        for kind, content in items:
            if kind == _CHAIN_KEY:
                key = content
            elif kind == _BOUNDS:
                first, following = struct.unpack("<II", content[8:16])
            else:
                number = struct.unpack("<I", content[0:4])[0]
                entries[number] = content[4:]
                if number >= following:
                    following = number + 1
                    first = max(first, following - 100)
    return key, (first, following), entries


# The tag of the entry before the first one, None where no anchor tells: it may be one entry behind.
def _tag_before(first, anchor):
    if first == 0:
        return bytes(8)
    return anchor[4] if anchor and anchor[3] == first else None


def _anchor_fault(anchor, following, entries):
    if anchor is None:
        return "no anchor" if following > 1 else ""
    if not following - 1 <= anchor[1] <= following:
        return "the anchor is at %d of %d" % (anchor[1], following)
    if anchor[1] - 1 in entries and entries[anchor[1] - 1][4:12] != anchor[2]:
        return "tag of the anchor"
    return ""
