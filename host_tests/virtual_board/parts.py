"""Runs a script beside what boards share, in MicroPython."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from gsme_host.interpreter import interpreter
from gsme_host.supervisor import ROOT

ON_DEVICE: Final = Path(__file__).with_name("on_device")
BOARDS: Final = ROOT / "board"
TIMEOUT_S: Final = 30


def run(module: str, given: bytes) -> bytes:
    """What the script writes, given that on its standard input."""
    done = subprocess.run(
        [*interpreter(), "-X", "heapsize=64wK", "-m", module],
        input=given,
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
        cwd=ON_DEVICE,  # MicroPython looks for modules there first
        env={**os.environ, "MICROPYPATH": f"{ON_DEVICE}:{BOARDS}:.frozen"},
    )
    assert not done.returncode, f"{module}: status {done.returncode}\n{(done.stdout + done.stderr)[-1000:]!r}"
    return done.stdout
