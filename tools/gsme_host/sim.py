"""A simulated meter: for a command that shows its port, and for tests that want a fresh one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

import click

from .supervisor import BOARD, Config, SimError, Supervisor

if TYPE_CHECKING:
    from types import FrameType, TracebackType

ROLES: Final = ("gsme", "esme", "gpf", "chf")
ROLES_BUILT: Final = ("gsme",)
START_WAIT_S: Final = 10.0
POLL_S: Final = 0.002
_PREFIX: Final = "gsme-"
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def state_folder(given: Path | None) -> Iterator[Path]:
    """The folder of the meter's storage: the one given, made if need be, else a temporary one that is forgotten."""
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def run(
    state: Path | None,
    *,
    eui64: str | None,
    role: str,
    heap: str | None,
    mpy: Path | None,
    provision: Path | None = None,
) -> None:
    """Runs a meter until SIGINT or SIGTERM; prints one line of JSON when it is there. SimError if it cannot run."""
    with state_folder(state) as folder:
        supervisor = Supervisor(Config(folder, heap, role, eui64, mpy, provision), _announce)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            supervisor.stop()

        for number in STOP_SIGNALS:
            signal.signal(number, stop)
        supervisor.run()


def _announce(port: str, pid: int) -> None:
    click.echo(json.dumps({"port": port, "pid": pid, "board": BOARD.name}))


class Simulator:
    """A meter of its own in a process of its own; as a context manager it is there on entry and gone after exit."""

    def __init__(
        self,
        *,
        state: Path | None = None,
        eui64: str | None = None,
        role: str = "gsme",
        heap: str | None = None,
        mpy: Path | None = None,
        provision: Path | None = None,
    ) -> None:
        """Starts a meter and waits for its SYNC; SimError with what it printed where none comes."""
        self._folder = state or Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._keep = state is not None
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop()
        self._settled = threading.Event()  # the meter is there, or never will be
        self._started = False
        self._failure: SimError | None = None
        config = Config(self._folder, heap, role, eui64, mpy, provision, self._log)
        self._supervisor = Supervisor(config, self._on_ready)
        # The system's death signal goes with the thread that starts the processes, so one thread does it all.
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()
        self._await_start()

    @property
    def port(self) -> str:
        """The terminal that a host opens."""
        return self._supervisor.port

    @property
    def pid(self) -> int:
        """The MicroPython process; another one after a restart."""
        return self._supervisor.pid or 0

    @property
    def starts(self) -> int:
        """How many times a meter was started on this port."""
        return self._supervisor.starts

    def output(self) -> str:
        """What the process has printed so far: nothing, unless something is wrong."""
        log = self._log.fileno()  # read without moving the offset, at which the process goes on writing
        return os.pread(log, os.fstat(log).st_size, 0).decode("utf-8", "replace")

    def pulse(self, volume_dm3: int = 1) -> None:
        """Lets that many litres of gas through; the meter counts them when it next looks, at most one a second."""
        self._supervisor.pulse(volume_dm3)

    def restart(self, timeout: float = START_WAIT_S) -> None:
        """Cuts the power and gives it back: the process is killed where it stands, another one starts at once."""
        before = self.starts
        self._supervisor.power_cycle()
        deadline = time.monotonic() + timeout
        while self.starts == before:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise SimError("the meter did not start again")
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Ends the meter and forgets its storage, unless that was given. A second time does nothing."""
        self._supervisor.stop()
        self._thread.join()
        self._log.close()
        if not self._keep:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def _on_ready(self, _port: str, _pid: int) -> None:
        self._started = True
        self._settled.set()

    def _run(self) -> None:
        try:
            self._supervisor.run()
        except SimError as error:
            self._failure = error
        self._settled.set()

    def _await_start(self) -> None:
        self._settled.wait(START_WAIT_S)
        if self._started:
            return
        printed = self.output().strip()
        self.stop()
        why = self._failure or "the meter ended or sent no SYNC"
        raise SimError(f"{why}\n{printed}" if printed else str(why))
