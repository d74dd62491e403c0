# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# The meter's dispatcher as a remote party reaches it: with its roles as requester, and room for an answer of 1500
# bytes. MicroPython, on the firmware's sources.
#
# Standard input, a line a step; standard output, a line a step:
#   as ROLE...          who asks from now on
#   clock UTC           sets the clock; four bytes as they are sent
#   raise CODE DATA     raises an event; the status, hex
#   fault MAP           as the bench's Inject Fault
#   ask CLUSTER ASDU    the frames that answer, hex, in order
# Numbers are hex; - stands for no bytes.

import sys

from memory import Board

from gsme import access
from gsme.device import Gsme
from gsme.zcl import frame

_LINK_KEY = 2


class _Party:
    eui64 = bytes(range(8))
    column = 0


# Keeps what is sent.
class _Carrier:
    def __init__(self):
        self._writer = frame.Writer()
        self._buf = bytearray(frame.TUNNEL_LIMIT)
        self.sent = []

    def open(self, request):
        self._writer.buf = self._buf
        self._writer.at = 0
        self._writer.end = request.limit
        return self._writer

    def send(self):
        self.sent.append(bytes(self._buf[: self._writer.at]))


def _bytes(text):
    return b"" if text == "-" else bytes.fromhex(text)


class _Steps:
    def __init__(self):
        self._device = Gsme(Board())
        self._carrier = _Carrier()
        self._request = frame.Request(self._carrier, frame.TUNNEL_LIMIT)
        self._party = _Party()

    def role(self, *names):
        self._party.column = 0
        for name in names:
            self._party.column |= getattr(access, name)

    def clock(self, utc):
        self._device.clock.set(_bytes(utc))

    def event(self, code, data):
        return "%02x" % self._device.recorder.raise_event(int(code, 16) & 255, int(code, 16) >> 8, _bytes(data))

    def fault(self, faults):
        self._device.inject(int(faults, 16))

    def ask(self, cluster, asdu):
        request = self._request
        request.requester = self._party
        request.security = _LINK_KEY
        request.silence = frame.SAY_ALL
        request.cluster = int(cluster, 16)
        self._carrier.sent.clear()
        self._device.endpoint.serve(request, memoryview(bytes.fromhex(asdu)))
        return " ".join([answer.hex() for answer in self._carrier.sent])


def _serve():
    steps = _Steps()
    calls = {"as": steps.role, "clock": steps.clock, "raise": steps.event, "fault": steps.fault, "ask": steps.ask}
    for line in sys.stdin:
        name, *words = line.split()
        print(calls[name](*words) or "")


_serve()
