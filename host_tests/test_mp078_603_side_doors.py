"""MP078-603: nothing else that a barred node can ask for tells what the Security Log holds, or that it holds anything.

Source: clauses MP078-603-19 to -21, -23, -24 and -30. A request that does not name the Security Log is answered as if
that log did not exist. What a pass does not prove: that the time which an answer takes tells nothing.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.bench import Attr, Behaviour, DeviceType, Fault
from gsme_host.eui64 import CAD, CHF, ESME, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.event_list import EVENT_LOG, EVENTS, SECURITY_CODES, SECURITY_LOG
from host_tests.judges.meter_map import SIDES, attributes
from host_tests.support.event_logs import (
    ALL_LOGS,
    ENTRIES,
    FULL,
    HARDWARE_FAILURE,
    NOT_AUTHORIZED,
    NOT_FOUND,
    OPEN_END,
    Entry,
    answer,
    entry,
    get_log,
    published,
    refusal,
)
from host_tests.support.target import Target

OTHER_METER: Final = EUI64.parse("00DB1234567890A8")
DISPLAYS: Final = (("IHD", IHD), ("PPMID", PPMID), ("CAD", CAD))
METERS: Final = (("ESME", ESME), ("HCALCS", HCALCS), ("another GSME", OTHER_METER))
NODES: Final = (*DISPLAYS, *METERS, ("CHF", CHF), ("GPF", GPF), ("stranger", STRANGER))
IN_EVENT_LOG: Final = 0x8183
CRITICAL_IN_EVENT_LOG: Final = 0x8F1F
NOT_NAMING: Final = (0, 1, 2, 3, 5, 6)  # log ids but 4 and its copy 7
OFFSETS: Final = (0, 1, 8, 9, 10, 11, 100, 0xFFFF)
ALL_IDS: Final = 0x10000
IDS_A_READ: Final = 25  # that an answer of 80 bytes can refuse one by one
DISCOVERIES: Final = ("0C 0000 FF", "11 00 FF", "13 00 FF", "15 0000 FF")  # attributes, commands, commands, access
CLEAR: Final = 0x01
PUSHED: Final = 0x09  # frame control of Publish Event: the GPF is told of its own refusal
NOTHING_CLEARED: Final = refusal(command=CLEAR)

displays = pytest.mark.parametrize("who", [d[1] for d in DISPLAYS], ids=[d[0] for d in DISPLAYS])


def ask(target: Target, who: EUI64, frame: bytes) -> list[bytes]:
    return target.meter.ask(frame, cluster=Cluster.EVENTS, who=who)


def fill_security_log(target: Target) -> None:
    """A hundred entries, of every security code."""
    for code in (SECURITY_CODES * ENTRIES)[:ENTRIES]:
        target.bench.raise_event(code)


@displays
def test_MP078_603_19_all_logs_is_the_event_log(home: Target, who: EUI64) -> None:
    """Log id 0: NOT_FOUND with only security entries there, then the entries of the Event Log between them."""
    entries: list[Entry] = []
    for code in (0x8F1B, 0x8F70):
        home.bench.raise_event(code)
        assert [ask(home, who, get_log(control)) for control in (ALL_LOGS, FULL)] == [[NOT_FOUND]] * 2
    for code in (IN_EVENT_LOG, 0x8F74, CRITICAL_IN_EVENT_LOG, 0x8F49, IN_EVENT_LOG):
        home.bench.raise_event(code)
        entries.insert(0, entry(code))
        assert ask(home, who, get_log(ALL_LOGS)) == answer(entries, EVENT_LOG)
        assert ask(home, CHF, get_log(ALL_LOGS, number=len(entries))) == published(
            [*entries, entry(0x8F70), entry(0x8F1B)], number=len(entries)
        )


@displays
def test_MP078_603_19_an_unreadable_security_log_is_not_noticed(home: Target, who: EUI64) -> None:
    """C0 would tell that there is one: a display gets what it always gets, the CHF is told."""
    home.bench.raise_event(0x8F1B)
    home.bench.inject_fault(Fault.SECURITY_LOG)
    assert ask(home, who, get_log(ALL_LOGS)) == [NOT_FOUND]
    assert ask(home, who, get_log(ALL_LOGS, 0x8F1B)) == [NOT_FOUND]
    assert ask(home, who, get_log(SECURITY_LOG)) == [NOT_AUTHORIZED]
    assert ask(home, CHF, get_log(ALL_LOGS)) == ask(home, CHF, get_log(SECURITY_LOG)) == [HARDWARE_FAILURE]


@displays
def test_MP078_603_20_every_code_as_a_filter(home: Target, who: EUI64) -> None:
    """85 codes and any, with each log id but 4 and 7: only what is in the Event Log is found."""
    for event in EVENTS:
        home.bench.raise_event(event.code)
    entries = [entry(event.code) for event in reversed(EVENTS) if event.log == EVENT_LOG]
    swept = 0
    for log, code in product(NOT_NAMING, (0, *(event.code for event in EVENTS))):
        expected = answer(entries, log, code) if log in (ALL_LOGS, EVENT_LOG) else [NOT_FOUND]
        assert ask(home, who, get_log(log, code)) == expected, f"log {log}, {code:04X}"
        swept += 1
    assert swept == len(NOT_NAMING) * 86


def queries() -> list[bytes]:
    """Requests that do not name the Security Log, with every field at its edges."""
    events = (0, IN_EVENT_LOG, 0x8F1B, 0x8F3E, CRITICAL_IN_EVENT_LOG)
    filters = [get_log(log, event) for log, event in product(NOT_NAMING, events)]
    cuts = [get_log(FULL | log, 0, 0, OPEN_END, n, at) for log, n, at in product((0, 3), (0, 1, 10, 255), OFFSETS)]
    times = (0, 0x1C374A7F, 0x1C374A80, 0x1C374A81, OPEN_END - 1, OPEN_END)
    windows = [get_log(log, 0, start, end) for log, start, end in product((0, 3), times, times)]
    return [*filters, *cuts, *windows, *(get_log(byte) for byte in range(256) if byte & 0x0F not in (4, 7))]


def all_answers(target: Target, who: EUI64) -> list[list[Data]]:
    """All that the meter sends for each of the queries, to whomever."""
    frames = [Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, query) for query in queries()]
    return [target.meter.exchange(frame).answers for frame in frames]


@pytest.mark.parametrize(
    ("who", "event_entries"),
    [(IHD, 0), (IHD, 11), (PPMID, 11), (CAD, 11)],
    ids=["IHD, no event", "IHD, 11 events", "PPMID, 11 events", "CAD, 11 events"],
)
def test_MP078_603_21_empty_or_full_the_answers_are_the_same(home: Target, who: EUI64, event_entries: int) -> None:
    """Totals, numbers of commands, offsets, statuses: byte for byte, with the Security Log empty and with 100 in it.

    The security entries come before, between and after those of the Event Log.
    """
    halves = event_entries // 2, event_entries - event_entries // 2
    for _ in range(event_entries):
        home.bench.raise_event(IN_EVENT_LOG)
    empty = all_answers(home, who)
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    home.bench.factory_reset()
    home.enrol_home_area()
    for more in halves:
        fill_security_log(home)
        for _ in range(more):
            home.bench.raise_event(IN_EVENT_LOG)
    fill_security_log(home)
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == ENTRIES
    assert all_answers(home, who) == empty
    assert len(empty) == 30 + 64 + 72 + 224


@pytest.mark.parametrize("who", [m[1] for m in METERS], ids=[m[0] for m in METERS])
def test_MP078_603_21_other_meters_are_refused_all_of_it(home: Target, who: EUI64) -> None:
    """Nodes that may not read the Event Log either: NOT_AUTHORIZED for all 390 requests."""
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    fill_security_log(home)
    assert [ask(home, who, query) for query in queries()] == [[NOT_AUTHORIZED]] * 390


@pytest.mark.parametrize("who", [n[1] for n in NODES], ids=[n[0] for n in NODES])
def test_MP078_603_23_nobody_on_the_han_clears_a_log(home: Target, who: EUI64) -> None:
    """All 256 log ids, some again in the old behaviours: the same refusal, both logs stay, one 8F3E is all there is."""
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    for code in (IN_EVENT_LOG, 0x8F1B):
        home.bench.raise_event(code)
    old = [(behaviour, log) for behaviour in (0, 1) for log in (0, 3, 4, 7, 0x13, 0xFF)]
    for behaviour, log in (*((Behaviour.MP078, log) for log in range(256)), *old):
        if behaviour != Behaviour.MP078:
            home.bench.set_behaviour(behaviour)
        came = [one for one in ask(home, who, bytes((0x01, 0x01, CLEAR, log))) if one[0] != PUSHED]
        assert came == [NOTHING_CLEARED], f"log {log:02X}, behaviour {behaviour}"
    assert ask(home, CHF, get_log(EVENT_LOG)) == published([entry(IN_EVENT_LOG)])
    assert ask(home, CHF, get_log(SECURITY_LOG)) == published([entry(0x8F3E), entry(0x8F1B)])


COPIES: Final = [  # of whom, log id, answer: the GPF's copies are asked for from the meter
    ("MP078_603_24 IHD", IHD, 7, NOT_AUTHORIZED),
    ("MP078_603_24 IHD", IHD, 6, NOT_FOUND),
    ("MP078_603_24 PPMID", PPMID, 7, NOT_AUTHORIZED),
    ("MP078_603_24 PPMID", PPMID, 6, NOT_FOUND),
    ("MP078_603_24 CAD", CAD, 7, NOT_AUTHORIZED),
    ("MP078_603_24 CAD", CAD, 6, NOT_FOUND),
    ("MP078_603_24 ESME", ESME, 7, NOT_AUTHORIZED),
    ("MP078_603_24 ESME", ESME, 6, NOT_AUTHORIZED),
    ("MP078_603_24 CHF", CHF, 7, NOT_FOUND),
    ("MP078_603_24 CHF", CHF, 6, NOT_FOUND),
    ("MP078_603_24 GPF", GPF, 7, NOT_FOUND),
    ("MP078_603_24 GPF", GPF, 6, NOT_FOUND),
]


@pytest.mark.parametrize(("who", "log", "expected"), [c[1:] for c in COPIES], ids=[f"{c[0]}, {c[2]}" for c in COPIES])
def test_the_copies_are_not_on_the_meter(home: Target, who: EUI64, log: int, expected: bytes) -> None:
    for code in (IN_EVENT_LOG, 0x8F1B):
        home.bench.raise_event(code)
    for control in (0, FULL):
        assert ask(home, who, get_log(control | log)) == [expected]


def read_one_by_one(meter: Meter, who: EUI64) -> list[list[bytes]]:
    """Every attribute of every cluster side, and every event code as if it were one; then each way to discover."""
    asked = [
        (cluster, zcl.read_attributes(one, fc=zcl.GLOBAL_TO_SERVER | side))
        for cluster, side in SIDES
        for one in (*(had.id for had in attributes(cluster, side)), *(event.code for event in EVENTS))
    ]
    asked += [(cluster, bytes((side, 0)) + bytes.fromhex(way)) for cluster, side in SIDES for way in DISCOVERIES]
    return [meter.ask(frame, cluster=cluster, who=who) for cluster, frame in asked]


@displays
def test_MP078_603_30_no_attribute_tells_of_it(home: Target, who: EUI64) -> None:
    """Values, statuses and refusals are the same with the Security Log empty and full."""
    empty = read_one_by_one(home.meter, who)
    fill_security_log(home)
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == ENTRIES
    assert read_one_by_one(home.meter, who) == empty
    assert len(empty) == len(SIDES) * (len(EVENTS) + len(DISCOVERIES)) + sum(len(attributes(*side)) for side in SIDES)


def test_MP078_603_30_the_cluster_of_the_logs_has_no_attribute(home: Target) -> None:
    """All 65536 ids read by a display while the Security Log is full: UNSUPPORTED_ATTRIBUTE for each."""
    fill_security_log(home)
    swept = 0
    for start in range(0, ALL_IDS, IDS_A_READ):
        ids = range(start, min(start + IDS_A_READ, ALL_IDS))
        refused = b"".join(one.to_bytes(2, "little") + b"\x86" for one in ids)
        assert ask(home, IHD, zcl.read_attributes(*ids, tsn=1)) == [b"\x08\x01\x01" + refused]
        swept += len(ids)
    assert swept == ALL_IDS
