# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A board made of memory, for what is measured without a line. MicroPython.

import os
import time

import cryptolib


# int() is 0.
class Still:
    def __init__(self):
        self.ticks_ms = int
        self.ticks_diff = time.ticks_diff


# NOR flash: erasing sets a block's bits, programming only clears them. Erased blocks take no memory.
class _Flash:
    BLOCKS = 16
    BLOCK_SIZE = 4096

    def __init__(self):
        self._blocks = [None] * self.BLOCKS

    def readblocks(self, block, buf, offset):
        image = self._blocks[block]
        for i in range(len(buf)):
            buf[i] = 0xFF if image is None else image[offset + i]

    def writeblocks(self, block, buf, offset):
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
        self._blocks[argument] = None
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
        self.flash = _Flash()

    def pulses(self):
        return 0

    def feed(self):
        pass

    def wait(self, timeout_ms):
        pass

    def aes(self, key):
        return cryptolib.aes(key, 1)

    def random(self, count):
        return os.urandom(count)
