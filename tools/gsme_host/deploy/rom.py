"""The firmware in a board's ROMFS, where code runs in place."""

from __future__ import annotations

import hashlib
import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from mpremote.commands import do_romfs
from mpremote.romfs import make_romfs
from mpremote.transport import TransportExecError
from mpremote.transport_serial import SerialTransport

from .errors import DeployError
from .files import SCRIPTS

PARTITION: Final = 0


def image_of(build: Path) -> bytes:
    """A ROMFS image of a build's folder, out of which it takes the scripts: they are run from the file system alone."""
    for script in SCRIPTS:
        (build / script).unlink(missing_ok=True)
    with redirect_stdout(io.StringIO()):  # mpremote lists what goes into it
        return bytes(make_romfs(str(build), mpy_cross=False))


def check(port: str, transport: SerialTransport, image: bytes) -> None:
    """DeployError where the board has no place for it."""
    transport.exec("import vfs")
    if not transport.eval("hasattr(vfs, 'rom_ioctl') and vfs.rom_ioctl(1) > 0"):
        raise DeployError(f"{port}: its image of MicroPython has no ROMFS; nothing was changed")
    transport.exec(f"rom = vfs.rom_ioctl(2, {PARTITION})")
    size = transport.eval("rom.ioctl(4, 0) * rom.ioctl(5, 0) if hasattr(rom, 'ioctl') else len(rom)")
    if len(image) > size:
        raise DeployError(f"{port}: its ROMFS of {size} bytes is too small for {len(image)}; nothing was changed")


def holds(transport: SerialTransport, image: bytes) -> bool:
    """Whether it is there already, after `check`."""
    try:
        transport.exec("import hashlib")
        found = transport.eval(f"hashlib.sha256(memoryview(rom)[:{len(image)}]).digest()")
    except TransportExecError:  # one that is no memory, or no hashes
        return False
    return bool(found == hashlib.sha256(image).digest())


def write(transport: SerialTransport, image: bytes) -> None:
    """As mpremote does."""
    with tempfile.TemporaryDirectory(prefix="gsme-") as folder:
        path = Path(folder) / "firmware.romfs"
        path.write_bytes(image)
        state = SimpleNamespace(transport=transport, ensure_raw_repl=_nothing, did_action=_nothing)
        do_romfs(state, SimpleNamespace(command=["deploy"], path=str(path), partition=PARTITION, mpy=False))


def _nothing() -> None:
    """The REPL waits already."""
