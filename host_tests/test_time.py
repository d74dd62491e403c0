"""The meter's clock follows the hub's: once a cycle it reads Time 0000 and 0001 of the CHF.

Source: ZCL 3.12 (Time, Time Status: bit 0 master, bit 1 synchronised), GBCS on setting a clock within tolerance:
up to 10 s off is adjusted (8145), more is not (8F0C); a clock that is invalid takes the hub's time whatever the
difference (8145), if Time Status has bit 0 or 1. Answers of others, or to other questions, are nothing of the meter's
and are not answered. The bench's Wake begins a cycle; that one begins every half hour is shown in unit/test_cycle.py.
"""

from __future__ import annotations

import time
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Bench, DeviceType
from gsme_host.eui64 import CHF, ESME, EUI64, GPF, PPMID, STRANGER
from gsme_host.meter import Exchange, Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.event_list import BY_CODE
from host_tests.judges.zcl_types import MAP8, UTC
from host_tests.support.target import Target

ADJUSTED: Final = 0x8145
NOT_ADJUSTED: Final = 0x8F0C
NOW: Final = 0x2F00A700
FAR: Final = 0x40000000
TOLERANCE_S: Final = 10
SLACK_S: Final = 3  # a clock that was just set may have gone on by so much
STEADY_S: Final = 0.9  # in so short a time a clock that was just set has not gone on
TRIES: Final = 10
MASTER: Final = 0x01
SYNCHRONISED: Final = 0x02
QUESTION: Final = "00 {tsn:02X} 00 0000 0100"  # Read Attributes, client to server: Time, Time Status

Told = list[tuple[EUI64, int, int]]  # recipient, log id, event id


def ask_hub(bench: Bench) -> list[Data]:
    """Begins a cycle; returns what the meter asked of whom."""
    bench.wake()
    assert bench.last
    return [data for data in bench.last.others() if data.cluster == Cluster.TIME]


def question(bench: Bench) -> Data:
    """Begins a cycle; returns the one question of it."""
    (asked,) = ask_hub(bench)
    return asked


def utc_record(utc: int) -> bytes:
    """Record of a Read Attributes Response: Time."""
    return b"\x00\x00\x00" + bytes((UTC,)) + utc.to_bytes(4, "little")


def status_record(status: int) -> bytes:
    """Record of a Read Attributes Response: Time Status."""
    return b"\x01\x00\x00" + bytes((MAP8, status))


def response(asked: Data, utc: int, status: int = MASTER, *, fc: int = 0x18) -> bytes:
    """The hub's answer to a question."""
    return bytes((fc, asked.asdu[1], 0x01)) + utc_record(utc) + status_record(status)


def reply(meter: Meter, asdu: bytes, *, who: EUI64 = CHF, aps: int = LINK_KEY, cluster: int = Cluster.TIME) -> Exchange:
    """Sends the meter an answer, which nobody answers."""
    exchange = meter.exchange(Data(who, 1, 1, PROFILE_SE, cluster, aps, asdu))
    assert [data for data in exchange.answers if data.cluster == cluster] == []
    return exchange


def told(exchange: Exchange) -> Told:
    """Who was told of which event."""
    events = [data for data in exchange.answers if data.cluster == Cluster.EVENTS]
    return [(data.peer, data.asdu[3], int.from_bytes(data.asdu[4:6], "little")) for data in events]


def event(code: int) -> Told:
    """What an event of the meter's own is told: to the GPF, as it is logged and has no HAN bit."""
    return [(GPF, BY_CODE[code].log, code)]


def assert_clock(bench: Bench, utc: int) -> None:
    """The clock shows that time, or a moment later."""
    assert 0 <= bench.read_int(Attr.UTC) - utc <= SLACK_S


def off_by(target: Target, seconds: int) -> Exchange:
    """Sets the clock and answers that the hub's is ahead by so many seconds, all within one second."""
    for _ in range(TRIES):
        began = time.monotonic()
        target.bench.set_clock(NOW)
        asked = question(target.bench)
        exchange = reply(target.meter, response(asked, NOW + seconds))
        if time.monotonic() - began < STEADY_S:
            return exchange
    raise AssertionError("this host is too slow to set a clock and compare it within a second")


