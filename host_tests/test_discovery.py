"""Discovery of attributes, plain and extended, and of commands: start, maximum, complete, and the 80 bytes.

Source: ZCL 2.5.13, 2.5.14 (attributes), 2.5.18 to 2.5.21 (commands), 2.5.22, 2.5.23 (extended: access b0 read, b1
write, b2 report); attributes in ascending order of their ids. Whom what is shown to is in test_access_rows.py; here the
CHF asks, and displays where something is left out for them. Which attributes can be reported is the maker's choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.eui64 import CHF, EUI64, IHD
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster, Type, u8, u16
from host_tests.judges.commands import SENT, known_ids
from host_tests.judges.meter_map import SIDES, Attribute, Side, attributes
from host_tests.support.requesters import ask_as
from host_tests.support.target import Target

BASIC, IDENTIFY, METERING = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING
PLAIN: Final = 0x0C
EXTENDED: Final = 0x15
RECEIVED: Final = 0x11
GENERATED: Final = 0x13
FRAME: Final = 80
HEAD: Final = 4  # header and complete
FITS: Final = {PLAIN: (FRAME - HEAD) // 3, EXTENDED: (FRAME - HEAD) // 4}
ALL: Final = 0xFF
HUBS_ALONE: Final = (0x0307, 0x0311)  # SiteID, CIN

Place = tuple[int, Side]


def row(attribute: Attribute, command: int) -> bytes:
    """An attribute as a discovery lists it."""
    access = u8(attribute.access) if command == EXTENDED else b""
    return attribute.image + u8(attribute.type) + access


def held(place: Place, without: tuple[int, ...] = ()) -> list[Attribute]:
    """What there is, in ascending order."""
    return sorted((one for one in attributes(*place) if one.id not in without), key=lambda one: one.id)


def answer(place: Place, command: int, start: int, most: int, without: tuple[int, ...] = ()) -> bytes:
    """From the tables: as many as are wanted and fit; complete if there are no more."""
    found = [row(one, command) for one in held(place, without) if one.id >= start]
    shown = found[: min(most, FITS[command])]
    return bytes((place[1] ^ Side.CLIENT, 1, command + 1, len(shown) == len(found))) + b"".join(shown)


def discover(meter: Meter, place: Place, command: int, start: int, most: int, who: EUI64 = CHF) -> bytes:
    """The one answer."""
    (came,) = ask_as(meter, who, place[0], bytes((place[1], 1, command)) + u16(start) + u8(most))
    return came


@pytest.mark.parametrize("command", [PLAIN, EXTENDED], ids=["plain", "extended"])
def test_from_every_start(meter: Meter, command: int) -> None:
    """On every side, from each id, from the one behind it, and from the ends; with everything wanted, and with one."""
    for place in SIDES:
        starts = {0, 0xFFFF} | {one.id + more for one in attributes(*place) for more in (0, 1)}
        for start, most in product(sorted(starts), (ALL, 1)):
            expected = answer(place, command, start, most)
            assert discover(meter, place, command, start, most) == expected, f"{place}: {start:04X}, {most}"


@pytest.mark.parametrize("command", [PLAIN, EXTENDED], ids=["plain", "extended"])
def test_with_every_maximum(meter: Meter, command: int) -> None:
    """Complete is said only where nothing is left; above what 80 bytes hold the maximum changes nothing."""
    for place in ((METERING, Side.SERVER), (BASIC, Side.SERVER), (Cluster.DEVICE_MANAGEMENT, Side.CLIENT)):
        for most in (*range(1, 30), 0x7F, 0xFE, ALL):
            assert discover(meter, place, command, 0, most) == answer(place, command, 0, most), str(most)


@pytest.mark.parametrize("command", [PLAIN, EXTENDED], ids=["plain", "extended"])
def test_a_walk_shows_each_once(meter: Meter, command: int) -> None:
    """From behind the last one on until all is there, as a host does it, in large steps and in small ones."""
    for place, most in product(SIDES, (1, 7, ALL)):
        assert b"".join(walk(meter, place, command, most)) == b"".join(row(one, command) for one in held(place))


def walk(meter: Meter, place: Place, command: int, most: int) -> Iterator[bytes]:
    """The rows of all answers that it takes."""
    start, complete, size = 0, False, 4 if command == EXTENDED else 3
    while not complete:
        came = discover(meter, place, command, start, most)
        complete, rows = came[3] == 1, came[HEAD:]
        assert len(came) <= FRAME
        assert rows or complete
        yield from (rows[at : at + size] for at in range(0, len(rows), size))
        start = int.from_bytes(rows[-size:][:2], "little") + 1


def test_only_these_are_writable(meter: Meter) -> None:
    """By the access bytes of all sides: IdentifyTime, LocationDescription and PhysicalEnvironment; all can be read."""
    rows = [(place[0], one) for place in SIDES for one in walk(meter, place, EXTENDED, ALL)]
    assert all(one[3] & 1 for _, one in rows)
    writable = [(cluster, int.from_bytes(one[:2], "little")) for cluster, one in rows if one[3] & 2]
    assert writable == [(BASIC, 0x0010), (BASIC, 0x0011), (IDENTIFY, 0x0000)]


@pytest.mark.parametrize("command", [PLAIN, EXTENDED], ids=["plain", "extended"])
def test_what_is_not_held_is_left_out(meter: Meter, bench: Bench, command: int) -> None:
    """Neither shown nor counted: behind the last one that is held all is complete. What only fails is held."""
    places: list[tuple[Place, tuple[int, ...]]] = [
        ((METERING, Side.SERVER), (0x0000, 0x0300, 0xFFFE)),
        ((BASIC, Side.SERVER), (0x0011,)),
        ((Cluster.DEVICE_MANAGEMENT, Side.CLIENT), (0x810D, 0x81C6)),
    ]
    for place, missing in places:
        for number, attribute in enumerate(missing):
            bench.set_attribute(place[0], attribute, 0x86 if number % 2 else 0x8B)
        for most in (ALL, len(held(place, missing)), 1):
            assert discover(meter, place, command, 0, most) == answer(place, command, 0, most, missing)
        last = held(place, missing)[-1].id
        assert discover(meter, place, command, last, 1) == answer(place, command, last, 1, missing)
        assert discover(meter, place, command, last + 1, ALL)[3:] == b"\x01"
    bench.set_attribute(BASIC, 0x0011, kind=Type.ENUM8, value=b"\x00")
    bench.set_attribute(BASIC, 0x0007, 0xC0)
    assert discover(meter, (BASIC, Side.SERVER), command, 0, ALL) == answer((BASIC, Side.SERVER), command, 0, ALL)


def test_what_may_not_be_read_is_left_out(home: Target) -> None:
    """SiteID and CIN, for a display: no gap, no count, no complete gives them away."""
    place = (METERING, Side.SERVER)
    for start in (0, 0x0306, 0x0307, 0x0308, 0x0311, 0x0312, 0x0607):
        for most in (ALL, 1, 2, 14, 15):
            expected = answer(place, PLAIN, start, most, HUBS_ALONE)
            assert discover(home.meter, place, PLAIN, start, most, IHD) == expected, f"{start:04X}, {most}"
    came = discover(home.meter, place, EXTENDED, 0, ALL, IHD)
    names = [came[at : at + 3] for at in range(HEAD, len(came), 4)]
    assert names == [row(one, PLAIN) for one in held(place, HUBS_ALONE)][: FITS[EXTENDED]]


# --- commands


def commands(place: Place, command: int) -> list[int]:
    """The ids that the meter takes on that side, or sends."""
    return sorted(known_ids(*place) if command == RECEIVED else SENT.get(place, {}))


@pytest.mark.parametrize("command", [RECEIVED, GENERATED], ids=["received", "generated"])
def test_commands(meter: Meter, command: int) -> None:
    """Starts around all ids with several maxima: those at or above the start, ascending, complete or not."""
    asked = list(product(SIDES, (*range(11), 0xFF), (1, 2, ALL)))
    for place, start, most in asked:
        found = [one for one in commands(place, command) if one >= start]
        sent = bytes((place[1], 1, command, start, most))
        head = bytes((place[1] ^ Side.CLIENT, 1, command + 1, len(found) <= most))
        assert ask_as(meter, CHF, place[0], sent) == [head + bytes(found[:most])], f"{place[0]:04X}: {sent.hex(' ')}"
    assert len(asked) == len(SIDES) * 12 * 3


STEPS: Final = [  # action, cluster, frame, answer
    ("Get and Set Event Configuration", Cluster.DEVICE_MANAGEMENT, "08 01 11 00 FF", "00 01 12 01 01 03 04 05 06"),
    ("Report Event Configuration", Cluster.DEVICE_MANAGEMENT, "08 01 13 00 FF", "00 01 14 01 04"),
    ("Get and Clear Event Log", Cluster.EVENTS, "00 01 11 00 FF", "08 01 12 01 00 01"),
    ("what the log sends", Cluster.EVENTS, "00 01 13 00 FF", "08 01 14 01 00 01 02"),
    ("Basic has no reset", BASIC, "00 01 11 00 FF", "08 01 12 01"),
    ("a client that asks only", Cluster.TIME, "08 01 13 00 FF", "00 01 14 01"),
    ("Default Response disabled", IDENTIFY, "10 01 11 01 FF", "08 01 12 01 01"),
    ("another manufacturer's attributes", BASIC, "04 3412 01 0C 0000 FF", "0C 3412 01 0B 0C 84"),
    ("another manufacturer's commands", BASIC, "04 3412 01 11 00 FF", "0C 3412 01 0B 11 84"),
    ("without a maximum", BASIC, "00 01 0C 0000", "08 01 0B 0C 80"),
    ("extended without a maximum", BASIC, "00 01 15 0000", "08 01 0B 15 80"),
    ("commands without a maximum", BASIC, "00 01 11 00", "08 01 0B 11 80"),
    ("a later revision's longer request", BASIC, "00 01 0C 1100 FF AA", "08 01 0D 01 1100 30"),
]


def test_steps(meter: Meter) -> None:
    for action, cluster, sent, expected in STEPS:
        assert ask_as(meter, CHF, cluster, sent) == [bytes.fromhex(expected)], action
