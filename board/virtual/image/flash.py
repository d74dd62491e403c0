# Flash in files of the host: what a board's chips would keep.

_BLOCK_SIZE = 4096
FILE_BLOCKS = 128  # of the file system
JOURNAL_BLOCKS = 24
ROM_BLOCKS = 64
_ERASED = b"\xff" * _BLOCK_SIZE

_COUNT = 4  # operations of ioctl
_SIZE = 5
_ERASE = 6

journal = None  # the raw blocks of the application, a Flash
rom = None  # the partition for ROMFS, a Mapped


def _open(path, size):
    try:
        file = open(path, "r+b", buffering=0)
    except OSError:
        file = open(path, "w+b", buffering=0)
    for _ in range(file.seek(0, 2), size, _BLOCK_SIZE):
        file.write(_ERASED)
    return file


# A block device for littlefs.
class Blocks:
    def __init__(self, path, count):
        self._count = count
        self._file = _open(path, count * _BLOCK_SIZE)

    def readblocks(self, block, buf, offset=0):
        self._file.seek(block * _BLOCK_SIZE + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=None):
        self._file.seek(block * _BLOCK_SIZE + (offset or 0))
        self._file.write(buf)

    def ioctl(self, operation, argument):
        if operation == _COUNT:
            return self._count
        if operation == _SIZE:
            return _BLOCK_SIZE
        if operation == _ERASE:
            self.writeblocks(argument, _ERASED)
        return 0


# NOR flash: erasing sets a block's bits, programming only clears them.
class Flash(Blocks):
    def writeblocks(self, block, buf, offset=None):
        if buf is not _ERASED:
            was = bytearray(len(buf))
            self.readblocks(block, was, offset or 0)
            for i in range(len(buf)):
                was[i] &= buf[i]
            buf = was
        super().writeblocks(block, buf, offset)


# The whole of a file in memory, as flash that programs are run from is: reading is free, writing goes through.
class Mapped:
    def __init__(self, path, count):
        self.size = count * _BLOCK_SIZE
        self._file = _open(path, self.size)
        self.memory = bytearray(self.size)
        self._file.seek(0)
        self._file.readinto(self.memory)

    def write(self, offset, buf):
        self.memory[offset : offset + len(buf)] = buf
        self._file.seek(offset)
        self._file.write(buf)

    def erase(self, offset, size):
        for at in range(offset, offset + size, _BLOCK_SIZE):
            self.write(at, _ERASED)
