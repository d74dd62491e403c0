"""An event that is raised is logged, pushed, both or neither, as its configuration byte or its criticality says.

Source: events as listed for GBCS table 16.2 (log, critical, WAN alert), ZSE D.10 (Publish Event: log id, event id,
time, event control, data), GBCS GCS20 (the configuration byte). Publish Event goes to the GPF for each entry logged
and each code with the HAN bit, to every PPMID and Type 2 device for each code with the HAN bit: one frame each, under
the link key. Events are raised by the bench, which takes the path of an event of the meter's own. What a pass does not
prove: that an alert leaves for the WAN, of which only the bit is seen here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Bench, DeviceType, Fault
from gsme_host.eui64 import CAD, ESME, EUI64, GPF, HCALCS, IHD, PPMID
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Status
from host_tests.judges.event_list import (
    BY_CODE,
    CONFIGURABLE,
    CRITICAL,
    EVENT_LOG,
    EVENTS,
    LOG_MASK,
    NO_LOG,
    SECURITY_LOG,
    control_of,
)
from host_tests.support import event_configuration as ec
from host_tests.support.event_history import SLACK_S, Query
from host_tests.support.event_logs import FIRST_TIME, FULL, NOT_FOUND, Entry
from host_tests.support.target import Target

DISPLAYS: Final = (PPMID, IHD, CAD)
BYTES: Final = tuple(byte for byte in range(256) if ec.allowed(byte))
BYTES_TO_CRITICAL: Final = (0x00, 0x03, 0x5B)
DATA: Final = b"\x00\x6b"
NEWCOMER: Final = EUI64.parse("00DB1234567890B0")
NOW: Final = 0x2F00A700
HAN_CODE: Final = 0x81AA  # 1B: log, WAN, HAN
LOGGED_CODE: Final = 0x8183  # 0B: log, WAN
UNKNOWN: Final = sorted({0x0000, 0x0001, 0x0D81, 0xFFFF, *range(0x8100, 0x8200), *range(0x8F00, 0x9000)} - set(BY_CODE))
_TSN: Final = 1
_TIME: Final = slice(6, 10)


def fate(code: int, configuration: int | None = None) -> tuple[int, int]:
    """Log id and event control of a code under a configuration byte, the factory's if none is given."""
    event = BY_CODE[code]
    if event.critical:
        return event.log, event.control
    byte = event.configuration if configuration is None else configuration
    assert byte is not None
    return byte & LOG_MASK, control_of(byte)


def recipients(log: int, control: int) -> set[EUI64]:
    """Who is told of it."""
    to_han = bool(control & 1)
    to_gpf = {GPF} if log != NO_LOG or to_han else set()
    return to_gpf | (set(DISPLAYS) if to_han and log != SECURITY_LOG else set())


def publish_event(code: int, log: int, control: int, data: bytes) -> bytes:
    """Publish Event with sequence number 0; of a Security Log event the data stay behind."""
    kept = b"" if log == SECURITY_LOG else data
    return b"\x09\x00\x00" + bytes((log,)) + ec.u16(code) + FIRST_TIME + bytes((control, len(kept))) + kept


def without_tsn(push: Data) -> Data:
    """The same frame with sequence number 0."""
    return replace(push, asdu=push.asdu[:_TSN] + b"\x00" + push.asdu[_TSN + 1 :], at=0.0)


def pushes(bench: Bench) -> list[Data]:
    """What the newest bench command made the meter send to nodes."""
    assert bench.last
    return bench.last.others()


def assert_told(bench: Bench, code: int, configuration: int | None = None, data: bytes = b"") -> None:
    """The newest exchange told exactly those who are to be told, each in one frame of its own from endpoint 1."""
    log, control = fate(code, configuration)
    came = pushes(bench)
    asdu = publish_event(code, log, control, data)
    wanted = {Data(to, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, asdu) for to in recipients(log, control)}
    assert set(map(without_tsn, came)) == wanted, f"{code:04X}"
    assert len(came) == len(wanted), f"{code:04X} is told once to each"
    assert len({push.asdu[_TSN] for push in came}) == len(came), "under sequence numbers of their own"


