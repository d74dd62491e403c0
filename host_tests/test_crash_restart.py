"""A meter that crashes loses nothing that it keeps, however often, and says what happened in one answer.

Source: the bench cluster of the serial HAN link, version 1: attribute 0013 is the last crash, empty if there was none,
0012 the number of starts; a restart keeps what test_state.py lists; a HAN answer is at most 80 bytes long. The firmware
under test is run with a main file of the test's own, which makes the loop raise on demand. What a pass does not prove:
that a processor that hangs, or runs out of power, comes back: there is no watchdog here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Bench, Fault
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.sim import Simulator
from host_tests.support import event_configuration as ec
from host_tests.support import record
from host_tests.support.memory import give_something_to_remember, remembered
from host_tests.support.target import Target, firmware

pytestmark = pytest.mark.simulated

ORDER: Final = "raise"  # file in the folder of the state: the loop raises with its text
MAIN: Final = f"""
import os
import board

path = os.getenv("GSME_STATE") + "/{ORDER}"
whole_wait = board.Board.wait

def wait(self, timeout_ms):
    whole_wait(self, timeout_ms)
    try:
        with open(path) as f:
            text = f.read()
    except OSError:
        return
    os.remove(path)
    raise ValueError(text)

board.Board.wait = wait
import whole_main
"""
MANY: Final = 6  # more than a supervisor would bear of a meter that dies without a word
RESTART_WAIT_S: Final = 10.0
LONGEST_ANSWER: Final = 80
TEXTS: Final = ["broken on purpose", "", "a line\nand another", "x" * 300, "\N{LATIN SMALL LETTER E WITH ACUTE}" * 50]


@pytest.fixture(scope="session")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firmware under test behind a main file that breaks it on demand."""
    folder = tmp_path_factory.mktemp("breakable") / "firmware"
    shutil.copytree(firmware(), folder)
    (main,) = folder.glob("main.*py")
    main.rename(main.with_name("whole_main" + main.suffix))
    (folder / "main.py").write_text(MAIN)
    return folder


@pytest.fixture
def target(breakable: Path, tmp_path: Path) -> Iterator[Target]:
    """A meter that runs it."""
    with Simulator(mpy=breakable, state=tmp_path) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        meter.settle()
        meter.unasked.clear()
        yield Target(meter, Bench(meter), sim)
        record.judge(meter)


def crash(target: Target, folder: Path, text: str = "broken on purpose") -> None:
    """Lets the loop raise, and waits for the next start."""
    link = target.meter.link
    restarts = link.counters.restarts
    order = folder / f"{ORDER}.new"
    order.write_text(text)
    order.rename(folder / ORDER)
    assert link.wait_restart(restarts, RESTART_WAIT_S)
    link.sync()
    target.meter.settle()


def last_crash(bench: Bench) -> str:
    """Attribute 0013, in an answer that the HAN can carry."""
    text = bench.read(Attr.LAST_CRASH).decode("utf-8", "replace")
    assert bench.last
    assert len(bench.last.to_requester()[0]) <= LONGEST_ANSWER
    return text


def test_a_crash_is_a_restart_that_keeps_everything(target: Target, tmp_path: Path) -> None:
    bench = target.bench
    assert last_crash(bench) == ""
    give_something_to_remember(target)
    before = remembered(target)
    starts = bench.read_int(Attr.STARTS)
    bench.inject_fault(Fault.EVENT_CONFIGURATION | Fault.EVENT_LOG)
    crash(target, tmp_path)
    assert "ValueError: broken on purpose" in last_crash(bench)
    assert bench.read_int(Attr.STARTS) == starts + 1
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    assert remembered(target) == before


def test_a_meter_that_crashes_again_and_again_comes_back_each_time(target: Target, tmp_path: Path) -> None:
    for number in range(1, MANY + 1):
        target.bench.raise_event(0x8183)
        crash(target, tmp_path, f"for the {number}. time")
        assert f"for the {number}. time" in last_crash(target.bench), "the last one is told"
        assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 2 * number, "and each crash is an event, 81B2"
        assert target.bench.read_int(Attr.STARTS) == number + 1


def test_it_is_told_until_the_next_one(target: Target, tmp_path: Path) -> None:
    """A Reboot and a loss of power do not wipe it out."""
    crash(target, tmp_path)
    target.bench.reboot()
    assert "broken on purpose" in last_crash(target.bench)
    assert target.sim
    target.sim.restart()
    target.meter.link.sync()
    assert "broken on purpose" in last_crash(target.bench)


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "empty", "two lines", "long", "not ASCII"])
def test_whatever_the_error_says(target: Target, tmp_path: Path, text: str) -> None:
    """The end of what is known is kept: as much as one answer takes."""
    crash(target, tmp_path, text)
    told = last_crash(target.bench).rstrip()
    assert told
    assert told.endswith(text[-20:]) or not text
    assert target.meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), "and the meter serves"
