# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What else the meter serves while it does long work on keys. MicroPython.
#
# Standard input: a public key and entity id of a Supplier, hex, on a line. Standard output, a line a kind of work:
#   NAME SLICES READS TURNS   slices that the work took, reads of an attribute served meanwhile, turns of the loop

import sys

from memory import Board

from gsme.device import Gsme

_HEADER = bytes.fromhex("A29078563412DB00 01 01 0901 0000 02".replace(" ", ""))  # CHF, endpoint 1, Basic, link key
_READ = bytes.fromhex("0001000300")
_FRAME = _HEADER + _READ


class _Watched:
    # Counts the slices of work and the answers that leave while there is some.
    def __init__(self, device):
        self._device = device
        self._poll = device.mailbox.poll
        device.mailbox.poll = self._slice
        device.link.send = self._sent
        self.slices = self.reads = self.turns = 0

    def _slice(self):
        self.slices += 1
        self._poll()

    def _sent(self, end):
        self.reads += 1

    # A read comes in before each turn.
    def work(self, name):
        self.slices = self.reads = self.turns = 0
        while self._device.mailbox.has_work():
            self._device.link.receive(memoryview(_FRAME), 0, len(_FRAME))
            self._device.turn()
            self.turns += 1
        print(name, self.slices, self.reads, self.turns)


key, entity = sys.stdin.readline().split()
device = Gsme(Board())
watched = _Watched(device)
device.mailbox.enrol(bytes.fromhex(entity), 1, 1, bytes.fromhex(key))
watched.work("agreement")
device.recorder.raise_code(0x8F3F)
watched.work("signing")