def logged(meter: Meter, log: int, number: int) -> list[bytes]:
    """The newest entries of a log, as they come."""
    return meter.ask(Query(FULL | log, number=number).frame, cluster=Cluster.EVENTS)


def newest(entries: list[Entry], total: int, log: int) -> list[bytes]:
    """What `logged` has to give where the log holds `total` entries, these the last of them, the oldest first."""
    filler = [Entry(log, 0)] * (total - len(entries))
    return Query(FULL | log, number=len(entries)).answer(filler + entries)


def test_one_push_byte_by_byte(home: Target) -> None:
    home.bench.raise_event(HAN_CODE, DATA)
    to_ppmid = [push for push in pushes(home.bench) if push.peer == PPMID]
    tsn = to_ppmid[0].asdu[_TSN]
    assert [push.asdu for push in to_ppmid] == [bytes.fromhex(f"09 {tsn:02X} 00 03 AA81 804A371C 03 02 006B")]


@pytest.mark.parametrize("configuration", BYTES, ids="{:02X}".format)
def test_every_configurable_code(home: Target, configuration: int) -> None:
    meter, bench = home.meter, home.bench
    done = ec.default_response(ec.SET, Status.SUCCESS)
    assert meter.ask(ec.set_group(configuration, 0xFFFF), cluster=ec.CLUSTER) == [done]
    entries = []
    for event in CONFIGURABLE:
        assert bench.raise_event(event.code, DATA) == Status.SUCCESS
        assert_told(bench, event.code, configuration, DATA)
        entries.append(Entry(EVENT_LOG, event.code, DATA))
    in_log = entries if configuration & LOG_MASK == EVENT_LOG else []
    assert logged(meter, EVENT_LOG, 0) == Query(FULL | EVENT_LOG).answer(in_log)
    assert logged(meter, SECURITY_LOG, 0) == [NOT_FOUND], "and nowhere else"
    assert len(entries) == 44


@pytest.mark.parametrize("configuration", BYTES_TO_CRITICAL, ids="{:02X}".format)
def test_every_critical_code_whatever_the_configuration(home: Target, configuration: int) -> None:
    meter, bench = home.meter, home.bench
    done = ec.default_response(ec.SET, Status.SUCCESS)
    assert meter.ask(ec.set_group(configuration, 0xFFFF), cluster=ec.CLUSTER) == [done]
    bench.inject_fault(Fault.EVENT_CONFIGURATION)
    for event in CRITICAL:
        assert bench.raise_event(event.code, DATA) == Status.SUCCESS
        assert_told(bench, event.code, data=DATA)
    assert len(CRITICAL) == 41
    for log in (EVENT_LOG, SECURITY_LOG):
        data = DATA if log == EVENT_LOG else b""
        entries = [Entry(log, event.code, data) for event in CRITICAL if event.log == log]
        assert logged(meter, log, 0) == Query(FULL | log).answer(entries)


def test_every_code_as_the_factory_has_it(home: Target) -> None:
    for event in EVENTS:
        home.bench.raise_event(event.code)
        assert_told(home.bench, event.code)
    assert len(EVENTS) == 85
    for log in (EVENT_LOG, SECURITY_LOG):
        entries = [Entry(log, event.code) for event in EVENTS if event.log == log]
        assert logged(home.meter, log, 0) == Query(FULL | log).answer(entries)


def test_a_code_that_there_is_not(home: Target) -> None:
    for code in UNKNOWN:
        assert home.bench.raise_event(code, check=False) == Status.NOT_FOUND, f"{code:04X}"
        assert pushes(home.bench) == []
    assert len(UNKNOWN) == 4 + 2 * 256 - 85
    assert logged(home.meter, 0, 0) == [NOT_FOUND]


@pytest.mark.parametrize(
    ("held", "answer"),
    [(0x86, Status.NOT_FOUND), (0x8B, Status.NOT_FOUND), (0xC0, Status.HARDWARE_FAILURE)],
    ids=["not held", "nothing there", "unreadable"],
)
def test_one_configuration_that_is_not_there(home: Target, held: int, answer: int) -> None:
    bench = home.bench
    for code in (HAN_CODE, LOGGED_CODE):
        bench.set_attribute(ec.CLUSTER, code, held)
        assert bench.raise_event(code, DATA, check=False) == answer, f"{code:04X}"
        assert pushes(bench) == [], "neither logged nor pushed"
    bench.raise_event(0x81C4)
    assert_told(bench, 0x81C4)
    assert logged(home.meter, 0, 0) == Query(FULL).answer([Entry(EVENT_LOG, 0x81C4)]), "another is both"


