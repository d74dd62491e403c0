"""Fills a payload's layout with values that mean something: ids that there are, counts that fit, times near now."""

from __future__ import annotations

import random
from typing import Final

from gsme_host import event_codes
from gsme_host.eui64 import CAD, CHF, ESME, GPF, GSME, HCALCS, IHD, PPMID, STRANGER
from gsme_host.zcl import u16, u32
from host_tests.fuzz.kinds import FrameKind
from host_tests.judges.layout import RECEIVES_REPORTS, REPORTING_TIMEOUT, Field, Kind
from host_tests.judges.meter_map import ATTRIBUTES, BENCH_ATTRIBUTES, SIDES, Attribute
from host_tests.judges.zcl_types import MAP8, STRUCT, TYPES, sample

NOW: Final = 0x2F12A7B1  # no zero in it, so that frames of 254 bytes without one can come about
CODES: Final = tuple(int(row["code"], 16) for row in event_codes.rows())
SECURITY_CODES: Final = tuple(int(row["code"], 16) for row in event_codes.rows() if row["log"] == "security")
GROUPS: Final = (0x81FF, 0xFFFF, 0x8FFF, 0x80FF, 0x0000, 0x00FF)
STATUSES: Final = (0x00, 0x00, 0x00, 0x86, 0x8B, 0xC0, 0x01)
NODES: Final = (CHF, GPF, ESME, GSME, PPMID, IHD, CAD, HCALCS, STRANGER, bytes(8), b"\xff" * 8)
LOGS: Final = (0x13, 0x03, 0x14, 0x04, 0x10, 0x00, 0x17, 0x07, 0x11, 0x23, 0x15)
TYPE_IDS: Final = tuple(TYPES)
MANY: Final = 40  # records at most
LONGEST_STRING: Final = 40
OTHERS: Final = 8  # one value in so many is any value


class Filler:
    """Fills with what a source of numbers says. One payload at a time."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._choice = source.choice
        self._attributes: tuple[Attribute, ...] = ()
        self._attribute: Attribute | None = None
        self._count: int | None = None
        self._direction = 0

    def payload(self, kind: FrameKind) -> bytes:
        """A payload of the kind's layout."""
        place = kind.cluster, kind.side
        self._attributes = ATTRIBUTES.get(place) or ATTRIBUTES[self._choice(SIDES)]
        if any(field.kind is Kind.REPORTING for field in kind.layout.records):
            self._attributes = tuple(filter(self._worth_reporting, self._attributes))
        self._attribute = self._count = None
        filled = b"".join(map(self._field, kind.layout.fields))
        if kind.layout.records:
            for _ in range(self._records() if self._count is None else self._count):
                filled += b"".join(map(self._field, kind.layout.records))
        return filled

    def _worth_reporting(self, attribute: Attribute) -> bool:
        return attribute.reportable or not self._source.randrange(OTHERS)

    def _records(self) -> int:
        return self._choice((1, 1, 1, 1, 2, 2, 2, 3, 5, 8, MANY, self._source.randrange(MANY)))

    def _field(self, field: Field) -> bytes:
        if field.kind is Kind.TYPED:
            return self._typed()
        if field.kind is Kind.REPORTING:
            return self._reporting()
        if field.kind is Kind.LENGTH:
            return self._string(field)
        if field.kind is Kind.COUNT:
            self._count = self._choice((1, 2, 3, field.most, self._source.randrange(field.most + 3)))
            return bytes((self._count,))
        return self._fixed(field)

    def _string(self, field: Field) -> bytes:
        length = self._choice((0, 1, field.most, field.most + 1, self._source.randrange(LONGEST_STRING)))
        if field.name.startswith("count "):  # a list of clusters, two bytes each
            clusters = [u16(cluster) for cluster, _ in (self._choice(SIDES) for _ in range(length % 6))]
            return bytes((len(clusters),)) + b"".join(clusters)
        return bytes((length,)) + self._source.randbytes(length)

    def _fixed(self, field: Field) -> bytes:
        if field.name == "direction" or self._source.randrange(OTHERS):
            known = self._known(field)
            if known is not None:
                self._direction = known[0] if field.name == "direction" else self._direction
                return known
        return self.number(field.size)

    def number(self, size: int) -> bytes:
        """Any number of that size, the edges more often than others."""
        top = (1 << 8 * size) - 1
        edges = (0, 1, 2, 3, top, top - 1, top >> 1, (top >> 1) + 1, self._source.randrange(top + 1))
        return self._choice(edges).to_bytes(size, "little")

    def _known(self, field: Field) -> bytes | None:
        if field.name == "attribute":
            if self._attributes:
                self._attribute = self._choice(self._attributes)
                return self._attribute.image
        elif field.name == "cluster":  # of the attribute behind it
            cluster, side = self._choice(SIDES)
            self._attributes = ATTRIBUTES[cluster, side]
            return u16(cluster)
        elif found := self._choice(_KNOWN.get(field.name, (b"",))):
            return found if len(found) == field.size else None
        return None

    def _value(self, type_id: int, longest: int) -> bytes:
        """A value of the type."""
        row = TYPES[type_id]
        if type_id == MAP8 and self._source.randrange(4):
            return self._choice(_KNOWN["configuration"])
        if row.size is not None:
            return self._source.randbytes(row.size)
        if row.prefix == 1:
            length = self._choice((0, 1, longest, longest + 1, 0xFF, self._source.randrange(LONGEST_STRING)))
            return bytes((length,)) + (b"" if length == 0xFF else self._source.randbytes(length))
        if row.prefix:
            return self._choice((b"\xff\xff", b"\xff", b"\x01", sample(type_id), sample(type_id)))
        return self._collection(type_id) if self._source.randrange(2) else sample(type_id)

    def _collection(self, type_id: int) -> bytes:
        """Collections in collections; one of a few is deeper than the meter takes, or has the count of none."""
        if not self._source.randrange(6):
            many = self._choice((b"\xff\xff", b"\x01\x00", b"\x05\x00"))
            return many if type_id == STRUCT else bytes((self._choice(TYPE_IDS),)) + many
        inner = sample(self._choice(TYPE_IDS))
        for _ in range(self._source.randrange(7)):
            kind = self._choice((STRUCT, 0x48, 0x50, 0x51))
            count = self._choice((1, 1, 1, 2))
            inner = bytes((count, 0, kind)) + inner if kind == STRUCT else bytes((kind, count, 0)) + inner
        return inner if self._source.randrange(4) else inner[: self._source.randrange(len(inner) + 1)]

    def _typed(self) -> bytes:
        attribute = self._attribute
        if attribute is not None and self._source.randrange(4):
            return bytes((attribute.type,)) + self._value(attribute.type, attribute.longest)
        type_id = self._choice(TYPE_IDS)
        return bytes((type_id,)) + self._value(type_id, 16)

    def _reporting(self) -> bytes:
        """What follows direction and attribute: a timeout, or type, intervals and change, most often its own."""
        if self._direction == RECEIVES_REPORTS:
            return self.number(REPORTING_TIMEOUT)
        attribute = self._attribute
        right = attribute is not None and self._source.randrange(6)
        type_id = attribute.type if attribute is not None and right else self._choice(TYPE_IDS)
        shortest, longest = (self._choice((0, 1, 60, 60, 3600, 3600, 0x7FFF, 0xFFFF)) for _ in range(2))
        change = self._value(type_id, 4) if TYPES[type_id].analogue else b""
        return bytes((type_id,)) + u16(shortest) + u16(longest) + change


