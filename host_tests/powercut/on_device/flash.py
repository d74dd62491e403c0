# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A flash chip made of memory, by MicroPython's extended block protocol, and what may go wrong with it. MicroPython.
#
# Programs and erases are counted together, from 0 on over the life of the object: its operations. An object whose power
# was cut takes part in nothing any more, so that an old device cannot write on what a new one has begun to read.


import damage

EIO = 5
ENOSPC = 28

_BLOCK_COUNT = 4  # operations of ioctl
_BLOCK_SIZE = 5
_ERASE = 6


# The power is gone. Not an Exception: nothing of the firmware's may catch it.
class Cut(BaseException):
    pass


# How operations first to last - 1 fail, with OSError(number): NOT_DONE, HALF_DONE or DONE all the same; reads fail too?
NOT_DONE = 0
HALF_DONE = 1
DONE = 2


class Failing:
    def __init__(self, first, last, number=EIO, how=NOT_DONE, reads=False):
        self.first = first
        self.last = last
        self.number = number
        self.how = how
        self.reads = reads

    def hits(self, operation):
        return self.first <= operation < self.last


class Flash:
    # image: bytearray of all blocks, which others may share; word: bytes that are programmed together
    def __init__(self, image, block_size, word):
        self.image = image
        self.block_size = block_size
        self.word = word
        self.view = memoryview(image)
        self.blocks = len(image) // block_size
        self.programs = 0
        self.erases = 0
        self.programmed = 0  # bytes
        self.erased = [0] * self.blocks  # times, a block
        self.operations = 0
        self.wrong = 0  # calls that break the chip's rules
        self.log = None  # log(block, offset, data), data None for an erase: before each operation
        self.dead = False
        self.cut_at = -1  # operation at which the power goes
        self.cut_how = (0, damage.AS_WAS, 0)  # bytes done, tail, seed: see damage.py
        self.failing = None  # Failing
        self.ignored = ()  # operations that do nothing and say nothing
        self.unreadable = ()  # blocks
        self.flips = {}  # place in image: bits that read wrong

    # --- block protocol

    def readblocks(self, block, buf, offset=0):
        start = block * self.block_size + offset
        end = start + len(buf)
        if self.dead:
            raise Cut
        if offset < 0 or end > len(self.image):
            self._complain("read")
        if block in self.unreadable or self.failing and self.failing.reads and self.failing.hits(self.operations):
            raise OSError(EIO)
        buf[:] = self.view[start:end]
        if self.flips:
            self._flip(buf, start, end)

    def writeblocks(self, block, buf, offset=0):
        size = len(buf)
        if not size or offset < 0 or offset % self.word or size % self.word or offset + size > self.block_size:
            self._complain("program")
        start = block * self.block_size + offset
        view = self.view[start : start + size]
        if view != b"\xff" * size and any(buf):
            self.wrong += 1  # a word is programmed again, and not to zeros
        self._run(block, offset, view, bytes(buf))

    def ioctl(self, operation, argument):
        if operation == _BLOCK_COUNT:
            return self.blocks
        if operation == _BLOCK_SIZE:
            return self.block_size
        if operation != _ERASE or not 0 <= argument < self.blocks:
            self._complain("erase")
        start = argument * self.block_size
        self._run(argument, 0, self.view[start : start + self.block_size], None)
        return 0

    # --- one operation; data None: an erase

    def _run(self, block, offset, view, data):
        if self.dead:
            raise Cut
        if self.log:
            self.log(block, offset, data)
        operation = self.operations
        self.operations += 1
        self._count(block, data)
        if operation == self.cut_at:
            self.dead = True
            self._tear(view, data, *self.cut_how)
            raise Cut
        if self.failing and self.failing.hits(operation):
            self._fail(view, data)
        if operation not in self.ignored:
            self._do(view, data)

    def _count(self, block, data):
        if data is None:
            self.erases += 1
            self.erased[block] += 1
        else:
            self.programs += 1
            self.programmed += len(data)

    def _do(self, view, data):
        if data is None:
            damage.erase(view)
        else:
            damage.program(view, data)

    def _tear(self, view, data, done, tail, seed):
        if data is None:
            damage.tear_erase(view, done, tail, seed)
        else:
            damage.tear_program(view, data, self.word, done, tail, seed)

    def _fail(self, view, data):
        how = self.failing.how
        if how == HALF_DONE:
            self._tear(view, data, len(view) // 2, damage.AS_WAS, 0)
        elif how == DONE:
            self._do(view, data)
        raise OSError(self.failing.number)

    def _flip(self, buf, start, end):
        for at, bits in self.flips.items():
            if start <= at < end:
                buf[at - start] ^= bits

    def _complain(self, what):
        self.wrong += 1
        raise ValueError(what)
