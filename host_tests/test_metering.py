"""Metering: every attribute with its type, the values that published reads show, and a register that gas advances.

Source: ZSE D.3; GBCS GCS13a to c, GCS21m, GCS33, GCS36, GCS38, GCS41, GCS46 and GCS60; the register counts litres, so
three digits stand right of the point. The values of registers and texts that no published read shows are the maker's.
What a pass does not prove: that a pulse is a litre; the board says so.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.eui64 import CAD, CHF, ESME, GPF, HCALCS, IHD, PPMID, STRANGER, name
from gsme_host.meter import Meter
from gsme_host.wire import Data
from gsme_host.zcl import Cluster, Status, Type, parse_read_response
from host_tests.judges.commands import NOT_HAD
from host_tests.judges.meter_map import Side, attributes
from host_tests.judges.zcl_types import TYPES
from host_tests.support.requesters import ask_as
from host_tests.support.sweeper import default_response
from host_tests.support.target import Target

METERING: Final = Cluster.METERING
SERVER: Final = (METERING, Side.SERVER)
REGISTER: Final = 0x0000
OTHER_REGISTERS: Final = (0x0100, 0x0102, 0x0104, 0x0106, 0x0700, 0x0701, 0x0702, 0x0703)
PAUSE_S: Final = 0.05
WAIT_S: Final = 5.0
LONGEST: Final = {0x0307: 32, 0x0311: 24}

PUBLISHED: Final = [  # use case, frame, answer
    ("GCS38 firmware version", "00 00 00 0602", "08 00 01 0602 00 41 04 0123ABCD"),
    ("GCS33 battery, then valve", "00 00 00 0502 1400", "08 00 01 0502 00 21 6400 1400 00 30 02"),
    ("cubic metres", "00 01 00 0003", "08 01 01 0003 00 30 01"),
    ("litres", "00 02 00 0103 0203", "08 02 01 0103 00 22 010000 0203 00 22 E80300"),
    ("a gas meter", "00 03 00 0603", "08 03 01 0603 00 18 01"),
]


def values(meter: Meter) -> dict[int, bytes]:
    """All attributes, strings without their lengths, each under its own type."""
    found = {}
    for one in attributes(*SERVER):
        (answer,) = ask_as(meter, CHF, METERING, b"\x00\x01\x00" + one.image)
        record = parse_read_response(answer[3:])[one.id]
        assert (record.status, record.type) == (Status.SUCCESS, one.type), one.name
        assert TYPES[one.type].size in (None, len(record.value)), one.name
        found[one.id] = record.value
    return found


def register(meter: Meter) -> int:
    """CurrentSummationDelivered, in litres."""
    (answer,) = ask_as(meter, CHF, METERING, "00 01 00 0000")
    assert answer[:7] == bytes.fromhex("08 01 01 0000 00 25")
    return int.from_bytes(answer[7:], "little")


def set_register(bench: Bench, litres: int) -> None:
    """Gives the register a value."""
    bench.set_attribute(METERING, REGISTER, kind=Type.UINT48, value=litres.to_bytes(6, "little"))


def test_published_reads(meter: Meter) -> None:
    for use_case, sent, answer in PUBLISHED:
        assert ask_as(meter, CHF, METERING, sent) == [bytes.fromhex(answer)], use_case


def test_every_attribute_has_its_type_and_a_value_that_makes_sense(meter: Meter) -> None:
    found = values(meter)
    assert len(found) == 24
    assert found[0x0014] in (b"\x00", b"\x01", b"\x02"), "SupplyStatus: off, armed or on"
    assert found[0x0303][0] & 0x07 == 3, "SummationFormatting: three digits right of the point"
    assert found[0x0303][0] >> 3 & 0x0F, "and some left of it"
    assert {found[0x0607], found[0x0608]} <= {b"\x00", b"\x03"}, "tamper and depletion: locked or unchanged"
    assert found[0xFFFE] in (b"\x00", b"\x01"), "AttributeReportingStatus: more to come, or complete"
    assert not found[0x0200][0] & 0x0E, "Status: no low battery, no tamper"
    assert all(len(found[one]) <= longest for one, longest in LONGEST.items())


def test_the_longest_texts_are_read_whole(meter: Meter, bench: Bench) -> None:
    """SiteID of 32 bytes and CIN of 24 (GCS41, GCS36), of any bytes: both fit into one answer."""
    site_id, cin = bytes(range(0xE0, 0x100)), bytes(range(24))
    bench.set_attribute(METERING, 0x0307, kind=Type.OCTSTR, value=b"\x20" + site_id)
    bench.set_attribute(METERING, 0x0311, kind=Type.OCTSTR, value=b"\x18" + cin)
    expected = b"\x08\x01\x01" + b"\x07\x03\x00\x41\x20" + site_id + b"\x11\x03\x00\x41\x18" + cin
    assert ask_as(meter, CHF, METERING, "00 01 00 0703 1103") == [expected]


def test_nothing_here_is_written_or_commanded(meter: Meter) -> None:
    """Every attribute is read-only, in one frame and in two; what other meters can be told to do, this one cannot."""
    rows, before = attributes(*SERVER), values(meter)
    for command in (b"\x02", b"\x03"):
        for half in (rows[:12], rows[12:]):
            written = b"".join(one.image + bytes((one.type,)) + _zero(one.type) for one in half)
            refused = b"".join(b"\x88" + one.image for one in half)
            assert ask_as(meter, CHF, METERING, b"\x00\x01" + command + written) == [b"\x08\x01\x04" + refused]
    for number in NOT_HAD[SERVER]:
        sent = bytes((0x01, 1, number)) + bytes(32)
        assert ask_as(meter, CHF, METERING, sent) == [default_response(sent, Status.UNSUP_CLUSTER_COMMAND)]
    assert values(meter) == before


def _zero(type_id: int) -> bytes:
    return bytes(TYPES[type_id].size or 1)


MIRROR_ANSWERS: Final = [  # what the meter has not asked for: command, payload
    ("Request Mirror Response", "01", "0200"),
    ("Mirror Removed", "02", "0200"),
    ("Mirror Report Attribute Response", "09", "02 00002000 00000000 00000000 00000000 00000000"),
]


def test_mirror_answers_that_nobody_asked_for(home: Target) -> None:
    """The GPF is told NOT_FOUND unless it wants no Default Response; nobody else may answer, and is told so."""
    before = values(home.meter)
    for action, command, payload in MIRROR_ANSWERS:
        refused = [bytes.fromhex(f"08 01 0B {command} 7E")]
        for control, from_gpf in (("01", [bytes.fromhex(f"08 01 0B {command} 8B")]), ("11", [])):
            sent = f"{control} 01 {command} {payload}"
            assert ask_as(home.meter, GPF, METERING, sent) == from_gpf, action
            for who in (CHF, IHD, CAD, PPMID, ESME, HCALCS, STRANGER):
                assert ask_as(home.meter, who, METERING, sent) == refused, f"{action} from {name(who)}"
        cut = f"01 01 {command}" + ("" if command == "09" else " 02")
        assert ask_as(home.meter, GPF, METERING, cut) == [bytes.fromhex(f"08 01 0B {command} 80")], action
    assert values(home.meter) == before


@pytest.mark.simulated
def test_gas_advances_the_register(target: Target) -> None:
    """Litre by litre and many at once, over a byte's and over 32 bits' edge; no other register moves."""
    assert target.sim
    others = {one: value for one, value in values(target.meter).items() if one != REGISTER}
    for before, litres in ((0, 1), (0x1F0, 300), (0xFFFFFFFE, 3)):
        set_register(target.bench, before)
        target.sim.pulse(litres)
        wait_for(target.meter, before + litres)
    assert {one: value for one, value in values(target.meter).items() if one != REGISTER} == others
    assert set(OTHER_REGISTERS) < set(others)


def wait_for(meter: Meter, litres: int) -> None:
    """Until the register says so; it never says more."""
    for _ in range(int(WAIT_S / PAUSE_S)):
        now = register(meter)
        assert now <= litres
        if now == litres:
            return
        assert meter.link.receive(PAUSE_S) is None
    pytest.fail(f"the register stays at {register(meter)}, below {litres}")


@pytest.mark.simulated
def test_gas_is_reported(target: Target) -> None:
    """A report of the register when ten litres have gone through, not before."""
    assert target.sim
    set_register(target.bench, 5)
    asked = "00 01 06 00 0000 25 0000 0000 0A0000000000"
    assert ask_as(target.meter, CHF, METERING, asked) == [bytes.fromhex("08 01 07 00")]
    target.sim.pulse(9)
    wait_for(target.meter, 14)
    target.sim.pulse(1)
    told = target.meter.link.receive(WAIT_S)
    assert told
    target.meter.unasked.append(told)
    assert told == Data(CHF, 1, 1, 0x0109, METERING, 2, told.asdu)
    assert told.asdu[:1] + told.asdu[2:] == bytes.fromhex("08 0A 0000 25 0F0000000000")


@pytest.mark.simulated
@pytest.mark.parametrize("how", ["told to", "power cut"])
def test_the_register_outlives_a_restart(target: Target, how: str) -> None:
    """A meter that forgot what went through would not be one: it goes on from where it was."""
    assert target.sim
    set_register(target.bench, 1000)
    target.sim.pulse(20)
    wait_for(target.meter, 1020)
    if how == "told to":
        target.bench.reboot()
    else:
        target.sim.restart()
        target.meter.link.sync()
    target.meter.settle()  # the announce of the start
    assert register(target.meter) == 1020
    target.sim.pulse(2)
    wait_for(target.meter, 1022)
