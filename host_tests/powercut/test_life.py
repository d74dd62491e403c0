"""The life that power is cut in: long enough, of every kind of record, within the rules of a flash.

What it leaves is read again with little heap. Source: 48 hours, at least 2,000 records of every kind, recovery in at
most 16 kB.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from host_tests.powercut.conftest import Tell
from host_tests.powercut.sweeps import ESP32, NRF, Geometry, Sweeps
from host_tests.support.target import firmware

HOURS: Final = 48
RECORDS: Final = 2_000
KINDS: Final = frozenset(str(kind) for kind in (*range(0x01, 0x14), 0x7F))  # of the journal's items
RECOVERY_BYTES: Final = 16 * 1024
HEAP: Final = "1M"
STARTS: Final = 25
CUTS: Final = [0, 30, 111, 400]  # operations

pytestmark = pytest.mark.parametrize("geometry", [NRF, ESP32], ids=lambda geometry: geometry.name)


def test_it_is_long_and_complete(geometry: Geometry, tmp_path: Path, tell: Tell) -> None:
    """Each kind of item is in it, and nothing breaks a rule of the flash: no word is programmed twice."""
    life = Sweeps(firmware(), tmp_path).record(geometry)
    assert life.counts["simulated_s"] >= HOURS * 3600
    assert life.counts["records"] >= RECORDS
    assert life.kinds == KINDS
    assert life.counts["wrong"] == 0
    tell(Counter({"records of lives": life.counts["records"]}))


def test_a_tape_is_cut_as_a_life_is(geometry: Geometry, sweeps: Sweeps) -> None:
    """Power that is cut while the meter lives leaves what the tape says, and nothing is written behind it."""
    cut = sweeps.run("live_cuts", geometry, {"cuts": CUTS})
    assert cut.counts == Counter({"cuts": len(CUTS)})


def test_recovery_takes_little_heap(geometry: Geometry, sweeps: Sweeps) -> None:
    """All but 16 kB of the heap is taken away while a start restores; what it keeps of them for good is in that."""
    recovered = sweeps.run("recovery_memory", geometry, {"every": 80, "free": RECOVERY_BYTES}, heap=HEAP)
    assert recovered.counts["starts"] >= STARTS
    assert recovered.counts["failed"] == 0
