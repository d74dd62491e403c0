"""Keeps a simulated meter running behind a pseudo-terminal.

The MicroPython process inherits the terminal's master end as a file descriptor and hosts open the slave end. The
supervisor holds the slave open too, so that hosts may come and go and the meter may be replaced unnoticed.
"""

from __future__ import annotations

import io
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from .interpreter import interpreter
from .wire import Body, Deframer, Kind, WireError

ROOT: Final = Path(__file__).resolve().parents[2]
FIRMWARE: Final = ROOT / "firmware"
BOARD: Final = ROOT / "board" / "unix"
HEAP: Final = "128wK"  # of a meter made of .mpy files
SOURCE_HEAP: Final = "256wK"  # compiling on the device takes more than running

# Exit statuses by which the firmware says why it ends.
EXIT_STOP: Final = 0
EXIT_REBOOT: Final = 3
EXIT_LEAVE: Final = 4

WATCHDOG_S: Final = 8.0  # a meter whose loop has not turned for so long is killed

CRASH_LIMIT: Final = 5
CRASH_WINDOW_S: Final = 10.0
POLL_S: Final = 0.02


class SimError(Exception):
    """The simulator cannot start or go on; the message is one line for people."""


@dataclass(frozen=True)
class Config:
    """How to run the meter. `mpy` is a folder to run instead of firmware/; `state` keeps its storage."""

    state: Path
    heap: str | None = None  # None for as much as what runs is known to need
    role: str = "gsme"
    eui64: str | None = None
    mpy: Path | None = None
    provision: Path | None = None  # a provisioning file, looked at on each start
    log: IO[bytes] | None = None  # what the process prints; None for our own stderr


