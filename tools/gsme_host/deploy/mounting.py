"""Runs the firmware on a board from a folder of this machine, which mpremote lends it until it has started."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mpremote.transport_serial import SerialTransport

from .. import wire
from ..build import BuildError, build_board
from ..wire import Kind
from .errors import DeployError, told
from .facts import Board, Device, find
from .repl import RESET_WAIT_S, reached
from .started import Started, wait_started

START_S: Final = 30.0  # all files of it cross the line
_SYNC: Final = wire.coded(wire.body(Kind.SYNC, 0, bytes((wire.VERSION,))))
# After each file mpremote's part on the board makes Ctrl-C a key again, which inside a frame it must not be.
_RUN: Final = "RemoteCommand.end = lambda self: None\nimport gc\ngc.collect()\nimport main"


def mount(port: str, say: Callable[[str], None], wait: float = RESET_WAIT_S) -> Started:
    """Starts it; DeployError as it says. The board's own files are left alone, and come into their own at a reset."""
    with tempfile.TemporaryDirectory(prefix="gsme-") as folder, reached(port, say, wait) as transport, told(port):
        board = find(port, Device.ask(transport))
        if board.in_rom:
            raise DeployError(f"{port}: what is mounted runs in RAM, too little of it on {board.name}: deploy instead")
        _build(Path(folder), board)
        transport.mount_local(folder)
        transport.exec_raw_no_follow(_RUN)
        _until_sync(port, transport)
        transport.serial = transport.serial.orig_serial
    return wait_started(port, board)


def _build(folder: Path, board: Board) -> None:
    try:
        build_board(folder, board.name)
    except BuildError as error:
        raise DeployError(str(error)) from error


def _until_sync(port: str, transport: SerialTransport) -> None:
    """All that it imports is in its memory when a meter sends its SYNC."""
    said = b""
    deadline = time.monotonic() + START_S
    while not said.endswith(_SYNC):
        said += transport.serial.read(1)
        if said.endswith(b"\x04>") or time.monotonic() > deadline:
            lines = said.decode("utf-8", "replace").strip("\x04>\r\n ").splitlines() or ["nothing"]
            raise DeployError(f"{port}: no meter started: the board said {lines[-1]}")
