"""Finds the MicroPython that runs the firmware."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "MICROPYTHON"
MODULE: Final = "micropython_unix"

# The package's own start script imports all of site-packages first, which doubles the time to start.
_RUN: Final = (
    "import sys; sys.path.append({folder!r}); import {module}; "
    "sys.exit({module}.run_main(['micropython', *sys.argv[1:]]))"
)


class NoInterpreter(Exception):
    """There is no MicroPython to run; the message is one line for people."""


def interpreter() -> list[str]:
    """The command, to be followed by MicroPython's own arguments; NoInterpreter where there is none.

    The variable MICROPYTHON names one; otherwise it is the pinned package installed beside this one.
    """
    if named := os.environ.get(VARIABLE):
        return [_named(named)]
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise NoInterpreter(
            "no MicroPython here: its pinned package is for Linux on x86-64 only; "
            f"elsewhere set {VARIABLE}=<path of a MicroPython 1.29 unix port>"
        )
    folder = str(Path(spec.origin).parent)
    return [sys.executable, "-I", "-S", "-c", _RUN.format(folder=folder, module=MODULE)]


def _named(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise NoInterpreter(f"{VARIABLE}={name}: there is no such program")
    return path
