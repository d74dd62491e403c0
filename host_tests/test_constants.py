"""Constants put in the place of their names, for the compiler: the same program, line by line, and no name is missing.

What `gsme build` compiles is not the text that people read but this. Each sample program is run in MicroPython before
and after, and has to print the same; a program in which something else has the name of a constant may be refused
instead, in words that name it. That the firmware itself behaves the same shows the suite, which runs the build.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from gsme_host.constants import inline, module_name
from gsme_host.interpreter import interpreter

TIMEOUT_S: Final = 30
HEAD: Final = "from micropython import const\n"
CONSTANTS: Final = (
    HEAD
    + """LIMIT = const(7)
LOW = const(-3)
BOTH = const(LIMIT << 4 | 1)
_PRIVATE = const(2)
WORD = const(0xFFFF)


def private():
    return _PRIVATE, LIMIT
"""
)

SAME: Final = {  # what it shows: a program beside the constants' module a
    "its own name": HEAD + "MOST = const(5)\nprint(MOST, MOST + 1, [MOST] * 2)",
    "a constant made of constants": HEAD + "A = const(1 << 3)\nB = const(A | 1)\nprint(A, B)",
    "an imported name": "from .a import LIMIT\nprint(LIMIT)",
    "another name for it": "from .a import LIMIT as MOST, LOW\nprint(MOST, LOW)",
    "a name of a module": "from . import a\nprint(a.LIMIT, a.BOTH, a.WORD)",
    "another name for the module": "from . import a as other\nprint(other.LIMIT)",
    "from the package by name": "from p.a import BOTH\nfrom p import a\nprint(BOTH, a.WORD)",
    "negative numbers": "from .a import LOW\nprint(-LOW, 2 - LOW, LOW ** 2, 1-LOW, abs(LOW), (LOW), [1, 2, 3, 4][LOW])",
    "keyword and default arguments": (
        "from .a import LIMIT\ndef f(n=LIMIT, *, most=0): return n, most\nprint(f(), f(most=LIMIT))"
    ),
    "inside other expressions": (
        "from . import a\nprint({a.LIMIT: a.LOW}, a.LIMIT if a.LOW < 0 else 0, (lambda: a.BOTH)())"
    ),
    "in a string with holes": "from . import a\nfrom .a import LIMIT\nprint(f'{LIMIT} and {a.BOTH:02X} {LIMIT}')",
    "behind letters that are not ASCII": "from .a import LIMIT\nprint('Zähler ß', LIMIT); x = 'é'; print(x, LIMIT)",
    "on a line of an expression": "from . import a\nprint(a.LIMIT\n      + a.LOW,\n      a.BOTH)",
    "functions beside constants": "from . import a\nprint(a.private(), a.LIMIT)",
    "functions and constants in one import": "from .a import (\n    LIMIT,\n    private,\n)\nprint(private(), LIMIT)",
    "used before it is defined, in a function": HEAD + "def f(): return MOST\nMOST = const(5)\nprint(f())",
}
SHADOWED: Final = {  # what has the name of a constant, or of their module, beside it
    "a parameter": "from .a import LIMIT\ndef f(LIMIT): return LIMIT\nprint(f(1), LIMIT)",
    "a local name": "from .a import LIMIT\ndef f():\n    LIMIT = 1\n    return LIMIT\nprint(f(), LIMIT)",
    "a loop": "from .a import LIMIT\nprint([LIMIT for LIMIT in (1, 2)])",
    "a parameter of a lambda": "from .a import LIMIT\nprint((lambda LIMIT: LIMIT)(1))",
    "a global that is set": "from .a import LIMIT\ndef f():\n    global LIMIT\n    LIMIT = 3\nf()\nprint(LIMIT)",
    "a parameter with the module's name": (
        "from . import a\nclass C:\n    LIMIT = 1\ndef f(a): return a.LIMIT\nprint(f(C), a.LIMIT)"
    ),
    "an attribute of a class": "from .a import LIMIT\nclass C:\n    LIMIT = 9\nprint(C.LIMIT, C().LIMIT, LIMIT)",
    "a method of the number": "from .a import LIMIT\nprint(LIMIT.to_bytes(2, 'little'))",
}

Program = dict[Path, str]


def program(text: str) -> Program:
    return {Path("p/__init__.py"): "", Path("p/a.py"): CONSTANTS, Path("p/b.py"): text + "\n"}


def printed(folder: Path, files: Mapping[Path, str]) -> str:
    """What the program prints in MicroPython; AssertionError where it fails."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    command = [*interpreter(), "-c", "import p.b"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=TIMEOUT_S)
    assert not done.returncode, f"{files[Path('p/b.py')]}\n{done.stdout}{done.stderr}"
    return done.stdout


