# An append-only journal in a ring of flash blocks. A record is one change: after a power cut all of it is there, or
# nothing. In a file system each change would cost about an erase; here one erase makes room for a block of them.
#
#   block    0 and 1 are the anchors' (anchor.py); from 2 on the ring: segment seq is in place seq % segments
#   segment  "GJ" | version u8 | flags u8 | seq u32 | base u32 | crc u32 of these; then records
#   record   length u16 | ~length u16 | items | crc u32 of seq u32, length, ~length, items; at a word, padded with FF
#   item     kind u8 | length u16 | content: takes the place of what was kept under that name before
#
# All numbers little-endian; the check value is crc32.py's. What is live are the segments base to head, and the whole
# state is written anew at the beginning of segment base. Such a copy is complete when a later segment is opened whose
# header names it as base; only then are older segments given up. A start never goes on in the segment that the last one
# wrote: a record that was cut may leave bits that read as erased and are not.

from array import array

from micropython import const

from .. import crc32
from .flash import ENOSPC

FIRST_BLOCK = const(2)
MOST = const(1024)  # bytes of a record's items

_MAGIC = b"GJ"
_VERSION = const(1)
_COPY = const(1)  # flag: nothing but a copy, which the header of a segment behind it completes
_NONE = -1

# Header
_VERSION_AT = const(2)
_FLAGS = const(3)
_SEQ = const(4)
_BASE = const(8)
_HEADER_CRC = const(12)
_HEADER = const(16)

_SEQ_LENGTH = const(4)

# Places in the buffer that holds a record: the segment's seq, then the record as it is in flash
_LENGTH = const(4)
ITEMS = const(8)
_CRC = const(4)
_LONGEST_WORD = const(16)
_ROOM = const(ITEMS + MOST + _CRC + _LONGEST_WORD)
_ZEROS = memoryview(bytearray(16))  # as long as the longest word; the nRF programs nothing that is read-only
_BEFORE_ITEMS = const(ITEMS - _LENGTH)  # of a record in flash
_AROUND_ITEMS = const(_BEFORE_ITEMS + _CRC)
_ERASED = -1
_NO_RECORD = -2

_MOST_LIVE = const(12288)  # bytes that a copy takes at most
_TRIES = const(3)  # before a block that cannot be opened is passed over

# What mount() finds
EMPTY = const(0)
USED = const(1)
FOREIGN = const(2)  # of another version: nothing is touched


def _put(buf, at, value):
    for i in range(4):
        buf[at + i] = value & 255
        value >>= 8


# Byte by byte: as one number it would be above 2**30.
def _put_length(buf, n):
    buf[_LENGTH] = n & 255
    buf[_LENGTH + 1] = n >> 8
    buf[_LENGTH + 2] = ~n & 255
    buf[_LENGTH + 3] = ~(n >> 8) & 255


def _number(buf, at):
    return buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24


# Length of the items of the record at image[at:], _ERASED or _NO_RECORD.
def _length(image, at):
    n = image[at] | image[at + 1] << 8
    inverse = image[at + 2] | image[at + 3] << 8
    if n & inverse == 0xFFFF:
        return _ERASED
    whole = n ^ inverse == 0xFFFF and n <= MOST and at + n + _AROUND_ITEMS <= len(image)
    return n if whole else _NO_RECORD


# Whether a record is whole and of that segment. The place before it, which nothing needs any more, takes the seq.
def _holds(image, at, n, seq):
    _put(image, at - _SEQ_LENGTH, seq)
    return crc32.holds(image, at - _SEQ_LENGTH, at + n + _AROUND_ITEMS)


