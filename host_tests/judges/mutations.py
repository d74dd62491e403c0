"""Every way of lying about length, applied to every command: cut, extended, counts that do not fit.

The cases are made from the command tables, named by the way of lying (CUT_AT_3, EXTENDED_BY_8, COUNT_IS_FF), and each
says what a meter has to make of it. How many there must be is computed apart, in predictions.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from host_tests.judges.commands import CLUSTER_SPECIFIC, GLOBAL_COMMANDS, HEADER, Command, received
from host_tests.judges.layout import Field, Fit, Kind
from host_tests.judges.meter_map import SIDES, Attribute, Side, writable
from host_tests.judges.zcl_types import OCTSTR, STRING

MOST_EXTRA: Final = 8  # bytes added behind a whole command
EXTRA_BYTE: Final = 0xA5
NO_LENGTH: Final = 0xFF
MALFORMED_COMMAND: Final = 0x80
INVALID_VALUE: Final = 0x87
_WRITE_ATTRIBUTES: Final = 0x02
_MANUFACTURER_BIT: Final = 0x04


class Expect(Enum):
    """What the meter has to do with a frame from the CHF, unicast, under the link key."""

    SAME = "the answer to the unchanged frame"
    SERVED = "an answer to what is there: anything but a malformed"
    STATUS = "a Default Response with the case's status"
    RECORD = "a response in which each record has the case's status"
    DROPPED = "no answer, and it counts as malformed"
    SILENT = "no answer"
    CLEAR = "one clear answer: no text says which"


@dataclass(frozen=True)
class Case:
    """One frame to send. `kind` is the way of lying; `base` the frame before it; `status` where `expect` wants one."""

    command: str
    kind: str
    cluster: int
    side: Side
    asdu: bytes
    expect: Expect
    status: int = 0
    base: bytes = b""

    @property
    def name(self) -> str:
        """Unique among all cases: cluster, side, command, kind."""
        return f"{self.cluster:04X}-{self.side.name}/{self.command}/{self.kind}"

    def numbered(self, tsn: int) -> "Case":
        """The same case under a sequence number, in the frame and in its base, where they reach that far."""
        return replace(self, asdu=_numbered(self.asdu, tsn), base=_numbered(self.base, tsn))


def _numbered(asdu: bytes, tsn: int) -> bytes:
    at = 3 if asdu and asdu[0] & _MANUFACTURER_BIT else 1
    return asdu[:at] + bytes((tsn,)) + asdu[at + 1 :] if len(asdu) > at else asdu


@dataclass(frozen=True)
class Sample:
    """A valid command on one side of a cluster, to be lied about."""

    cluster: int
    side: Side
    command: Command
    cluster_specific: bool

    def asdu(self, payload: bytes) -> bytes:
        """The frame with that payload, sequence number 0."""
        return bytes((self.side | (CLUSTER_SPECIFIC if self.cluster_specific else 0), 0, self.command.id)) + payload

    def case(self, kind: str, asdu: bytes, expect: Expect, status: int = 0) -> Case:
        """A case about this sample."""
        base = self.asdu(self.command.sample)
        return Case(self.command.title, kind, self.cluster, self.side, asdu, expect, status, base)


def samples() -> Iterator[Sample]:
    """Every global command on every side that the meter has, and every cluster command that it knows."""
    for cluster, side in SIDES:
        for command in GLOBAL_COMMANDS:
            yield Sample(cluster, side, command, cluster_specific=False)
        for command in received(cluster, side):
            yield Sample(cluster, side, command, cluster_specific=True)


def _fate(sample: Sample, payload: bytes) -> tuple[Expect, int]:
    """What has to come of the command with another payload."""
    if sample.command.silent:
        return Expect.SILENT, 0
    fit = sample.command.layout.measure(payload).fit
    if fit is Fit.OPEN:
        return Expect.CLEAR, 0
    if fit is Fit.COMPLETE:
        return Expect.SERVED, 0
    return Expect.STATUS, MALFORMED_COMMAND


def cuts() -> Iterator[Case]:
    """Every command, ending before each of its bytes, the header's included."""
    for sample in samples():
        whole = sample.asdu(sample.command.sample)
        for length in range(len(whole)):
            expect, status = _fate(sample, whole[HEADER:length]) if length >= HEADER else (Expect.DROPPED, 0)
            yield sample.case(f"CUT_AT_{length}", whole[:length], expect, status)


