# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# The meter's half-hour cycle on a clock that the script moves. MicroPython.
#
# Standard input, a line a step; standard output, a line a step: what the meter has sent, "WHO CLUSTER ASDU" each, with
# | between them, or - for nothing.
#   pass SECONDS              so many seconds go by, a turn each
#   wake                      as the bench's Wake
#   chf CLUSTER ASDU...       the hub says so, all of it in one turn, under the link key, from endpoint 1
#   gpf CLUSTER ASDU          the gas proxy does
#   party ID ROLES KEY        enrols a remote party with its secret
#   key ID ROLES KEY          the same with a public key
#   raise CODE                raises an event
#   restart                   a new start on the same flash
#   waiting                   alerts that wait, messages taken
# Numbers are hex, but for SECONDS.

import gc
import sys

from memory import Board, Flash

from gsme.device import Gsme

_SECOND_MS = 1000
# Of the link: where a payload begins in its buffer, and the length of the header there. A build has no names for them.
_PAYLOAD = 3
_HEADER = 15
_ENDS = b"\x01\x01\x09\x01"  # peer endpoint, own endpoint, profile
_LINK_KEY = b"\x02"


class _Steps:
    def __init__(self):
        self._flash = Flash()
        self._sent = []
        self.restart()

    def restart(self):
        self._device = None
        gc.collect()
        board = Board()
        board.flash = self._flash
        self._board = board
        self._device = Gsme(board)
        self._device.link.send = self._keep
        self._names = {board.chf_eui64: "chf", board.gpf_eui64: "gpf"}

    def _keep(self, end):
        data = bytes(self._device.link.out[_PAYLOAD:end])
        who = self._names.get(data[:8], "other")
        self._sent.append("%s %02X%02X %s" % (who, data[13], data[12], data[_HEADER:].hex()))

    # Turns until nothing is left to do at once.
    def _settle(self):
        self._device.turn()
        while self._device.mailbox.has_work():
            self._device.turn()
        self._device.turn()

    def take(self):
        self._settle()
        sent = " | ".join(self._sent) or "-"
        self._sent.clear()
        return sent

    def run(self, name, *words):
        return getattr(self, "do_" + name)(*words) or self.take()

    def do_pass(self, seconds):
        for _ in range(int(seconds)):
            self._board.ticks.elapsed += _SECOND_MS
            self._settle()

    def do_wake(self):
        self._device.cycle.wake()

    def _say(self, eui64, cluster, asdu):
        number = int(cluster, 16)
        data = eui64 + _ENDS + bytes((number & 255, number >> 8)) + _LINK_KEY + bytes.fromhex(asdu)
        self._device.link.receive(memoryview(data), 0, len(data))

    def do_chf(self, cluster, *asdus):
        for asdu in asdus:
            self._say(self._board.chf_eui64, cluster, asdu)

    def do_gpf(self, cluster, asdu):
        self._say(self._board.gpf_eui64, cluster, asdu)

    def do_party(self, entity, roles, key):
        self._device.mailbox.enrol(bytes.fromhex(entity), int(roles, 16), 0, bytes.fromhex(key))

    def do_key(self, entity, roles, key):
        self._device.mailbox.enrol(bytes.fromhex(entity), int(roles, 16), 1, bytes.fromhex(key))

    def do_raise(self, code):
        self._device.recorder.raise_code(int(code, 16))

    def do_restart(self):
        self.restart()

    def do_waiting(self):
        return "%d %d" % (len(self._device.mailbox.alerts.waiting), self._device.tunnel.taken)


steps = _Steps()
for line in sys.stdin:
    print(steps.run(*line.split()))
