"""A firmware that fails: in the loop the meter restarts with its state and shows why, in a handler it says a status.

Source: the bench cluster, attribute 0013; the order of checks. Each firmware here is broken on purpose. What a
pass does not prove: that there is no state with which the meter cannot start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.sim import Simulator
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
IN_THE_LOOP: Final = ("gsme/device.py", _TICK, _RAISE + _TICK)
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
        bench.factory_reset()
        assert bench.read(Attr.LAST_CRASH) == b""


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
