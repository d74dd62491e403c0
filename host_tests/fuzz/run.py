"""Many lives, one after the other or several at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Final

from host_tests.fuzz.instrument import Instrumented
from host_tests.fuzz.life import INPUTS, Failure, Report, live

MEAN_STRAY_BYTES: Final = 512  # what is lost by chance is lost and found again: a leak shows in the mean of many lives
ENOUGH_LIVES: Final = 8


def lives(firmware: Instrumented, seed: int, inputs: int, jobs: int = 1) -> Iterator[Report]:
    """The reports of as many lives as give so many inputs, as they come; Failure of the first that fails."""
    whole, rest = divmod(inputs, INPUTS)
    sizes = [INPUTS] * whole + [rest] * bool(rest)
    if jobs == 1:
        for number, size in enumerate(sizes):
            yield live(firmware, seed, number, size)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(live, firmware, seed, number, size) for number, size in enumerate(sizes)]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            for one in waiting:
                one.cancel()


def run(firmware: Instrumented, seed: int, inputs: int, jobs: int = 1) -> Report:
    """All of them; Failure says what went wrong, and how to see it again."""
    total = Report()
    for report in lives(firmware, seed, inputs, jobs):
        total.add(report)
    judge_mean(total)
    return total


def judge_mean(total: Report) -> None:
    """Failure where lives lose heap on the average."""
    if len(total.lost) >= ENOUGH_LIVES and mean(total.lost) > MEAN_STRAY_BYTES:
        raise Failure(f"a life loses {mean(total.lost)} bytes of heap on the average of {len(total.lost)}")


def mean(numbers: list[int]) -> int:
    """Rounded."""
    return round(sum(numbers) / len(numbers))


def told(total: Report, lines: int) -> str:
    """In words, for people; `lines` there are in the parsers."""
    counts = ", ".join(f"{number} {what}" for what, number in total.counts.most_common())
    text = f"{counts}; {len(total.reached)} of {lines} lines of the parsers"
    if total.lost:
        text += f"; heap: {max(total.used)} bytes in use at most, "
        text += f"{mean(total.lost)} lost in a life, {max(total.lost)} at most"
    return text
