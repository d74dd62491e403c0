"""Runs the sweeps of on_device/ in MicroPython, on lives that are lived once and kept on tapes.

A life is 48 hours of a meter on an injected clock. What its flash was told to do is a tape: power can be cut at each
operation of it without living again up to there.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from gsme_host.interpreter import interpreter
from gsme_host.supervisor import BOARD

ON_DEVICE: Final = Path(__file__).with_name("on_device")
HEAP: Final = "8M"
TIMEOUT_S: Final = 3600
RECORD: Final = "record_life"
HALF_HOURS: Final = 96
SEED: Final = 1

Options = Mapping[str, int | str | list[int]]


class Geometry(NamedTuple):
    """Erase blocks of `block_size` bytes, programmed in words of `word` bytes."""

    name: str
    block_size: int
    blocks: int
    word: int


NRF: Final = Geometry("nrf", 4096, 16, 4)
ESP32: Final = Geometry("esp32", 4096, 16, 1)
SMALL: Final = Geometry("small", 2048, 32, 8)
LARGE: Final = Geometry("large", 8192, 12, 16)


class Outcome(NamedTuple):
    """What a script counted: numbers by name, the first cases that were bad, and names of what it met."""

    counts: Counter[str]
    first_bad: list[str]
    kinds: frozenset[str]


def _outcome(line: str) -> Outcome:
    told = json.loads(line)
    kinds = frozenset(map(str, told.pop("kinds", ())))
    first_bad = [str(one) for one in told.pop("first_bad", ())]
    return Outcome(Counter({name: value for name, value in told.items() if isinstance(value, int)}), first_bad, kinds)


@dataclass(frozen=True)
class Sweeps:
    """The scripts against one copy of the firmware, a folder of sources or of .mpy files. Tapes are kept in `tapes`."""

    firmware: Path
    tapes: Path

    def run(
        self,
        script: str,
        geometry: Geometry,
        options: Options,
        *,
        seed: int = SEED,
        half_hours: int = HALF_HOURS,
        heap: str = HEAP,
    ) -> Outcome:
        """Runs a script on the tape of a life; `options` are those that the script's head names."""
        tape = self.tapes / f"{geometry.name}-{seed}-{half_hours}.tape"
        if not tape.exists():
            self.record(geometry, seed, half_hours)
        return self._run(script, geometry, heap, {"path": str(tape), "seed": seed, **options})

    def record(self, geometry: Geometry, seed: int = SEED, half_hours: int = HALF_HOURS) -> Outcome:
        """Lives a life. Several may do so at a time: it is the same one."""
        self.tapes.mkdir(parents=True, exist_ok=True)
        tape = self.tapes / f"{geometry.name}-{seed}-{half_hours}.tape"
        being_made = tape.with_suffix(f".{os.getpid()}")
        lived = self._run(RECORD, geometry, HEAP, {"path": str(being_made), "seed": seed, "half_hours": half_hours})
        being_made.replace(tape)
        return lived

    def _run(self, script: str, geometry: Geometry, heap: str, options: Options) -> Outcome:
        given = {"block_size": geometry.block_size, "blocks": geometry.blocks, "word": geometry.word, **options}
        done = subprocess.run(
            [*interpreter(), "-X", f"heapsize={heap}", "-m", script],
            input=json.dumps(given) + "\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            cwd=ON_DEVICE,  # MicroPython looks for modules there first
            env={**os.environ, "MICROPYPATH": ":".join(map(str, (ON_DEVICE, BOARD, self.firmware, ".frozen")))},
        )
        assert not done.returncode, f"{script}: status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}"
        return _outcome(done.stdout.splitlines()[-1])
