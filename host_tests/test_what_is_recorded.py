"""What the Security Log keeps of refusals and malformed frames, and how often at most.

Source: what is recorded of what went wrong: any 7E to an enrolled device leaves 8F3E, one a requester and UTC day; to
strangers one a UTC day for all together; more than 100 malformed frames in an hour leave 8F60, one a UTC day; all of
it survives a restart. Malformed is a ZCL frame that is no request (types 2 and 3, shorter than its header) and one
that is answered 80; what the link drops is not. What a pass does not prove: that an hour ends, and that a day without
a clock has 24 hours of running time; nor the rows on messages of remote parties.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench, Command, DeviceType, Fault
from gsme_host.eui64 import CAD, CHF, ESME, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.meter import Exchange, Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Status
from host_tests.support.event_logs import get_log
from host_tests.support.target import Target

REFUSED: Final = 0x8F3E
MALFORMED: Final = 0x8F60
SECURITY_LOG: Final = 4
DAY_S: Final = 86_400
DAY: Final = 10_000 * DAY_S  # the first second of a day in 2027
NOON: Final = DAY + DAY_S // 2
MOST_AN_HOUR: Final = 100
ENROLLED: Final = (PPMID, IHD, CAD, ESME, HCALCS, CHF, GPF)
ANOTHER_STRANGER: Final = EUI64.parse("00DB1234567890AE")
PUBLISH_EVENT: Final = 0x09  # its frame control
PATIENCE_S: Final = 3.0  # what storage did not take is tried again once a second
POLL_S: Final = 0.05
CLEAR: Final = "01 01 01 03"  # refused to everybody on the HAN

REFUSALS: Final = [  # who, cluster, frame, security: each is answered 7E
    (PPMID, Cluster.EVENTS, "01 01 00 04 0000 00000000 FFFFFFFF 00 0000", LINK_KEY),
    (PPMID, Cluster.EVENTS, "11 01 00 07 0000 00000000 FFFFFFFF 00 0000", LINK_KEY),
    (PPMID, Cluster.EVENTS, CLEAR, LINK_KEY),
    (PPMID, Cluster.DEVICE_MANAGEMENT, "09 01 05 FF81", LINK_KEY),
    (PPMID, Cluster.DEVICE_MANAGEMENT, "09 01 04 00000000 00000000 0B 01 FF81", LINK_KEY),
    (PPMID, Cluster.DEVICE_MANAGEMENT, "08 01 00 0D81", LINK_KEY),
    (PPMID, Cluster.METERING, "00 01 00 0703", LINK_KEY),
    (PPMID, Cluster.METERING, "00 01 06 00 0000 25 0100 3C00 010000000000", LINK_KEY),
    (PPMID, Cluster.BASIC, "00 01 02 1000 42 01 41", LINK_KEY),
    (PPMID, Cluster.METERING, "00 01 00 0000", NETWORK_KEY),
    (ESME, Cluster.METERING, "00 01 00 0000", LINK_KEY),
    (HCALCS, Cluster.METERING, "00 01 0C 0000 10", LINK_KEY),
    (CHF, Cluster.EVENTS, CLEAR, LINK_KEY),
    (CHF, Cluster.METERING, "00 01 00 0000", SECURITY_NONE),
    (STRANGER, Cluster.METERING, "00 01 00 0000", LINK_KEY),
    (STRANGER, 0x0BAD, "00 01 00 0000", LINK_KEY),
    (STRANGER, Cluster.BASIC, "00 01 02 1000 42 01 41", LINK_KEY),
]

NO_REQUESTS: Final = ("", "00", "00 01", "01 01", "04 F1FF 01", "05 F1FF", "02 01 00 0000", "03 01 00 0000", "FF 01 00")
CUT_SHORT: Final = [  # cluster, frame: each is answered 80
    (Cluster.EVENTS, "01 01 00 13 0000 00000000 FFFFFFFF 00 00"),
    (Cluster.EVENTS, "01 01 01"),
    (Cluster.DEVICE_MANAGEMENT, "09 01 05 FF"),
    (Cluster.DEVICE_MANAGEMENT, "09 01 04 00000000 00000000 0B 00 00"),
    (Cluster.BASIC, "00 01 00 00"),
    (Cluster.METERING, "00 01 02 0000 25 00"),
    (Cluster.IDENTIFY, "01 01 00 00"),
]


def send(meter: Meter, frame: str, cluster: int, who: EUI64 = CHF, aps: int = LINK_KEY, own: int = 1) -> Exchange:
    """Sends a frame; returns what came of it."""
    return meter.exchange(Data(who, 1, own, PROFILE_SE, cluster, aps, bytes.fromhex(frame)))


def refuse(meter: Meter, who: EUI64) -> list[int]:
    """Has a request refused; returns the codes that the GPF was told of."""
    exchange = send(meter, CLEAR, Cluster.EVENTS, who)
    answers = [data.asdu for data in exchange.answers if data.peer == who]
    assert answers[0] == bytes.fromhex("08 01 0B 01 7E")
    return told(exchange)


def told(exchange: Exchange) -> list[int]:
    """The codes of the Security Log that the GPF was told of, and nobody else."""
    events = [data for data in exchange.answers if data.cluster == Cluster.EVENTS and data.asdu[0] == PUBLISH_EVENT]
    assert {(data.peer, data.asdu[3]) for data in events} <= {(GPF, SECURITY_LOG)}
    return [int.from_bytes(data.asdu[4:6], "little") for data in events]


def security_log(meter: Meter) -> list[int]:
    """The codes in the Security Log, the newest first."""
    codes = []
    for part in meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS):
        codes += [int.from_bytes(part[at + 1 : at + 3], "little") for at in range(8, len(part) - 7, 8)]
    return codes


def malformed() -> Iterator[tuple[str, int]]:
    """Frames of every malformed kind, again and again: frame and cluster."""
    return cycle([*((frame, Cluster.METERING) for frame in NO_REQUESTS), *((frame, c) for c, frame in CUT_SHORT)])


def flood(meter: Meter, number: int) -> list[int]:
    """Sends that many malformed frames; returns the codes that the GPF was told of."""
    return [code for frame, cluster in islice(malformed(), number) for code in told(send(meter, frame, cluster))]


@pytest.mark.parametrize(("who", "cluster", "frame", "aps"), REFUSALS)
def test_any_refusal_is_recorded(home: Target, who: EUI64, cluster: int, frame: str, aps: int) -> None:
    exchange = send(home.meter, frame, cluster, who, aps)
    assert [data.asdu[-1] for data in exchange.answers if data.peer == who] == [Status.NOT_AUTHORIZED]
    assert told(exchange) == [REFUSED]
    assert security_log(home.meter) == [REFUSED]
    entry = home.meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS)[0][8:]
    assert entry == bytes.fromhex("04 3E8F 804A371C 00")


def test_one_a_requester_and_day_whatever_is_refused(home: Target) -> None:
    home.bench.set_clock(NOON)
    recorded = []
    for _ in range(3):
        for who, cluster, frame, aps in REFUSALS:
            recorded += [who for _ in told(send(home.meter, frame, cluster, who, aps))]
    assert recorded == [PPMID, ESME, HCALCS, CHF, STRANGER], "one each, the first of each"
    assert security_log(home.meter) == [REFUSED] * 5


def test_every_requester_by_itself_and_strangers_together(home: Target) -> None:
    home.bench.set_clock(NOON)
    assert [refuse(home.meter, who) for who in ENROLLED] == [[REFUSED]] * len(ENROLLED)
    assert [refuse(home.meter, who) for who in (STRANGER, ANOTHER_STRANGER)] == [[REFUSED], []]
    assert [refuse(home.meter, who) for who in (*ENROLLED, STRANGER)] == [[]] * (len(ENROLLED) + 1)
    assert len(security_log(home.meter)) == len(ENROLLED) + 1


def test_a_new_day_begins_with_its_first_second(home: Target) -> None:
    """The last second of a day and the first of the next, three days running; both kinds of requester."""
    meter, bench = home.meter, home.bench
    for day in range(3):
        for second, new in ((0, True), (1000, False), (DAY_S - 1000, False)):
            bench.set_clock(DAY + day * DAY_S + second)
            for who in (PPMID, STRANGER):
                assert refuse(meter, who) == ([REFUSED] if new else []), f"day {day}, second {second}"
    assert len(security_log(meter)) == 3 * 2


def test_without_a_clock_the_day_of_the_start_lasts(home: Target) -> None:
    for _ in range(3):
        for who in (*ENROLLED, STRANGER, ANOTHER_STRANGER):
            refuse(home.meter, who)
    assert security_log(home.meter) == [REFUSED] * (len(ENROLLED) + 1)


def test_a_restart_begins_no_new_day(home: Target) -> None:
    """Neither before the clock is set again, nor when it is set to the same day."""
    meter, bench = home.meter, home.bench
    bench.set_clock(NOON)
    for who in (PPMID, STRANGER):
        assert refuse(meter, who) == [REFUSED]
    assert flood(meter, MOST_AN_HOUR + 1) == [MALFORMED]
    bench.reboot()
    meter.settle()
    for utc, new in ((None, []), (NOON + 1000, []), (NOON + DAY_S, [REFUSED])):
        if utc:
            bench.set_clock(utc)
        for who in (PPMID, STRANGER):
            assert refuse(meter, who) == new, f"{utc}"
        assert flood(meter, MOST_AN_HOUR + 1) == ([MALFORMED] if new else [])
    assert sorted(security_log(meter)) == [REFUSED] * 4 + [MALFORMED] * 2


def test_neither_another_type_nor_a_second_enrolment_begins_a_new_day(home: Target) -> None:
    meter, bench = home.meter, home.bench
    bench.set_clock(NOON)
    assert refuse(meter, PPMID) == [REFUSED]
    bench.enrol(PPMID, DeviceType.ESME)
    assert refuse(meter, PPMID) == []
    bench.remove(PPMID)
    bench.enrol(PPMID, DeviceType.PPMID)
    assert refuse(meter, PPMID) == [], "the same requester, the same day"


@pytest.mark.parametrize(("aps", "own"), [(LINK_KEY | APS_BROADCAST, 1), (LINK_KEY, 0xFF)], ids=["broadcast", "FF"])
def test_what_is_not_answered_is_no_refusal_and_not_malformed(home: Target, aps: int, own: int) -> None:
    """Sent to everybody, or to every endpoint: no error is answered, so none is recorded."""
    for who in (PPMID, STRANGER):
        assert send(home.meter, CLEAR, Cluster.EVENTS, who, aps, own).answers == []
    for _ in range(20):
        for cluster, frame in CUT_SHORT:
            assert send(home.meter, frame, cluster, CHF, aps, own).answers == []
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0


def test_more_than_100_malformed_frames_in_an_hour(home: Target) -> None:
    meter, bench = home.meter, home.bench
    bench.set_clock(NOON)
    assert flood(meter, MOST_AN_HOUR) == [], "100 are not more than 100"
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    assert flood(meter, 1) == [MALFORMED]
    assert flood(meter, 2 * MOST_AN_HOUR + 2) == [], "one a day"
    bench.set_clock(NOON + DAY_S)
    assert flood(meter, MOST_AN_HOUR + 1) == [MALFORMED], "the next day has its own"
    assert security_log(meter) == [MALFORMED] * 2


@pytest.mark.parametrize("frame", NO_REQUESTS, ids=lambda frame: frame or "empty")
def test_each_frame_that_is_no_request_counts(meter: Meter, frame: str) -> None:
    """From a stranger, too, and under no key: they are counted before anybody asks who sends them."""
    for number in range(MOST_AN_HOUR + 1):
        exchange = send(meter, frame, Cluster.METERING, STRANGER, SECURITY_NONE)
        assert told(exchange) == ([MALFORMED] if number == MOST_AN_HOUR else [])
        assert len(exchange.answers) == (number == MOST_AN_HOUR), "nothing is answered"


def test_each_frame_that_is_answered_80_counts(meter: Meter) -> None:
    codes = []
    for cluster, frame in islice(cycle(CUT_SHORT), MOST_AN_HOUR + 1):
        exchange = send(meter, frame, cluster)
        assert exchange.to_requester()[0][-1] == Status.MALFORMED_COMMAND
        codes += told(exchange)
    assert codes == [MALFORMED]


def test_what_the_meter_does_not_look_into_does_not_count(meter: Meter, bench: Bench) -> None:
    """Line noise, other endpoints and profiles, unknown ids, and the bench's own malformed commands."""
    for _ in range(MOST_AN_HOUR + 1):
        meter.link.send_raw(b"\x00\x05\x01\x02\x03\x04\x00")
        assert meter.ask("02", cluster=Cluster.METERING, endpoint=7) == []
        assert meter.ask("02", cluster=Cluster.METERING, profile=0xC05E) == []
        assert meter.ask("01 01 E0", cluster=Cluster.METERING) == [bytes.fromhex("08 01 0B E0 81")]
        assert bench.command(Command.SET_CLOCK, b"\x00", check=False) == Status.MALFORMED_COMMAND
    assert bench.read_int(Attr.LINK_DROPS) >= MOST_AN_HOUR + 1
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0


def test_what_storage_did_not_take_is_recorded_once_it_does(home: Target) -> None:
    """Nothing while it refuses writes; then one entry for all the refusals, within seconds, and no second one."""
    bench = home.bench
    bench.inject_fault(Fault.WRITES)
    for _ in range(3):
        assert refuse(home.meter, PPMID) == []
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    bench.inject_fault(0)
    deadline = time.monotonic() + PATIENCE_S
    while not bench.read_int(Attr.SECURITY_LOG_ENTRIES) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    home.meter.settle()
    assert refuse(home.meter, PPMID) == []
    time.sleep(PATIENCE_S / 2)
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 1


def test_a_factory_reset_forgets_what_storage_did_not_take(home: Target) -> None:
    home.bench.inject_fault(Fault.WRITES)
    assert refuse(home.meter, PPMID) == []
    home.bench.factory_reset()
    time.sleep(PATIENCE_S / 2)
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
