# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A board made of memory, for scripts that run the firmware or its link without a line. MicroPython.

import gc
import os

import cryptolib

gc.threshold(2048)  # as the firmware has it while it boots: what is imported after this is packed

_TICKS = 1 << 30
_HALF = _TICKS // 2


# Time as the script sets it. It wraps as a board's does, much earlier than this port's.
class Ticks:
    def __init__(self, now=0):
        self._start = now
        self.elapsed = 0  # ms since the script began

    def ticks_ms(self):
        return (self._start + self.elapsed) % _TICKS

    def ticks_diff(self, a, b):
        return (a - b + _HALF) % _TICKS - _HALF


# Gives one frame a read, keeps what is written.
class Port:
    def __init__(self, ms_a_byte=0):
        self.frame = None
        self.written = bytearray(4096)
        self.end = 0
        self.ms_a_byte = ms_a_byte

    def readinto(self, buf):
        frame = self.frame
        if frame is None:
            return 0
        self.frame = None
        n = len(frame)
        buf[0:n] = frame
        return n

    def write(self, buf, offset, count):
        for i in range(count):
            self.written[self.end + i] = buf[offset + i]
        self.end += count
        return count

    # What has been written since the last time.
    def take(self):
        written = bytes(self.written[: self.end])
        self.end = 0
        return written

    def wire_ms(self, count):
        return count * self.ms_a_byte


# NOR flash: erasing sets a block's bits, programming only clears them. Erased blocks take no memory.
class Flash:
    BLOCKS = 16
    BLOCK_SIZE = 4096

    def __init__(self):
        self._blocks = [None] * self.BLOCKS
        self.fails = False

    def readblocks(self, block, buf, offset):
        image = self._blocks[block]
        for i in range(len(buf)):
            buf[i] = 0xFF if image is None else image[offset + i]

    def writeblocks(self, block, buf, offset):
        self._check()
        if self._blocks[block] is None:
            self._blocks[block] = bytearray(b"\xff" * self.BLOCK_SIZE)
        image = self._blocks[block]
        for i in range(len(buf)):
            image[offset + i] &= buf[i]

    def ioctl(self, operation, argument):
        if operation == 4:
            return self.BLOCKS
        if operation == 5:
            return self.BLOCK_SIZE
        self._check()
        self._blocks[argument] = None
        return 0

    def _check(self):
        if self.fails:
            raise OSError(5)


class Board:
    name = b"memory"
    led = None
    flash_word = 4
    watchdog_bit = False
    eui64 = bytes.fromhex("A19078563412DB00")
    given_eui64 = None
    chf_eui64 = bytes.fromhex("A29078563412DB00")
    gpf_eui64 = bytes.fromhex("A39078563412DB00")

    def __init__(self):
        self.ticks = Ticks()
        self.port = Port()
        self.flash = Flash()

    def pulses(self):
        return 0

    def feed(self):
        pass

    def wait(self, timeout_ms):
        pass

    def aes(self, key):
        return cryptolib.aes(key, 1)

    def provision(self):
        return None

    def random(self, count):
        return os.urandom(count)
