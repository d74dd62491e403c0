# ruff: noqa: D100, INP001
# mypy: ignore-errors
# NOR flash in memory. MicroPython.


class Flash:
    def __init__(self, blocks):
        self._blocks = blocks
        self._image = bytearray(b"\xff" * (4096 * blocks))

    def readblocks(self, block, buf, offset):
        at = block * 4096 + offset
        buf[:] = self._image[at : at + len(buf)]

    # The nRF's port wants a buffer that could be written to.
    def writeblocks(self, block, buf, offset):
        memoryview(buf)[0:0] = b""
        at = block * 4096 + offset
        for i in range(len(buf)):
            self._image[at + i] &= buf[i]

    def ioctl(self, operation, argument):
        if operation == 4:
            return self._blocks
        if operation == 5:
            return 4096
        self._image[argument * 4096 : argument * 4096 + 4096] = b"\xff" * 4096
        return 0
