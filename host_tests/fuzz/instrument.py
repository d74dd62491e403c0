"""A copy of the firmware that tells which lines of its parsers it runs, and what its dispatcher catches.

Before each statement of a parser's functions stands `_hits[N] = 1`: N counts the lines over all parsers, `_hits` is a
bytearray among the builtins of on_device/fuzzed.py. The dispatcher turns whatever a handler raises into a status; in
this copy it tells of it first, `_caught(error)`. The copy is compiled as the firmware is.
"""

from __future__ import annotations

import ast
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gsme_host.build import build

PARSERS: Final = (
    "gsme/link.py",
    "gsme/cobs.py",
    "gsme/han.py",
    "gsme/zcl/*.py",
    "gsme/clusters/*.py",
    "gsme/gbcs/envelope.py",
    "gsme/gbcs/gbz.py",
    "gsme/gbcs/use_cases.py",
)
DISPATCHER: Final = "gsme/zcl/dispatch.py"
_MARK: Final = re.compile(r"\s*_hits\[(\d+)\] = 1$")
_PLACE: Final = re.compile(r'File "([\w/.]+)", line (\d+)')


@dataclass(frozen=True, order=True)
class Line:
    """A line of a parser that does something. `function` is its innermost one, with its classes; `text` is stripped."""

    file: str
    number: int
    function: str
    text: str


@dataclass
class Instrumented:
    """A compiled copy of the firmware. `lines` in the order of their numbers N; `texts` are what was compiled."""

    folder: Path
    lines: list[Line] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def translated(self, trace: str) -> str:
        """A traceback of the copy, with the line numbers of the firmware where it is about a parser."""
        return _PLACE.sub(self._place, trace)

    def _place(self, found: re.Match[str]) -> str:
        name, number = found[1], int(found[2])
        file = next((file for file in self.texts if file.removesuffix(".py").endswith(name.removesuffix(".py"))), "")
        for line in reversed(self.texts.get(file, [])[:number]):
            if mark := _MARK.match(line):
                here = self.lines[int(mark[1])]
                return f'File "{here.file}", line {here.number}'
        return found[0]


def instrument(firmware: Path, work: Path) -> Instrumented:
    """Copies `firmware` into `work`, with marks, and compiles the copy there."""
    made = Instrumented(work / "build")
    sources = work / "sources"
    shutil.copytree(firmware, sources, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted({path for pattern in PARSERS for path in sources.glob(pattern)}):
        file = path.relative_to(sources).as_posix()
        text = path.read_text(encoding="utf-8")
        marker = _Marker(file, text.split("\n"), made.lines)
        marked = ast.unparse(ast.fix_missing_locations(marker.visit(ast.parse(text))))
        made.texts[file] = marked.split("\n")
        path.write_text(marked + "\n", encoding="utf-8")
    build(made.folder, firmware=sources, line_numbers=True)
    return made


class _Marker(ast.NodeTransformer):
    """Puts the marks into one file."""

    def __init__(self, file: str, text: list[str], lines: list[Line]) -> None:
        self._file = file
        self._text = text
        self._lines = lines
        self._scope: list[str] = []
        self._in_function = False

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Its methods are named with it."""
        self._scope.append(node.name)
        self.generic_visit(node)
        self._scope.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Only what stands in functions is marked: the rest is run by the import."""
        outer, self._in_function = self._in_function, True
        self._scope.append(node.name)
        self.generic_visit(node)
        self._scope.pop()
        self._in_function = outer
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """Of the dispatcher, tells what was caught."""
        self.generic_visit(node)
        if self._file == DISPATCHER and self._in_function:
            node.name = node.name or "_error"
            node.body.insert(0, ast.parse(f"_caught({node.name})").body[0])
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Marks every statement of every block of a function."""
        if not isinstance(node, ast.Module | ast.ClassDef) and self._in_function:
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    setattr(node, name, [part for child in block for part in (*self._marks(child), child)])
        return super().generic_visit(node)

    def _marks(self, child: ast.stmt) -> list[ast.stmt]:
        if isinstance(child, ast.Global | ast.Nonlocal):
            return []
        number = len(self._lines)
        text = self._text[child.lineno - 1].strip()
        self._lines.append(Line(self._file, child.lineno, ".".join(self._scope), text))
        return ast.parse(f"_hits[{number}] = 1").body
