# The module vfs with what the unix port lacks of it: a partition for ROMFS, and rom_ioctl to write it.

import flash
from vfs import *  # noqa: F403  # all that it has
from vfs import VfsRom, mount

_PARTITIONS = 1  # operations of rom_ioctl
_GET = 2
_PREPARE = 3
_WRITE = 4
_COMPLETE = 5
_BLOCK_SIZE_OF = 6
_BLOCK_SIZE = 4096
_SMALLEST_WRITE = 4
_NO_SUCH = -22


# An empty partition is no error.
def mount_rom():
    try:
        mount(VfsRom(flash.rom.memory), "/rom")
    except OSError:
        pass


def rom_ioctl(operation, partition=0, *arguments):
    if operation == _PARTITIONS:
        return 1
    if partition:
        return _NO_SUCH
    if operation == _GET:
        return flash.rom.memory
    if operation == _BLOCK_SIZE_OF:
        return _BLOCK_SIZE
    if operation == _PREPARE:
        flash.rom.erase(*arguments)
        return _SMALLEST_WRITE
    if operation == _WRITE:
        flash.rom.write(*arguments)
        return 0
    return 0 if operation == _COMPLETE else _NO_SUCH
