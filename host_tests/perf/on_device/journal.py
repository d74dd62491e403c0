# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What keeping an event costs: in the meter's journal, and as a line appended to a file of littlefs on the same flash.
# MicroPython.
#
# Argument: how many. Standard output, a line each: NAME RECORDS MICROSECONDS PROGRAMMED_BYTES ERASES LONGEST, the
# longest turn of the meter's loop while it copies, or append to the file, in microseconds.

import gc
import sys
import time

import board_in_memory
import vfs

from gsme.device import Gsme

_SECURITY = b"\x3f\x8f"
_EVENT = b"\x84\x81"
_DATA = b"0123456789abcdef"
_RECORD = bytes(48)  # about as long as what the journal keeps of an event
_FILE_FLASH = 64  # blocks


class _Port:
    def readinto(self, buf):
        return 0

    def write(self, buf, offset, count):
        return count

    def wire_ms(self, count):
        return 0


class _Flash(board_in_memory.Flash):
    def __init__(self, blocks):
        super().__init__(blocks)
        self.programmed = 0
        self.erases = 0

    def readblocks(self, block, buf, offset=0):
        super().readblocks(block, buf, offset)

    def writeblocks(self, block, buf, offset=0):
        self.programmed += len(buf)
        super().writeblocks(block, buf, offset)

    def ioctl(self, operation, argument):
        if operation == 6:
            self.erases += 1
        return super().ioctl(operation, argument)


def _tell(name, count, microseconds, flash, before, longest):
    print(name, count, microseconds, flash.programmed - before[0], flash.erases - before[1], longest)


def _journal(count):
    flash = _Flash(board_in_memory.BLOCKS)
    board = board_in_memory.Board(time, _Port())
    board.flash = flash
    device = Gsme(board)
    before = flash.programmed, flash.erases
    longest = total = 0
    for number in range(count):
        gc.collect()
        began = time.ticks_us()
        code = _EVENT if number & 1 else _SECURITY
        device.recorder.raise_event(code[0], code[1], _DATA)
        total += time.ticks_diff(time.ticks_us(), began)
        while device.store.due:
            began = time.ticks_us()
            device.turn()
            took = time.ticks_diff(time.ticks_us(), began)
            total += took
            longest = max(longest, took)
    _tell("journal", count, total, flash, before, longest)


def _littlefs(count):
    flash = _Flash(_FILE_FLASH)
    vfs.VfsLfs2.mkfs(flash, progsize=32, readsize=32)
    files = vfs.VfsLfs2(flash, progsize=32, readsize=32, mtime=False)
    before = flash.programmed, flash.erases
    longest = total = 0
    for _ in range(count):
        gc.collect()
        began = time.ticks_us()
        with files.open("log", "ab") as file:
            file.write(_RECORD)
        took = time.ticks_diff(time.ticks_us(), began)
        total += took
        longest = max(longest, took)
    _tell("littlefs", count, total, flash, before, longest)


count = int(sys.argv[1])
_journal(count)
_littlefs(count)
