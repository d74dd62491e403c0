"""Basic and Identify: what the meter says that it is, and how it shows which one it is.

Source: ZCL 3.2 and 3.5; GBCS GCS21m (the manufacturer's code as four hex characters, image type and hardware version as
eight, strings as plain bytes); a meter does not have Basic's reset to factory defaults; LocationDescription holds at
most 16 bytes. Undivided and silent writes are in test_read_write.py, who may do what in test_access_table.py. What a
pass does not prove: the values themselves, which are the maker's, nor that a lamp is lit.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.eui64 import CHF, GPF, IHD, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, NETWORK_KEY
from gsme_host.zcl import Cluster, Status, Type, parse_read_response
from host_tests.judges.meter_map import Attribute, Side, attributes
from host_tests.support.requesters import ask_as
from host_tests.support.target import Target

BASIC, IDENTIFY = Cluster.BASIC, Cluster.IDENTIFY
HEX_DIGITS: Final = frozenset(b"0123456789ABCDEF")
NOT_KNOWN: Final = b"\xff"
PAUSE_S: Final = 0.1
SECONDS: Final = 2
TEN_MINUTES: Final = 600


def read(meter: Meter, cluster: int, attribute: int) -> bytes:
    """The value of an attribute, a string's without its length."""
    (answer,) = ask_as(meter, CHF, cluster, b"\x00\x01\x00" + attribute.to_bytes(2, "little"))
    record = parse_read_response(answer[3:])[attribute]
    (kind,) = (one.type for one in attributes(cluster, Side.SERVER) if one.id == attribute)
    assert (record.status, record.type) == (Status.SUCCESS, kind)
    return record.value


def test_basic_says_what_the_meter_is(meter: Meter) -> None:
    """A battery meter, of a maker and a model in the form that GBCS has; nothing is described or surrounds it yet."""
    values = {one.name: read(meter, BASIC, one.id) for one in attributes(BASIC, Side.SERVER)}
    assert values["ZCLVersion"] not in (b"\x00", NOT_KNOWN)
    assert values["HWVersion"] != NOT_KNOWN
    assert len(values["ManufacturerName"]) == 4
    assert len(values["ModelIdentifier"]) == 8
    assert HEX_DIGITS.issuperset(values["ManufacturerName"] + values["ModelIdentifier"])
    assert values["PowerSource"] == b"\x03"
    assert (values["LocationDescription"], values["PhysicalEnvironment"]) == (b"", b"\x00")


@pytest.mark.parametrize("name", ["ManufacturerName", "ModelIdentifier"])
def test_its_strings_are_bytes(meter: Meter, bench: Bench, name: str) -> None:
    """Not every maker's are text, nor of that length: they go out as they are, as many as there may be."""
    attribute = _named(name)
    for content in (bytes.fromhex("0D2A FF00"), b"", bytes(range(0xE0, 0x100))):
        bench.set_attribute(BASIC, attribute.id, kind=Type.STRING, value=bytes((len(content),)) + content)
        assert read(meter, BASIC, attribute.id) == content


WRITES: Final = [  # action, frame, answer, then LocationDescription and PhysicalEnvironment
    ("sixteen bytes of description", "00 01 02 1000 42 10" + "41" * 16, "08 01 04 00", b"A" * 16, 0),
    ("seventeen", "00 02 02 1000 42 11" + "42" * 17, "08 02 04 87 1000", b"A" * 16, 0),
    ("surroundings", "00 03 02 1100 30 01", "08 03 04 00", b"A" * 16, 1),
    ("reset to factory defaults", "01 04 00", "08 04 0B 00 81", b"A" * 16, 1),
    ("the same, Default Response disabled", "11 05 00", "08 05 0B 00 81", b"A" * 16, 1),
    ("no description", "00 06 02 1000 42 00", "08 06 04 00", b"", 1),
]


def test_what_can_be_written_and_no_reset(meter: Meter) -> None:
    """Two attributes, which a reset to factory defaults leaves as they are; of the others every one is read-only."""
    for action, sent, answer, location, surroundings in WRITES:
        assert ask_as(meter, CHF, BASIC, sent) == [bytes.fromhex(answer)], action
        assert read(meter, BASIC, 0x0010) == location, action
        assert read(meter, BASIC, 0x0011) == bytes((surroundings,)), action
    fixed = [one for one in attributes(BASIC, Side.SERVER) if not one.writable]
    for one in fixed:
        write = b"\x00\x07\x02" + one.image + bytes((one.type, 1, 0x41)[: 3 if one.type == Type.STRING else 2])
        assert ask_as(meter, CHF, BASIC, write) == [b"\x08\x07\x04\x88" + one.image], one.name
    assert [one.id for one in fixed] == [0x0000, 0x0003, 0x0004, 0x0005, 0x0007]


