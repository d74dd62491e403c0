# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A board made of memory, for what is measured without a line. MicroPython.

import os
import time

import cryptolib

BLOCKS = 16
_ERASED = b"\xff" * 4096


# int() is 0.
class Still:
    def __init__(self):
        self.ticks_ms = int
        self.ticks_diff = time.ticks_diff


# NOR flash: erasing sets a block's bits, programming only clears them.
class Flash:
    def __init__(self, blocks):
        self._blocks = [bytearray(_ERASED) for _ in range(blocks)]

    def readblocks(self, block, buf, offset):
        image = self._blocks[block]
        for i in range(len(buf)):
            buf[i] = image[offset + i]

    def writeblocks(self, block, buf, offset):
        image = self._blocks[block]
        for i in range(len(buf)):
            image[offset + i] &= buf[i]

    def ioctl(self, operation, argument):
        if operation == 4:
            return len(self._blocks)
        if operation == 5:
            return len(_ERASED)
        if operation == 6:
            self._blocks[argument][:] = _ERASED
        return 0


class Board:
    name = b"memory"
    led = None
    flash_word = 4
    watchdog_bit = False
    given_eui64 = None
    eui64 = b"\xa1\x90\x78\x56\x34\x12\xdb\x00"
    chf_eui64 = b"\xa2\x90\x78\x56\x34\x12\xdb\x00"
    gpf_eui64 = b"\xa3\x90\x78\x56\x34\x12\xdb\x00"

    def __init__(self, ticks, port):
        self.ticks = ticks
        self.port = port
        self.flash = Flash(BLOCKS)

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
