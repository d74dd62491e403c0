"""Around the message: a GET-RESPONSE that is damaged or comes from elsewhere hands over nothing, the next one does.

Sources: ZSE D.6 (Transfer Data: tunnel id u16, data), GBCS 10.2.3 (02 nn message). The tunnel is the CHF's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.bench import Attr
from gsme_host.eui64 import CHF, ESME, EUI64, GPF, IHD, PPMID, STRANGER
from gsme_host.gbcs import commands
from gsme_host.hub import Hub, frames
from gsme_host.meter import Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import Cluster, Frame
from host_tests.support.remote_parties import Remote

BROADCAST: Final = LINK_KEY | APS_BROADCAST
HEAD: Final = 7  # ZCL header, tunnel id, kind, how many more wait


class Damaging(Hub):
    """Before each GET-RESPONSE it says `before`, made out of it."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(meter)
        self.before: list[Data] = []
        self.heard: list[bytes] = []

    def damage(self, good: bytes) -> list[tuple[EUI64, int, bytes]]:
        """Who says what, under which aps bits, before the good one."""
        raise NotImplementedError

    def on_get(self, asked: Frame) -> Sequence[bytes]:
        """GET: the damaged ones, then the good one."""
        (good,) = super().on_get(asked)
        quiet, self._quiet = self._quiet, False
        for who, aps, asdu in self.damage(good):
            exchange = self.meter.exchange(Data(who, 1, 1, zcl.PROFILE_SE, Cluster.TUNNELING, aps, asdu))
            self.heard += [data.asdu for data in exchange.answers]
            assert self.bench.read_int(Attr.TUNNEL_MESSAGES) == 0, asdu.hex(" ")
        self._quiet = quiet
        return [good]


class Flipping(Damaging):
    """Every bit in front of the message flipped, but for those that change nothing (see `keeps_its_meaning`)."""

    def damage(self, good: bytes) -> list[tuple[EUI64, int, bytes]]:
        """From the hub."""
        made = []
        for bit in range(8 * HEAD):
            changed = bytearray(good)
            changed[bit // 8] ^= 1 << bit % 8
            if not keeps_its_meaning(bit):
                made.append((CHF, LINK_KEY, bytes(changed)))
        return made


def keeps_its_meaning(bit: int) -> bool:
    """Reserved bits of the frame control, the one that disables Default Responses, sequence number, what waits."""
    octet = bit // 8
    return bit in (4, 5, 6, 7) or octet in (1, HEAD - 1)


class Cutting(Damaging):
    """The frame cut at every octet before the message."""

    def damage(self, good: bytes) -> list[tuple[EUI64, int, bytes]]:
        """From the hub."""
        return [(CHF, LINK_KEY, good[:cut]) for cut in range(HEAD - 1)]


class FromElsewhere(Damaging):
    """The good frame, from others, under less than the link key, and by broadcast."""

    def damage(self, good: bytes) -> list[tuple[EUI64, int, bytes]]:
        """From anybody but the hub alone."""
        others = [(who, LINK_KEY, good) for who in (GPF, ESME, IHD, PPMID, STRANGER)]
        return [*others, *((CHF, aps, good) for aps in (NETWORK_KEY, SECURITY_NONE, BROADCAST))]


@pytest.mark.parametrize(
    ("hub", "count"), [(Flipping, 8 * HEAD - 20), (Cutting, HEAD - 1), (FromElsewhere, 8)], ids=str
)
def test_what_is_not_the_hubs_own_frame_hands_over_nothing(
    remote: Remote, hub: type[Damaging], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message arrives once, with the good frame, and is answered."""
    swept: list[int] = []
    damage = hub.damage

    def counting(self: Damaging, good: bytes) -> list[tuple[EUI64, int, bytes]]:
        made = damage(self, good)
        swept.append(len(made))
        return made

    monkeypatch.setattr(hub, "damage", counting)
    for device, kind in ((IHD, 6), (PPMID, 5), (ESME, 1)):
        remote.target.bench.enrol(device, kind)
    remote.hub = hub(remote.target.meter)
    command = remote.head_end.command("GCS20r", commands.get_event_configuration())
    response, *_ = remote.send(command)
    remote.head_end.response(command, response)
    assert swept == [count]
    assert remote.target.bench.read_int(Attr.TUNNEL_MESSAGES) == 1


def test_a_message_that_nobody_asked_for(remote: Remote) -> None:
    """8B, and not acted on: outside a cycle, and in one that does not wait for it."""
    command = remote.head_end.command("GCS41", commands.update_site_id(0, b"1")).encode()
    asked = Frame(0x11, 7, 2)
    unasked = frames.get_response(asked, 1, command, 0)
    assert remote.target.meter.ask(unasked, cluster=Cluster.TUNNELING, who=CHF) == [], "it disables Default Responses"
    for tunnel in (1, 2):
        wanting = bytes((unasked[0] & ~zcl.NO_DEFAULT_RESPONSE,)) + unasked[1:3] + bytes((tunnel, 0)) + unasked[5:]
        came = remote.target.meter.ask(wanting, cluster=Cluster.TUNNELING, who=CHF)
        assert came == [bytes((0x00, 7, 0x0B, 0x01, 0x8B))]
    assert remote.hub.exchange() == []
    assert remote.target.bench.read_int(Attr.TUNNEL_MESSAGES) == 0
