"""What the meter keeps over a restart and over a loss of power, and what it gives up.

Source: the bench cluster of the serial HAN link, version 1: a restart keeps logs, configuration, attribute values and
what is not held, behaviour, Device Log, reporting configuration and day marks; faults end, a failing status of an
attribute too, and the clock is invalid and stopped until it is set. Factory Reset empties and restores, identity and
clock go on; Set Identity holds from the next start on. What a pass does not prove: parties and keys, which are not
built; that storage outlives more than the end of the process.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Command, Fault
from gsme_host.eui64 import EUI64, GPF, GSME, PPMID
from gsme_host.meter import bench_data
from gsme_host.zcl import PROFILE_ZDO, Cluster, Frame, Status
from host_tests.judges.meter_map import METERING
from host_tests.support import event_configuration as ec
from host_tests.support import record
from host_tests.support.event_history import Query
from host_tests.support.event_logs import ENTRIES, FULL, Entry
from host_tests.support.memory import NOON, REFUSED, attributes, give_something_to_remember, kept_in, remembered
from host_tests.support.target import Target, simulated

ONE: Final = 0x81A4
OTHER_IDENTITY: Final = EUI64.parse("0011223344556677")
ROUNDS: Final = 10
NOT_CHANGED: Final = len(REFUSED)  # of what is remembered: those who are refused in the factory, too
OTHER_ITEMS: Final = 7  # behaviour, configuration, logs, two readers, two reports: beside attributes and refusals


def reboot(target: Target) -> None:
    """The bench's Reboot."""
    target.bench.reboot()
    target.meter.settle()


def cut_power(target: Target) -> None:
    """The process is killed where it stands, another one starts."""
    assert target.sim
    target.sim.restart()
    target.meter.link.sync()
    target.meter.settle()


WAYS: Final = [reboot, pytest.param(cut_power, marks=pytest.mark.simulated)]


@pytest.mark.parametrize("restart", WAYS)
def test_a_restart_keeps_everything_that_is_to_be_kept(target: Target, restart: Callable[[Target], None]) -> None:
    factory = remembered(target)
    give_something_to_remember(target)
    before = remembered(target)
    assert sum(before[what] == factory[what] for what in before) == NOT_CHANGED, "nearly all differs from the factory"
    restart(target)
    assert remembered(target) == before
    assert len(before) == len(list(attributes())) + NOT_CHANGED + OTHER_ITEMS


@pytest.mark.simulated
def test_a_folder_keeps_it_from_one_meter_to_the_next(tmp_path: Path) -> None:
    with kept_in(tmp_path / "state") as target:
        give_something_to_remember(target)
        before = remembered(target)
    with kept_in(tmp_path / "state") as target:
        assert remembered(target) == before
        assert target.bench.read_int(Attr.STARTS) == 2
    with simulated(None) as target:
        assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 0, "without a folder there is nothing to remember"
        record.judge(target.meter)


@pytest.mark.parametrize("restart", WAYS)
def test_the_clock_is_invalid_until_it_is_set(target: Target, restart: Callable[[Target], None]) -> None:
    bench = target.bench
    bench.set_clock(NOON)
    bench.raise_event(0x8183)
    restart(target)
    for _ in range(2):
        assert bench.read_int(Attr.UTC) == INVALID_UTC
    bench.set_clock(NOON)
    assert bench.read_int(Attr.UTC) in range(NOON, NOON + 3)


@pytest.mark.parametrize("restart", WAYS)
def test_faults_and_failing_attributes_end(target: Target, restart: Callable[[Target], None]) -> None:
    meter, bench = target.meter, target.bench
    bench.raise_event(0x8183)
    bench.set_attribute(METERING, 0x0000, 0, 0x25, b"\x07\0\0\0\0\0")
    bench.set_attribute(METERING, 0x0000, Status.HARDWARE_FAILURE)
    bench.set_attribute(ec.CLUSTER, ONE, 0xC1)
    bench.inject_fault(Fault.EVENT_CONFIGURATION | Fault.EVENT_LOG | Fault.SECURITY_LOG | Fault.WRITES)
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == [ec.default_response(ec.GET, Status.HARDWARE_FAILURE)]
    restart(target)
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory())
    log = Query(3)
    assert meter.ask(log.frame, cluster=Cluster.EVENTS) == log.answer([Entry(3, 0x8183)])
    assert meter.ask("00 01 00 0000", cluster=METERING) == [bytes.fromhex("08 01 01 0000 00 25 070000000000")]
    bench.raise_event(0x8F0C)
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 1


@pytest.mark.parametrize("restart", WAYS)
def test_full_logs_go_on_where_they_were(target: Target, restart: Callable[[Target], None]) -> None:
    """Both overflowing, in turn: order over both logs, what comes next, and which entry gives way."""
    meter, bench = target.meter, target.bench
    history: list[Entry] = []

    def go_on(number: int) -> None:
        for _ in range(number):
            for log, code in ((3, 0x8183), (4, 0x8F0C)):
                data = b"" if log == 4 else len(history).to_bytes(2, "little")
                bench.raise_event(code, data)
                history.append(Entry(log, code, data))

    for more in (ENTRIES + 7, 0, 1, 30):
        go_on(more)
        restart(target)
        query = Query(FULL)
        assert meter.ask(query.frame, cluster=Cluster.EVENTS) == query.answer(history[-2 * ENTRIES :])