_KNOWN: Final[dict[str, tuple[bytes, ...]]] = {
    "event": tuple(u16(code) for code in (*CODES, *GROUPS, *(0,) * len(CODES))),  # 0: any, to who asks for a log
    "offset": (bytes(2),) * 4 + (u16(1), u16(2)),
    "number": (bytes(1),) * 4 + (b"\x01", b"\x64"),
    "group": tuple(map(u16, GROUPS)),
    "control and log": tuple(bytes((one,)) for one in LOGS),
    "log": (b"\x03", b"\x03", b"\x04", b"\x00", b"\x07"),
    "match": tuple(bytes((one,)) for one in (0x00, 0x03, 0x08, 0x0B, 0x13, 0x1B)),
    "configuration": tuple(bytes((one,)) for one in (0x00, 0x03, 0x04, 0x08, 0x0B, 0x13, 0x1B, 0x5B, 0xFF)),
    "direction": (b"\x00",) * 14 + (b"\x01", b"\x02"),
    "start": (bytes(4), u32(NOW)),
    "end": (b"\xff" * 4, b"\xfe\xff\xff\xff", u32(NOW + 86400)),
    "time": (bytes(4), u32(NOW), u32(NOW + 3600), b"\xfe\xff\xff\xff"),
    "node": NODES,
    "address": tuple(node[:2] for node in NODES),
    "endpoint": (b"\x01", b"\x00", b"\xf0", b"\xff"),
    "profile": (b"\x09\x01", b"\x00\x00"),
    "status": tuple(bytes((one,)) for one in STATUSES),
    "bench attribute": tuple(u16(one) for one in BENCH_ATTRIBUTES if one not in (0x000B, 0x000C)),
    "tunnel": tuple(u16(one) for one in range(1, 9)),
    "kind": (b"\x02", b"\x02", b"\x01", b"\x03"),
}
