"""The tables that `make bench` prints. Goals are reached or not; none of them fails the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from gsme_host.build import Built

from . import journal, mailbox
from .cost import Cost
from .round_trip import RoundTrip
from .throughput import Throughput

RATIO_GOAL: Final = 10
RATIO_LEAST: Final = 5
START_GOAL_MS: Final = 100
MESSAGE_SHARE_GOAL: Final = 1 / 10
MESSAGE_SHARE_LEAST: Final = 1 / 25
HEAP_PEAK_MOST: Final = 24 * 1024
NOTHING: Final = "-"


def table(title: str, *columns: str) -> Table:
    """An empty table; every column but the first is for numbers."""
    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(columns):
        made.add_column(name, justify="right" if number else "left", no_wrap=True)
    return made


def reached(good: bool) -> str:
    """In words."""
    return "[green]reached[/]" if good else "[yellow]not reached[/]"


def throughput(console: Console, figures: Mapping[str, Throughput]) -> None:
    """Prints the first table."""
    made = table(
        "Transactions per second: whole meter; zigpy's bare codec",
        *("exchange", "meter", "zigpy", "ratio", f"goal {RATIO_GOAL}", f"least {RATIO_LEAST}"),
    )
    for name, figure in figures.items():
        marks = (reached(figure.ratio >= RATIO_GOAL), reached(figure.ratio >= RATIO_LEAST))
        made.add_row(name, f"{figure.meter:,.0f}", f"{figure.codec:,.0f}", f"{figure.ratio:.1f}", *marks)
    console.print(made)


def round_trips(console: Console, figures: Mapping[str, RoundTrip]) -> None:
    """Prints the second table."""
    made = table(
        "Round trip over the pseudo-terminal, median in microseconds",
        *("exchange", "bytes", "meter", "echo", "ratio", "most", ""),
    )
    for name, figure in figures.items():
        counts = (f"{figure.asked}+{figure.answered}", f"{figure.meter_us:.1f}", f"{figure.echo_us:.1f}")
        made.add_row(name, *counts, f"{figure.ratio:.1f}", str(figure.goal), reached(figure.ratio <= figure.goal))
    console.print(made)


def messages(console: Console, figures: mailbox.Figures) -> None:
    """Prints the table of remote parties' messages."""
    made = table(
        "Messages a second: GCS20r with MAC check and MAC; the same work by cryptography on the host",
        *("", "meter", "host", "share", f"goal {MESSAGE_SHARE_GOAL:.2f}", f"least {MESSAGE_SHARE_LEAST:.2f}"),
    )
    marks = (reached(figures.ratio >= MESSAGE_SHARE_GOAL), reached(figures.ratio >= MESSAGE_SHARE_LEAST))
    made.add_row(mailbox.NAME, f"{figures.meter:,.0f}", f"{figures.host:,.0f}", f"{figures.ratio:.2f}", *marks)
    console.print(made)
    keys = figures.keys
    console.print(f"ECDH {keys.agreement_ms:.1f} ms, longest slice {keys.agreement_slice_ms:.1f} ms")
    console.print(f"ECDSA {keys.signature_ms:.1f} ms, longest slice {keys.signature_slice_ms:.1f} ms")
    good = reached(figures.heap_peak <= HEAP_PEAK_MOST)
    console.print(f"Heap during a message of {figures.longest} octets: {figures.heap_peak:,} bytes, {good}")


def kept(console: Console, figures: Mapping[str, journal.Kept]) -> None:
    """Prints the table of the journal."""
    made = table(
        "Events kept on flash, bytes programmed for each: the meter's journal; a file of littlefs",
        *("", "records", "a second", "bytes", "erases/1000", "longest ms", ""),
    )
    for name, one in figures.items():
        numbers = (f"{one.a_second:,.0f}", f"{one.bytes_each:.0f}", f"{one.erases_a_thousand:.0f}")
        mark = reached(one.longest_ms <= journal.STALL_MOST_MS) if name == journal.MODULE else ""
        made.add_row(name, f"{one.records:,}", *numbers, f"{one.longest_ms:.1f}", mark)
    console.print(made)


def costs(console: Console, figures: Mapping[str, Cost], kept: Mapping[str, Cost], allowed: int) -> None:
    """Prints the third table: what was measured, and how it differs from what is kept."""
    made = table(
        "Cost of an exchange and its change: x86-64 instructions; bytes of heap",
        *("exchange", "instructions", "change", "heap", "change", f"at most {allowed}"),
    )
    for name, cost in figures.items():
        old = kept.get(name, Cost(None, None))
        counted = (_number(cost.instructions), _change(cost.instructions, old.instructions))
        heap = (_number(cost.heap_bytes), _change(cost.heap_bytes, old.heap_bytes))
        bounded = "" if name == mailbox.NAME else reached(cost.heap_bytes is not None and cost.heap_bytes <= allowed)
        made.add_row(name, *counted, *heap, bounded)
    console.print(made)


def sizes(console: Console, figures: Mapping[str, Built]) -> None:
    """Prints the fourth table."""
    made = table("Bytes of all .mpy files", "build", "used", "allowed", "used %", "free", "")
    for name, built in figures.items():
        free = built.allowed - built.used
        share = f"{100 * built.used / built.allowed:.0f}"
        made.add_row(name, f"{built.used:,}", f"{built.allowed:,}", share, f"{free:,}", reached(free >= 0))
    console.print(made)


def start(console: Console, milliseconds: float) -> None:
    """Prints the last line."""
    goal = reached(milliseconds <= START_GOAL_MS)
    console.print(f"Start of the process to the first answer: {milliseconds:.1f} ms, goal {START_GOAL_MS} ms, {goal}")


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def _change(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return NOTHING
    return "same" if now == before else f"{now - before:+,}"
