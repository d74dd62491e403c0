"""The journal broken on purpose: a test that cannot fail is no evidence.

Each break is made in a copy of the firmware, which lives a life of its own; a small sweep must find something bad.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from host_tests.powercut.breaks import BREAKS, Break
from host_tests.powercut.conftest import Tell
from host_tests.powercut.sweeps import NRF, Sweeps
from host_tests.support.target import broken_sources

LEAST: Final = 10  # ways
HALF_HOURS: Final = 48


def test_there_are_enough_of_them() -> None:
    assert len({broken.name for broken in BREAKS}) == len(BREAKS) >= LEAST


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_it_is_caught(broken: Break, tmp_path: Path, tell: Tell) -> None:
    """The sweep ends at the first that is bad."""
    firmware = broken_sources(tmp_path, broken.file, broken.old, broken.new)
    sweeps = Sweeps(firmware, tmp_path)
    swept = sweeps.run(broken.script, NRF, {**broken.options, "most_bad": 1}, half_hours=HALF_HOURS)
    print(swept.first_bad)
    assert swept.counts["bad"] == 1
    tell(Counter({"breaks of the journal caught": 1}))
