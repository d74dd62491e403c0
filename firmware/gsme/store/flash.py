# Raw flash as a board gives it, by MicroPython's extended block protocol: erasing sets a block's bits, programming only
# clears them, in words. What has been programmed is read back: a write that did nothing is a write that failed.

from micropython import const

# Errors, as OSError carries them
EIO = const(5)
ENOSPC = const(28)

_BLOCK_COUNT = const(4)  # operations of ioctl
_BLOCK_SIZE = const(5)
_ERASE = const(6)

_CHUNK = const(64)


class Flash:
    # device: readblocks(block, buf, offset), writeblocks(block, buf, offset), ioctl(operation, argument), OSError where
    # they fail; word: bytes that are programmed together
    def __init__(self, device, word):
        self._device = device
        self.word = word
        self.blocks = device.ioctl(_BLOCK_COUNT, 0)
        self.block_size = device.ioctl(_BLOCK_SIZE, 0)
        self.size = self.blocks * self.block_size
        self.programs = 0
        self.erases = 0
        self._chunk = bytearray(_CHUNK)
        self._chunk_view = memoryview(self._chunk)

    # The next place at or behind `at` where a word begins.
    def aligned(self, at):
        return (at + self.word - 1) // self.word * self.word

    def read(self, block, at, view):
        self._device.readblocks(block, view, at)

    # From any place on, over the ends of blocks.
    def read_across(self, at, view):
        done = 0
        while done < len(view):
            block = (at + done) // self.block_size
            offset = (at + done) % self.block_size
            n = min(self.block_size - offset, len(view) - done)
            self.read(block, offset, view[done : done + n])
            done += n

    def erase(self, block):
        self.erases += 1
        failure = self._device.ioctl(_ERASE, block)
        if failure:
            raise OSError(failure)

    # Programs buf[0:end], whole words, and compares.
    def program(self, block, at, view, end):
        self.programs += 1
        self._device.writeblocks(block, view[0:end], at)
        for start in range(0, end, _CHUNK):
            n = min(_CHUNK, end - start)
            self.read(block, at + start, self._chunk_view[0:n])
            if self._chunk_view[0:n] != view[start : start + n]:
                raise OSError(EIO)
