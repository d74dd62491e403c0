"""A meter whose firmware raises where nothing should restarts with all that it keeps, and says what happened.

Source: the bench cluster of the serial HAN link, version 1: attribute 0013 is the last crash, empty if there was none,
0012 the number of starts; a restart keeps what test_state.py lists. An error while a request is served is an answer
and no restart. The firmware under test is run with a main file of the test's own, which breaks it on demand. What a
pass does not prove: that a processor that hangs, or runs out of power, comes back: there is no watchdog here.
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
from gsme_host.zcl import Cluster, Status
from host_tests.support import event_configuration as ec
from host_tests.support import record
from host_tests.support.event_logs import get_log, refusal
from host_tests.support.memory import give_something_to_remember, remembered
from host_tests.support.target import Target, firmware

pytestmark = pytest.mark.simulated

ORDER: Final = "raise"  # file in the folder of the state: the loop raises with its text
MAIN: Final = f"""
import os
import board
from gsme.events.logs import Logs

path = os.getenv("GSME_STATE") + "/{ORDER}"
whole_wait = board.Board.wait
whole_search = Logs.search

def wait(self, timeout_ms):
    whole_wait(self, timeout_ms)
    try:
        with open(path) as f:
            text = f.read()
    except OSError:
        return
    os.remove(path)
    raise ValueError(text)

def search(self, logs, query):
    if query.low == 0xBD:
        raise ZeroDivisionError
    return whole_search(self, logs, query)

board.Board.wait = wait
Logs.search = search
import whole_main
"""
BROKEN_QUERY: Final = 0x81BD
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


def crash(target: Target) -> None:
    """Sets the fault in the main loop off; the meter comes back without being told to."""
    link = target.meter.link
    restarts = link.counters.restarts
    exchange = target.meter.exchange_until_answer(frame_from(CHF, IDENTIFY, bytes.fromhex(CRASH)), RESTART_WAIT_S)
    assert exchange.to_requester() == [bytes.fromhex("08 01 0B 00 00")], "the command itself is done"
    assert link.wait_restart(restarts, RESTART_WAIT_S), "a SYNC tells of the new start"
    link.sync()
    target.meter.settle()


def test_it_starts_again_and_shows_what_went_wrong(target: Target) -> None:
    """Each time: another process, one more start, and the end of the traceback, which names the error."""
    bench, sim = target.bench, target.sim
    assert sim
    assert bench.read_int(Attr.STARTS) == 1
    assert bench.read_record(Attr.LAST_CRASH) == (0, Type.STRING, b""), "none so far"
    for number in range(1, CRASHES + 1):
        pid = sim.pid
        crash(target)
        assert sim.pid != pid
        assert bench.read_int(Attr.STARTS) == 1 + number
        shown = bench.read_record(Attr.LAST_CRASH)
        assert (shown.status, shown.type) == (0, Type.STRING)
        assert shown.value.decode().rstrip().endswith(f"ValueError: {MESSAGE}")
    assert target.meter.ask("00 01 00 0000", cluster=IDENTIFY) == [bytes.fromhex("08 01 01 0000 00 21 0000")]


def test_a_restart_that_was_asked_for_is_no_crash(target: Target) -> None:
    target.bench.reboot()
    assert target.bench.read_int(Attr.STARTS) == 2
    assert target.bench.read(Attr.LAST_CRASH) == b""


def test_its_state_outlives_the_crash(target: Target) -> None:
    """Both logs, a configuration, a text, a register, the Device Log; the clock is invalid, as after any start."""
    meter, bench = target.meter, target.bench
    configurations = ec.factory() | {0x810D: 0x4B}
    entries = [Entry(4, 0x8F0C), Entry(3, 0x8183, b"\x01\x02")]
    bench.raise_event(0x8183, b"\x01\x02")
    bench.raise_event(0x8F0C)
    assert meter.ask(ec.set_list(0x4B, [0x810D]), cluster=ec.CLUSTER) == [ec.default_response(ec.SET, 0)]
    assert meter.ask("00 01 02 1000 42 03 414243", cluster=BASIC) == [bytes.fromhex("08 01 04 00")]
    bench.set_attribute(METERING, 0x0000, kind=Type.UINT48, value=bytes.fromhex("010203040506"))
    for _ in range(CRASHES - 1):
        crash(target)
        assert meter.ask(get_log(FULL), cluster=EVENTS) == published_both(entries)
        assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(configurations)
        assert meter.ask("00 01 00 1000", cluster=BASIC) == [bytes.fromhex("08 01 01 1000 00 42 03 414243")]
        assert meter.ask("00 01 00 0000", cluster=METERING) == [bytes.fromhex("08 01 01 0000 00 25 010203040506")]
        assert meter.ask(get_log(3), cluster=EVENTS, who=IHD) == answer(entries, 3), "still in the Device Log"
        assert bench.read_int(Attr.UTC) == INVALID_UTC


def published_both(entries: list[Entry]) -> list[bytes]:
    """Publish Event Log of a few entries with their data, in one command."""
    images = b"".join(entry.image(full=True) for entry in entries)
    return [b"\x19\x01\x01" + len(entries).to_bytes(2, "little") + bytes((0, 1, len(entries) << 4)) + images]


FAILING: Final = [  # what the handler of Identify raises, frame, answer
    ("ValueError", "01 01 00 00EE", "08 01 0B 00 C1"),
    ("MemoryError", "01 02 00 01EE", "08 02 0B 00 89"),
    ("OSError", "01 03 00 02EE", "08 03 0B 00 C0"),
    ("KeyError", "01 04 00 03EE", "08 04 0B 00 C1"),
    ("ValueError, Default Response disabled", "11 05 00 00EE", "08 05 0B 00 C1"),
    ("the same from a later revision", "01 06 00 02EE AABB", "08 06 0B 00 C0"),
]


def test_a_handler_that_fails_is_answered_by_a_status(target: Target) -> None:
    """Nothing restarts and nothing is kept of it; the next frame is served. To a broadcast nothing is said."""
    meter, bench = target.meter, target.bench
    for error, sent, status in FAILING:
        assert ask_as(meter, CHF, IDENTIFY, sent) == [bytes.fromhex(status)], error
        assert ask_as(meter, CHF, IDENTIFY, "01 07 01") == [bytes.fromhex("08 07 0B 01 00")], error
        assert meter.ask(sent, cluster=IDENTIFY, broadcast=True) == [], error
    not_a_crash(target)
    assert bench.read_int(Attr.EVENT_LOG_ENTRIES) == bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0


def test_half_an_answer_is_not_sent(target: Target) -> None:
    """Identify Query fails behind what it has written: the Default Response alone comes, and nothing of it is left."""
    meter = target.meter
    assert ask_as(meter, CHF, IDENTIFY, "01 01 00 FF7F") == [bytes.fromhex("08 01 0B 00 00")]
    assert ask_as(meter, CHF, IDENTIFY, "01 02 01") == [bytes.fromhex("08 02 0B 01 C1")]
    assert ask_as(meter, CHF, BASIC, "00 03 00 0700") == [bytes.fromhex("08 03 01 0700 00 30 03")]
    not_a_crash(target)


def not_a_crash(target: Target) -> None:
    """The meter is the one that was started, and has none to show."""
    assert target.bench.read_int(Attr.STARTS) == 1
    assert target.bench.read(Attr.LAST_CRASH) == b""
