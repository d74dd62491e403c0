"""What a board.json says of deploying, and whether the board at a port is that board."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from mpremote.transport_serial import SerialTransport

from ..build import BOARDS, FACTS, boards
from .errors import DeployError

_PLATFORMS: Final = {"unix": "linux"}  # sys.platform, where it is not the port's name
_TELL: Final = "(s.platform, getattr(i, '_build', ''), getattr(i, '_machine', ''), tuple(i.version[:2]))"


@dataclass(frozen=True)
class Device:
    """What MicroPython on a board says of itself."""

    platform: str
    build: str  # upstream's name of the board, with a variant behind a hyphen
    machine: str
    version: tuple[int, int]

    @classmethod
    def ask(cls, transport: SerialTransport) -> Self:
        """Of the board at the other end, whose raw REPL waits."""
        transport.exec("import sys as s\ni = s.implementation")
        return cls(*transport.eval(_TELL))

    def __str__(self) -> str:
        return f"{self.build or self.platform} ({self.machine})"


@dataclass(frozen=True)
class Board:
    """A folder of board/ that can be deployed to."""

    name: str
    facts: dict[str, Any]

    @classmethod
    def named(cls, name: str) -> Self:
        """DeployError where there is none of that name."""
        if name not in deployable():
            raise DeployError(f"there is no board {name} to deploy to; there is: {', '.join(deployable())}")
        return cls(name, _facts(name))

    @property
    def folder(self) -> Path:
        """Where its description is."""
        return BOARDS / self.name

    @property
    def in_rom(self) -> bool:
        """Whether the firmware goes into ROMFS, all but what is run by name."""
        return self.facts.get("firmware") == "romfs"

    def is_at(self, device: Device) -> bool:
        """Whether that is such a board: its image is upstream's of that name, or one for the chip where that serves.

        The name is enough: an image may have a sys.platform of its own, as PCA10056 had before 1.29.
        """
        image = self.facts["micropython"]
        if device.build.split("-")[0] == image["board"]:
            return True
        same_port = device.platform == _PLATFORMS.get(image["port"], image["port"])
        same_chip = self.facts["mcu"].lower() in device.machine.lower()
        return bool(image.get("other_boards") and same_port and same_chip)

    def check(self, port: str, device: Device) -> None:
        """DeployError where that is another board, or its MicroPython lacks what is used."""
        if not self.is_at(device):
            raise DeployError(f"{port}: that is no {self.name} but {device}; nothing was changed")
        since = self.facts["micropython"]["since"]
        if device.version < tuple(map(int, since.split("."))):
            is_now = ".".join(map(str, device.version))
            raise DeployError(f"{port}: MicroPython {is_now} is on it, and {since} is needed; nothing was changed")


def deployable() -> list[str]:
    """The boards whose description names an image of MicroPython's: others bring all that they run."""
    return [name for name in boards() if "micropython" in _facts(name)]


def _facts(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((BOARDS / name / FACTS).read_text(encoding="utf-8"))
    return facts


def find(port: str, device: Device) -> Board:
    """The board that is at a port; DeployError where none is described."""
    for name in deployable():
        board = Board.named(name)
        if board.is_at(device):
            return board
    raise DeployError(f"{port}: {device} is none of: {', '.join(deployable())}")
