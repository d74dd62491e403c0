"""A firmware that fails: in the loop the meter restarts with its state and shows why, in a handler it says a status.

Source: the bench cluster, attribute 0013; the order of checks. Each firmware here is broken on purpose. What a
pass does not prove: that there is no state with which the meter cannot start.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.link import BAUD, Link
from gsme_host.meter import Meter
from gsme_host.port import open_port
from gsme_host.sim import Simulator
from gsme_host.zcl import Cluster
from host_tests.support.event_logs import get_log
from host_tests.support.target import broken_sources

pytestmark = pytest.mark.simulated

IDENTIFY: Final = 0x0003
DEVICE_MANAGEMENT: Final = 0x0708
TRIGGER: Final = "01 01 00 3412"  # Identify for 0x1234 seconds
QUERY: Final = "01 02 01"
LOGGED: Final = 0x8F3F
WAIT_S: Final = 10.0

_TICK: Final = "        self.identify.tick(passed_s)\n"
_RAISE: Final = "        if self.identify.seconds_left() == 0x1234:\n            raise ValueError('on purpose')\n"
_HANG: Final = "        if self.identify.seconds_left() == 0x1234:\n            while True:\n                pass\n"
IN_THE_LOOP: Final = ("gsme/device.py", _TICK, _RAISE + _TICK)
HANGING: Final = ("gsme/device.py", _TICK, _HANG + _TICK)
AT_THE_START: Final = (
    "        self.link.start()\n",
    "        self.link.start()\n        raise ValueError('at the start')\n",
)
PROMPT: Final = b">>> "
HARDWARE_RESET: Final = 0x81B2
WATCHDOG: Final = 0x81B3
EVENT_LOG: Final = 3
ENTRY: Final = 8  # bytes of one without data
STATUSES: Final = [  # raised in a handler, the status that answers
    ("ValueError()", 0xC1),
    ("MemoryError()", 0x89),
    ("OSError(5)", 0xC0),
]


def test_a_crash_restarts_the_meter_with_its_state(tmp_path: Path) -> None:
    """By itself, with logs and configuration; the end of the traceback is there to read, and a reset forgets it."""
    with Simulator(mpy=broken_sources(tmp_path, *IN_THE_LOOP)) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        bench = Bench(meter)
        bench.raise_event(LOGGED)
        bench.set_attribute(DEVICE_MANAGEMENT, 0x810D, kind=0x18, value=b"\x08")
        assert bench.read(Attr.LAST_CRASH) == b""
        restarts = link.counters.restarts
        assert meter.ask(TRIGGER, cluster=IDENTIFY) == [bytes.fromhex("08 01 0B 00 00")]
        assert link.wait_restart(restarts, WAIT_S)
        link.sync()
        meter.settle()
        assert bench.read(Attr.LAST_CRASH).endswith(b"ValueError: on purpose\n")
        assert bench.read_int(Attr.STARTS) == 2
        assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 1
        assert meter.ask("09 03 05 0D81", cluster=DEVICE_MANAGEMENT) == [bytes.fromhex("01 03 04 00 01 0D8108")]
        assert event_log(meter) == [HARDWARE_RESET], "and it is an event"
        bench.reboot()
        assert event_log(meter) == [HARDWARE_RESET], "told once"
        bench.factory_reset()
        assert bench.read(Attr.LAST_CRASH) == b""


def test_a_meter_that_hangs_is_restarted_by_the_watchdog(tmp_path: Path) -> None:
    """Within ten seconds, with its state; the event is another one than a crash's."""
    with Simulator(mpy=broken_sources(tmp_path, *HANGING)) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        bench = Bench(meter)
        bench.raise_event(LOGGED)
        restarts = link.counters.restarts
        assert meter.ask(TRIGGER, cluster=IDENTIFY) == [bytes.fromhex("08 01 0B 00 00")]
        assert link.wait_restart(restarts, WAIT_S)
        link.sync()
        meter.settle()
        assert bench.read_int(Attr.STARTS) == 2
        assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 1
        assert event_log(meter) == [WATCHDOG]
        assert bench.read(Attr.LAST_CRASH) == b"watchdog"
        bench.reboot()
        assert bench.read(Attr.LAST_CRASH) == b"watchdog"
        assert event_log(meter) == [WATCHDOG], "told once"


def event_log(meter: Meter) -> list[int]:
    """Codes in the Event Log, newest first; the times in it are nobody's business here."""
    answers = meter.ask(get_log(EVENT_LOG), cluster=Cluster.EVENTS)
    return [int.from_bytes(answer[at : at + 2], "little") for answer in answers for at in range(9, len(answer), ENTRY)]


def test_the_next_start_tells_people_of_it(tmp_path: Path) -> None:
    """In a TEXT frame before a host is there; a start after an orderly end has nothing to tell."""
    with Simulator(mpy=broken_sources(tmp_path, *IN_THE_LOOP)) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        restarts = link.counters.restarts
        meter.ask(TRIGGER, cluster=IDENTIFY)
        assert link.wait_restart(restarts, WAIT_S)
        link.sync()
        assert [text.splitlines()[-1] for text in link.texts] == ["ValueError: on purpose"]
        Bench(meter).reboot()
        assert len(link.texts) == 1


def test_a_start_that_always_fails_is_not_tried_again_and_again(tmp_path: Path) -> None:
    """The second crash in a row of a meter that has served nobody leaves the line to the REPL, with what happened."""
    with (
        Simulator(mpy=broken_sources(tmp_path, "gsme/device.py", *AT_THE_START)) as sim,
        open_port(sim.port, BAUD) as port,
    ):
        deadline = time.monotonic() + WAIT_S
        heard = b""
        while PROMPT not in heard and time.monotonic() < deadline:
            port.write(b"\r")
            heard += port.read(64)
        assert PROMPT in heard
        assert sim.starts == 3, "two of the meter, one of the REPL"
        assert sim.output().count("ValueError: at the start") == 2


@pytest.mark.parametrize(("raised", "answer"), STATUSES, ids=[raised for raised, _ in STATUSES])
def test_a_failure_in_a_handler_is_a_status(tmp_path: Path, raised: str, answer: int) -> None:
    """One mapping from what went wrong to a status; the next frame is served, and nothing restarts."""
    old = "    left = identify.seconds_left()\n    if not left:\n"
    firmware = broken_sources(tmp_path, "gsme/clusters/identify.py", old, f"    raise {raised}\n{old}")
    with Simulator(mpy=firmware) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        assert meter.ask(QUERY, cluster=IDENTIFY)[-1:] == [bytes((0x08, 0x02, 0x0B, 0x01, answer))]
        assert meter.ask("00 03 00 0000", cluster=IDENTIFY) == [bytes.fromhex("08 03 01 0000 00 21 0000")]
        assert Bench(meter).read_int(Attr.STARTS) == 1
