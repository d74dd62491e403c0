"""Runs MicroPython for a measurement: from .mpy files, as the build makes them, on one core where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

from gsme_host import build
from gsme_host.interpreter import interpreter
from gsme_host.supervisor import BOARD, FIRMWARE, HEAP

if TYPE_CHECKING:
    from types import TracebackType

ON_DEVICE: Final = Path(__file__).with_name("on_device")
MEMORY_HEAP: Final = "192wK"  # the board and its flash are in it too
LARGE_HEAP: Final = "320wK"  # for a pass without collection
TIMEOUT_S: Final = 300
FIRST_CORE: Final = "0"


class Broken(Exception):
    """A measurement that says nothing: wrong bytes, or a program that failed. The message is for people."""


@dataclass(frozen=True)
class Files:
    """The folders of a run. The current folder of a process is `scratch`, beside which it finds all that it runs.

    MicroPython's names for them are relative: a longer path would take more of its heap and change what is counted.
    """

    root: Path

    @property
    def firmware(self) -> Path:
        """The firmware's build."""
        return self.root / "firmware"

    @property
    def scripts(self) -> Path:
        """The build of what runs beside or instead of it."""
        return self.root / "scripts"

    @property
    def board(self) -> Path:
        """The board of the simulator, as the simulator runs it."""
        return self.root / "board"

    @property
    def scratch(self) -> Path:
        """What the processes read and write."""
        return self.root / "scratch"

    def environment(self) -> dict[str, str]:
        """The variables of a process that runs from these files, and from nothing of the user's own."""
        return {**os.environ, "MICROPYPATH": "../scripts:../board:../firmware:.frozen"}


class Workshop(AbstractContextManager["Workshop"]):
    """Builds firmware and scripts into a temporary folder that is gone after exit."""

    def __init__(self, firmware: Path = FIRMWARE) -> None:
        self._firmware = firmware
        self._folder = TemporaryDirectory(prefix="gsme-perf-")
        self.files = Files(Path(self._folder.name))
        self.files.scratch.mkdir()
        self.files.board.symlink_to(BOARD)
        build.build(self.files.firmware, firmware=firmware)
        build.build(self.files.scripts, firmware=ON_DEVICE)

    def sizes(self) -> dict[str, build.Built]:
        """Both builds, by what people call them."""
        other = self.files.root / "other"
        return {
            "bench": build.build(other, firmware=self._firmware),
            "production": build.build(other, firmware=self._firmware, production=True),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self._folder.cleanup()


def micropython(module: str, *arguments: object, heap: str = HEAP) -> list[str]:
    """The command that runs a module with arguments."""
    return [*interpreter(), "-X", f"heapsize={heap}", "-m", module, *map(str, arguments)]


def one_core() -> list[str]:
    """What goes before a command to keep it on one core; nothing where there is no such tool."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", FIRST_CORE] if taskset else []


def run(
    command: Sequence[str], cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; Broken with what it said where it fails."""
    options: dict[str, Any] = {"cwd": cwd, "env": environment, "timeout": TIMEOUT_S}
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Broken(f"{command[0]}: {error}") from error
    if result.returncode:
        raise Broken(f"{' '.join(command[-4:])}: status {result.returncode}\n{result.stderr.strip()}")
    return result