def lines(text: str) -> list[tuple[int, str]]:
    """Where definitions and statements with a block or a value stand."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Return, ast.If, ast.For, ast.While, ast.Raise, ast.Call)
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds) and not _is_const(node)]
    return sorted((node.lineno, type(node).__name__) for node in found)


def _is_const(node: ast.AST) -> bool:
    """Whether it is the call that defines a constant, which goes."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const"


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_program_is_the_same(tmp_path: Path, text: str) -> None:
    before = program(text)
    after = inline(before)
    assert printed(tmp_path / "after", after) == printed(tmp_path / "before", before)
    assert list(after) == list(before)
    for path in before:
        assert lines(after[path]) == lines(before[path])
        assert len(after[path].split("\n")) == len(before[path].split("\n")), "as many lines"


@pytest.mark.parametrize("text", SHADOWED.values(), ids=SHADOWED)
def test_what_has_the_name_of_a_constant_is_left_alone_or_refused(tmp_path: Path, text: str) -> None:
    before = program(text)
    wanted = printed(tmp_path / "before", before)
    try:
        after = inline(before)
    except ValueError as error:
        refusal = str(error)
    else:
        assert printed(tmp_path / "after", after) == wanted
        return
    assert refusal.startswith("p/b.py, line ")


def test_numbers_stand_where_names_stood() -> None:
    after = inline(program("from . import a\nfrom .a import LIMIT, LOW\nprint(LIMIT, LOW, a.BOTH)"))
    assert after[Path("p/b.py")] == "pass\npass\nprint((7), (-3), (113))\n"
    assert "const" not in after[Path("p/a.py")]


# --- the firmware


@pytest.fixture(scope="module")
def sources(request: pytest.FixtureRequest) -> Program:
    folder: Path = request.config.getoption("--firmware")
    return {path.relative_to(folder): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}


@pytest.fixture(scope="module")
def inlined(sources: Program) -> Program:
    return inline(sources)


def test_every_line_of_the_firmware_keeps_its_number(sources: Program, inlined: Program) -> None:
    assert len(inlined) == len(sources) > 20
    for path in sources:
        assert lines(inlined[path]) == lines(sources[path]), path


def test_every_name_that_the_firmware_imports_is_still_there(inlined: Program) -> None:
    """From its own modules: names, and attributes of modules."""
    trees = {path: ast.parse(text) for path, text in inlined.items()}
    modules = {module_name(path) for path in trees}
    there = {f"{module_name(path)}.{name}" for path, tree in trees.items() for name in _defined(tree)} | modules
    wanted = {name for path, tree in trees.items() for name in _wanted(path, tree, modules)}
    assert len(wanted) > 50
    assert not wanted - there


def test_the_firmwares_constants_are_gone(sources: Program, inlined: Program) -> None:
    """A hundred at the least: otherwise the tests above prove nothing."""
    before, after = (sum(len(_defined(ast.parse(text))) for text in files.values()) for files in (sources, inlined))
    assert before - after > 100


def _defined(tree: ast.Module) -> set[str]:
    """Names that a module defines, wherever in it."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {alias.asname or alias.name for node in _imports(tree) for alias in node.names}


def _imports(tree: ast.Module) -> list[ast.ImportFrom]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def _wanted(path: Path, tree: ast.Module, modules: set[str]) -> set[str]:
    """What a module wants of `modules`, in full."""
    package = module_name(path).split(".")[: None if path.stem == "__init__" else -1]
    imported: dict[str, str] = {}
    for node in _imports(tree):
        source = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
        imported |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in node.names if node.level}
    of_modules = {name: full for name, full in imported.items() if full in modules}
    attributes = {
        f"{of_modules[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in of_modules
    }
    return attributes | set(imported.values())
