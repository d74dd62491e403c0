"""A hub that serves one meter: CHF with its time and tunnel, GPF with its mirror.

`Hub.exchange` is what head ends need: messages in, answers out. A hub with other manners is a subclass whose `on_`
methods answer otherwise; each gets the meter's frame and returns the frames to send back, in order.
Sources: GBCS 10.2 and 10.3 (sleepy devices), ZSE D.3 and D.6.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from .. import zcl
from ..bench import Attr, Bench
from ..eui64 import CHF, EUI64, GPF
from ..meter import Meter
from ..wire import LINK_KEY, Data
from ..zcl import Cluster, Frame
from . import frames
from .frames import MirrorCommand, Transfer, TunnelCommand

TIMEOUT_S: Final = 20.0
MAKING_S: Final = 3.0  # so long an alert that waits may take to be signed
MIRROR_ENDPOINT: Final = 2
FIRST_TUNNEL: Final = 1
MOST_MORE: Final = 0xFF


class Hub:
    """Serves `meter`. `utc` is the time that it tells, None for a hub that does not know it.

    `messages` wait for the meter; `puts` are all that it has handed over; `transcript` is all that it asked, in order.
    """

    def __init__(self, meter: Meter, *, chf: EUI64 = CHF, gpf: EUI64 = GPF) -> None:
        self.meter = meter
        self.bench = Bench(meter)
        self.chf = chf
        self.gpf = gpf
        self.utc: int | None = None
        self.messages: deque[bytes] = deque()
        self.puts: list[bytes] = []
        self.transcript: list[Data] = []
        self.tunnel = FIRST_TUNNEL
        self._quiet = False  # the meter may have gone to sleep
        self._making = False  # an alert waits, which may have to be signed

    # --- for head ends

    def exchange(self, *messages: bytes, timeout_s: float = TIMEOUT_S) -> list[bytes]:
        """Hands the messages over in one cycle of the meter's; returns what it has put by the end of it, in order.

        Waits for `timeout_s` at most where the meter does not come to an end. LinkError where the line fails.
        """
        self.messages.extend(messages)
        before = len(self.puts)
        self.wake(timeout_s)
        return self.puts[before:]

    def wake(self, timeout_s: float = TIMEOUT_S) -> None:
        """Starts a cycle and serves the meter until it sleeps, or says nothing for so long."""
        self._quiet = False
        self.bench.wake()
        deadline = time.monotonic() + timeout_s
        pending = deque(self.bench.last.others() if self.bench.last else ())
        while True:
            pending.extend(self.meter.drain())
            if not pending:
                pending.extend(self._more(deadline))
            if not pending:
                return
            deadline = time.monotonic() + timeout_s
            pending.extend(self.serve(pending.popleft()))

    def _more(self, deadline: float) -> list[Data]:
        """What the meter says next: it may have gone to sleep, be working, or wait for what will not come."""
        if self._quiet:
            came = self.meter.settle() or self.meter.settle() or self._alerts()
            if came or not self._making:
                return came
            deadline = min(deadline, time.monotonic() + MAKING_S)
        data = self.meter.link.receive(deadline - time.monotonic())
        if data is None:
            return []
        self.meter.unasked.append(data)
        return [data]

    def _alerts(self) -> list[Data]:
        """Looks whether the meter is making an alert; returns what it said meanwhile."""
        self._making = self.bench.read_int(Attr.ALERTS_WAITING) > 0
        return self.bench.last.others() if self.bench.last else []

    def serve(self, data: Data) -> list[Data]:
        """Answers one frame of the meter's; returns what it sent on that."""
        came: list[Data] = []
        if data.profile == zcl.PROFILE_SE and data.peer in (self.chf, self.gpf):
            self.transcript.append(data)
            for answer in self.on_frame(data.cluster, Frame.parse(data.asdu)):
                came += self._say(data, answer)
        return came

    def _say(self, data: Data, asdu: bytes) -> list[Data]:
        answer = Data(data.peer, data.peer_endpoint, data.own_endpoint, data.profile, data.cluster, LINK_KEY, asdu)
        return self.meter.exchange(answer).answers

    # --- what a hub answers

    def on_frame(self, cluster: int, asked: Frame) -> Sequence[bytes]:
        """The answers to a frame; none to one that is not for a hub."""
        if asked.fc & zcl.TYPE_MASK == zcl.TYPE_GLOBAL:
            return self._on_global(cluster, asked)
        handler = self._handlers().get((cluster, asked.command))
        return handler(asked) if handler else ()

    def _on_global(self, cluster: int, asked: Frame) -> Sequence[bytes]:
        if cluster == Cluster.TIME and asked.command == zcl.Global.READ:
            return self.on_time(asked)
        if cluster == Cluster.METERING and asked.command == zcl.Global.REPORT:
            return self.on_report(asked)
        return ()

    def _handlers(self) -> dict[tuple[int, int], Callable[[Frame], Sequence[bytes]]]:
        return {
            (Cluster.METERING, MirrorCommand.REQUEST): self.on_request_mirror,
            (Cluster.METERING, MirrorCommand.CONFIGURE): self.on_configure_mirror,
            (Cluster.TUNNELING, TunnelCommand.REQUEST): self.on_request_tunnel,
            (Cluster.TUNNELING, TunnelCommand.CLOSE): self.on_close_tunnel,
            (Cluster.TUNNELING, TunnelCommand.TRANSFER): self.on_transfer,
        }

    def on_time(self, asked: Frame) -> Sequence[bytes]:
        """Read of Time and Time Status."""
        return [frames.time_answer(asked, self.utc)]

    def on_request_mirror(self, asked: Frame) -> Sequence[bytes]:
        """Request Mirror."""
        return [frames.mirror_answer(asked, MIRROR_ENDPOINT)]

    def on_configure_mirror(self, asked: Frame) -> Sequence[bytes]:
        """Configure Mirror."""
        return [frames.done(asked)]

    def on_report(self, asked: Frame) -> Sequence[bytes]:
        """Reports of the meter to its mirror: the last one of a cycle gets the flags."""
        last = asked.payload.endswith(bytes.fromhex("FEFF 30 01"))
        return [frames.flags(asked, self.functional_flags())] if last else ()

    def functional_flags(self) -> int:
        """The functional notification flags: whether a message waits in the tunnel."""
        self._quiet = not self.messages
        return frames.TUNNEL_MESSAGE_PENDING if self.messages else 0

    def on_request_tunnel(self, asked: Frame) -> Sequence[bytes]:
        """Request Tunnel."""
        return [frames.tunnel_answer(asked, self.tunnel)]

    def on_close_tunnel(self, asked: Frame) -> Sequence[bytes]:
        """Close Tunnel."""
        return [frames.done(asked)]

    def on_transfer(self, asked: Frame) -> Sequence[bytes]:
        """Transfer Data: a GET or a PUT."""
        data = asked.payload[2:]
        if data[:1] == bytes((Transfer.GET,)):
            return self.on_get(asked)
        return self.on_put(asked, data[1:]) if data[:1] == bytes((Transfer.PUT,)) else ()

    def on_get(self, asked: Frame) -> Sequence[bytes]:
        """GET: the next message."""
        message = self.messages.popleft() if self.messages else None
        more = min(len(self.messages), MOST_MORE)
        self._quiet = not more
        return [frames.get_response(asked, self.tunnel, message, more)]

    def on_put(self, asked: Frame, message: bytes) -> Sequence[bytes]:
        """PUT: a response or an alert."""
        self.puts.append(message)
        return [frames.done(asked)]
