"""A meter at the end of a link: ask it something, get all that it sends in answer.

That nothing (more) comes is proved fast: a read of the bench cluster goes after the request, and since a meter works in
the order of arrival, all that it had to say is there when that read's answer comes. Other meters get a quiet time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from . import zcl
from .eui64 import BENCH, CHF, EUI64
from .link import DeviceRestarted, Link, LinkError, NoAnswer
from .wire import APS_BROADCAST, LINK_KEY, Ack, Data

BENCH_ENDPOINT: Final = 0xF0
BENCH_PEER_ENDPOINT: Final = 1
BARRIER_PEER_ENDPOINT: Final = 0xB0  # of its own, so that no other answer is taken for the barrier's
BENCH_MANUFACTURER: Final = 0xFFF1
BARRIER_ATTRIBUTE: Final = 0x0003  # the behaviour: it costs the meter least to tell
BARRIER_WAIT_S: Final = 5.0
QUIET_S: Final = 0.5
TSN_COUNT: Final = 256
ZDO_ANSWER: Final = 0x8000


@dataclass
class Exchange:
    """A request and all that the device sent until the end of the answer was proved, pushes to others included."""

    request: Data
    answers: list[Data] = field(default_factory=list)
    ack: int | None = None

    def to_requester(self) -> list[bytes]:
        """The ASDUs that went back to the requester, on the request's cluster and profile, in order."""
        return [data.asdu for data in self.answers if self.answered_by(data)]

    def answered_by(self, data: Data) -> bool:
        """Whether `data` went to the requester on the cluster of the request; ZDO answers have cluster + 8000."""
        request = self.request
        answer_bit = ZDO_ANSWER if request.profile == zcl.PROFILE_ZDO else 0
        wanted = (request.peer, request.profile, request.cluster | answer_bit)
        return (data.peer, data.profile, data.cluster) == wanted

    def others(self) -> list[Data]:
        """What went elsewhere or on another cluster: pushes, reports, time requests."""
        return [data for data in self.answers if not self.answered_by(data)]


class Meter:
    """The device under test. `journal` has every exchange in order; `unasked` what came between exchanges."""

    def __init__(self, link: Link, *, barrier: bool = True, quiet_s: float = QUIET_S) -> None:
        """`barrier` false: a device without the bench cluster, whose silence is `quiet_s` seconds long."""
        self.link = link
        self.barrier = barrier
        self.quiet_s = quiet_s
        self.journal: list[Exchange] = []
        self.unasked: list[Data] = []
        self._tsn = 0

    def ask(
        self,
        frame: bytes | str,
        *,
        cluster: int,
        who: EUI64 = CHF,
        peer_endpoint: int = 1,
        endpoint: int = 1,
        profile: int = zcl.PROFILE_SE,
        security: int = LINK_KEY,
        broadcast: bool = False,
    ) -> list[bytes]:
        """Sends a ZCL frame (bytes or hex), returns the ASDUs that came back to `who` on that cluster and profile."""
        aps = security | (APS_BROADCAST if broadcast else 0)
        asdu = bytes.fromhex(frame) if isinstance(frame, str) else frame
        return self.exchange(Data(who, peer_endpoint, endpoint, profile, cluster, aps, asdu)).to_requester()

    def exchange(self, request: Data) -> Exchange:
        """Sends DATA and collects all that the device sends until it has proved that it is done.

        LinkError where the link fails or the device restarts meanwhile.
        """
        exchange = self._begin(request)
        self._collect(exchange.answers)
        return exchange

    def exchange_until_answer(self, request: Data, timeout: float) -> Exchange:
        """Sends DATA and collects up to its first answer: for requests after which the device is not at hand."""
        exchange = self._begin(request)
        deadline = time.monotonic() + timeout
        while (data := self.link.receive(deadline - time.monotonic())) is not None:
            exchange.answers.append(data)
            if exchange.answered_by(data):
                return exchange
        raise NoAnswer(f"{self.link.url}: no answer within {timeout} s")

    def drain(self) -> list[Data]:
        """Moves what has come since the last exchange to `unasked`, and returns it."""
        came = []
        while (data := self.link.receive(0)) is not None:
            came.append(data)
        self.unasked += came
        return came

    def next_tsn(self) -> int:
        """A transaction sequence number for a frame of the bench's own."""
        self._tsn = (self._tsn + 1) % TSN_COUNT
        return self._tsn

    def settle(self) -> list[Data]:
        """Waits until the device has done all that it was given; returns what it sent, which is in `unasked` too."""
        came: list[Data] = []
        self._collect(came)
        self.unasked += came
        return came

    def _begin(self, request: Data) -> Exchange:
        self.drain()
        exchange = Exchange(request)
        self.journal.append(exchange)
        exchange.ack = self.link.send(request)
        return exchange

    def _barrier_request(self, tsn: int) -> Data:
        fc = zcl.GLOBAL_TO_SERVER | zcl.MANUFACTURER_SPECIFIC
        frame = zcl.Frame(fc, tsn, zcl.Global.READ, zcl.u16(BARRIER_ATTRIBUTE), BENCH_MANUFACTURER)
        return bench_data(frame, BARRIER_PEER_ENDPOINT)

    def _collect(self, came: list[Data]) -> None:
        if self.barrier:
            self._collect_to_barrier(came)
            return
        while (data := self.link.receive(self.quiet_s)) is not None:
            came.append(data)

    def _collect_to_barrier(self, came: list[Data]) -> None:
        restarts = self.link.counters.restarts
        tsn = self.next_tsn()
        ack = self.link.send(self._barrier_request(tsn))
        if ack != Ack.ACCEPTED:
            raise LinkError(f"{self.link.url}: the read that ends an exchange got ACK {ack}")
        deadline = time.monotonic() + BARRIER_WAIT_S
        while (data := self.link.receive(deadline - time.monotonic())) is not None:
            if _ends(data, tsn):
                return
            came.append(data)
        if self.link.counters.restarts != restarts:
            raise DeviceRestarted(f"{self.link.url}: the device restarted")
        raise NoAnswer(f"{self.link.url}: the device fell silent, even to the bench")


def bench_data(frame: zcl.Frame, peer_endpoint: int = BENCH_PEER_ENDPOINT) -> Data:
    """A frame for the bench cluster; that cluster does not look at the aps bits."""
    ends = (BENCH, peer_endpoint, BENCH_ENDPOINT)
    return Data(*ends, zcl.PROFILE_SE, zcl.Cluster.BENCH, LINK_KEY, frame.encode())


def _ends(data: Data, tsn: int) -> bool:
    """Whether `data` answers the read that ends an exchange."""
    return (data.peer, data.peer_endpoint) == (BENCH, BARRIER_PEER_ENDPOINT) and zcl.Frame.parse(data.asdu).tsn == tsn
