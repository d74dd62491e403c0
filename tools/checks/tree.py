"""Rules that hold for every file of the tree: prints what breaks them and ends with a count.

What belongs to the tree is what git tracks or would track.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
MAX_BYTES: Final = 512 * 1024
EXECUTABLE: Final = 0o111

# The first two characters stand apart, so that the rules do not break themselves.
PLACES: Final = re.compile(r"(?<![\w./-])/(?:home|root|work|Users|opt|mnt)/\w")
UNFINISHED: Final = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
ADDRESS: Final = re.compile(r"\w+://|@ file:")


def main() -> int:
    """Checks every file; 1 where something is wrong."""
    files = list(_files())
    problems = [f"{path}: {problem}" for path in files for problem in _problems(path)]
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"tree: {len(files)} files, {len(problems)} problems\n")
    return 1 if problems or not files else 0


def _files() -> Iterator[Path]:
    """Paths from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    for name in sorted(set(listed.decode().split("\0"))):
        if name and (ROOT / name).is_file():
            yield Path(name)


def _problems(path: Path) -> Iterator[str]:
    raw = (ROOT / path).read_bytes()
    if len(raw) > MAX_BYTES:
        yield f"{len(raw)} bytes, more than {MAX_BYTES}"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        yield "is no UTF-8 text"
        return
    yield from _shape(text)
    yield from _content(path, text)
    executable = bool((ROOT / path).stat().st_mode & EXECUTABLE)
    if executable != text.startswith("#!"):
        yield "is executable without a first line that says how" if executable else "has such a line, but no mode"


def _shape(text: str) -> Iterator[str]:
    if "\r" in text:
        yield "has line ends of another system"
    if text and not text.endswith("\n"):
        yield "does not end with a line end"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield f"line {number} ends with spaces"


def _content(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := PLACES.search(line):
            yield f"line {number} names a place on one machine: {found[0]}"
        if found := UNFINISHED.search(line):
            yield f"line {number} says that it is not finished: {found[0]}"
        if path.suffix == ".lock" and ADDRESS.search(line):
            yield f"line {number} says where to fetch something"


if __name__ == "__main__":
    sys.exit(main())
