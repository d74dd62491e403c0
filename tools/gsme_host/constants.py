"""Puts the values of constants in the place of their names, for the compiler.

`mpy-cross` does so for the private constants of a file (`_NAME = const(...)`); a public one stays a global that takes
room and time on the board. This does the same across files, and then drops the definitions and imports that nothing
uses any more. Lines keep their numbers. The text of the firmware is the same with and without it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

PACKAGE: Final = "__init__"
MARKER: Final = "const"  # what a definition is made with: `NAME = const(value)`

Constants = dict[str, int]


class Edit(NamedTuple):
    """Replaces the text of a node, (line, column) from 1 and 0, by other text."""

    first: tuple[int, int]
    last: tuple[int, int]
    text: str


def inline(sources: Mapping[Path, str]) -> dict[Path, str]:
    """The same files, by their paths inside the firmware, with numbers where they had names of constants.

    ValueError, with file and line, where a name stands for a constant and for something else.
    """
    trees = {path: ast.parse(text) for path, text in sources.items()}
    constants = {module_name(path): dict(_definitions(tree)) for path, tree in trees.items()}
    return {path: _File(path, tree, constants).apply(sources[path]) for path, tree in trees.items()}


def module_name(path: Path) -> str:
    """`gsme/zcl/frame.py` is `gsme.zcl.frame`; a package's `__init__.py` is the package."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == PACKAGE else parts)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every `NAME = const(value)` of a module whose value is known here."""
    known: Constants = {}
    for node in tree.body:
        if (found := _definition(node)) is None:
            continue
        name, value = found
        try:
            # Only names of earlier constants are in reach.
            known[name] = eval(compile(ast.Expression(value), "<constant>", "eval"), {"__builtins__": {}}, known)  # noqa: S307
        except NameError:
            continue
        yield name, known[name]


def _definition(node: ast.stmt) -> tuple[str, ast.expr] | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="const"), args=[value])):
            return name, value
    return None


class _File(ast.NodeVisitor):
    """What is to be edited in one file."""

    def __init__(self, path: Path, tree: ast.Module, constants: Mapping[str, Constants]) -> None:
        self._package = module_name(path).split(".")
        if path.stem != PACKAGE:
            self._package.pop()
        self._constants = constants
        self._names = dict(constants[module_name(path)])  # constants that a bare name stands for
        self._modules: dict[str, Constants] = {}  # modules with constants that a bare name stands for
        self._edits: list[Edit] = []
        self._used: set[str] = set()
        self._imports: list[tuple[ast.ImportFrom, list[ast.alias]]] = []
        self._tree = tree
        self._bound: dict[str, int] = {}  # names bound otherwise than by a constant's definition or import: their line
        self._methods: set[ast.stmt] = set()
        self._through: set[str] = set()  # modules through which a constant is named
        self._path = path

    def apply(self, text: str) -> str:
        """The file's new text."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._learn(node)
        self.visit(self._tree)
        self._refuse_ambiguous(self._path)
        for node, kept in self._imports:
            self._drop_unused(node, kept)
        return _edited(text, self._edits)

    def _learn(self, node: ast.ImportFrom) -> None:
        """Notes which names of an import are constants or modules that have some; the others stay as they are."""
        source = ".".join(self._package[: len(self._package) - node.level + 1]) if node.level else ""
        source = ".".join(part for part in (source, node.module or "") if part)
        kept = []
        for alias in node.names:
            name = alias.asname or alias.name
            if alias.name in self._constants.get(source, {}):
                self._names[name] = self._constants[source][alias.name]
            else:
                kept.append(alias)
                self._modules[name] = self._constants.get(f"{source}.{alias.name}" if source else alias.name, {})
        self._imports.append((node, kept))

    def _drop_unused(self, node: ast.ImportFrom, kept: list[ast.alias]) -> None:
        kept = [alias for alias in kept if self._needed(alias.asname or alias.name)]
        if len(kept) < len(node.names):
            text = ast.unparse(ast.ImportFrom(node.module, kept, node.level)) if kept else "pass"
            self._replace(node, text)

    def visit_arg(self, node: ast.arg) -> None:
        """A parameter is another binding of its name."""
        self._bound[node.arg] = node.lineno
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        """So is a global that a function may set."""
        self._bound.update(dict.fromkeys(node.names, node.lineno))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """And a function; a method's name is its class's."""
        if node not in self._methods:
            self._bound[node.name] = node.lineno
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """And a class."""
        self._bound[node.name] = node.lineno
        self._methods.update(node.body)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """And what an error is called."""
        if node.name:
            self._bound[node.name] = node.lineno
        self.generic_visit(node)

    def _refuse_ambiguous(self, path: Path) -> None:
        """A name that stands for a constant here and for something else there cannot be told apart by its text."""
        through = {name for name in self._through if name in self._bound}
        for name in sorted(through | (self._names.keys() & self._bound.keys())):
            raise ValueError(f"{path}, line {self._bound[name]}: {name} stands for a constant and for something else")

    def _needed(self, name: str) -> bool:
        return name in self._used or not (self._modules[name] or name == MARKER)

    def _replace(self, node: ast.stmt | ast.expr, text: str) -> None:
        last = (node.end_lineno or node.lineno, node.end_col_offset or 0)
        self._edits.append(Edit((node.lineno, node.col_offset), last, text))

    def visit_Assign(self, node: ast.Assign) -> None:
        """Drops a constant's definition at the top level of a module; its value may name others."""
        found = _definition(node)
        if found and node.col_offset == 0 and found[0] in self._names:
            self._replace(node, "")
        else:
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """`module.NAME`."""
        if isinstance(node.value, ast.Name) and node.attr in self._modules.get(node.value.id, {}):
            self._through.add(node.value.id)
            self._replace(node, f"({self._modules[node.value.id][node.attr]})")
        else:
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """`NAME`."""
        self._used.add(node.id)
        if not isinstance(node.ctx, ast.Load):
            self._bound[node.id] = node.lineno
        elif node.id in self._names:
            self._replace(node, f"({self._names[node.id]})")


def _edited(text: str, edits: list[Edit]) -> str:
    """Columns are counted in UTF-8 bytes, as `ast` has them."""
    lines = [line.encode() for line in text.split("\n")]
    for (first, column), (last, last_column), new in sorted(edits, reverse=True):
        head, tail = lines[first - 1][:column], lines[last - 1][last_column:]
        lines[first - 1 : last] = [b""] * (last - first + 1)
        lines[first - 1] = head + new.encode() + tail
    return b"\n".join(lines).decode()
