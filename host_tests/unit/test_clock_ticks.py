"""Running time and UTC over the wrap of the board's ticks, over carries of the UTC's bytes and over midnight.

Source: the bench's attributes 0004 (UTC) and 0008 (uptime) and its Set Clock: the beginning of that second is now. The
ticks are MicroPython's: they wrap at 2**30, and a difference is known up to half of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from host_tests.unit.script import Scripts

MODULE: Final = "clock_ticks"
TICKS: Final = 1 << 30
HALF: Final = TICKS // 2
DAY_S: Final = 86400
FIRST_KNOWN: Final = 0x1C374A80  # 2015-01-01T00:00:00Z, while the clock was never set
NEVER_SET: Final = "-"

STARTS: Final = (0, 1, HALF - 700, TICKS - 10_000, TICKS - 700, TICKS - 1)
UTCS: Final = (
    None,
    0x00000000,
    0x000000FE,  # carries into the second byte
    0x0000FFFE,
    0x00FFFFFE,  # into the fourth
    0x3FFFFFFE,  # passes 2**30, in 2034: no small number on a 32-bit board from then on
    0x31421B80 - 2,  # two seconds before a midnight
    0xFFFFFFFE - 40,
)
POLLS: Final[dict[str, Sequence[int]]] = {
    "every 100 ms": (100,) * 200,
    "odd times": (1, 998, 1, 1, 999, 2500, 0, 7, 993, 333) * 3,
    "late once": (10, 30_000, 10),
}


Told = tuple[int, int, int, int, int]  # running s, uptime ms, UTC, day, valid


def run(scripts: Scripts, start: int, polls: Sequence[int], utcs: Sequence[int | None]) -> list[Told]:
    """What a clock says after the polls, for each time that it was set to."""
    set_to = [NEVER_SET if utc is None else utc.to_bytes(4, "little").hex() for utc in utcs]
    lines = scripts.run(MODULE, "".join(f"{start} {utc} {' '.join(map(str, polls))}\n" for utc in set_to))
    return [_told(*line.split()) for line in lines]


def _told(running_s: str, uptime_ms: str, utc: str, day: str, valid: str) -> Told:
    return int(running_s), int(uptime_ms), int.from_bytes(bytes.fromhex(utc), "little"), int(day), int(valid)


def expected(utc: int | None, polls: Sequence[int]) -> Told:
    """By arithmetic."""
    total_ms = sum(polls)
    if utc is None:
        return total_ms // 1000, total_ms, FIRST_KNOWN, 0, 0
    now = utc + total_ms // 1000
    return total_ms // 1000, total_ms, now, now // DAY_S, 1


@pytest.mark.parametrize("polls", POLLS.values(), ids=POLLS)
@pytest.mark.parametrize("start", STARTS)
def test_time_goes_on_over_the_wrap(sources: Scripts, start: int, polls: Sequence[int]) -> None:
    """Set to each of several times, and never set: then it stands, and running time goes on."""
    assert run(sources, start, polls, UTCS) == [expected(utc, polls) for utc in UTCS]


@pytest.mark.parametrize("start", STARTS)
def test_the_longest_time_between_polls_is_half_the_range(sources: Scripts, start: int) -> None:
    """Six days: nothing sleeps so long. Four such sleeps pass the wrap twice."""
    polls = (HALF - 1,) * 4
    assert run(sources, start, polls, UTCS[:2]) == [expected(utc, polls) for utc in UTCS[:2]]
