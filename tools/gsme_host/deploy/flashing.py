"""Puts an image of MicroPython on a board by the commands that its board.json names."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .. import partitions
from .errors import DeployError
from .facts import Board

COMMANDS: Final = "flash_commands"
SERIAL_OPTION: Final = "flash_serial_option"
PORT: Final = "{port}"
TABLE: Final = "partitions.csv"
GSME: Final = Path(sys.executable).with_name("gsme")


@dataclass(frozen=True)
class Which:
    """Where the board is, in the way that its tool takes: by its port, or by a serial number if at all."""

    port: str | None = None
    serial_number: str | None = None

    def check(self, board: Board, commands: list[list[str]]) -> None:
        """DeployError where the tool does not take it."""
        tool = commands[0][0]
        if any(PORT in word for command in commands for word in command):
            if not self.port or self.serial_number:
                raise DeployError(f"{board.name}: {tool} finds the board by its port, --port, and by nothing else")
        elif self.port:
            hint = ": with several boards use --serial-number" if SERIAL_OPTION in board.facts else ""
            raise DeployError(f"{board.name}: {tool} takes no --port{hint}")
        elif self.serial_number and SERIAL_OPTION not in board.facts:
            raise DeployError(f"{board.name}: {tool} takes no --serial-number")


def flash(board: Board, which: Which, image: Path | None, *, dry_run: bool, say: Callable[[str], None]) -> None:
    """Runs them, or only says them, as they can be run; DeployError where one is not there, or fails."""
    commands: list[list[str]] = board.facts.get(COMMANDS, [])
    if not commands:
        raise DeployError(f"{board.name}: nothing is flashed there; board/{board.name}/deploy.md says how it starts")
    which.check(board, commands)
    if image is None or not (dry_run or image.is_file()):
        raise DeployError(f"--image: {image or 'none given'}: an image of MicroPython is needed, see deploy.md")
    with tempfile.TemporaryDirectory(prefix="gsme-") as folder:
        table = Path("build" if dry_run else folder) / f"{board.name}-partitions.bin"
        if dry_run and (board.folder / TABLE).is_file():
            say(shlex.join([_shown(GSME), "partitions", _shown(board.folder / TABLE), str(table)]))
        names = {"port": which.port or "", "image": str(image), "partitions": str(table)}
        for words in commands:
            command = [word.format_map(names) for word in words]
            if which.serial_number:
                command += [board.facts[SERIAL_OPTION], which.serial_number]
            say(shlex.join(command))
            if not dry_run:
                _write_table(board, table)
                _run(command)


def _shown(path: Path) -> str:
    """From here on, where it lies below."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _write_table(board: Board, path: Path) -> None:
    if (board.folder / TABLE).is_file():
        try:
            path.write_bytes(partitions.table(board.folder / TABLE))
        except (partitions.PartitionError, OSError) as error:
            raise DeployError(str(error)) from error


def _run(command: list[str]) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise DeployError(f"{command[0]} is not installed: deploy.md says where it comes from")
    status = subprocess.run([program, *command[1:]], check=False).returncode
    if status:
        raise DeployError(f"{command[0]} ended with status {status}: run the same command again")
