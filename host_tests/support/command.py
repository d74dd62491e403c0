"""The command `gsme` as a person runs it, and the processes that it leaves or does not leave behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

GSME: Final = Path(sys.executable).with_name("gsme")
TIMEOUT_S: Final = 60.0
GONE_WITHIN_S: Final = 10.0
POLL_S: Final = 0.01
TRACEBACK: Final = "Traceback"
PROGRAM: Final = "gsme: "


def gsme(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs it to its end."""
    whole = {**os.environ, **(env or {})}
    return subprocess.run([GSME, *arguments], capture_output=True, text=True, check=False, timeout=TIMEOUT_S, env=whole)


def complaint(done: subprocess.CompletedProcess[str], status: int) -> str:
    """The one line on stderr with which it ended; AssertionError for any other number of lines, or another status."""
    assert (done.returncode, done.stderr.count("\n")) == (status, 1), f"{done.returncode}: {done.stderr}"
    assert done.stderr.startswith(PROGRAM), done.stderr
    assert TRACEBACK not in done.stdout + done.stderr
    return done.stderr.removeprefix(PROGRAM).rstrip("\n")


class Sim:
    """A running `gsme sim`, its line read."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Starts it and waits for the line of JSON."""
        pipe = subprocess.PIPE
        whole = {**os.environ, **(env or {})}
        self.process = subprocess.Popen([GSME, "sim", *arguments], stdout=pipe, stderr=pipe, text=True, env=whole)
        self.line = self.process.stdout.readline() if self.process.stdout else ""
        assert self.line, f"no line but: {self.process.communicate()[1]}"
        self.told: dict[str, Any] = json.loads(self.line)

    @property
    def port(self) -> str:
        """The terminal that it named."""
        return str(self.told["port"])

    @property
    def pid(self) -> int:
        """The MicroPython process that it named."""
        return int(self.told["pid"])

    def end(self, number: int) -> tuple[int, str, str]:
        """Sends a signal; returns the exit status and what it printed behind its line."""
        self.process.send_signal(number)
        rest, errors = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, rest, errors


@contextmanager
def sim(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Sim]:
    """A `gsme sim` that is gone at the end, whatever happens."""
    running = Sim(*arguments, env=env)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be taken note of does not."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(*pids: int) -> bool:
    """Whether all these processes end, in a time that is long enough for any machine."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
