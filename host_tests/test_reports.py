"""The reports themselves, in real seconds: on change, after an interval, to whom, and when they end.

Source: ZCL 2.5.7 (intervals, reportable change) and 2.5.11 (Report Attributes); the meter is server of Metering, so
frame control 08; under the link key, to the endpoint of the node that last spoke. A report follows within the second:
the tests wait for one that has to come, which proves that what is due before it has come too. What a pass does not
prove: intervals of minutes, nor that a second is one (no time is measured).
"""

from __future__ import annotations

import time
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench, DeviceType
from gsme_host.eui64 import CHF, EUI64, GPF, PPMID
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Global, u8, u16
from host_tests.judges.meter_map import Side, attributes
from host_tests.support.requesters import frame_from

METERING: Final = Cluster.METERING
WAIT_S: Final = 5.0  # for what has to come within a second or two
CHFS_ENDPOINT: Final = 5
DONE: Final = bytes.fromhex("08 01 07 00")
TYPES: Final = {one.id: one.type for one in attributes(METERING, Side.SERVER)}
REPORTABLE: Final = tuple(one for one in attributes(METERING, Side.SERVER) if one.reportable)

REGISTER, SUPPLY, TIER_2, STATUS, BATTERY = 0x0000, 0x0014, 0x0102, 0x0200, 0x0205
TAMPER, DEPLETION, BLOCK_1, BLOCK_2 = 0x0607, 0x0608, 0x0700, 0x0701
TOLD_LAST: Final = "00 0502 21 0000 0000 0100"  # the battery's days: when these are reported, all that was due is

AT_FIRST: Final = {SUPPLY: "02", STATUS: "00", TAMPER: "03", DEPLETION: "03", BATTERY: "6400"}  # registers: 0

Told = tuple[EUI64, int, bytes]  # node, attribute, value


@pytest.fixture(autouse=True)
def _known_values(bench: Bench) -> None:
    """Values to start from."""
    for register in (REGISTER, TIER_2, BLOCK_1, BLOCK_2):
        change(bench, register, bytes(6).hex())
    for attribute, value in AT_FIRST.items():
        change(bench, attribute, value)


def configure(meter: Meter, who: EUI64, record: str, endpoint: int = 1) -> None:
    """Configures one attribute's reports, direction and attribute first."""
    asdu = bytes.fromhex("00 01 06" + record)
    exchange = meter.exchange(Data(who, endpoint, 1, PROFILE_SE, METERING, LINK_KEY, asdu))
    assert exchange.to_requester()[:1] == [DONE], record


def change(bench: Bench, attribute: int, value: str) -> None:
    """Gives an attribute a value, in hex as on the wire."""
    bench.set_attribute(METERING, attribute, kind=TYPES[attribute], value=bytes.fromhex(value))


def heard(meter: Meter) -> list[Data]:
    """Every report of this test so far, in the order in which they came."""
    came = [*meter.unasked, *(one for exchange in meter.journal for one in exchange.answers)]
    return sorted(filter(is_report, came), key=lambda one: one.at)


def is_report(data: Data) -> bool:
    """Whether it is Report Attributes of the metering server."""
    return data.cluster == METERING and data.asdu[0] == 0x08 and data.asdu[2] == Global.REPORT


def told(reports: list[Data]) -> list[Told]:
    """What they say: one attribute each, under its type."""
    for one in reports:
        attribute = int.from_bytes(one.asdu[3:5], "little")
        assert one.asdu[5] == TYPES[attribute]
        assert (one.own_endpoint, one.profile, one.aps) == (1, PROFILE_SE, LINK_KEY)
    return [(one.peer, int.from_bytes(one.asdu[3:5], "little"), one.asdu[6:]) for one in reports]


def wait_for(meter: Meter, wanted: Told) -> None:
    """Reads on until that has been told; what was due with it has then come too."""
    deadline = time.monotonic() + WAIT_S
    came = heard(meter)
    while wanted not in told(came):
        data = meter.link.receive(deadline - time.monotonic())
        assert data, f"{wanted} is not reported"
        assert time.monotonic() < deadline, f"{wanted} is not reported, but much else"
        meter.unasked.append(data)
        came = [data] if is_report(data) else []
    meter.settle()


def after(meter: Meter, bench: Bench, days: int) -> list[Told]:
    """What is told from the last call on until new battery days are, which are left out."""
    seen = told(heard(meter))
    change(bench, BATTERY, u16(days).hex())
    wait_for(meter, (CHF, BATTERY, u16(days)))
    return [one for one in told(heard(meter))[len(seen) :] if one[1] != BATTERY]


CONFIGURED: Final = [  # who, record
    (CHF, "00 0000 25 0000 0000 640000000000"),  # the register: on a change of 100
    (CHF, "00 1400 30 0000 0000"),  # discrete: on any change
    (CHF, "00 0201 25 0000 0000 000000000000"),  # analogue, on any change
    (CHF, "00 0002 18 3C00 0000"),  # at most once a minute
    (GPF, "00 0706 30 0000 0000"),
    (GPF, "00 0806 30 0200 0000"),  # at most every two seconds
    (CHF, "00 0007 25 0000 0100 FFFFFFFFFFFF"),  # every second, and on no change
    (CHF, TOLD_LAST),
]
PHASES: Final = [  # attributes changed, and what is told of it
    (
        [(REGISTER, "630000000000"), (SUPPLY, "01"), (STATUS, "01"), (TIER_2, "010000000000"), (TAMPER, "00")],
        [(CHF, SUPPLY, "01"), (CHF, TIER_2, "010000000000"), (GPF, TAMPER, "00")],
    ),
    ([(REGISTER, "640000000000"), (SUPPLY, "01")], [(CHF, REGISTER, "640000000000")]),
    ([(REGISTER, "010000000000"), (TAMPER, "03")], [(GPF, TAMPER, "03")]),
    ([(REGISTER, "000000000000"), (SUPPLY, "02")], [(CHF, REGISTER, "000000000000"), (CHF, SUPPLY, "02")]),
]


