"""Keeps a virtual board running: its flash in files, its terminal, one process of the unix port after the other.

What a board's REPL and its image do is done by scripts of board/virtual/image. Here is what the chip does: reset,
watchdog, and a line to the host that outlives both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..interpreter import interpreter
from ..supervisor import ROOT, with_death_signal
from .relay import RESET, STOP, End, Relay

ROOT_FOLDER: Final = "/"
IMAGE: Final = ROOT / "board" / "virtual" / "image"
WORD: Final = 2  # the port's objects are that many times a board's
HEAP: Final = 128 * 1024 * WORD
ROM: Final = 64 * 4096  # lies in the heap here
IN_ROM: Final = 20 * 1024  # what the scripts take that are in the ROM of a board
SOFT_REBOOT: Final = b"\r\nMPY: soft reboot\r\n"
CTRL_A: Final = b"\x01"
EXIT_WAIT_S: Final = 1.0
SHORTEST_LIFE_S: Final = 0.2  # a board that resets itself again and again is not to take a processor
START: Final = "import start; start.start(globals())"

# As board/virtual/image/machine.py counts them.
CAUSES: Final = {None: 1, End.RESET: 2, End.WATCHDOG: 3, End.EXITED: 5}


class VirtualBoard:
    """One board; `run` belongs to one thread, everything else may be called from any."""

    def __init__(
        self, state: Path, on_start: Callable[[str, int], None] = lambda _port, _pid: None, root: str = ROOT_FOLDER
    ) -> None:
        """`state` is the folder of its flash; `on_start` is told the port and the process of each start.

        The board's file system lies at `root`: boards of the nRF port have it at /flash.
        """
        self._state = state
        self._root = root
        self._on_start = on_start
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._wake, self._waker = os.pipe()
        self._raw = False
        self._interrupted = False
        self.port = os.ttyname(self._slave)
        self.pid = 0
        self.starts = 0

    def run(self) -> None:
        """Runs the board until it is stopped."""
        end: End | None = None
        try:
            while end is not End.STOPPED:
                began = time.monotonic()
                end = self._start(end)
                time.sleep(max(0.0, SHORTEST_LIFE_S - (time.monotonic() - began)))
        finally:
            for descriptor in (self._master, self._slave, self._wake, self._waker):
                os.close(descriptor)

    def stop(self) -> None:
        """Takes the power away for good."""
        os.write(self._waker, STOP)

    def reset(self) -> None:
        """Presses its button."""
        os.write(self._waker, RESET)

    def _start(self, last: End | None) -> End:
        board, terminal = os.openpty()
        control, ordering = os.pipe()
        try:
            tty.setraw(terminal)
            os.set_blocking(board, False)
            with self._spawn(terminal, ordering, CAUSES[last]) as process:
                os.close(terminal)
                os.close(ordering)
                self.starts += 1
                self.pid = process.pid
                self._on_start(self.port, process.pid)
                return self._relay(Relay(self._master, board, control, self._wake, self._raw), process)
        finally:
            os.close(board)
            os.close(control)

    def _relay(self, relay: Relay, process: subprocess.Popen[bytes]) -> End:
        if self._raw:
            os.write(relay.board, CTRL_A)  # waits there until the REPL reads it
        try:
            end = relay.run()
            exited = end is End.EXITED
            # Between main.py and the REPL the unix port dies of a Ctrl-C; a board has its REPL then.
            self._interrupted = exited and _status(process) == -signal.SIGINT
        finally:
            process.kill()
        # A soft reset leaves the REPL in the mode that it had.
        self._raw = relay.raw and exited and not self._interrupted
        if exited and not self._interrupted:
            self._say(SOFT_REBOOT)
        return end

    def _say(self, text: bytes) -> None:
        with suppress(BlockingIOError):  # nobody reads
            os.write(self._master, text)

    def _spawn(self, terminal: int, ordering: int, cause: int) -> subprocess.Popen[bytes]:
        own = {
            "MICROPYPATH": f"{IMAGE}:.frozen",
            "VIRTUAL_STATE": str(self._state.resolve()),
            "VIRTUAL_ROOT": self._root,
            "VIRTUAL_TTY": os.ttyname(terminal),
            "VIRTUAL_CONTROL": str(ordering),
            "VIRTUAL_CAUSE": str(cause),
        }
        if self._raw or self._interrupted:
            own["VIRTUAL_REPL"] = "1"
        return subprocess.Popen(
            with_death_signal([*interpreter(), "-X", f"heapsize={HEAP + ROM + IN_ROM}", "-i", "-c", START]),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={name: value for name, value in os.environ.items() if not name.startswith("VIRTUAL_")} | own,
            cwd=IMAGE,  # MicroPython looks for modules there first
            pass_fds=(ordering,),
            start_new_session=True,  # so that the terminal becomes its own
        )


def _status(process: subprocess.Popen[bytes]) -> int | None:
    """Of a process that has closed its terminal; None where it goes on without."""
    try:
        return process.wait(EXIT_WAIT_S)
    except subprocess.TimeoutExpired:
        return None
