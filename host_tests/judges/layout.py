"""How a payload is laid out, and whether given bytes fill a layout: the exact length check beside every decoder.

A layout is a run of fields and, behind it, records: as many as a count field says, or as many as there are bytes for.
What follows the last field is legal (later revisions of a specification add fields) and is not looked at.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from host_tests.judges.zcl_types import TYPES, CutShort, UnknownType, value_end, within


class Kind(Enum):
    """What a field's bytes mean for the length of what follows."""

    FIXED = "fixed"  # nothing
    COUNT = "count"  # how many records follow
    LIMIT = "limit"  # how many are wanted in the answer
    LENGTH = "length"  # octet string: this byte, then so many more
    TYPED = "typed"  # a type byte, then a value of that type
    REPORTING = "reporting"  # what follows direction and attribute in Configure Reporting


@dataclass(frozen=True)
class Field:
    """One field. `size` is in bytes, of the length byte for a LENGTH; `most` the largest number that makes sense."""

    name: str
    size: int = 1
    kind: Kind = Kind.FIXED
    most: int = 0

    @property
    def counts(self) -> bool:
        """Whether the field is a count, a limit or a length."""
        return self.kind in (Kind.COUNT, Kind.LIMIT, Kind.LENGTH)


class Fit(Enum):
    """What a receiver that knows the layout makes of a payload."""

    COMPLETE = "complete"
    EMPTY = "no record where at least one belongs"
    CUT = "ends inside a field"
    OPEN = "a type that does not exist: nobody knows where its value ends"


@dataclass(frozen=True)
class Measured:
    """`used` bytes belong to the layout; in `records` records. The offsets of the counting fields are in `counts`."""

    fit: Fit
    used: int
    records: int
    counts: tuple[tuple[Field, int], ...]


# Configure Reporting, direction 0: type u8, minimum u16, maximum u16, then a change if the type is analogue.
REPORTING_INTERVALS: Final = 4
REPORTING_TIMEOUT: Final = 2
SENDS_REPORTS: Final = 0
RECEIVES_REPORTS: Final = 1
_DIRECTION_BACK: Final = 3  # the direction byte lies three before the type: direction u8, attribute u16


@dataclass(frozen=True)
class Layout:
    """Fields, then records. With a COUNT among the fields there are that many records, else as many as fit."""

    fields: tuple[Field, ...] = ()
    records: tuple[Field, ...] = ()

    def measure(self, payload: bytes) -> Measured:
        """Walk through the payload."""
        walk = _Walk(payload)
        try:
            walk.run(self.fields)
            wanted = walk.count
            while walk.more(wanted) if self.records else False:
                walk.run(self.records)
                walk.records += 1
        except CutShort:
            return walk.result(Fit.CUT)
        except UnknownType:
            return walk.result(Fit.OPEN)
        return walk.result(Fit.EMPTY if self.records and not walk.records else Fit.COMPLETE)


class _Walk:
    """Where a walk through a payload stands."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0
        self.records = 0
        self.count: int | None = None
        self._counts: list[tuple[Field, int]] = []

    def more(self, wanted: int | None) -> bool:
        return self._at < len(self._payload) if wanted is None else self.records < wanted

    def run(self, fields: tuple[Field, ...]) -> None:
        for field in fields:
            if field.counts:
                self._counts.append((field, self._at))
            self._at = self._end(field)

    def result(self, fit: Fit) -> Measured:
        return Measured(fit, self._at, self.records, tuple(self._counts))

    def _end(self, field: Field) -> int:
        if field.kind is Kind.REPORTING:
            return self._reporting_end()
        end = within(self._payload, self._at + field.size)
        value = int.from_bytes(self._payload[self._at : end], "little")
        if field.kind is Kind.TYPED:
            return value_end(value, self._payload, end)
        if field.kind is Kind.LENGTH:
            return end if value == 0xFF else within(self._payload, end + value)
        if field.kind is Kind.COUNT:
            self.count = value
        return end

    def _reporting_end(self) -> int:
        direction = self._payload[self._at - _DIRECTION_BACK]
        if direction == RECEIVES_REPORTS:
            return within(self._payload, self._at + REPORTING_TIMEOUT)
        if direction != SENDS_REPORTS:
            raise UnknownType(f"direction {direction:02X}")
        change = within(self._payload, self._at + 1 + REPORTING_INTERVALS)
        type_id = self._payload[self._at]
        if type_id not in TYPES:
            raise UnknownType(f"{type_id:02X}")
        return value_end(type_id, self._payload, change) if TYPES[type_id].analogue else change
