"""Virtual boards for tests, and mpremote as a person runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gsme_host.bench import Bench
from gsme_host.deploy.deploying import Wish, deploy
from gsme_host.deploy.facts import Board
from gsme_host.link import BAUD, Link
from gsme_host.meter import Meter
from gsme_host.port import open_port
from gsme_host.virtual.running import NAME, RunningBoard

MPREMOTE: Final = Path(sys.executable).with_name("mpremote")
TIMEOUT_S: Final = 60.0
WAIT_S: Final = 10.0
BOARD: Final = Board.named(NAME)


def mpremote(board: RunningBoard, *arguments: str | Path, cwd: Path | None = None) -> str:
    """What it prints; AssertionError where it fails."""
    done = run(board, *arguments, cwd=cwd)
    assert not done.returncode, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def run(board: RunningBoard, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs it to its end."""
    command = [MPREMOTE, "connect", board.port, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S, cwd=cwd)


def put(board: RunningBoard, name: str, text: str, folder: Path) -> None:
    """A file of that content onto the board."""
    path = folder / "text"
    path.write_text(text, encoding="utf-8")
    mpremote(board, "cp", path, f":{name}")


def deployed(board: RunningBoard, wish: Wish | None = None) -> list[str]:
    """Deploys to it; what was said while it did."""
    said: list[str] = []
    deploy(board.port, wish or Wish(BOARD), said.append)
    return said


def copied(said: list[str]) -> list[str]:
    """The files that were copied."""
    return [line.split("  ")[0] for line in said if "  " in line]


@contextmanager
def like(state: Path, folder: Path) -> Iterator[RunningBoard]:
    """A board with the same flash as another one."""
    shutil.copytree(state, folder)
    with RunningBoard(folder) as board:
        yield board


@contextmanager
def asked(board: RunningBoard) -> Iterator[Bench]:
    """The bench of the meter that runs on it."""
    with Link(board.port) as link:
        link.sync(WAIT_S)
        yield Bench(Meter(link))


def until(board: RunningBoard, starts: int) -> None:
    """Waits until it has started so often."""
    deadline = time.monotonic() + WAIT_S
    while board.board.starts < starts:
        assert time.monotonic() < deadline, f"{board.board.starts} starts"
        time.sleep(0.01)


def after_reset(board: RunningBoard, what: bytes) -> bytes:
    """All that it says after a press on its button, up to those words."""
    said = b""
    deadline = time.monotonic() + WAIT_S
    with open_port(board.port, BAUD) as line:
        board.board.reset()
        while what not in said:
            assert time.monotonic() < deadline, said
            said += line.read(line.in_waiting or 1)
    return said