def test_on_change_and_after_an_interval(meter: Meter, bench: Bench) -> None:
    """Up and down, of either kind, to who configured it alone; a change within the minimum interval is told behind it.

    The one of every second is told with its value unchanged, at most once in each second of the meter's own.
    """
    for who, record in CONFIGURED:
        configure(meter, who, record, CHFS_ENDPOINT if who == CHF else 1)
    started_ms = bench.read_int(Attr.UPTIME_MS)
    change(bench, DEPLETION, "00")
    for number, (changes, expected) in enumerate(PHASES):
        for attribute, value in changes:
            change(bench, attribute, value)
        came = [one for one in after(meter, bench, number + 1) if one[1] not in (BLOCK_1, DEPLETION)]
        assert sorted(came) == sorted((who, one, bytes.fromhex(value)) for who, one, value in expected), f"{number}"
    wait_for(meter, (GPF, DEPLETION, b"\x00"))
    seconds = (bench.read_int(Attr.UPTIME_MS) - started_ms) // 1000 + 2
    every_second = [one for one in told(heard(meter)) if one[1] == BLOCK_1]
    assert 2 <= len(every_second) <= seconds
    assert set(every_second) == {(CHF, BLOCK_1, bytes(6))}
    assert {one.peer_endpoint for one in heard(meter) if one.peer == CHF} == {CHFS_ENDPOINT}
    assert {one.peer_endpoint for one in heard(meter) if one.peer == GPF} == {1}
    assert len({one.asdu[1] for one in heard(meter)}) == len(heard(meter)), "a sequence number of its own each"


def test_they_end_with_the_node_and_with_the_attribute(meter: Meter, bench: Bench) -> None:
    """Removed, retyped to a display that may read it, ended with FFFF, failing, not held: nothing is told."""
    second_hub = PPMID
    bench.enrol(second_hub, DeviceType.CHF)
    for who, record in (
        (GPF, "00 0706 30 0000 0000"),
        (second_hub, "00 0706 30 0000 0000"),
        (CHF, "00 1400 30 0000 0000"),
        (CHF, "00 0107 25 0000 0100 010000000000"),
        (CHF, TOLD_LAST),
    ):
        configure(meter, who, record)
    bench.remove(GPF)
    bench.set_attribute(METERING, BLOCK_2, 0xC0)
    change(bench, TAMPER, "00")
    after(meter, bench, 1)
    assert (GPF, TAMPER, b"\x00") not in told(heard(meter))
    assert (second_hub, TAMPER, b"\x00") in told(heard(meter))
    bench.enrol(second_hub, DeviceType.PPMID)
    configure(meter, CHF, "00 1400 30 0000 FFFF")
    bench.set_attribute(METERING, BLOCK_2, 0x86)
    change(bench, TAMPER, "03")
    change(bench, SUPPLY, "00")
    assert after(meter, bench, 2) == []
    change(bench, BLOCK_2, "070000000000")
    assert set(after(meter, bench, 3)) == {(CHF, BLOCK_2, bytes.fromhex("070000000000"))}


def test_they_go_on_after_a_restart(meter: Meter, bench: Bench) -> None:
    """On the next change, as they were configured; a change too small is still one."""
    configure(meter, CHF, "00 0000 25 0000 0000 050000000000")
    configure(meter, CHF, TOLD_LAST)
    bench.reboot()
    change(bench, REGISTER, "040000000000")
    assert after(meter, bench, 1) == []
    change(bench, REGISTER, "050000000000")
    assert after(meter, bench, 2) == [(CHF, REGISTER, bytes.fromhex("050000000000"))]


def test_none_starves(meter: Meter) -> None:
    """A dozen that are due every second all come, however many go into one."""
    wanted = REPORTABLE[:12]
    for one in wanted:
        largest = b"\xff" * 6 if one.type == 0x25 else b"\xff" * 2 if one.type == 0x21 else b""
        configure(meter, CHF, (b"\x00" + one.image + u8(one.type) + u16(0) + u16(1) + largest).hex())
    for _ in range(4 * len(wanted)):
        if {one for _, one, _ in told(heard(meter))} == {one.id for one in wanted}:
            return
        data = meter.link.receive(WAIT_S)
        assert data
        meter.unasked.append(data)
    missing = [one.name for one in wanted if one.id not in {number for _, number, _ in told(heard(meter))}]
    pytest.fail(f"never reported: {', '.join(missing)}")


def test_nobody_else_is_told(meter: Meter, bench: Bench) -> None:
    """A display may read the register, and asks for reports in vain; the meter reports nothing by itself."""
    bench.enrol(PPMID, DeviceType.PPMID)
    asked = frame_from(PPMID, METERING, bytes.fromhex("00 01 06 00 0000 25 0000 0100 010000000000"))
    assert meter.exchange(asked).to_requester() == [bytes.fromhex("08 01 0B 06 7E")]
    configure(meter, CHF, TOLD_LAST)
    change(bench, REGISTER, "640000000000")
    assert after(meter, bench, 1) == []
