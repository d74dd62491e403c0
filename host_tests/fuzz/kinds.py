"""Every kind of frame that can reach the meter: where it goes, and how its payload is laid out.

Smart Energy kinds are those of judges/commands.py. The bench's and the ZDO's are laid out here; sources: the serial HAN
link, version 1: "The bench cluster", "ZDO".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Command as BenchCommand
from gsme_host.eui64 import GSME
from gsme_host.zcl import u8, u16
from host_tests.judges import commands as c
from host_tests.judges.layout import Field, Kind, Layout
from host_tests.judges.meter_map import (
    BASIC,
    BENCH,
    BENCH_ENDPOINT,
    BENCH_MANUFACTURER,
    ENDPOINT,
    EVENTS,
    METERING,
    PROFILE,
    Side,
)
from host_tests.judges.mutations import samples

ZDO_ENDPOINT: Final = 0
ZDO_PROFILE: Final = 0x0000
RAISE_EVENT: Final = "raise event"


@dataclass(frozen=True)
class FrameKind:
    """One kind. `head` is what goes in front of the payload, the sequence number 0 at `tsn_at` of it."""

    name: str
    own_endpoint: int
    profile: int
    cluster: int
    head: bytes
    tsn_at: int
    layout: Layout
    sample: bytes
    side: Side = Side.SERVER

    def asdu(self, tsn: int, payload: bytes) -> bytes:
        """The frame with that sequence number and payload."""
        return self.head[: self.tsn_at] + bytes((tsn,)) + self.head[self.tsn_at + 1 :] + payload


def _smart_energy(cluster: int, side: Side, command: c.Command, kind: int) -> FrameKind:
    head = bytes((side | kind, 0, command.id))
    return FrameKind(command.title, ENDPOINT, PROFILE, cluster, head, 1, command.layout, command.sample, side)


_ALL: Final = tuple(samples())
# Those of Events more often: they ask for what not everybody may have.
CLUSTER_COMMANDS: Final = tuple(
    _smart_energy(one.cluster, one.side, one.command, c.CLUSTER_SPECIFIC)
    for one in _ALL
    if one.cluster_specific
    for _ in range(4 if one.cluster == EVENTS else 1)
) + tuple(
    _smart_energy(*place, c.Command(number, name), c.CLUSTER_SPECIFIC)
    for place, ids in c.NOT_HAD.items()
    for number, name in ids.items()
)
# Metering, and Basic, which can be written, more often: other sides have few attributes or none.
GLOBAL_REQUESTS: Final = tuple(
    _smart_energy(one.cluster, one.side, one.command, c.GLOBAL)
    for one in _ALL
    if one.command in c.GLOBAL_REQUESTS
    for _ in range({METERING: 4, BASIC: 2}.get(one.cluster, 1) if one.side is Side.SERVER else 1)
)
GLOBAL_ANSWERS: Final = tuple(
    _smart_energy(one.cluster, one.side, one.command, c.GLOBAL) for one in _ALL if one.command in c.GLOBAL_ANSWERS
)


# --- the bench

_CODE: Final = u16(BENCH_MANUFACTURER)


def _bench(command: int, name: str, *fields: Field, sample: str = "", control: int = 0x05) -> FrameKind:
    head = bytes((control,)) + _CODE + bytes((0, command))
    octets = bytes.fromhex(sample)
    return FrameKind(name, BENCH_ENDPOINT, PROFILE, BENCH, head, 3, Layout(fields), octets)


_EUI64: Final = Field("node", 8)
_TYPED: Final = Field("type and value", kind=Kind.TYPED)

# What the generator fills and mutates. The others change who is who: see bench.py.
BENCH_COMMANDS: Final = (
    _bench(
        BenchCommand.RAISE_EVENT,
        RAISE_EVENT,
        Field("event", 2),
        Field("data", kind=Kind.LENGTH, most=16),
        sample="8381 00",
    ),
    _bench(BenchCommand.SET_CLOCK, "set clock", Field("time", 4), sample="00A7002F"),
    _bench(
        BenchCommand.SET_ATTRIBUTE,
        "set attribute",
        *(Field("cluster", 2), Field("attribute", 2), Field("status"), _TYPED),
        sample="0207 0002 00 18 00",
    ),
    _bench(BenchCommand.WAKE, "wake"),
    _bench(BenchCommand.READ_STORAGE, "read storage", Field("offset", 4), Field("count"), sample="00000000 10"),
    _bench(zcl.Global.READ, "read the bench", Field("bench attribute", 2), sample="0300", control=0x04),
    _bench(zcl.Global.DISCOVER, "discover the bench", Field("start", 2), Field("most"), sample="0000 20", control=0x04),
    _bench(zcl.Global.DISCOVER_RECEIVED, "its commands", Field("start"), Field("most"), sample="00 20", control=0x04),
)

# What the stores are asked for.
WRITING: Final = tuple(
    kind
    for kind in (*CLUSTER_COMMANDS, *GLOBAL_REQUESTS, *BENCH_COMMANDS)
    if kind.name.startswith(("SET_EVENT", "WRITE", "CONFIGURE", RAISE_EVENT))
    and (kind.cluster in (BASIC, METERING) or kind in CLUSTER_COMMANDS)
)


# --- ZDO

_NWK: Final = Field("address", 2)
_LISTS: Final = (Field("profile", 2), Field("count in", kind=Kind.LENGTH, most=4), Field("count out", kind=Kind.LENGTH))


def _zdo(cluster: int, name: str, *fields: Field, sample: bytes) -> FrameKind:
    return FrameKind(name, ZDO_ENDPOINT, ZDO_PROFILE, cluster, b"\0", 0, Layout(fields), sample)


_OWN_NWK: Final = GSME[:2]
ZDO: Final = (
    _zdo(0x0000, "NWK_addr_req", Field("node", 8), Field("type"), Field("start"), sample=GSME + bytes(2)),
    _zdo(0x0001, "IEEE_addr_req", _NWK, Field("type"), Field("start"), sample=_OWN_NWK + bytes(2)),
    _zdo(0x0002, "Node_Desc_req", _NWK, sample=_OWN_NWK),
    _zdo(0x0003, "Power_Desc_req", _NWK, sample=_OWN_NWK),
    _zdo(0x0004, "Simple_Desc_req", _NWK, Field("endpoint"), sample=_OWN_NWK + u8(ENDPOINT)),
    _zdo(0x0005, "Active_EP_req", _NWK, sample=_OWN_NWK),
    _zdo(0x0006, "Match_Desc_req", _NWK, *_LISTS, sample=_OWN_NWK + u16(PROFILE) + bytes.fromhex("01 0207 01 0807")),
    _zdo(
        0x0006, "Match_Desc_req to all", _NWK, *_LISTS, sample=b"\xfd\xff" + u16(PROFILE) + bytes.fromhex("01 0207 00")
    ),
    _zdo(0x0013, "Device_annce", _NWK, Field("node", 8), Field("capability"), sample=_OWN_NWK + GSME + u8(0x80)),
    _zdo(0x8002, "Node_Desc_rsp", Field("status"), _NWK, sample=b"\0" + _OWN_NWK),
)
