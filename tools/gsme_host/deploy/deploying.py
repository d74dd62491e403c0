"""Brings a board from whatever it has to the firmware, running."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from mpremote.transport_serial import SerialTransport

from .. import provision
from ..build import BuildError, build_board
from . import rom
from .errors import DeployError, told
from .facts import Board, Device
from .files import MAIN, SCRIPTS, BoardFiles
from .repl import RESET_WAIT_S, check_port, reached
from .started import Started, wait_started

PROVISION: Final = PurePosixPath("provision.bin")
TOML: Final = ".toml"
RESET_S: Final = 0.2  # until a tty that goes with the board has gone

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What is to be on the board. `provision` is the content of the file that a production build reads."""

    board: Board
    production: bool = False
    provision: bytes | None = None


def provisioning(path: Path) -> bytes:
    """The content of a provisioning file, or what its TOML says; DeployError where it is neither."""
    try:
        if path.suffix == TOML:
            return provision.make(path.read_text(encoding="utf-8"))
        image = path.read_bytes()
    except (OSError, ValueError, provision.ProvisionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DeployError(f"{path}: {reason}") from error
    if not image.startswith(provision.HEAD):
        raise DeployError(f"{path}: that is no provisioning file, as `gsme provision make` writes it, and no .toml")
    return image


@dataclass(frozen=True)
class _Load:
    """What a build comes to: files, and of a board with the firmware in ROMFS its image and the names in it."""

    files: dict[PurePosixPath, bytes]
    image: bytes | None = None
    in_image: frozenset[str] = frozenset()


def deploy(port: str, wish: Wish, say: Say, wait: float = RESET_WAIT_S, link: str | None = None) -> Started:
    """Puts it there and starts it; DeployError in one line, after which the same again repairs what is not whole.

    `link` is where the meter answers then, if not at the port of the REPL.
    """
    if link:
        check_port(link)
    load = _load(wish)
    with reached(port, say, wait) as transport, told(port):
        try:
            wish.board.check(port, Device.ask(transport))
            _put(port, transport, load, say)
        finally:  # what was interrupted goes on in any case
            transport.exec_raw_no_follow("import machine\nmachine.reset()")
            time.sleep(RESET_S)
    return wait_started(port, wish.board, link=link, production=wish.production)


def _load(wish: Wish) -> _Load:
    with tempfile.TemporaryDirectory(prefix="gsme-") as folder:
        build = Path(folder)
        _build(build, wish)
        files = {path: (build / path).read_bytes() for path in _paths(build)}
        load = _Load(files)
        if wish.board.in_rom:
            image = rom.image_of(build)
            names = frozenset(path.parts[0].split(".")[0] for path in _paths(build))
            load = _Load({path: files[path] for path in SCRIPTS if path in files}, image, names)
    if wish.provision is not None:
        load.files[PROVISION] = wish.provision
    return load


def _build(folder: Path, wish: Wish) -> None:
    try:
        built = build_board(folder, wish.board.name, production=wish.production)
    except BuildError as error:
        raise DeployError(str(error)) from error
    if built.used > built.allowed:
        raise DeployError(f"{built.used - built.allowed} bytes over the budget of the board")


def _paths(folder: Path) -> list[PurePosixPath]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [PurePosixPath(path.relative_to(folder).as_posix()) for path in found]


def _put(port: str, transport: SerialTransport, load: _Load, say: Say) -> None:
    on_board = BoardFiles(transport)
    plan = on_board.plan(load.files, gone=load.in_image)
    plan.check(port)
    image = load.image
    if image is not None:
        rom.check(port, transport, image)
        image = None if rom.holds(transport, image) else image
    if image is None and plan.done:
        say("all of it is there already")
        return
    say(f"{len(plan.changed)} of {len(load.files)} files to copy, {len(plan.stale)} to remove")
    on_board.carry_out(plan, say)
    if image is not None:
        say(f"ROMFS  {len(image)}")
        rom.write(transport, image)
    on_board.verify({path: data for path, data in plan.changed.items() if path != MAIN})
    on_board.finish(load.files[MAIN])
    on_board.verify({MAIN: load.files[MAIN]})
