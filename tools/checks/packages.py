"""The lists by which `mpremote mip install` finds the files: checked against the tree, or with --write written anew.

package.json is all of gsme; package-zcl.json the frames, types, dispatch and attributes alone, without a gas meter.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gsme_host.build import version

ROOT: Final = Path(__file__).resolve().parents[2]
FIRMWARE: Final = ROOT / "firmware"
PACKAGE: Final = Path("gsme")
ZCL: Final = Path("gsme/zcl")


def main(arguments: list[str]) -> int:
    """Checks or writes; 1 where a list is not what the tree says."""
    wanted = {"package.json": under(PACKAGE), "package-zcl.json": closed(under(ZCL))}
    problems = 0
    for name, files in wanted.items():
        text = listed(files)
        if "--write" in arguments:
            (ROOT / name).write_text(text, encoding="utf-8")
        elif not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != text:
            problems += 1
            sys.stdout.write(f"{name} is not what the tree says: tools/checks/packages.py --write\n")
    sys.stdout.write(f"packages: {', '.join(f'{name} {len(files)} files' for name, files in wanted.items())}\n")
    return 1 if problems else 0


def listed(files: Iterable[Path]) -> str:
    """A list as mip reads it: what a file is called on the board, and where it is beside the list."""
    urls = [[path.as_posix(), (FIRMWARE.relative_to(ROOT) / path).as_posix()] for path in sorted(files)]
    rows = ",\n".join(f"    {json.dumps(row)}" for row in urls)
    return f'{{\n  "urls": [\n{rows}\n  ],\n  "deps": [],\n  "version": "{version()}"\n}}\n'


def under(folder: Path) -> set[Path]:
    """Its files, from firmware/ on."""
    return {path.relative_to(FIRMWARE) for path in (FIRMWARE / folder).rglob("*.py")}


def closed(files: set[Path]) -> set[Path]:
    """With all that they import of the project, and with the packages that these are in."""
    while True:
        more = {found for path in files for found in _imports(path)}
        more |= {parent / "__init__.py" for path in files | more for parent in path.parents if parent.name}
        if more <= files:
            return files
        files = files | more


def _imports(path: Path) -> Iterable[Path]:
    tree = ast.parse((FIRMWARE / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            names = [base.with_suffix(".py")] if node.module else []
            names += [base / f"{alias.name}.py" for alias in node.names]
            yield from (name for name in names if (FIRMWARE / name).is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
