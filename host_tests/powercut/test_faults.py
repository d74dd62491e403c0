"""Storage that fails while the meter runs, or that reads wrong at a start.

Source: flash full is 89, a write refused or a record unreadable C0; the event is raised once storage works again, and
everything that does not need the flash goes on. A refused change has not come about, now or behind a restart. What is
lost is told.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from host_tests.powercut.conftest import Tell
from host_tests.powercut.sweeps import ESP32, NRF, Geometry, Sweeps

EVERY: Final = 1200  # operations
TRIALS: Final = 250
FLIPS: Final = 15  # of each image
FLIPPED: Final = 300


@pytest.mark.parametrize("geometry", [NRF, ESP32], ids=lambda geometry: geometry.name)
def test_storage_that_fails(geometry: Geometry, sweeps: Sweeps, tell: Tell) -> None:
    """One operation or all of them, in every way, at each operation of each command; and blocks that cannot be read."""
    failed = sweeps.run("faults", geometry, {"every": EVERY})
    assert failed.first_bad == []
    assert failed.counts["bad"] == 0
    assert failed.counts["trials"] >= TRIALS
    assert failed.counts["unreadable"] == failed.counts["images"] * (geometry.blocks + 1)
    assert failed.counts["refused"] > failed.counts["trials"] / 3
    tell(Counter({"faults of storage": failed.counts["trials"]}))


def test_bits_that_read_wrong(sweeps: Sweeps, tell: Tell) -> None:
    """The meter starts and serves; nothing is lost in silence but what looks like a cut."""
    flipped = sweeps.run("flips", NRF, {"every": 100, "flips": FLIPS})
    assert flipped.first_bad == []
    assert flipped.counts["bad"] == flipped.counts["silent"] == 0
    assert flipped.counts["flips"] >= FLIPPED
    assert flipped.counts["lost"] > 0
    tell(Counter({"flipped bits": flipped.counts["flips"]}))
