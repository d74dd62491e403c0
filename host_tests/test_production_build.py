"""A production build: the firmware without the bench's file. Nothing of the bench is there, everything else is.

Source: the bench cluster is a file that a production manifest leaves out; a production build is MP078 and cannot be
set otherwise. There is no read of the bench cluster to end an exchange, so silence is proved by the next request: a
meter works in the order of arrival. To have something in the logs and the displays enrolled, a bench build is given it
and its storage handed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Behaviour, Command, DeviceType
from gsme_host.build import build
from gsme_host.capture import Capture
from gsme_host.eui64 import BENCH, CAD, CHF, GPF, GSME, IHD, PPMID, STRANGER
from gsme_host.link import Link
from gsme_host.meter import BENCH_ENDPOINT, BENCH_MANUFACTURER, Meter, bench_data
from gsme_host.sim import Simulator
from gsme_host.wire import LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_SE, PROFILE_ZDO, Cluster, Frame, Global, Status, u16
from host_tests.judges.meter_map import BENCH_ATTRIBUTES, METERING
from host_tests.support import event_configuration as ec
from host_tests.support import record
from host_tests.support.event_logs import FULL, NOT_AUTHORIZED, NOT_FOUND, Entry, answer, get_log
from host_tests.support.in_order import InOrder
from host_tests.support.memory import kept_in

pytestmark = pytest.mark.simulated

BENCH_FILE: Final = "bench.mpy"
HISTORY: Final = (Entry(3, 0x8183), Entry(4, 0x8F0C), Entry(3, 0x8154, b"\x00\x6b"), Entry(4, 0x8F74))

WORKING: Final = [  # what, cluster, frame, its answer
    ("a read", Cluster.METERING, "00 01 00 0003", "08 01 01 0003 00 30 01"),
    ("a write", Cluster.BASIC, "00 01 02 1100 30 05", "08 01 04 00"),
    ("a refused write", Cluster.BASIC, "00 01 02 0000 20 05", "08 01 04 88 0000"),
    ("a discovery", Cluster.IDENTIFY, "00 01 0C 0000 10", "08 01 0D 01 0000 21"),
    ("one event's configuration", Cluster.DEVICE_MANAGEMENT, "09 01 05 0D81", "01 01 04 00 01 0D8118"),
    ("a Set", Cluster.DEVICE_MANAGEMENT, "09 01 04 00000000 00000000 1B 00 01 0D81", "00 01 0B 04 00"),
    ("what it set", Cluster.DEVICE_MANAGEMENT, "08 01 00 0D81", "00 01 01 0D81 00 18 1B"),
    ("the corrected refusal", Cluster.DEVICE_MANAGEMENT, "09 01 05 0082", "00 01 0B 05 8B"),
    ("an empty log", Cluster.EVENTS, "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", "08 01 0B 00 8B"),
    ("an unknown command", Cluster.EVENTS, "01 01 E0", "08 01 0B E0 81"),
    ("another cluster", Cluster.PREPAYMENT, "00 01 00 0000", "08 01 0B 00 C3"),
]


@pytest.fixture(scope="session")
def production(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firmware under test as a production build."""
    folder = tmp_path_factory.mktemp("production") / "mpy"
    build(folder, production=True, firmware=request.config.getoption("--firmware"))
    assert not list(folder.rglob(BENCH_FILE))
    return folder


@contextmanager
def running(production: Path, capture: Capture | None = None, state: Path | None = None) -> Iterator[Meter]:
    """A meter of that build."""
    with Simulator(mpy=production, state=state) as sim, Link(sim.port, capture) as link:
        link.sync()
        meter = InOrder(link, barrier=False)
        meter.settle()
        meter.unasked.clear()
        yield meter
        record.judge(meter)
        assert sim.output() == ""


@pytest.fixture
def meter(production: Path, capture: Capture) -> Iterator[Meter]:
    """A fresh meter of that build."""
    with running(production, capture) as meter:
        yield meter


@pytest.fixture
def handed_on(production: Path, tmp_path: Path) -> Iterator[Meter]:
    """A meter of that build with events in its logs, displays enrolled, and the storage of a GBCS 4.0 bench build."""
    with kept_in(tmp_path) as before:
        for device in (PPMID, IHD, CAD):
            before.bench.enrol(device, DeviceType.PPMID if device == PPMID else DeviceType.TYPE_2)
        for entry in HISTORY:
            before.bench.raise_event(entry.code, entry.data)
        before.bench.set_behaviour(Behaviour.GBCS_4_0)
    with running(production, state=tmp_path) as meter:
        yield meter


