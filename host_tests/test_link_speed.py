"""The speed of the line is found out by SYNC where nobody gives it, and stays.

Stock boards speak at two: 115200 where the link shares a REPL's UART, 460800 on a UART of its own. The terminal in
between stands for a UART: it passes bytes at one speed, and at another it makes noise of them.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.build import version
from gsme_host.link import BAUD, SPEEDS, Link, NoAnswer, NotAMeter
from gsme_host.meter import Meter
from gsme_host.sim import Simulator
from host_tests.support import strange_ports
from host_tests.support.command import complaint, gsme
from host_tests.support.speed import at_speed
from host_tests.support.strange_ports import strange_port

FAILED: Final = 1
REOPEN_S: Final = 1.0
SILENCE_S: Final = 1.2
SLACK_S: Final = 0.5
REPL_BAUD: Final = 115200


@pytest.fixture(scope="module")
def meter_port() -> Iterator[str]:
    with Simulator() as sim:
        yield sim.port


@pytest.mark.parametrize("baud", SPEEDS)
def test_what_answers_stays(meter_port: str, baud: int) -> None:
    """Over exchanges, and over a port that was closed in between."""
    with at_speed(meter_port, baud) as line, Link(line.port) as link:
        for _ in range(2):
            link.sync()
            assert (link.baud, line.baud) == (baud, baud)
            assert Bench(Meter(link)).read(Attr.FIRMWARE_VERSION).decode() == version()
            link.reopen(REOPEN_S)
            assert (link.baud, line.baud) == (baud, baud)


def test_a_speed_that_was_found_is_not_left_for_silence(meter_port: str) -> None:
    """As of a board that takes its time to start again."""
    with at_speed(meter_port, REPL_BAUD) as line, Link(line.port) as link:
        link.sync()
        line.connected = False
        with pytest.raises(NoAnswer):
            link.sync(SILENCE_S)
        line.connected = True
        assert (link.baud, line.baud) == (REPL_BAUD, REPL_BAUD)
        link.sync(SLACK_S)


def test_both_speeds_have_two_turns_in_the_time_of_a_probe(meter_port: str) -> None:
    with at_speed(meter_port, REPL_BAUD) as line:
        done = gsme("probe", line.port)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("given", "there"), [SPEEDS, SPEEDS[::-1]])
def test_a_speed_that_is_given_is_kept(meter_port: str, given: int, there: int) -> None:
    with at_speed(meter_port, there) as line, Link(line.port, baud=given) as link:
        with pytest.raises((NoAnswer, NotAMeter)):
            link.sync(SILENCE_S)
        assert (link.baud, line.baud) == (given, given)
    with at_speed(meter_port, there) as line:
        complaint(gsme("probe", "--baud", str(given), line.port), FAILED)


def test_silence_is_told_as_soon_and_in_the_same_words() -> None:
    with strange_port(strange_ports.silent) as port, Link(port) as link:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match="^" + port + ": silent, nothing answers there$"):
            link.sync(SILENCE_S)
        assert time.monotonic() - began < SILENCE_S + SLACK_S


def test_a_meter_without_a_speed_answers_at_once(meter_port: str) -> None:
    """The first of the two is not left."""
    with Link(meter_port) as link:
        began = time.monotonic()
        link.sync()
        assert time.monotonic() - began < SLACK_S
        assert link.baud == BAUD


def test_a_network_has_no_speed_to_change() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with Link(f"socket://127.0.0.1:{port}") as link, pytest.raises(NoAnswer, match="silent, nothing"):
            link.sync(SILENCE_S)
        assert link.baud == BAUD
