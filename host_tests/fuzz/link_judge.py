"""The serial link seen from the host: what was said to the meter, what it wrote, and whether the two fit together.

Acknowledgements are foretold frame by frame: one for each DATA and SYNC that can be read, in order, none for anything
else. What is dropped is counted as the meter has to count it (rule 5). Decoded by the host's own code (packages `cobs`
and `binascii`), never the firmware's. Source: the serial HAN link, version 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gsme_host import wire
from gsme_host.eui64 import GSME
from gsme_host.wire import Ack, Body, Data, Kind
from host_tests.fuzz.device import Outcome
from host_tests.fuzz.inputs import Acks, Input, Port
from host_tests.fuzz.stream import Stream, data_of

SEQUENCE: Final = 256
MENDED: Final = 80  # transmissions, after which the line may work again: see on_device/fuzzed.py
IDENTITY: Final = bytes((wire.VERSION,)) + wire.MAX_PAYLOAD.to_bytes(2, "little") + GSME


class Fault(AssertionError):
    """What the meter did is wrong; the message says what."""


@dataclass
class Traffic:
    """DATA of an input, both ways: what the meter took in, and what it sent; each once, in order.

    `transmissions` counts each time that DATA was sent. `forgot`: a SYNC came, or the port took nothing, so that
    answers may have been dropped.
    """

    requests: list[Data] = field(default_factory=list)
    sent: list[Data] = field(default_factory=list)
    transmissions: int = 0
    forgot: bool = False


@dataclass
class LinkJudge:
    """One line, from its first SYNC on. `accepted` and `dropped` are what the meter's own counters have to say.

    `sure` is False where the counters cannot be foretold: a port that loses what is written, or an ACK of the input's
    own that came at the right moment; then they have to be taken over.
    """

    accepted: int = 0
    dropped: int = 0
    sure: bool = True
    _to_meter: Stream = field(default_factory=Stream)
    _from_meter: Stream = field(default_factory=Stream)
    _peer_seq: int | None = None
    _peer_known: bool = True
    _own: Body | None = None
    _cut: bool = False  # the meter may have left a frame in part

    def judge(self, given: Input, outcome: Outcome) -> Traffic:
        """Fault where an acknowledgement or a number is wrong, or what the meter wrote is no frame."""
        traffic = Traffic()
        acks: deque[Body] = deque()
        loses = given.port is Port.STUCK or (self._cut and given.port is Port.FITFUL)
        self._own = None if loses else self._own
        for body in self._written(outcome.heard, strict=not loses):
            self._sort(body, acks, traffic)
        if loses:
            self._take_in_unseen(outcome.said, traffic)
        else:
            self._foretell(outcome.said, acks, traffic)
        self._count_given_up(given, traffic)
        if outcome.restarts:
            self.accepted = self.dropped = 0
            self.sure = True
        return traffic

    # --- what the meter wrote

    def _written(self, heard: bytes, *, strict: bool) -> Iterator[Body]:
        """The frames. One that a stuck port has cut is ended by the next zero."""
        for frame, body in self._from_meter.feed(heard):
            if body:
                yield body
            elif strict and not self._cut:
                raise Fault(f"the meter wrote what is no frame: {frame.hex(' ')}")
            self._cut = False
        self._cut = not strict or self._cut

    def _sort(self, body: Body, acks: deque[Body], traffic: Traffic) -> None:
        if body.kind is Kind.ACK:
            acks.append(body)
        elif body.kind is Kind.SYNC:  # it has started
            self._own = Body(Kind.DATA, 0, b"")
        elif body.kind is Kind.TEXT:
            raise Fault("the meter wrote a TEXT")
        else:
            traffic.transmissions += 1
            self._on_own(body, traffic)

    def _on_own(self, body: Body, traffic: Traffic) -> None:
        """A frame of the meter's: the one before once more, or the next."""
        if body != self._own:
            if self._own and body.seq != (self._own.seq + 1) % SEQUENCE:
                raise Fault(f"the meter's DATA {body.seq:02X} follows {self._own.seq:02X}")
            self._own = body
            data = data_of(body)
            if data is None:
                raise Fault(f"the meter sent DATA that nobody understands: {body.payload.hex(' ')}")
            traffic.sent.append(data)

    # --- what it was told

    def _bodies(self, said: bytes) -> Iterator[Body]:
        for _, body in self._to_meter.feed(said):
            if body:
                yield body
            else:
                self.dropped += 1

    def _foretell(self, said: bytes, acks: deque[Body], traffic: Traffic) -> None:
        wanted = 0
        for body in self._bodies(said):
            if body.kind is Kind.DATA:
                wanted += 1
                self._on_data(body, _next(acks, body), traffic, busy=wanted > 1)
            elif body.kind is Kind.SYNC and len(body.payload) == 1:
                self._on_sync(body, _next(acks, body), traffic)
            elif body.kind is Kind.ACK and body.payload:
                self.sure = self.sure and not traffic.sent
            elif body.kind is not Kind.TEXT:
                self.dropped += 1
        if acks:
            raise Fault(f"an ACK of {acks[0].seq:02X} that answers nothing")

    def _on_data(self, body: Body, ack: Body, traffic: Traffic, *, busy: bool) -> None:
        status = ack.payload[0]
        expected = self._status_of(body)
        refused = busy and status == Ack.NO_ROOM and expected == Ack.ACCEPTED
        unknown = not self._peer_known and status in (Ack.ACCEPTED, Ack.REPEATED)
        if len(ack.payload) != 1 or not (status == expected or refused or unknown):
            raise Fault(f"DATA {body.seq:02X} has ACK {ack.payload.hex()}, not {expected:02X}")
        self._peer_known = True
        if status == Ack.ACCEPTED:
            self.accepted += 1
            self._peer_seq = body.seq
            traffic.requests.append(Data.decode(body.payload))

    def _status_of(self, body: Body) -> Ack:
        if body.seq == self._peer_seq:
            return Ack.REPEATED
        return Ack.ACCEPTED if data_of(body) else Ack.NOT_UNDERSTOOD

    def _on_sync(self, body: Body, ack: Body, traffic: Traffic) -> None:
        right = body.payload[0] == wire.VERSION
        expected = bytes((Ack.ACCEPTED if right else Ack.NOT_UNDERSTOOD,)) + IDENTITY
        if ack.payload != expected:
            raise Fault(f"a SYNC has ACK {ack.payload.hex()}, not {expected.hex()}")
        if right:
            self._peer_seq = None
            traffic.forgot = True

    def _take_in_unseen(self, said: bytes, traffic: Traffic) -> None:
        """Whether the meter took a request in is not known where its ACK is lost."""
        self.sure = self._peer_known = False
        self._own = None
        traffic.forgot = True
        for body in self._bodies(said):
            if body.kind is Kind.DATA and self._status_of(body) is not Ack.NOT_UNDERSTOOD:
                traffic.requests.append(Data.decode(body.payload))
                self._peer_seq = body.seq

    def _count_given_up(self, given: Input, traffic: Traffic) -> None:
        """What nobody acknowledged the meter has given up, and counted."""
        if given.acks is not Acks.ACCEPTED or given.port is Port.SLOW:
            self.dropped += len(traffic.sent)
            unsure = traffic.forgot or traffic.transmissions > MENDED
            self.sure = self.sure and not (unsure and traffic.sent)


def _next(acks: deque[Body], body: Body) -> Body:
    """The ACK that comes next, which has to be that of a frame."""
    if not acks:
        raise Fault(f"{body.kind.name} {body.seq:02X} has no ACK")
    ack = acks.popleft()
    if ack.seq != body.seq or not ack.payload:
        raise Fault(f"{body.kind.name} {body.seq:02X} has ACK {ack.payload.hex()} of {ack.seq:02X}")
    return ack
