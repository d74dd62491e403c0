"""Everything that a frame can name and the meter does not have: ids, types, sides, manufacturers, frame controls.

Cases like those of mutations.py, made from the same tables; how many there must be is computed in predictions.py.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

from host_tests.judges.commands import (
    CLUSTER_SPECIFIC,
    DIRECTION,
    GLOBAL_ANSWERS,
    GLOBAL_COMMANDS,
    MANUFACTURER_SPECIFIC,
    READ_ATTRIBUTES,
    known_ids,
)
from host_tests.judges.meter_map import (
    ABSENT_SIDES,
    BENCH_MANUFACTURER,
    ENDPOINT,
    IN_CLUSTERS,
    OUT_CLUSTERS,
    SIDES,
    Side,
    attributes,
    writable,
)
from host_tests.judges.mutations import Case, Expect, Sample
from host_tests.judges.zcl_types import TYPES, sample

UNSUP_CLUSTER_COMMAND: Final = 0x81
UNSUP_GENERAL_COMMAND: Final = 0x82
UNSUP_MANUF_CLUSTER_COMMAND: Final = 0x83
UNSUP_MANUF_GENERAL_COMMAND: Final = 0x84
UNSUPPORTED_ATTRIBUTE: Final = 0x86
INVALID_DATA_TYPE: Final = 0x8D
UNSUPPORTED_CLUSTER: Final = 0xC3

ATTRIBUTES_A_FRAME: Final = 25  # three bytes each: as many refusals as a HAN answer of 80 bytes holds
NOBODYS_COMMAND: Final = 0xE0  # no cluster of the meter has it, and it is no global command
NOBODYS_ATTRIBUTE: Final = b"\xfe\xfe"
MANUFACTURERS: Final = (0x0000, 0x0001, 0x7FFF, BENCH_MANUFACTURER, 0xFFFF)  # the bench's is wrong on other clusters
METER_CLUSTERS: Final = tuple(sorted({*IN_CLUSTERS, *OUT_CLUSTERS}))
ALL_IDS_16: Final = 0x10000
FRAME_CONTROLS: Final = 256
EVERY_ENDPOINT: Final = 0xFF
# Endpoints that nobody but the bench reaches: whatever is sent there, of profile 0109, is taken in and not answered.
UNKNOWN_ENDPOINTS: Final = tuple(n for n in range(256) if n not in (ENDPOINT, EVERY_ENDPOINT))
_TYPE_BITS: Final = 0x03
_OWN_VALUE: Final = 0x00
_WRITE_ATTRIBUTES: Final = 0x02


def _case(command: str, kind: str, place: tuple[int, Side], asdu: bytes, expect: Expect, status: int = 0) -> Case:
    return Case(command, kind, *place, asdu, expect, status, asdu)


def unknown_commands() -> Iterator[Case]:
    """Every cluster command id that a side does not know, the specification's other commands included: 81."""
    for place in SIDES:
        for command in sorted(set(range(256)) - known_ids(*place)):
            asdu = bytes((place[1] | CLUSTER_SPECIFIC, 0, command))
            kind = f"UNKNOWN_COMMAND_{command:02X}"
            yield _case("CLUSTER_COMMAND", kind, place, asdu, Expect.STATUS, UNSUP_CLUSTER_COMMAND)


def unknown_global_commands() -> Iterator[Case]:
    """Every global command id that is neither served nor an answer, on every side: 82."""
    known = {command.id for command in GLOBAL_COMMANDS}
    for place, command in product(SIDES, sorted(set(range(256)) - known)):
        kind = f"UNKNOWN_COMMAND_{command:02X}"
        asdu = bytes((place[1], 0, command))
        yield _case("GLOBAL_COMMAND", kind, place, asdu, Expect.STATUS, UNSUP_GENERAL_COMMAND)


def unknown_attributes() -> Iterator[Case]:
    """Every attribute id that a side does not have, read 25 at a time: 86 for each."""
    for place in SIDES:
        held = {attribute.id for attribute in attributes(*place)}
        unknown = [n.to_bytes(2, "little") for n in range(ALL_IDS_16) if n not in held]
        for at in range(0, len(unknown), ATTRIBUTES_A_FRAME):
            ids = unknown[at : at + ATTRIBUTES_A_FRAME]
            kind = f"UNKNOWN_FROM_{int.from_bytes(ids[0], 'little'):04X}"
            asdu = bytes((place[1], 0, READ_ATTRIBUTES)) + b"".join(ids)
            yield _case("READ_ATTRIBUTES", kind, place, asdu, Expect.RECORD, UNSUPPORTED_ATTRIBUTE)


def wrong_types() -> Iterator[Case]:
    """Every writable attribute written under every other type: 8D; for an id that is no type an 80 is as clear."""
    for place in SIDES:
        for attribute, type_id in product(writable(*place), range(256)):
            if type_id == attribute.type:
                continue
            value = sample(type_id) if type_id in TYPES else b"\0"
            asdu = bytes((place[1], 0, _WRITE_ATTRIBUTES)) + attribute.image + bytes((type_id,)) + value
            expect, status = (Expect.RECORD, INVALID_DATA_TYPE) if type_id in TYPES else (Expect.CLEAR, 0)
            yield _case(attribute.name.upper(), f"WRITTEN_AS_{type_id:02X}", place, asdu, expect, status)


