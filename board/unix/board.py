# The unix port as a board: a pseudo-terminal stands for the UART, a file for the flash.
#
# Environment: UNIX_UART1 descriptor of the terminal's controlling side, non-blocking; GSME_STATE folder that keeps the
# state; GSME_EUI64 identity of this start, 16 hex digits as printed; GSME_WATCHDOG descriptor that wants a byte now and
# then, GSME_WATCHDOG_BIT set where it got none and ended the last run; GSME_PROVISION a provisioning file. Standard
# input: each byte is a litre of gas.

import os
import select
import sys
import time

import cryptolib  # type: ignore[import-not-found,unused-ignore]  # ports without it are other boards

_UART = "UNIX_UART1"
_STATE = "GSME_STATE"
_EUI64 = "GSME_EUI64"
_WATCHDOG = "GSME_WATCHDOG"
_WATCHDOG_BIT = "GSME_WATCHDOG_BIT"
_PROVISION = "GSME_PROVISION"
_ECB = 1  # mode of cryptolib.aes

_BLOCKS = 24
_BLOCK_SIZE = 4096
_ERASED = b"\xff" * 256
_BLOCK_COUNT = 4  # operations of ioctl
_BLOCK_SIZE_OF = 5
_ERASE = 6
_MOST_PULSES = 10000  # at a time

# Ends of the process, for whoever started it
_STOPPED = 0
_ENDING_STATUS = {1: 3, 2: 4}  # Gsme.REBOOT: start again; Gsme.LEAVE: the line is free


class _Port:
    def __init__(self, descriptor):
        self.file = open(descriptor, "r+b", buffering=0)

    # When the last of the other side has gone, nobody can come back to this line.
    def readinto(self, buf):
        try:
            return self.file.readinto(buf)
        except OSError:
            sys.exit(_STOPPED)

    def write(self, buf, offset, count):
        return self.file.write(buf, offset, count)

    # A pseudo-terminal has no speed.
    def wire_ms(self, count):
        return 0


# NOR flash in a file: erasing sets a block's bits, programming only clears them.
class _Flash:
    def __init__(self, path):
        try:
            self._file = open(path, "r+b", buffering=0)
        except OSError:
            self._file = open(path, "w+b", buffering=0)
        self._erase(_BLOCKS * _BLOCK_SIZE - self._file.seek(0, 2))

    # So many bytes from where the file is.
    def _erase(self, count):
        while count > 0:
            count -= self._file.write(_ERASED[:count])

    def readblocks(self, block, buf, offset):
        self._file.seek(block * _BLOCK_SIZE + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset):
        was = bytearray(len(buf))
        self.readblocks(block, was, offset)
        for i in range(len(buf)):
            was[i] &= buf[i]
        self._file.seek(block * _BLOCK_SIZE + offset)
        self._file.write(was)

    def ioctl(self, operation, argument):
        if operation == _BLOCK_COUNT:
            return _BLOCKS
        if operation == _BLOCK_SIZE_OF:
            return _BLOCK_SIZE
        if operation == _ERASE:
            self._file.seek(argument * _BLOCK_SIZE)
            self._erase(_BLOCK_SIZE)
        return 0


class Board:
    name = b"unix"
    led = None
    flash_word = 4
    ticks = time  # ticks_ms(), ticks_diff(a, b)
    needs_provision = False  # it serves under the bench's identity, in production too

    def __init__(self):
        self.port = _Port(int(os.getenv(_UART)))
        self.flash = _Flash(os.getenv(_STATE) + "/flash.bin")
        self.eui64 = _eui64("00DB1234567890A1")
        self.given_eui64 = _eui64(os.getenv(_EUI64)) if os.getenv(_EUI64) else None
        self.chf_eui64 = _eui64("00DB1234567890A2")
        self.gpf_eui64 = _eui64("00DB1234567890A3")
        self._watchdog = open(int(os.getenv(_WATCHDOG)), "wb", buffering=0) if os.getenv(_WATCHDOG) else None
        self.watchdog_bit = bool(os.getenv(_WATCHDOG_BIT))
        self._input = select.poll()
        self._input.register(self.port.file, select.POLLIN)
        self._pulses = select.poll()
        self._pulses.register(sys.stdin, select.POLLIN)

    # Litres of gas since the last call.
    def pulses(self):
        volume_dm3 = 0
        while volume_dm3 < _MOST_PULSES and self._pulses.poll(0) and sys.stdin.buffer.read(1):
            volume_dm3 += 1
        return volume_dm3

    # AES-128: .encrypt(16 bytes) -> 16 bytes
    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    def random(self, count):
        return os.urandom(count)

    # The loop is alive.
    def feed(self):
        if self._watchdog:
            self._watchdog.write(b".")

    # Returns when a byte has come, at the latest after that time.
    def wait(self, timeout_ms):
        self._input.poll(timeout_ms)

    # The provisioning file's content, None where there is none.
    def provision(self):
        path = os.getenv(_PROVISION)
        if not path:
            return None
        with open(path, "rb") as file:
            return file.read()


# As on air: last byte first.
def _eui64(digits):
    return bytes(reversed([int(digits[i : i + 2], 16) for i in range(0, 16, 2)]))


# The REPL is not on this line: no way back is needed.
def way_back():
    return False


# How the process ends.
def end(ending):
    sys.exit(_ENDING_STATUS.get(ending, _STOPPED))