def test_the_question(target: Target) -> None:
    meter, bench = target.meter, target.bench
    asked = question(bench)
    assert asked == Data(CHF, 1, 1, PROFILE_SE, Cluster.TIME, LINK_KEY, asked.asdu)
    assert asked.asdu == bytes.fromhex(QUESTION.format(tsn=asked.asdu[1]))
    assert ask_hub(bench) == [], "a Wake within a cycle is ignored"
    assert told(reply(meter, response(asked, NOW))) == event(ADJUSTED), "the question still stands"
    meter.ask("00 01 00 0000", cluster=Cluster.BASIC, who=CHF, peer_endpoint=9)
    again = question(bench)
    assert again.peer_endpoint == 9, "it goes to the endpoint that last spoke"
    assert again.asdu[1] != asked.asdu[1], "under another sequence number"


def test_setting_the_clock_begins_no_cycle(bench: Bench) -> None:
    bench.set_clock(NOW)
    assert bench.last
    assert bench.last.others() == []


def test_up_to_ten_seconds_are_adjusted(target: Target) -> None:
    differences = [seconds for seconds in range(-TOLERANCE_S, TOLERANCE_S + 1) if seconds]
    for seconds in differences:
        assert told(off_by(target, seconds)) == event(ADJUSTED), f"{seconds:+d} s"
        if abs(seconds) > SLACK_S:
            assert_clock(target.bench, NOW + seconds)
    assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) >= len(differences) == 20
    assert target.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0


def test_more_than_ten_seconds_are_not(target: Target) -> None:
    differences = (-NOW, -86400, -12, -11, 11, 12, 86400, FAR)
    for seconds in differences:
        assert told(off_by(target, seconds)) == event(NOT_ADJUSTED), f"{seconds:+d} s"
        assert_clock(target.bench, NOW)
    assert target.bench.read_int(Attr.SECURITY_LOG_ENTRIES) >= len(differences)
    assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 0


@pytest.mark.parametrize(
    ("utc", "status"),
    [(1, MASTER), (NOW, SYNCHRONISED), (FAR, MASTER | SYNCHRONISED), (0xFFFFFF00, 0xFD), (NOW, 0xFE)],
    ids="{:02X}".format,
)
def test_an_invalid_clock_takes_the_time_of_a_hub_that_knows_it(target: Target, utc: int, status: int) -> None:
    exchange = reply(target.meter, response(question(target.bench), utc, status))
    assert told(exchange) == event(ADJUSTED)
    assert_clock(target.bench, utc)


def test_an_invalid_clock_does_not_take_the_time_of_a_hub_that_does_not_know_it(target: Target) -> None:
    unsure = [status for status in range(256) if not status & (MASTER | SYNCHRONISED)]
    for status in unsure:
        exchange = reply(target.meter, response(question(target.bench), NOW, status))
        assert exchange.answers == [], f"{status:02X}"
    exchange = reply(target.meter, response(question(target.bench), INVALID_UTC))
    assert exchange.answers == [], "a time that is invalid"
    assert target.bench.read_int(Attr.UTC) == INVALID_UTC
    assert len(unsure) == 64


def test_answers_in_another_form(target: Target) -> None:
    """Either DDR bit, either order, more attributes than were asked for; each in a cycle of its own."""
    meter, bench = target.meter, target.bench
    for number, records in enumerate(
        (
            status_record(MASTER) + utc_record(NOW + 4),
            b"\x02\x00\x86" + utc_record(NOW + 8) + b"\x05\x00\x00\x2b\x10\x0e\x00\x00" + status_record(MASTER),
        ),
        1,
    ):
        bench.set_clock(NOW + 4 * number - 4)
        asked = question(bench)
        assert told(reply(meter, bytes((0x08, asked.asdu[1], 0x01)) + records)) == event(ADJUSTED)
        assert_clock(bench, NOW + 4 * number)


