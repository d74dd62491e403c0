# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Cuts the power at each operation of the flash while a device takes a provisioning file. MicroPython.
#
# Standard input: the file. Standard output, a line a cut: what is known after it, and after the next start with the
# file.

import sys

from memory import Board, Flash

from gsme import provision
from gsme.device import Gsme


# The power goes in the middle of the operation with that number, and stays away.
class CutFlash(Flash):
    left = -1

    def _cut(self):
        self.left -= 1
        return self.left == 0

    def writeblocks(self, block, buf, offset):
        if self._cut():
            super().writeblocks(block, buf[: len(buf) // 2], offset)
        if 0 >= self.left >= -1000:
            raise OSError(5)
        super().writeblocks(block, buf, offset)

    def ioctl(self, operation, argument):
        if operation == 6 and (self._cut() or 0 >= self.left >= -1000):
            raise OSError(5)
        return super().ioctl(operation, argument)


def _known(device):
    nodes = sorted([node.eui64.hex() + "%02x" % node.device_type for node in device.nodes.nodes.values()])
    parties = [p.eui64.hex() + p.key.hex() for p in device.mailbox.parties.all]
    return "%s,%s,%s,%s" % (device.next_eui64.hex(), "+".join(nodes), "+".join(parties), device.provisioned.hex())


def _main():
    image = bytes.fromhex(sys.stdin.read())
    cut = 0
    complete = False
    while not complete:
        cut += 1
        board = Board()
        board.flash = CutFlash()
        board.flash.left = -10000
        device = Gsme(board)
        board.flash.left = cut
        complete = not provision.apply(device, image)
        board.flash.left = -10000
        after = _known(Gsme(board))
        device = Gsme(board)
        provision.apply(device, image)
        print(after, _known(device))


_main()
