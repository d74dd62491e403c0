"""A month of half-hour wakes: the flash bears it for the years that a meter is in service.

Gas flows as in a household that heats with it, events are raised every day, week and month, and a hub takes what the
meter hands over. What a pass does not prove: how the cells of a real chip age; a year with other habits. Fifteen years
are `make soak`.
"""

from __future__ import annotations

import pytest

from host_tests.life import years
from host_tests.support.target import firmware

MONTH_DAYS = 31


def test_a_month_of_half_hours(capsys: pytest.CaptureFixture[str]) -> None:
    (month,) = years.live(firmware(), MONTH_DAYS)
    with capsys.disabled():
        print(f"\nlife: {years.told(month)}")


def test_a_log_wraps_and_the_flash_is_worn_evenly() -> None:
    """Two months: more entries than a log holds; no block of the ring is erased twice as often as the mean."""
    (lived,) = years.live(firmware(), 2 * MONTH_DAYS)
    assert lived["event_log"] == years.ENTRIES
    ring = years.SIMULATED.blocks - 2  # two are for anchors
    assert lived["hottest_erases"] <= 2 * lived["erases"] / ring
