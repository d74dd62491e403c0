# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Takes provisioning files, one after the other, with one device. MicroPython.
#
# Standard input, a line a file: WORKS IMAGE; WORKS 0 for storage that refuses writes. Standard output, a line a file:
# what is said against it, the identity, the Device Log, the parties, which file has been taken, and whether a start
# restores that; it is started again at the end, and where something changed.

import sys

from memory import Board

from gsme import provision
from gsme.device import Gsme


def _hex(device):
    nodes = [node.eui64.hex() + "%02x" % node.device_type for node in device.nodes.nodes.values()]
    known = [p.eui64.hex() + bytes((p.roles, p.kind)).hex() + p.key.hex() for p in device.mailbox.parties.all]
    return device.next_eui64.hex(), ",".join(sorted(nodes)), ",".join(known), device.provisioned.hex()


def _serve():
    board = Board()
    device = Gsme(board)
    before = None
    lines = sys.stdin.read().split("\n")[:-1]
    for number, line in enumerate(lines, 1):
        works, _, image = line.strip().partition(" ")
        device.store.refuses = works == "0"
        said = provision.apply(device, bytes.fromhex(image))
        device.store.refuses = 0
        known = _hex(device)
        if known != before or number == len(lines):
            device = Gsme(board)
        before = known
        print("|".join((said,) + known + (str(known == _hex(device)),)))


_serve()
