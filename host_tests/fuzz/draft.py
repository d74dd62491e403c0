"""A frame before it goes on the line, and the ways to make it wrong: whom it is of, what it says, how it is written."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gsme_host import wire
from gsme_host.eui64 import BENCH, BROADCAST, CAD, CHF, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.wire import Data, Kind
from host_tests.fuzz.kinds import FrameKind
from host_tests.judges.commands import GLOBAL_COMMANDS, MANUFACTURER_SPECIFIC
from host_tests.judges.layout import Layout
from host_tests.judges.meter_map import BENCH_MANUFACTURER, SIDES
from host_tests.judges.mutations import interesting
from host_tests.judges.zcl_types import TYPES

PEERS: Final = (CHF, GPF, PPMID, IHD, CAD, HCALCS, STRANGER, BROADCAST, BENCH)
ENDPOINTS: Final = (0, 1, 2, 0xF0, 0xFF)
PROFILES: Final = (0x0000, 0x0109, 0x0104)
CLUSTERS: Final = (*(cluster for cluster, _ in SIDES), 0xFC00, 0x0013, 0x8002, 0x0700)
APS: Final = (0, 1, 2, 4, 5, 6)
CONTROLS: Final = (0x01, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x02)
CODES: Final = (0x0000, BENCH_MANUFACTURER, 0xFFFF)
LONGEST: Final = wire.MAX_PAYLOAD
MOST_MORE: Final = 40  # bytes that are added at a time


@dataclass(frozen=True)
class Draft:
    """A DATA frame. `payload_at` is where the payload begins in the ASDU, whose layout is `layout`."""

    data: Data
    payload_at: int = 0
    layout: Layout = field(default_factory=Layout)

    def with_asdu(self, asdu: bytes) -> Draft:
        """The same to the same endpoint, saying something else."""
        return replace(self, data=replace(self.data, asdu=asdu))

    def on_wire(self, seq: int) -> bytes:
        """As it goes on the line."""
        return wire.coded(wire.body(Kind.DATA, seq, self.data.encode()))


def draft(kind: FrameKind, peer: EUI64, tsn: int, payload: bytes) -> Draft:
    """A frame of that kind under the link key."""
    asdu = kind.asdu(tsn, payload)
    data = Data(peer, 1, kind.own_endpoint, kind.profile, kind.cluster, wire.LINK_KEY, asdu)
    return Draft(data, len(kind.head), kind.layout)


class Mutator:
    """Makes drafts wrong, in ways that a source of numbers chooses."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._choice = source.choice
        self._ways: tuple[Callable[[Draft], Draft], ...] = (
            *(self._cut, self._cut, self._extended, self._extended),
            *(self._counted, self._counted, self._counted, self._typed),
            *(self._changed, self._changed, self._flipped, self._doubled, self._left_out, self._filled),
            *(self._control, self._control, self._command, self._manufacturer),
            *(self._readdressed, self._readdressed, self._of_another, self._of_another),
        )

    def mutated(self, one: Draft) -> Draft:
        """The same, wrong in one more way; at times right all the same."""
        return self._choice(self._ways)(one)

    def _place(self, one: Draft) -> int:
        """Somewhere in the payload, at times in the header."""
        size = len(one.data.asdu)
        first = one.payload_at if one.payload_at < size and self._source.randrange(8) else 0
        return self._source.randrange(first, size) if size else 0

    # --- what it says

    def _cut(self, one: Draft) -> Draft:
        return one.with_asdu(one.data.asdu[: self._place(one)])

    def _extended(self, one: Draft) -> Draft:
        """Longer by noise or by itself, rarely as long as a frame can be and longer."""
        asdu = one.data.asdu
        more = self._source.randbytes(self._source.randrange(1, MOST_MORE))
        if not self._source.randrange(3):
            more = asdu[one.payload_at :] * self._source.randrange(1, 4)
        if not self._source.randrange(60):
            more = self._source.randbytes(max(0, LONGEST - len(asdu) + self._source.randrange(-20, 20)))
        return one.with_asdu(asdu + more)

    def _counted(self, one: Draft) -> Draft:
        """Another number in a count, a limit or a length; the rest stays."""
        asdu = one.data.asdu
        measured = one.layout.measure(asdu[one.payload_at :]).counts
        counts = [(which, one.payload_at + at) for which, at in measured if one.payload_at + at < len(asdu)]
        if not counts:
            return self._changed(one)
        which, at = self._choice(counts)
        number = self._choice((*interesting(which.most), (asdu[at] + 1) & 0xFF, (asdu[at] - 1) & 0xFF))
        return one.with_asdu(asdu[:at] + bytes((number,)) + asdu[at + 1 :])

    def _with_byte(self, one: Draft, value: int) -> Draft:
        at, asdu = self._place(one), one.data.asdu
        return one.with_asdu(asdu[:at] + bytes((value,)) + asdu[at + 1 :])

    def _typed(self, one: Draft) -> Draft:
        """The id of a type where another byte was."""
        return self._with_byte(one, self._choice(tuple(TYPES)))

    def _changed(self, one: Draft) -> Draft:
        return self._with_byte(one, self._choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, self._source.randrange(256))))

    def _flipped(self, one: Draft) -> Draft:
        at, asdu = self._place(one), one.data.asdu
        return self._with_byte(one, asdu[at] ^ 1 << self._source.randrange(8)) if asdu else one

    def _doubled(self, one: Draft) -> Draft:
        """A part of it twice."""
        first, last = sorted((self._place(one), self._place(one)))
        asdu = one.data.asdu
        return one.with_asdu((asdu[:last] + asdu[first:])[:LONGEST])

    def _left_out(self, one: Draft) -> Draft:
        first, last = sorted((self._place(one), self._place(one)))
        return one.with_asdu(one.data.asdu[:first] + one.data.asdu[last:])

    def _filled(self, one: Draft) -> Draft:
        """All of the payload one byte, or noise."""
        head, size = one.data.asdu[: one.payload_at], len(one.data.asdu) - one.payload_at
        noise = self._source.randbytes(max(0, size))
        return one.with_asdu(head + self._choice((noise, bytes(len(noise)), b"\xff" * len(noise))))

    # --- its header

    def _control(self, one: Draft) -> Draft:
        asdu = one.data.asdu
        return one.with_asdu(bytes((asdu[0] ^ self._choice(CONTROLS),)) + asdu[1:]) if asdu else one

    def _command(self, one: Draft) -> Draft:
        at, asdu = one.payload_at - 1, one.data.asdu
        if not 0 <= at < len(asdu):
            return one
        command = self._choice((*(row.id for row in GLOBAL_COMMANDS), self._source.randrange(256)))
        return one.with_asdu(asdu[:at] + bytes((command,)) + asdu[at + 1 :])

    def _manufacturer(self, one: Draft) -> Draft:
        """A manufacturer's code put in, or taken out."""
        asdu = one.data.asdu
        if not asdu:
            return one
        code = b"" if asdu[0] & MANUFACTURER_SPECIFIC else self._choice(CODES).to_bytes(2, "little")
        rest = asdu[1:] if code else asdu[3:]
        return one.with_asdu(bytes((asdu[0] ^ MANUFACTURER_SPECIFIC,)) + code + rest)

    # --- whom it is of and for

    def _of_another(self, one: Draft) -> Draft:
        """One of those at home, or anybody."""
        peer = self._choice((*PEERS, EUI64(self._source.randbytes(8))))
        return replace(one, data=replace(one.data, peer=peer, aps=self._choice(APS)))

    def _readdressed(self, one: Draft) -> Draft:
        changes: dict[str, Any] = self._choice(
            (
                {"own_endpoint": self._choice(ENDPOINTS)},
                {"peer_endpoint": self._choice(ENDPOINTS)},
                {"profile": self._choice(PROFILES)},
                {"cluster": self._choice(CLUSTERS)},
                {"cluster": self._source.randrange(1 << 16)},
                {"aps": self._source.randrange(8)},
            )
        )
        return replace(one, data=replace(one.data, **changes))