class Journal:
    # flash: Flash
    def __init__(self, flash):
        self._flash = flash
        self.segments = flash.blocks - FIRST_BLOCK
        self.room = -(-_MOST_LIVE // flash.block_size) + 2  # segments that a copy may need, begun and ended
        if self.segments <= 2 * self.room:
            raise ValueError("storage too small")
        self.buf = bytearray(_ROOM)  # items are composed from ITEMS on
        self._view = memoryview(self.buf)
        self.reset()

    def reset(self):
        self.head = _NONE  # the newest segment
        self.base = 0
        self._at = self._flash.block_size  # where the next record goes
        self._flags = 0  # of the segments that are opened
        self._suspect = _NONE  # a segment that was not opened, and may say all the same that a copy is complete
        self._revoked = None  # (block, place) of a record that failed, and may be whole all the same
        self._unreadable = False  # a block could not be read: perhaps it can at the next start
        self._failures = 0  # to open the next one
        self._copy = _NONE  # the segment in which the copy begins that is being made
        self.damaged = False  # something that was kept cannot be read

    def _block(self, seq):
        return FIRST_BLOCK + seq % self.segments

    # Segments that can be opened before a live one would be lost.
    def free(self):
        return self.segments - (self.head - self.base + 1)

    # --- reading

    # Hands the items of all live records, oldest first, to apply(buf, start, end). Returns EMPTY, USED or FOREIGN.
    def mount(self, apply):
        seqs = array("i", [_NONE] * self.segments)
        if self._read_headers(seqs):
            return FOREIGN
        self.head = self._newest(seqs)
        if self.head == _NONE:
            return EMPTY
        self._read_header(self.head % self.segments)
        self.base = _number(self.buf, _BASE)
        self._replay_all(seqs, bytearray(self._flash.block_size), apply)
        return USED

    # A copy is taken for one at the base alone: one that was dropped may have been passed over since. Where a header
    # cannot be read the records still say whose they are.
    def _replay_all(self, seqs, image, apply):
        in_copy = True
        for seq in range(self.base, self.head + 1):
            found = seqs[seq % self.segments]
            in_copy = in_copy and found & _COPY == _COPY
            if found == seq << 1 | _COPY and not in_copy:
                continue
            self.damaged = self.damaged or found >> 1 != seq
            self._replay(seq, image, apply)
        self._look_beyond(image, apply)

    # The header of the newest segment may be lost; or the segment cannot be read now, and is not to be erased.
    def _look_beyond(self, image, apply):
        if self._read_header((self.head + 1) % self.segments):
            return
        before = self._unreadable
        self._unreadable = False
        if self._replay(self.head + 1, image, apply) or self._unreadable:
            self.damaged = True
            self.head += 1
        self._unreadable = self._unreadable or before

    # Leaves what each place holds: seq and whether it is a copy, in the lowest bit. True for another version's flash.
    def _read_headers(self, seqs):
        for place in range(self.segments):
            if not self._read_header(place):
                continue
            if self.buf[_VERSION_AT] != _VERSION:
                return True
            seqs[place] = _number(self.buf, _SEQ) << 1 | self.buf[_FLAGS] & _COPY
        return False

    def _read_header(self, place):
        try:
            self._flash.read(FIRST_BLOCK + place, 0, self._view[0:_HEADER])
        except OSError:
            self.damaged = self._unreadable = True
            return False
        return self.buf[0:_VERSION_AT] == _MAGIC and crc32.holds(self.buf, 0, _HEADER)

    # A copy that nothing completes says nothing new, and does not count.
    def _newest(self, seqs):
        while True:
            newest = max(seqs)
            if newest == _NONE or not newest & _COPY:
                return newest >> 1
            seqs[(newest >> 1) % self.segments] = _NONE

    # Behind a record that was cut there is none; where there is, one in the middle was lost. A segment is read at one
    # go, and its records are taken where they lie: there are thousands, and none is worth a piece of heap. Returns how
    # many there are.
    def _replay(self, seq, image, apply):
        try:
            self._flash.read(self._block(seq), 0, image)
        except OSError:
            self.damaged = self._unreadable = True
            return 0
        at = self._flash.aligned(_HEADER)
        found = 0
        cut = False
        while at + _AROUND_ITEMS <= len(image):
            n = _length(image, at)
            if n == _ERASED and not cut:
                break
            if n < 0 or not _holds(image, at, n, seq):
                cut = True
                at += self._flash.word
                continue
            self.damaged = self.damaged or cut
            found += 1
            apply(image, at + _BEFORE_ITEMS, at + _BEFORE_ITEMS + n)
            at = self._flash.aligned(at + n + _AROUND_ITEMS)
        return found

    # --- writing; OSError where it fails

    # Appends the record whose items are buf[ITEMS:end].
    def append(self, end):
        self._settle_doubts()
        size = self._flash.aligned(end - _LENGTH + _CRC)
        if self._at + size > self._flash.block_size:
            self._open(self.base, self._flags)
        buf = self.buf
        _put(buf, 0, self.head)
        _put_length(buf, end - ITEMS)
        crc32.append(buf, 0, end)
        for i in range(end + _CRC, _LENGTH + size):
            buf[i] = 0xFF
        at = self._at
        self._at += size
        try:
            self._flash.program(self._block(self.head), at, self._view[_LENGTH:], size)
        except OSError as error:
            self._at = self._flash.block_size
            self._revoked = (self._block(self.head), at)
            try:
                self._settle_doubts()
            except OSError:
                pass  # before anything else is written
            raise error

    # What failed may be whole in flash all the same: a restart must not bring it back.
    def _settle_doubts(self):
        if self._revoked:
            self._flash.program(*self._revoked, _ZEROS, self._flash.aligned(_BEFORE_ITEMS))
            self._revoked = None
        if self._suspect != _NONE:
            self._flash.erase(self._block(self._suspect))
            self._suspect = _NONE

    # Opens the next segment.
    def _open(self, base, flags):
        if not self.free():
            raise OSError(ENOSPC)
        self._settle_doubts()
        self._at = self._flash.block_size
        try:
            self._at = self._begin_segment(self.head + 1, base, flags)
        except OSError as error:
            self._pass_over()
            raise error
        self.head += 1
        self._failures = 0

    # Returns where its first record goes.
    def _begin_segment(self, seq, base, flags):
        self._flash.erase(self._block(seq))
        header = bytearray(b"\xff" * self._flash.aligned(_HEADER))
        header[0:_VERSION_AT] = _MAGIC
        header[_VERSION_AT] = _VERSION
        header[_FLAGS] = flags
        _put(header, _SEQ, seq)
        _put(header, _BASE, base)
        crc32.append(header, 0, _HEADER_CRC)
        self._flash.program(self._block(seq), 0, memoryview(header), len(header))
        return len(header)

    # A block that fails again and again, as long as there are others.
    def _pass_over(self):
        self._failures += 1
        if self._failures >= _TRIES and self.free() > self.room:
            self._failures = 0
            self.head += 1

    # --- copying

    # True when it is time for a copy: there is enough to read at a start, or little is left to write to.
    def wants_copy(self):
        if self._unreadable:
            return False  # what is older is given up as late as can be
        return self.head - self.base + 1 >= 2 * self.room - 1 or self.free() <= self.room + 2

    # Begins a copy of the whole state, which is appended from now on. alone: nothing else is, until it is complete.
    def begin_copy(self, alone):
        self._flags = _COPY if alone else 0
        self._copy = self.head + 1
        self._open(self.base, self._flags)

    # The copy is complete: what is older is given up.
    def end_copy(self):
        following = self.head + 1
        try:
            self._open(self._copy, 0)
        except OSError as error:
            self._suspect = following
            raise error
        self.base = self._copy
        self._flags = 0

    # Something failed. What was copied alone says nothing new: its segments are written again.
    def drop_copy(self):
        if self._flags:
            self.head = self._copy - 1
            self._at = self._flash.block_size
        self._flags = 0