@pytest.mark.parametrize("restart", WAYS)
def test_starts_are_counted(target: Target, restart: Callable[[Target], None]) -> None:
    first = target.bench.read_int(Attr.STARTS)
    for number in range(1, 4):
        restart(target)
        assert target.bench.read_int(Attr.STARTS) == first + number
    assert target.bench.read(Attr.LAST_CRASH) == b"", "none of these is a crash"


def test_a_node_of_the_first_hour_stays_removed(target: Target) -> None:
    target.bench.remove(GPF)
    reboot(target)
    assert target.meter.ask("00 01 00 0000", cluster=METERING, who=GPF)[0][-1] == Status.NOT_AUTHORIZED


@pytest.mark.simulated
def test_power_that_is_cut_while_an_event_is_raised(target: Target) -> None:
    """Killed as soon as the link has taken in a command: the log has what was done before, and at most this one."""
    meter, bench = target.meter, target.bench
    history: list[Entry] = []
    for number in range(ROUNDS):
        last = Entry(3, 0x8183, bytes((number,)))
        payload = ec.u16(last.code) + bytes((1, number))
        meter.link.send(bench_data(Frame(0x05, 1, Command.RAISE_EVENT, payload, 0xFFF1)))
        cut_power(target)
        query = Query(FULL | 3)
        came = meter.ask(query.frame, cluster=Cluster.EVENTS)
        assert came in (query.answer(history), query.answer([*history, last])), f"round {number}"
        history += [last] if came == query.answer([*history, last]) else []
        bench.raise_event(0x8145, bytes((number,)))
        history.append(Entry(3, 0x8145, bytes((number,))))


def test_factory_reset_restores_everything(target: Target) -> None:
    """Compared with what the meter told as it left the factory; a restart does not bring anything back.

    The comparison costs two refusals: the logs differ in the time of these.
    """
    meter, bench = target.meter, target.bench
    bench.factory_reset()
    factory = remembered(target)
    told = [len(part) for part in factory["logs"]]
    give_something_to_remember(target)
    bench.set_attribute(METERING, 0x0000, Status.HARDWARE_FAILURE)
    bench.inject_fault(Fault.EVENT_CONFIGURATION | Fault.EVENT_LOG | Fault.SECURITY_LOG)
    bench.remove(GPF)
    clock = bench.read_int(Attr.UTC)
    bench.factory_reset()
    assert bench.read_int(Attr.EVENT_LOG_ENTRIES) == bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    assert bench.read_int(Attr.UTC) - clock in range(3), "the clock goes on"
    for act in (lambda _: None, reboot):
        act(target)
        came = remembered(target)
        assert {what for what in came if came[what] != factory[what]} <= {"logs"}
        assert [len(part) for part in came["logs"]] == told
    assert meter.link.identity
    assert meter.link.identity.eui64 == GSME
    assert meter.ask("00 01 00 0000", cluster=METERING, who=PPMID)[0][-1] == Status.NOT_AUTHORIZED


def test_an_identity_holds_from_the_next_start_on(target: Target) -> None:
    meter, bench, link = target.meter, target.bench, target.meter.link
    assert link.identity
    own = link.identity.eui64
    bench.set_identity(OTHER_IDENTITY)
    try:
        assert link.sync().eui64 == own, "not yet"
        for act in (lambda: None, bench.factory_reset, lambda: None):
            act()
            bench.reboot()
            meter.settle()
            assert link.identity.eui64 == OTHER_IDENTITY
            nwk, eui64 = OTHER_IDENTITY[:2].hex(), bytes(OTHER_IDENTITY).hex()
            answer = bytes.fromhex(f"01 00 {eui64} {nwk}")
            came = meter.ask(f"01 {nwk} 00 00", cluster=0x0001, endpoint=0, profile=PROFILE_ZDO)
            assert came == [answer], "ZDO has it too"
    finally:
        bench.set_identity(own)
        bench.reboot()
    assert link.identity.eui64 == own


@pytest.mark.simulated
def test_an_identity_of_a_first_start(tmp_path: Path) -> None:
    """What is kept in the folder is stronger than what a later start is given."""
    digits = str(OTHER_IDENTITY)
    for given in (digits, digits, None):
        with kept_in(tmp_path / "state", given) as target:
            assert target.meter.link.identity
            assert str(target.meter.link.identity.eui64) == digits


@pytest.mark.parametrize("restart", WAYS)
def test_what_is_not_held_stays_so_even_where_the_value_is_not_kept(
    target: Target, restart: Callable[[Target], None]
) -> None:
    """IdentifyTime counts down and is kept by nobody; that a meter does not hold it is."""
    target.bench.set_attribute(Cluster.IDENTIFY, 0x0000, Status.UNSUPPORTED_ATTRIBUTE)
    restart(target)
    read = target.meter.ask("00 01 00 0000", cluster=Cluster.IDENTIFY)
    assert read == [bytes.fromhex("08 01 01 0000 86")]