def _named(name: str) -> Attribute:
    return next(one for one in attributes(BASIC, Side.SERVER) if one.name == name)


# --- Identify


def seconds_left(meter: Meter) -> int:
    """IdentifyTime."""
    return int.from_bytes(read(meter, IDENTIFY, 0), "little")


IDLE: Final = [  # action, frame, answer; the meter does not identify itself
    ("query", "01 01 01", "08 01 0B 01 00"),
    ("query, Default Response disabled", "11 02 01", ""),
    ("identify for no time", "01 03 00 0000", "08 03 0B 00 00"),
    ("identify without a time", "01 04 00", "08 04 0B 00 80"),
    ("identify with half of one", "11 05 00 58", "08 05 0B 00 80"),
    ("a later revision's longer query", "01 06 01 AA", "08 06 0B 01 00"),
    ("write another type", "00 07 02 0000 20 58", "08 07 04 8D 0000"),
    ("write its client side", "08 08 02 0000 21 5802", "00 08 0B 02 C3"),
    ("an answer to a query", "09 09 00 5802", "00 09 0B 00 C3"),
    ("trigger effect, which it has not", "01 0A 40 0000", "08 0A 0B 40 81"),
    ("what is left", "00 0B 00 0000", "08 0B 01 0000 00 21 0000"),
]
STARTS: Final = [  # how it is begun: action, frame, answer
    ("a command", "01 01 00 5802", "08 01 0B 00 00"),
    ("a command that wants no Default Response", "11 01 00 5802", ""),
    ("a later revision's longer command", "01 01 00 5802 AAAA", "08 01 0B 00 00"),
    ("a write", "00 01 02 0000 21 5802", "08 01 04 00"),
    ("a write, all or nothing", "00 01 03 0000 21 5802", "08 01 04 00"),
    ("a write without response", "00 01 05 0000 21 5802", ""),
]


def test_idle(meter: Meter) -> None:
    for action, sent, answer in IDLE:
        expected = [bytes.fromhex(answer)] if answer else []
        assert ask_as(meter, CHF, IDENTIFY, sent) == expected, action


def test_identifying(home: Target) -> None:
    """Begun in each way and ended in two, by either of the hub's; whoever asks meanwhile is told how long."""
    for number, (action, sent, answer) in enumerate(STARTS):
        hub, key = ((CHF, LINK_KEY), (GPF, NETWORK_KEY))[number % 2]
        assert ask_as(home.meter, hub, IDENTIFY, sent, key) == ([bytes.fromhex(answer)] if answer else []), action
        assert TEN_MINUTES - 60 < seconds_left(home.meter) <= TEN_MINUTES, action
        for who, query in ((CHF, "01 31 01"), (IHD, "11 31 01"), (STRANGER, "01 31 01")):
            (told,) = ask_as(home.meter, who, IDENTIFY, query, NETWORK_KEY)
            assert told[:3] == bytes.fromhex("09 31 00"), action
            assert TEN_MINUTES - 60 < int.from_bytes(told[3:], "little") <= TEN_MINUTES, action
            assert len(told) == 5
        end, done = (("01 41 00 0000", "08 41 0B 00 00"), ("00 41 02 0000 21 0000", "08 41 04 00"))[number % 2]
        assert ask_as(home.meter, hub, IDENTIFY, end, key) == [bytes.fromhex(done)], action
        assert ask_as(home.meter, IHD, IDENTIFY, "01 51 01") == [bytes.fromhex("08 51 0B 01 00")], action


def test_it_ends_by_itself(meter: Meter) -> None:
    """The time counts down to nothing, second by second; then a query finds nothing. The longest time is 65535 s."""
    ask_as(meter, CHF, IDENTIFY, "01 01 00 FFFF")
    assert seconds_left(meter) > 0xFFFF - 60
    ask_as(meter, CHF, IDENTIFY, bytes((0x01, 1, 0, SECONDS, 0)))
    seen = [SECONDS]
    while seen[-1] and len(seen) < 100 * SECONDS:
        assert meter.link.receive(PAUSE_S) is None
        seen.append(seconds_left(meter))
    assert sorted(set(seen), reverse=True) == list(range(SECONDS, -1, -1))
    assert sorted(seen, reverse=True) == seen
    assert ask_as(meter, CHF, IDENTIFY, "01 01 01") == [bytes.fromhex("08 01 0B 01 00")]
