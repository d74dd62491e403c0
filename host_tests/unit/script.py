"""Runs a script in MicroPython beside the firmware."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gsme_host.interpreter import interpreter
from gsme_host.supervisor import BOARD

ON_DEVICE: Final = Path(__file__).with_name("on_device")
TIMEOUT_S: Final = 60
HEAP: Final = "384wK"  # the script, its board and the board's flash are in it too
CALL: Final = "call"


@dataclass(frozen=True)
class Scripts:
    """The scripts of on_device/ against one copy of the firmware, a folder of sources or of .mpy files."""

    firmware: Path

    def run(self, module: str, given: str = "", *, heap: str | None = None) -> list[str]:
        """Runs a script with `given` on its standard input; returns the lines that it prints."""
        path = ":".join(map(str, (ON_DEVICE, BOARD, self.firmware, ".frozen")))
        done = subprocess.run(
            [*interpreter(), "-X", f"heapsize={heap or HEAP}", "-m", module],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            cwd=ON_DEVICE,  # MicroPython looks for modules there first
            env={**os.environ, "MICROPYPATH": path},
        )
        assert not done.returncode, f"{module}: status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-1000:]}"
        return done.stdout.splitlines()

    def call(self, *calls: tuple[str, bytes, int]) -> list[tuple[int, bytes]]:
        """Calls functions of the firmware, see on_device/call.py: name, bytes, number; a number and bytes come back."""
        lines = self.run(CALL, "".join(f"{name} {data.hex()} {number}\n" for name, data, number in calls))
        assert len(lines) == len(calls), f"{len(lines)} answers to {len(calls)} calls"
        results = [line.partition(" ") for line in lines]
        return [(int(number), bytes.fromhex(data)) for number, _, data in results]