@dataclass
class Supervisor:
    """Runs one meter until `stop`; `run` belongs to one thread, everything else may be called from any."""

    config: Config
    on_ready: Callable[[str, int], None]  # called once with port and process id when the meter has sent its SYNC
    _crashes: deque[float] = field(default_factory=lambda: deque(maxlen=CRASH_LIMIT))

    def __post_init__(self) -> None:
        self._folder = _firmware(self.config)
        self._heap = self.config.heap or heap_for(self._folder)
        self.starts = 0
        self._command = interpreter()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._pulse_end, self._pulses = os.pipe()
        self.port = os.ttyname(self._slave)
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()  # a signal handler may call stop() while this thread holds it
        self._stopping = False
        self._ready = False
        self._power_cycle = False
        self._watchdog_bit = False  # the watchdog ended the last meter

    @property
    def pid(self) -> int | None:
        """The process id of the MicroPython that runs now or ran last."""
        return self._child.pid if self._child else None

    def run(self) -> None:
        """Runs the meter until it stops or is stopped; SimError where it keeps crashing."""
        try:
            status = EXIT_REBOOT
            while not self._stopping and status != EXIT_STOP:
                status = self._run_repl() if status == EXIT_LEAVE else self._run_meter()
        finally:
            self.stop()
            for descriptor in (self._master, self._slave, self._pulse_end, self._pulses):
                os.close(descriptor)

    def stop(self) -> None:
        """Ends the meter, and `run` with it."""
        self._stopping = True
        self._kill()

    def power_cycle(self) -> None:
        """Kills the meter where it stands; the next one starts at once on the same port and storage."""
        self._power_cycle = True
        self._kill()

    def pulse(self, volume_dm3: int) -> None:
        """Lets that many litres of gas through: the board counts the bytes of its standard input."""
        os.write(self._pulses, b"." * volume_dm3)

    def _kill(self) -> None:
        with self._lock:
            if self._child and self._child.returncode is None:
                self._child.kill()

    def _run_meter(self) -> int:
        os.set_blocking(self._master, False)  # what makes the terminal behave like a UART without a timeout
        self._power_cycle = False
        status = self._supervise(self._meter_command())
        if status in (EXIT_STOP, EXIT_REBOOT, EXIT_LEAVE) or self._stopping or self._power_cycle:
            return status
        self._note_crash(status)
        return EXIT_REBOOT

    def _run_repl(self) -> int:
        os.set_blocking(self._master, True)
        self._supervise([*self._command, "-X", f"heapsize={self._heap}", "-i"], terminal=True)
        return EXIT_REBOOT  # leaving the REPL is a soft reset: the meter has the line again

    def _supervise(self, command: list[str], *, terminal: bool = False) -> int:
        fed, feeding = os.pipe()
        try:
            with self._lock:
                child = self._child = self._spawn(command, feeding, terminal=terminal)
                if self._stopping:
                    child.kill()
        finally:
            os.close(feeding)
        self.starts += 1
        self._watchdog_bit = False
        if not self._ready and not terminal:
            self._await_sync(child)
        with os.fdopen(fed, "rb", buffering=0) as food:
            if not terminal:
                self._watch(child, food)
            return child.wait()

    def _watch(self, child: subprocess.Popen[bytes], food: io.FileIO) -> None:
        """Returns when the meter has ended; one that hangs is killed."""
        while select.select([food], [], [], WATCHDOG_S)[0]:
            if not food.read(64):
                return
        self._watchdog_bit = True
        child.kill()

    def _spawn(self, command: list[str], feeding: int, *, terminal: bool) -> subprocess.Popen[bytes]:
        log = self.config.log or sys.stderr.fileno()
        return subprocess.Popen(
            with_death_signal(command),
            stdin=self._master if terminal else self._pulse_end,
            stdout=self._master if terminal else log,
            stderr=log,
            env=self._environment(feeding),
            cwd=self._folder,  # MicroPython looks for modules here first
            pass_fds=(self._master, feeding),
            process_group=0,  # a Ctrl-C at the keyboard is for us alone
        )

    def _meter_command(self) -> list[str]:
        # As a module: a source file and a precompiled one are found alike.
        return [*self._command, "-X", f"heapsize={self._heap}", "-m", "main"]

    def _environment(self, feeding: int) -> dict[str, str]:
        config = self.config
        folders = (BOARD, self._folder)
        own = {
            "UNIX_UART1": str(self._master),
            "MICROPYPATH": ":".join([*map(str, folders), ".frozen"]),
            "GSME_STATE": str(config.state.resolve()),
            "GSME_ROLE": config.role,
            "GSME_WATCHDOG": str(feeding),
        }
        if config.provision:
            own["GSME_PROVISION"] = str(config.provision.resolve())
        if self._watchdog_bit:
            own["GSME_WATCHDOG_BIT"] = "1"
        if config.eui64 and not self.starts:  # later starts have the identity that the bench gave
            own["GSME_EUI64"] = config.eui64
        return {name: value for name, value in os.environ.items() if not name.startswith("GSME_")} | own

    def _await_sync(self, child: subprocess.Popen[bytes]) -> None:
        """Reads the line up to the end of the meter's first SYNC, and not a byte more: the rest is for the host."""
        deframer = Deframer()
        while not self._stopping:
            if not select.select([self._slave], [], [], POLL_S)[0]:
                if child.poll() is not None:
                    return
                continue
            if any(_is_sync(raw) for raw in deframer.feed(os.read(self._slave, 1))):
                self._ready = True
                self.on_ready(self.port, child.pid)
                return

    def _note_crash(self, status: int) -> None:
        self._crashes.append(time.monotonic())
        if len(self._crashes) == CRASH_LIMIT and self._crashes[-1] - self._crashes[0] < CRASH_WINDOW_S:
            how = f"signal {-status}" if status < 0 else f"status {status}"
            raise SimError(f"the meter crashed {CRASH_LIMIT} times within {CRASH_WINDOW_S:.0f} s, last with {how}")


def heap_for(firmware: Path) -> str:
    """MicroPython's heap for a folder of .mpy files or of sources."""
    return HEAP if (firmware / "main.mpy").is_file() else SOURCE_HEAP


def _firmware(config: Config) -> Path:
    if not BOARD.is_dir():
        raise SimError(f"{BOARD} is missing: the simulator runs from a checkout of the project")
    folder = config.mpy.resolve() if config.mpy else FIRMWARE
    if not any((folder / name).is_file() for name in ("main.py", "main.mpy")):
        raise SimError(f"{folder} has no main.py and no main.mpy")
    return folder


def _is_sync(raw: bytes) -> bool:
    try:
        return Body.decode(raw).kind is Kind.SYNC
    except WireError:
        return False


def with_death_signal(command: list[str]) -> list[str]:
    """The command by way of util-linux, if that is there: the child then dies with the thread that started it."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal.SIGKILL.name.removeprefix("SIG"), *command] if setpriv else command
