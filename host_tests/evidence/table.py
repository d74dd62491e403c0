"""The table of evidence: a row a runtime, from the files that its run left.

A folder holds for each runtime NAME.json, as `pytest --results` writes it, and where instructions were counted
NAME.cost.json: {"mpy_bytes", "image_bytes", "heap_lowest_bytes", "instructions": {exchange: number}} and what goals.py
compares. Milliseconds are no measurement: they are calculated from instructions at one a cycle, without wait states of
flash and caches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from rich.table import Table

COST: Final = ".cost.json"
EXCHANGE: Final = "GCS20r, 44 events"
NOTHING: Final = "-"
# The clocks of the boards whose instruction set a runtime has.
CLOCKS_MHZ: Final = {"qemu_m4f": (64,), "qemu_rv32": (96, 160)}
COLUMNS: Final = (
    "runtime",
    "MicroPython",
    "word\nbits",
    "tests\npassed",
    "tests\nskipped",
    "heap free\nat start",
    "heap free\nlowest",
    ".mpy\nbytes",
    "image\nbytes",
    "instructions\na GCS20r",
    "ms, calculated",
)


class NoEvidence(Exception):
    """There is nothing to show; the message is one line for people."""


@dataclass(frozen=True)
class Evidence:
    """Of one runtime."""

    name: str
    results: dict[str, Any]
    cost: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """From the file of results and the one of costs beside it."""
        cost = path.with_name(path.stem + COST)
        return cls(path.stem, _read(path), _read(cost) if cost.is_file() else {})

    def row(self) -> tuple[str, ...]:
        """Its cells, in the order of COLUMNS."""
        lowest = self.cost.get("heap_lowest_bytes", self.results.get("heap_free_lowest_bytes"))
        return (
            self.name,
            str(self.results.get("runtime", NOTHING)).removeprefix("micropython "),
            _number(self.results.get("word_bits")),
            _number(self.results["passed"]) + (f", {failed} failed" if (failed := self.results["failed"]) else ""),
            _number(sum(self.results["skipped"].values())),
            _number(self.results.get("heap_free_at_start_bytes")),
            _number(lowest),
            _number(self._size("mpy_bytes")),
            _number(self._size("image_bytes")),
            _number(self._instructions()),
            ", ".join(self._milliseconds()) or NOTHING,
        )

    def _size(self, name: str) -> int | None:
        size: int | None = self.cost.get(name, self.results.get(name))
        return size

    def _instructions(self) -> int | None:
        counted: int | None = self.cost.get("instructions", {}).get(EXCHANGE)
        return counted

    def _milliseconds(self) -> Iterator[str]:
        instructions = self._instructions()
        if instructions is None:
            return
        for clock_mhz in CLOCKS_MHZ.get(str(self.results.get("board")), ()):
            yield f"{instructions / clock_mhz / 1000:.1f} at {clock_mhz} MHz"


def load(folder: Path) -> list[Evidence]:
    """Everything in the folder; NoEvidence where there is nothing, or something else."""
    found = [Evidence.load(path) for path in sorted(folder.glob("*.json")) if not path.name.endswith(COST)]
    if not found:
        raise NoEvidence(f"{folder} holds no results: run the suite with --results={folder}/NAME.json")
    return found


def table(found: list[Evidence]) -> Table:
    """For the terminal."""
    shown = Table()
    for column in COLUMNS:
        shown.add_column(column, justify="left" if column in (COLUMNS[0], COLUMNS[1]) else "right")
    for one in found:
        shown.add_row(*one.row())
    return shown


def skipped(found: list[Evidence]) -> Iterator[str]:
    """A line for each reason for which tests were skipped somewhere."""
    for one in found:
        for reason, tests in sorted(one.results["skipped"].items()):
            yield f"{one.name}: {tests} skipped: {reason}"


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoEvidence(f"{path} cannot be read: {error}") from error
    return content


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"
