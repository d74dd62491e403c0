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


class _Storage:
    def load(self):
        return None

    def save(self, image):
        return True


class Board:
    name = b"memory"
    led = None
    given_eui64 = None
    eui64 = b"\xa1\x90\x78\x56\x34\x12\xdb\x00"
    chf_eui64 = b"\xa2\x90\x78\x56\x34\x12\xdb\x00"
    gpf_eui64 = b"\xa3\x90\x78\x56\x34\x12\xdb\x00"

    def __init__(self, ticks, port):
        self.ticks = ticks
        self.port = port
        self.storage = _Storage()

    def pulses(self):
        return 0

    def wait(self, timeout_ms):
        pass

    def aes(self, key):
        return cryptolib.aes(key, 1)

    def random(self, count):
        return os.urandom(count)
