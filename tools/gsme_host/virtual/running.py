"""A virtual board for a command that shows its port, and for tests that want one."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import click

from ..sim import STOP_SIGNALS, state_folder
from .board import ROOT_FOLDER, VirtualBoard

if TYPE_CHECKING:
    from types import FrameType, TracebackType

NAME: Final = "virtual"
_PREFIX: Final = "gsme-virtual-"


def run(state: Path | None) -> None:
    """Runs a board until SIGINT or SIGTERM; prints one line of JSON when it has power."""
    told = False

    def announce(port: str, pid: int) -> None:
        nonlocal told
        if not told:
            told = True
            click.echo(json.dumps({"port": port, "pid": pid, "board": NAME}))

    with state_folder(state) as folder:
        board = VirtualBoard(folder, announce)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            board.stop()

        for number in STOP_SIGNALS:
            signal.signal(number, stop)
        board.run()


class RunningBoard:
    """A board of its own in processes of its own; there on entry and gone after exit."""

    def __init__(self, state: Path | None = None, root: str = ROOT_FOLDER) -> None:
        """Without a folder for its flash the board is a new one, and forgotten. Its file system lies at `root`."""
        self._folder = state or Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._keep = state is not None
        self._started = threading.Event()
        self.board = VirtualBoard(self._folder, lambda _port, _pid: self._started.set(), root)
        # The system's death signal goes with the thread that starts the processes.
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._thread.start()
        self._started.wait()

    def _run(self) -> None:
        try:
            self.board.run()
        finally:
            self._started.set()

    @property
    def port(self) -> str:
        """The terminal that a host opens."""
        return self.board.port

    def stop(self) -> None:
        """Takes its power away. A second time does nothing."""
        if self._thread.is_alive():
            self.board.stop()
            self._thread.join()
        if not self._keep:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