def extensions() -> Iterator[Case]:
    """Every command with 1 to 8 bytes behind it. Where records go on to the end, they are more records."""
    for sample in samples():
        whole = sample.asdu(sample.command.sample)
        for extra in range(1, MOST_EXTRA + 1):
            longer = whole + bytes((EXTRA_BYTE,)) * extra
            expect, status = _fate(sample, longer[HEADER:])
            if expect is Expect.SERVED and not _open_ended(sample.command):
                expect = Expect.SAME
            yield sample.case(f"EXTENDED_BY_{extra}", longer, expect, status)


def _open_ended(command: Command) -> bool:
    return bool(command.layout.records) and not any(field.kind is Kind.COUNT for field in command.layout.fields)


def interesting(most: int) -> list[int]:
    """The numbers that a one-byte count is set to: 0, 1, the most, one more, FF."""
    return sorted({0, 1, most, most + 1, 0xFF})


def counts() -> Iterator[Case]:
    """Every count and limit at each interesting number: as a lie, and counts of records also filled to match."""
    for sample in samples():
        if sample.command.silent:
            continue
        payload = sample.command.sample
        for field, at in sample.command.layout.measure(payload).counts:
            for number in interesting(field.most):
                changed = payload[:at] + bytes((number,)) + payload[at + 1 :]
                yield sample.case(f"{_name(field)}_IS_{number:02X}", sample.asdu(changed), *_fate(sample, changed))
                if field.kind is Kind.COUNT:
                    changed = payload[:at] + bytes((number,)) + _records(sample.command, payload[at + 1 :], number)
                    yield sample.case(f"FILLED_TO_{number:02X}", sample.asdu(changed), *_fate(sample, changed))


def _name(field: Field) -> str:
    """COUNT, or which of the lengths: a command may have several."""
    return "COUNT" if field.kind is not Kind.LENGTH else f"LENGTH_OF_{field.name.upper()}"


def _records(command: Command, records: bytes, number: int) -> bytes:
    """`number` records, the sample's over and over."""
    size = sum(field.size for field in command.layout.records)
    return (records * number)[: size * number]


def writable_strings() -> list[tuple[int, Side, Attribute]]:
    """The attributes whose value has a length that the hub may set."""
    return [
        (cluster, side, attribute)
        for cluster, side in SIDES
        for attribute in writable(cluster, side)
        if attribute.type in (OCTSTR, STRING)
    ]


def string_lengths() -> Iterator[Case]:
    """Every writable string at each interesting length: filled to match, and as a lie with one byte of content."""
    for cluster, side, attribute in writable_strings():
        for length in interesting(attribute.longest):
            for kind, content in (("FILLED_TO", length), ("LENGTH_IS", 1)):
                record = attribute.image + bytes((attribute.type, length)) + b"A" * content
                expect, status = _string_fate(length, content, attribute.longest)
                asdu = bytes((side, 0, _WRITE_ATTRIBUTES)) + record
                yield Case(attribute.name.upper(), f"{kind}_{length:02X}", cluster, side, asdu, expect, status)


def _string_fate(length: int, content: int, longest: int) -> tuple[Expect, int]:
    """What has to come of writing a string that says `length` and has `content` bytes."""
    if length == NO_LENGTH or content > length:
        return Expect.CLEAR, 0  # an invalid string may be refused or taken; what is behind one begins another record
    if content < length:
        return Expect.STATUS, MALFORMED_COMMAND
    return (Expect.RECORD, INVALID_VALUE) if length > longest else (Expect.RECORD, 0)
