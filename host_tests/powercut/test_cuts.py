"""Power is cut at every program and erase of a life, and again in the start that follows.

Source: after every cut no acknowledged entry, configuration or counter is lost, none appears twice, order and chain
hold, and the meter starts and answers within one second. What is found is compared with what the meter held before
and behind the step in flight, taken from its objects and not by its store; the chain is read by other code. What a
pass does not prove: that a real chip tears a word in one of these ways only.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from host_tests.powercut.conftest import Tell
from host_tests.powercut.sweeps import ESP32, NRF, Geometry, Outcome, Sweeps

PARTS: Final = 3  # that a life is cut in, each in a test of its own
TESTS: Final = 2 * PARTS
CUTS: Final = 10_000  # in all of them
PAIRS: Final = 1_000
TORN: Final = 1  # ways, beside not begun
SECOND: Final = 50  # so many operations from one that is cut twice to the next
START_MS: Final = 1_000
RECORDS_TORN: Final = 22  # kinds of items, a header, an anchor


def judge(swept: Outcome) -> None:
    """Nothing was bad, and every start was quick."""
    assert swept.first_bad == []
    assert swept.counts["bad"] == 0
    assert swept.counts["longest_start_ms"] < START_MS


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("geometry", [NRF, ESP32], ids=lambda geometry: geometry.name)
def test_every_operation(geometry: Geometry, part: int, sweeps: Sweeps, tell: Tell) -> None:
    """Not begun, and torn in the middle; done, and nothing after it, is the next one not begun."""
    swept = sweeps.run(
        "cuts", geometry, {"part": part, "parts": PARTS, "torn": TORN, "second": SECOND, "second_torn": 1}
    )
    judge(swept)
    assert swept.counts["cuts"] == (1 + TORN) * swept.counts["operations"] >= CUTS / TESTS
    assert swept.counts["pairs"] >= PAIRS / TESTS
    tell(Counter({"power cuts": swept.counts["cuts"], "cuts of the start behind one": swept.counts["pairs"]}))


def test_every_byte_of_every_kind_of_record(sweeps: Sweeps, tell: Tell) -> None:
    """The rest of it as it was, clear, or noise."""
    swept = sweeps.run("torn", NRF, {"each": 1, "shuffled": 0})
    judge(swept)
    assert len(swept.kinds) == RECORDS_TORN
    assert swept.counts["cuts"] == 3 * swept.counts["bytes"]
    tell(Counter({"torn records": swept.counts["cuts"]}))
