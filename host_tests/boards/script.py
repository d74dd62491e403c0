"""Runs a script in MicroPython with the files of a board and stand-ins for its chip's modules."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from gsme_host.build import BOARDS
from gsme_host.interpreter import interpreter
from gsme_host.supervisor import FIRMWARE

ON_DEVICE: Final = Path(__file__).with_name("on_device")
TIMEOUT_S: Final = 60
HEAP: Final = "512wK"  # everything is compiled there


def run(module: str, board: str, given: str = "", *, firmware: Path = FIRMWARE) -> list[str]:
    """Runs a script of on_device/ with `given` on its standard input; returns the lines that it prints."""
    path = (ON_DEVICE, BOARDS / board, BOARDS, firmware, ".frozen")
    done = subprocess.run(
        [*interpreter(), "-X", f"heapsize={HEAP}", "-m", module],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
        cwd=ON_DEVICE,  # MicroPython looks for modules there first
        env={**os.environ, "MICROPYPATH": ":".join(map(str, path))},
    )
    assert not done.returncode, f"{module}: status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-1000:]}"
    return done.stdout.splitlines()
