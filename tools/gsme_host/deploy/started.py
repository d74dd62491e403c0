"""Whether a board that was reset runs a meter, which one, and if not why not."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import serial

from ..bench import Attr, Bench, BenchError
from ..link import Link, LinkError
from ..meter import Meter
from ..port import PortError, open_port
from ..wire import Identity
from .errors import DeployError
from .facts import Board
from .repl import BAUD, KEYS, PROMPT

START_S: Final = 15.0  # with a tty that goes and comes again
OPEN_EVERY_S: Final = 0.2
SOFT_RESET: Final = b"\x04"
TRACE_S: Final = 4.0
TRACEBACK: Final = "Traceback (most recent call last):"
ELSEWHERE: Final = "if its link is not the REPL's line, name the tty of it: --link"


@dataclass(frozen=True)
class Started:
    """A meter that runs. Version and board are None of a production build, which has nobody to ask for them."""

    identity: Identity
    version: str | None
    board: str | None

    def __str__(self) -> str:
        what = f"firmware {self.version} on {self.board}" if self.version else "a production build"
        return f"EUI64 {self.identity.eui64}, {what}"


def wait_started(port: str, board: Board, *, link: str | None = None, production: bool = False) -> Started:
    """Waits for a meter at `link`, or at the REPL's port; DeployError with what the board says where none starts."""
    deadline = time.monotonic() + START_S
    baud = None if link else board.facts["link"]["baud"] or None
    try:
        with _opened(link or port, baud, deadline) as line:
            identity = line.sync(max(1.0, deadline - time.monotonic()) / 3)
            return Started(identity, *((None, None) if production else _told(Bench(Meter(line)))))
    except LinkError as error:
        why = _why(port, link, error)
        raise DeployError(f"{port}: the firmware is on the board and does not start: {why}") from error
    except PortError as error:
        raise DeployError(f"{port}: the firmware is on the board, which did not come back: {error}") from error


def _opened(port: str, baud: int | None, deadline: float) -> Link:
    while True:
        try:
            return Link(port, baud=baud)
        except PortError:
            if time.monotonic() > deadline:
                raise
            time.sleep(OPEN_EVERY_S)


def _told(bench: Bench) -> tuple[str | None, str | None]:
    try:
        return bench.read(Attr.FIRMWARE_VERSION).decode(), bench.read(Attr.BOARD).decode()
    except (BenchError, LinkError):
        return None, None


def _why(port: str, link: str | None, error: LinkError) -> str:
    """The exception that a start ends with, if it does."""
    return _exception(port) or (str(error) if link else f"{error}; {ELSEWHERE}")


def _exception(port: str) -> str | None:
    """What the REPL tells of a start that is made for it."""
    try:
        with open_port(port, BAUD) as line:
            _read_until(line, PROMPT, KEYS)
            text = _read_until(line, PROMPT, SOFT_RESET).decode("utf-8", "replace")
    except (PortError, serial.SerialException, OSError):
        return None
    _, found, trace = text.rpartition(TRACEBACK)
    ends = [line for line in trace.splitlines() if line and not line.startswith(" ")]
    return ends[0] if found and ends else None


def _read_until(line: serial.Serial, end: bytes, first: bytes) -> bytes:
    line.write(first)
    came = b""
    deadline = time.monotonic() + TRACE_S
    while not came.endswith(end) and time.monotonic() < deadline:
        came += line.read(line.in_waiting or 1)
    return came