def test_no_configuration_can_be_read(home: Target) -> None:
    home.bench.inject_fault(Fault.EVENT_CONFIGURATION)
    for event in CONFIGURABLE:
        assert home.bench.raise_event(event.code, check=False) == Status.HARDWARE_FAILURE, f"{event.code:04X}"
        assert pushes(home.bench) == []
    assert logged(home.meter, 0, 0) == [NOT_FOUND]


def test_storage_that_refuses_writes_keeps_no_event(home: Target) -> None:
    home.bench.inject_fault(Fault.WRITES)
    written = [event for event in EVENTS if event.log != NO_LOG]
    for event in written:
        assert home.bench.raise_event(event.code, check=False) == Status.HARDWARE_FAILURE, f"{event.code:04X}"
    home.bench.inject_fault(0)
    assert logged(home.meter, 0, 0) == [NOT_FOUND]
    home.bench.raise_event(HAN_CODE)
    assert_told(home.bench, HAN_CODE)


def test_time_is_that_of_the_clock_and_the_last_known_one_while_there_is_none(home: Target) -> None:
    meter, bench = home.meter, home.bench
    bench.set_clock(NOW)
    bench.raise_event(HAN_CODE)
    times = {push.asdu[_TIME] for push in pushes(bench)}
    assert len(times) == 1, "one event, one time"
    assert 0 <= int.from_bytes(times.pop(), "little") - NOW <= SLACK_S
    known = bench.read_int(Attr.UTC)
    bench.reboot()
    meter.settle()
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    bench.raise_event(HAN_CODE)
    last_known = pushes(bench)[0].asdu[_TIME]
    assert 0 <= int.from_bytes(last_known, "little") - known <= SLACK_S
    bench.raise_event(LOGGED_CODE)
    assert [push.asdu[_TIME] for push in pushes(bench)] == [last_known], "a clock that is invalid stands still"
    entries = [Entry(EVENT_LOG, code, b"", last_known) for code in (HAN_CODE, LOGGED_CODE)]
    assert logged(meter, EVENT_LOG, 2) == newest(entries, 3, EVENT_LOG)


def test_a_push_goes_to_the_endpoint_that_last_spoke(home: Target) -> None:
    meter, bench = home.meter, home.bench
    endpoints = {GPF: 3, PPMID: 7, IHD: 240, CAD: 1}
    for number in (endpoints, {**endpoints, PPMID: 8, IHD: 1}):
        for who, endpoint in number.items():
            if who != CAD:  # which never speaks: its endpoint is 1
                meter.ask("00 01 00 0000", cluster=Cluster.BASIC, who=who, peer_endpoint=endpoint)
        bench.raise_event(HAN_CODE)
        assert {push.peer: push.peer_endpoint for push in pushes(bench)} == number
        assert {push.own_endpoint for push in pushes(bench)} == {1}


def test_who_is_told_follows_the_device_log(home: Target) -> None:
    changes: list[tuple[EUI64, DeviceType | None, set[EUI64]]] = [  # device, its new type, who is told from then on
        (PPMID, None, {GPF, IHD, CAD}),
        (IHD, DeviceType.HCALCS, {GPF, CAD}),
        (ESME, DeviceType.PPMID, {GPF, CAD, ESME}),
        (NEWCOMER, DeviceType.TYPE_2, {GPF, CAD, ESME, NEWCOMER}),
        (GPF, None, {CAD, ESME, NEWCOMER}),
        (HCALCS, DeviceType.CHF, {CAD, ESME, NEWCOMER}),
    ]
    for device, kind, told in changes:
        home.bench.remove(device) if kind is None else home.bench.enrol(device, kind)
        home.bench.raise_event(HAN_CODE)
        assert {push.peer for push in pushes(home.bench)} == told, f"{device}: {kind}"
