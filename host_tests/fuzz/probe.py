"""Whether the meter is well between two batches: a known read answered right, its counters as foretold, its heap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gsme_host import wire, zcl
from gsme_host.bench import Attr
from gsme_host.eui64 import CHF
from gsme_host.meter import BENCH_MANUFACTURER, bench_data
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import Cluster, Frame, u16
from host_tests.fuzz.draft import Draft
from host_tests.fuzz.inputs import Input, on_line
from host_tests.fuzz.link_judge import Fault, LinkJudge

SEQUENCES: Final = (0xE0, 0xE1)  # no other frames have these
TSN: Final = 0x5A
KNOWN: Final = Data(CHF, 1, 1, zcl.PROFILE_SE, Cluster.BASIC, LINK_KEY, bytes((0x00, TSN, 0x00)) + u16(0x0000))
KNOWN_ANSWER: Final = bytes((0x08, TSN, 0x01)) + bytes.fromhex("0000 00 20 03")
COUNTED: Final = (Attr.DATA_ACCEPTED, Attr.LINK_DROPS, Attr.STARTS)
_READ: Final = zcl.GLOBAL_TO_SERVER | zcl.MANUFACTURER_SPECIFIC


@dataclass(frozen=True)
class Told:
    """What the bench's attributes say; `heap` is free bytes after a collection, 0 where it was not asked."""

    accepted: int
    dropped: int
    starts: int
    heap: int


def probe(*, heap: bool) -> Input:
    """The input. A zero ends whatever the one before it has left."""
    ids = b"".join(u16(one) for one in (*COUNTED, *(Attr.HEAP_FREE,) * heap))
    frames = (KNOWN, bench_data(Frame(_READ, TSN, zcl.Global.READ, ids, BENCH_MANUFACTURER)))
    return on_line(wire.END + b"".join(Draft(one).on_wire(seq) for one, seq in zip(frames, SEQUENCES, strict=True)))


def read(sent: Sequence[Data]) -> Told:
    """What the meter tells; Fault where the known read is answered otherwise than always."""
    known = [data.asdu for data in sent if data.cluster == Cluster.BASIC and data.asdu[1:2] == bytes((TSN,))]
    if known != [KNOWN_ANSWER]:
        raise Fault(f"the known read is answered by {[one.hex(' ') for one in known]}")
    frames = [Frame.parse(data.asdu) for data in sent if data.cluster == Cluster.BENCH]
    told = [frame for frame in frames if frame.tsn == TSN]
    values = zcl.parse_read_response(told[0].payload) if len(told) == 1 else {}
    numbers = {one: int.from_bytes(value.value, "little") for one, value in values.items()}
    if not set(COUNTED) <= set(numbers):
        raise Fault("the bench's attributes cannot be read")
    accepted, dropped, starts = (numbers[one] for one in COUNTED)
    return Told(accepted, dropped, starts, numbers.get(Attr.HEAP_FREE, 0))


def compare(told: Told, link: LinkJudge, starts: int) -> None:
    """Fault where a counter is not what was foretold; where that was not possible it is taken over."""
    if told.starts != starts:
        raise Fault(f"the meter has started {told.starts} times, not {starts}")
    if not link.sure:
        link.accepted, link.dropped, link.sure = told.accepted, told.dropped, True
    if (told.accepted, told.dropped) != (link.accepted, link.dropped):
        raise Fault(
            f"the link has counted {told.accepted} frames and {told.dropped} drops, "
            f"not {link.accepted} and {link.dropped}"
        )
