"""Prints the demonstration: a table a section, with the ZCL frames that crossed the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table

from . import terminal
from .demo import Row, Section

BYTES_SHOWN: Final = 24
OK: Final = "ok"
WRONG: Final = "WRONG"

# Columns: eight bytes sent and twelve received a line; 112 characters in all.
WHO_WIDTH: Final = 8
SENT_WIDTH: Final = 8 * 3 - 1
RECEIVED_WIDTH: Final = 12 * 3 - 1
MEANING_WIDTH: Final = 24
SILENCE: Final = "(nothing)"
ASKED_APART: Final = "(a host of its own)"


def show(console: Console, sections: Iterable[Section]) -> Counter[bool]:
    """Prints each section as it comes; returns how many rows were right and how many were not."""
    counts: Counter[bool] = Counter()
    for section in sections:
        console.print(_table(section))
        console.print()
        counts.update(row.right for row in section.rows)
    return counts


def _table(section: Section) -> Table:
    table = terminal.table(section.title)
    table.add_column("asks", min_width=WHO_WIDTH)
    table.add_column("bytes sent", width=SENT_WIDTH)
    table.add_column("bytes received", width=RECEIVED_WIDTH)
    table.add_column("that is", min_width=MEANING_WIDTH)
    table.add_column("", min_width=len(WRONG))
    for row in section.rows:
        table.add_row(row.who, _hex(row.sent), _received(row), row.meaning, OK if row.right else WRONG)
    return table


def _received(row: Row) -> str:
    if row.received is None:
        return ASKED_APART
    return "\n".join(_hex(answer) for answer in row.received) or SILENCE


def _hex(frame: bytes) -> str:
    shown = frame[:BYTES_SHOWN].hex(" ").upper()
    return shown if len(frame) <= BYTES_SHOWN else f"{shown} ... ({len(frame)} bytes)"
