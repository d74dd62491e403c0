"""Transactions per second of the processor: the whole meter in MicroPython, and zigpy's bare codec, turn about.

The processor's time and not the wall's, so that what else the machine does matters little.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Final

from gsme_host.supervisor import ROOT

from . import full_path
from .exchanges import CODED
from .process import Files, one_core, run

ROUNDS: Final = 3
CODEC: Final = "host_tests.perf.codec"


@dataclass(frozen=True)
class Throughput:
    """Transactions per second of the processor, the best of all rounds."""

    meter: float
    codec: float

    @property
    def ratio(self) -> float:
        """How many times the codec's the meter's are."""
        return self.meter / self.codec


def measure(files: Files) -> dict[str, Throughput]:
    """Of every exchange that a codec has a part in, by name."""
    best = {exchange.name: Throughput(0, 0) for exchange in CODED}
    for _ in range(ROUNDS):
        codec = json.loads(run([*one_core(), sys.executable, "-m", CODEC], ROOT).stdout)
        for exchange in CODED:
            meter = full_path.transactions_per_second(files, exchange)
            old = best[exchange.name]
            best[exchange.name] = Throughput(max(old.meter, meter), max(old.codec, codec[exchange.name]))
    return best