def wrong_manufacturers() -> Iterator[Case]:
    """Four commands under five manufacturer codes on every side: 84 for the global ones, 83 for the others.

    Known or not: the code alone decides. A code that is right on the bench's cluster is wrong elsewhere.
    """
    for place, code in product(SIDES, MANUFACTURERS):
        own = min(known_ids(*place), default=_OWN_VALUE)
        for specific, command in ((0, READ_ATTRIBUTES), (0, NOBODYS_COMMAND), (1, own), (1, NOBODYS_COMMAND)):
            control = place[1] | MANUFACTURER_SPECIFIC | specific
            asdu = bytes((control,)) + code.to_bytes(2, "little") + bytes((0, command)) + NOBODYS_ATTRIBUTE
            status = UNSUP_MANUF_CLUSTER_COMMAND if specific else UNSUP_MANUF_GENERAL_COMMAND
            name = f"{'CLUSTER' if specific else 'GLOBAL'}_COMMAND_{command:02X}"
            yield _case(name, f"MANUFACTURER_{code:04X}", place, asdu, Expect.STATUS, status)


def absent_sides() -> Iterator[Case]:
    """Reads and cluster commands, the other side's own among them, to sides that the meter does not have: C3."""
    for cluster, side in ABSENT_SIDES:
        commands = sorted(known_ids(cluster, side.flipped) | {0x00, NOBODYS_COMMAND})
        frames = [(side, READ_ATTRIBUTES), *((side | CLUSTER_SPECIFIC, command) for command in commands)]
        for control, command in frames:
            asdu = bytes((control, 0, command)) + NOBODYS_ATTRIBUTE
            yield _case(f"COMMAND_{command:02X}", f"FC_{control:02X}", (cluster, side), asdu, *_ABSENT)


_ABSENT: Final = (Expect.STATUS, UNSUPPORTED_CLUSTER)


def unknown_clusters(step: int = 1) -> Iterator[Case]:
    """A read of every `step`-th cluster that the meter does not have, ZCL or Smart Energy: C3."""
    for cluster in range(0, ALL_IDS_16, step):
        if cluster not in METER_CLUSTERS:
            asdu = bytes((Side.SERVER, 0, READ_ATTRIBUTES)) + b"\0\0"
            yield _case("READ_ATTRIBUTES", "UNKNOWN_CLUSTER", (cluster, Side.SERVER), asdu, *_ABSENT)


def uninvited() -> Iterator[Case]:
    """Every global answer and report, with and without its manufacturer and DDR bits, on both sides: no answer."""
    for cluster, side, command in product(METER_CLUSTERS, Side, GLOBAL_ANSWERS):
        for bits in (0x00, 0x04, 0x10, 0x14):
            code = b"\x01\x00" if bits & MANUFACTURER_SPECIFIC else b""
            asdu = bytes((side | bits,)) + code + bytes((0, command.id)) + command.sample
            yield _case(command.title, f"UNINVITED_{side | bits:02X}", (cluster, side), asdu, Expect.SILENT)


def frame_controls() -> Iterator[Case]:
    """All 256 frame controls on every cluster of the meter: a read, or a cluster command that nobody has."""
    for cluster, control in product(METER_CLUSTERS, range(FRAME_CONTROLS)):
        specific = control & CLUSTER_SPECIFIC
        code = b"\x01\x00" if control & MANUFACTURER_SPECIFIC else b""
        command = NOBODYS_COMMAND if specific else READ_ATTRIBUTES
        asdu = bytes((control,)) + code + bytes((0, command)) + NOBODYS_ATTRIBUTE
        place = (cluster, Side(control & DIRECTION))
        yield _case(f"COMMAND_{command:02X}", f"FC_{control:02X}", place, asdu, *_fate_of(place, control))


def _fate_of(place: tuple[int, Side], control: int) -> tuple[Expect, int]:
    """What has to come of a frame control: types 2 and 3 are dropped, bits 5 to 7 are ignored."""
    if control & _TYPE_BITS > CLUSTER_SPECIFIC:
        return Expect.DROPPED, 0
    if place not in SIDES:
        return _ABSENT
    manufacturer = control & MANUFACTURER_SPECIFIC
    if control & CLUSTER_SPECIFIC:
        return Expect.STATUS, UNSUP_MANUF_CLUSTER_COMMAND if manufacturer else UNSUP_CLUSTER_COMMAND
    if manufacturer:
        return Expect.STATUS, UNSUP_MANUF_GENERAL_COMMAND
    return Expect.RECORD, UNSUPPORTED_ATTRIBUTE


def ordered_pairs(commands: list[Sample]) -> Iterator[tuple[Sample, Sample]]:
    """Every ordered pair, a command with itself included, to be sent without waiting in between."""
    yield from product(commands, repeat=2)
