"""What was aimed for on a Cortex-M4F, and what was measured beside it to see where the rest goes: one table.

The figures are those of a NAME.cost.json, which host_tests/emulated writes. Instructions are counted, so that a goal is
missed on every machine or on none. Bytes taken are as the firmware asked for them, before they are rounded up to blocks
of the heap; what a message takes is in whole blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

if TYPE_CHECKING:
    from .table import Evidence

BOARD: Final = "qemu_m4f"  # whose goals these are
NOTHING: Final = "-"
TAKEN_MOST: Final = 256  # bytes, by any exchange


@dataclass(frozen=True)
class Row:
    """A figure: where a file of costs has it, less another one of the same part; without `most` it has no goal."""

    name: str
    unit: str
    part: str
    key: str | None = None
    most: int | None = None
    less: tuple[str, ...] = ()

    def figure(self, costs: Mapping[str, Any]) -> int | None:
        """None where it was not measured."""
        part = costs.get(self.part)
        if self.key is None or part is None:
            return part
        figures = [part.get(key) for key in (self.key, *self.less)]
        return None if None in figures else reduce(lambda whole, share: whole - share, figures)

    def missed(self, costs: Mapping[str, Any]) -> bool:
        """Whether it has a goal that was not reached, or not measured."""
        figure = self.figure(costs)
        return self.most is not None and (figure is None or figure > self.most)


_I: Final = "instructions"
_B: Final = "bytes"
_GCS20R: Final = "GCS20r, 44 events"
_LINK: Final = "frame to an endpoint that is not there"
_TUNNELLED: Final = "GCS20r message, tunnelled"
_LONGEST: Final = "GCS20 message of 1458 octets"

ROWS: Final = (
    Row(_GCS20R, _I, "instructions", _GCS20R, 800_000),
    Row("  of that: link, its " + _LINK, _I, "instructions", _LINK),
    Row("  of that: the rest, with the link of two answers", _I, "instructions", _GCS20R, less=(_LINK,)),
    Row("error answer", _I, "instructions", "error answer", 250_000),
    Row("read of one attribute", _I, "instructions", "read of one attribute", 250_000),
    Row(_TUNNELLED, _I, "instructions", _TUNNELLED),
    Row("  of that: GCS20r on the HAN", _I, "instructions", _GCS20R),
    Row("  of that: two MACs, envelope, tunnel frames", _I, "instructions", _TUNNELLED, less=(_GCS20R,)),
    Row("heap in use, most after a collection over the suite", _B, "heap_in_use_most_bytes", None, 128 * 1024),
    Row("heap in use with a " + _LONGEST, _B, "message_in_use_bytes", _LONGEST, 128 * 1024),
    Row("heap taken by a " + _LONGEST, _B, "message_taken_bytes", _LONGEST, 24 * 1024),
    Row("heap taken by a GCS20r message", _B, "message_taken_bytes", "GCS20r message"),
    Row("heap taken: " + _GCS20R, _B, "heap_bytes", _GCS20R, TAKEN_MOST),
    Row("heap taken: GCS20r, 4 events", _B, "heap_bytes", "GCS20r, 4 events", TAKEN_MOST),
    Row("heap taken: error answer", _B, "heap_bytes", "error answer", TAKEN_MOST),
    Row("heap taken: read of one attribute", _B, "heap_bytes", "read of one attribute", TAKEN_MOST),
    Row("heap taken: read of 7 attributes", _B, "heap_bytes", "read of 7 attributes", TAKEN_MOST),
)


def complaint(board: str, costs: Mapping[str, Any]) -> str | None:
    """One line about the goals that the board misses; None where it misses none, or has none."""
    missed = [row for row in ROWS if row.missed(costs)] if board == BOARD else []
    if not missed:
        return None
    return f"{board} misses its goal: " + "; ".join(_told(row, costs) for row in missed)


def _told(row: Row, costs: Mapping[str, Any]) -> str:
    figure = row.figure(costs)
    reached = "not measured" if figure is None else f"{figure:,} {row.unit}"
    return f"{row.name}, {reached}, goal {row.most:,}"


def table(found: list[Evidence]) -> Table:
    """For the terminal: a column for each runtime with costs, and whether BOARD reaches its goal."""
    counted = [one for one in found if one.cost]
    shown = Table(title="goals", title_justify="left")
    for name in ("what", "unit", "goal", *(one.name for one in counted), f"{BOARD}\nreaches it"):
        shown.add_column(name, justify="left" if name in ("what", "unit") else "right", no_wrap=True)
    for cells in rows(counted):
        shown.add_row(*cells)
    return shown


def rows(counted: list[Evidence]) -> Iterator[tuple[str, ...]]:
    """The table's cells."""
    own = next((one for one in counted if one.name == BOARD), None)
    for row in ROWS:
        figures = (_number(row.figure(one.cost)) for one in counted)
        yield row.name, row.unit, _number(row.most), *figures, _mark(row, own)


def _mark(row: Row, own: Evidence | None) -> str:
    if row.most is None or own is None or row.figure(own.cost) is None:
        return NOTHING
    return "no" if row.missed(own.cost) else "yes"


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"