def test_what_works_works(meter: Meter) -> None:
    for what, cluster, sent, reply in WORKING:
        assert meter.ask(sent, cluster=cluster) == [bytes.fromhex(reply)], what
    assert meter.ask("00 01 00 0000", cluster=METERING, who=STRANGER)[0] == bytes.fromhex("08 01 0B 00 7E")
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory() | {0x810D: 0x1B})


def test_nothing_of_the_bench_answers(meter: Meter) -> None:
    """Every command and attribute, with its code and without, under any security; and any frame to its endpoint."""
    frames = [Frame(0x05, 1, command, bytes(9), BENCH_MANUFACTURER) for command in Command]
    frames += [Frame(0x04, 1, Global.READ, u16(attribute), BENCH_MANUFACTURER) for attribute in BENCH_ATTRIBUTES]
    frames += [Frame(0x00, 1, Global.READ, b"\0\0"), Frame(0x04, 1, Global.DISCOVER, b"\0\0\x10", BENCH_MANUFACTURER)]
    for frame in frames:
        for aps in (SECURITY_NONE, NETWORK_KEY, LINK_KEY):
            ends = (BENCH, 1, BENCH_ENDPOINT, PROFILE_SE)
            for cluster in (Cluster.BENCH, Cluster.BASIC):
                assert meter.exchange(Data(*ends, cluster, aps, frame.encode())).answers == []
    assert len(frames) == len(Command) + len(BENCH_ATTRIBUTES) + 2
    assert meter.ask(ec.get(0x0082), cluster=ec.CLUSTER) == [bytes.fromhex("00 01 0B 05 8B")], "none of it was done"


def test_to_the_bench_it_is_a_meter_like_any_other(meter: Meter) -> None:
    """On endpoint 1 the bench's cluster is unknown, and its EUI64 a stranger's."""
    frame = bench_data(Frame(0x05, 1, Command.SET_BEHAVIOUR, b"\x00", BENCH_MANUFACTURER)).asdu
    for who, status in ((CHF, Status.UNSUPPORTED_CLUSTER), (BENCH, Status.NOT_AUTHORIZED)):
        refusal = bytes.fromhex("0C F1FF 01 0B 05") + bytes((status,))
        assert meter.ask(frame, cluster=Cluster.BENCH, who=who)[0] == refusal


def test_zdo_shows_endpoint_1(meter: Meter) -> None:
    nwk = GSME[:2].hex()
    steps = {
        0x0005: (f"01 {nwk}", f"01 00 {nwk} 01 01"),
        0x0004: (f"01 {nwk} F0", f"01 83 {nwk} 00"),
        0x0006: (f"01 {nwk} 0901 01 00FC 00", f"01 00 {nwk} 00"),
    }
    for cluster, (sent, reply) in steps.items():
        came = meter.ask(sent, cluster=cluster, endpoint=0, profile=PROFILE_ZDO)
        assert came == [bytes.fromhex(reply)], f"{cluster:04X}"


def test_MP078_550_2_it_is_MP078_whatever_its_storage_says(handed_on: Meter) -> None:
    """A GBCS 4.0 meter would be silent here."""
    assert handed_on.ask(ec.get(0x8200), cluster=ec.CLUSTER) == [bytes.fromhex("00 01 0B 05 8B")]


def test_MP078_603_1_the_security_log_is_closed(handed_on: Meter) -> None:
    """A GBCS 4.0 meter would show it to the displays."""
    newest_first = HISTORY[::-1]
    for who in (PPMID, IHD, CAD):
        (refusal, *_) = handed_on.ask(get_log(FULL | 4), cluster=Cluster.EVENTS, who=who)
        assert refusal == NOT_AUTHORIZED, str(who)
        in_both = [entry for entry in newest_first if entry.log == 3]
        assert handed_on.ask(get_log(0), cluster=Cluster.EVENTS, who=who) == answer(in_both, 0)
        assert handed_on.ask(get_log(0, 0x8F0C), cluster=Cluster.EVENTS, who=who) == [NOT_FOUND]


def test_the_hub_reads_both_logs(handed_on: Meter) -> None:
    for who in (CHF, GPF):
        assert handed_on.ask(get_log(0), cluster=Cluster.EVENTS, who=who) == answer(HISTORY[::-1], 0)
