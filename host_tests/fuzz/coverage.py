"""Which lines of the parsers no input has reached, and whether there is a reason for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from host_tests.fuzz.instrument import Line
from host_tests.fuzz.unreached import REASONS, Reason


class Unreached(NamedTuple):
    """A line; `why` is empty where there is no reason."""

    line: Line
    why: str


def unreached(lines: Sequence[Line], reached: Set[int]) -> list[Unreached]:
    """In the order of the files."""
    left = [line for number, line in enumerate(lines) if number not in reached]
    return [Unreached(line, _reason(line)) for line in sorted(left)]


def stale(lines: Sequence[Line]) -> list[Reason]:
    """Reasons for lines that there are not (any more)."""
    return [reason for reason in REASONS if not any(_is_about(reason, line) for line in lines)]


def _reason(line: Line) -> str:
    return next((reason.why for reason in REASONS if _is_about(reason, line)), "")


def _is_about(reason: Reason, line: Line) -> bool:
    named = (reason.file, reason.function) == (line.file, line.function)
    return named and reason.text in ("", line.text)


def told(left: Sequence[Unreached]) -> Iterator[str]:
    """A line for each; those of one reason in a function stand together."""
    for line, why in left:
        yield f"{line.file}:{line.number} {line.function}: {line.text}\n    {why or 'NO REASON'}"