def test_answers_without_a_time_or_a_status(target: Target) -> None:
    """One attribute missing, or not held, or the answer cut at any byte: the clock stays as it was."""
    meter, bench = target.meter, target.bench
    whole = utc_record(NOW) + status_record(MASTER)
    lacking = [utc_record(NOW), status_record(MASTER), utc_record(NOW) + b"\x01\x00\x86", b"\x00\x00\x86\x01\x00\x86"]
    swept = 0
    standing = question(bench)
    for records in (*lacking, *(whole[:cut] for cut in range(len(whole)))):
        assert reply(meter, b"\x18" + standing.asdu[1:2] + b"\x01" + records).answers == [], records.hex(" ")
        standing = (*ask_hub(bench), standing)[0]
        swept += 1
    assert swept == len(lacking) + 13
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    assert told(reply(meter, response(standing, NOW))) == event(ADJUSTED), "a whole one is taken"


def test_a_default_response_ends_the_cycle(target: Target) -> None:
    asked = question(target.bench)
    refusal = bytes((0x18, asked.asdu[1], 0x0B, 0x00, 0x86))
    assert reply(target.meter, refusal).answers == []
    assert target.bench.read_int(Attr.UTC) == INVALID_UTC
    assert question(target.bench).asdu[1] != asked.asdu[1], "the next Wake asks again"


def test_one_answer_a_question(target: Target) -> None:
    meter, bench = target.meter, target.bench
    asked = question(bench)
    reply(meter, response(asked, NOW))
    for _ in range(2):
        assert reply(meter, response(asked, NOW + 8)).answers == [], "a second answer is nobody's"
    assert_clock(bench, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"who": GPF},
        {"who": PPMID},
        {"who": ESME},
        {"who": STRANGER},
        {"aps": NETWORK_KEY},
        {"aps": SECURITY_NONE},
        {"aps": LINK_KEY | APS_BROADCAST},
        {"cluster": Cluster.METERING},
    ],
    ids=["GPF", "PPMID", "ESME", "stranger", "network key", "no security", "broadcast", "another cluster"],
)
def test_answers_of_others_are_ignored(home: Target, changed: dict[str, EUI64 | int]) -> None:
    asked = question(home.bench)
    assert reply(home.meter, response(asked, NOW), **changed).answers == []  # type: ignore[arg-type]
    assert home.bench.read_int(Attr.UTC) == INVALID_UTC
    assert told(reply(home.meter, response(asked, NOW))) == event(ADJUSTED), "the hub's own is still waited for"


def test_answers_to_something_else_are_ignored(target: Target) -> None:
    """Every other sequence number; the wrong direction; a manufacturer's; other commands under the same number."""
    meter, bench = target.meter, target.bench
    asked = question(bench)
    tsn, good = asked.asdu[1], response(asked, NOW)
    others = [good[:1] + bytes((other,)) + good[2:] for other in range(256) if other != tsn]
    others += [b"\x10" + good[1:], b"\x00" + good[1:], b"\x1c\xf1\xff" + good[1:]]
    others += [b"\x18" + bytes((tsn, command)) + good[3:] for command in (0x0A, 0x0D)]  # a report, a discovery
    others += [bytes((0x18, tsn, 0x04, 0x00)), bytes((0x18, tsn, 0x0B, 0x05, 0x8B))]
    for other in others:
        assert reply(meter, other).answers == [], other.hex(" ")
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    assert told(reply(meter, good)) == event(ADJUSTED)
    assert len(others) == 255 + 7


def test_the_hub_is_what_the_device_log_says(target: Target) -> None:
    meter, bench = target.meter, target.bench
    asked = question(bench)
    bench.enrol(CHF, DeviceType.PPMID)
    assert reply(meter, response(asked, NOW)).answers == [], "an answer from what is no hub any more"
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    bench.enrol(ESME, DeviceType.CHF)
    bench.reboot()
    meter.settle()
    assert question(bench).peer == ESME
    bench.enrol(ESME, DeviceType.ESME)
    bench.reboot()
    meter.settle()
    assert ask_hub(bench) == [], "nobody to ask"
