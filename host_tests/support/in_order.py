"""A meter without the bench's cluster, and so without its read that ends an exchange."""

from __future__ import annotations

from typing import Final

from gsme_host.eui64 import CHF
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster

FENCE_ENDPOINT: Final = 0xB0  # who asks from there asks for the end of an exchange
FENCE: Final = Data(CHF, FENCE_ENDPOINT, 1, PROFILE_SE, Cluster.BASIC, LINK_KEY, bytes.fromhex("00 F5 00 0000"))
WAIT_S: Final = 5.0


class InOrder(Meter):
    """A meter without the bench's cluster, whose silence is proved by its answer to the next request."""

    def _collect(self, came: list[Data]) -> None:
        self.link.send(FENCE)
        while data := self.link.receive(WAIT_S):
            if data.peer_endpoint == FENCE.peer_endpoint:
                return
            came.append(data)
        raise AssertionError("the meter fell silent")
