"""Measures the meter and prints the tables. Fails for wrong bytes or a broken measurement, never for a slow machine."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console

from gsme_host.build import BuildError
from gsme_host.interpreter import NoInterpreter
from gsme_host.supervisor import BOARD, FIRMWARE

from . import cost, journal, mailbox, report, round_trip, start, throughput
from .process import Broken, Workshop, one_core


def main() -> int:
    """Runs everything; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m host_tests.perf", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the measured costs into expected.json")
    parser.add_argument("--firmware", type=Path, default=FIRMWARE, help="measure a copy of the firmware")
    options = parser.parse_args()
    console = Console()
    try:
        with Workshop(options.firmware) as workshop:
            _measure(console, workshop, update=options.update)
    except (Broken, BuildError, NoInterpreter) as error:
        console.print(f"perf: {error}", style="red", markup=False)
        return 1
    return 0


def _measure(console: Console, workshop: Workshop, *, update: bool) -> None:
    files = workshop.files
    uncounted = cost.why_not_counted()
    report.throughput(console, throughput.measure(files))
    report.round_trips(console, round_trip.measure(files))
    report.messages(console, mailbox.measure(files))
    report.kept(console, journal.measure(files))
    costs = cost.measure(files, count=uncounted is None)
    report.costs(console, costs, cost.expected(), _heap_allowed())
    report.sizes(console, workshop.sizes())
    report.start(console, start.milliseconds(files))
    if uncounted:
        console.print(f"skipped: instructions, {uncounted}")
    if not one_core():
        console.print("skipped: keeping to one core, there is no taskset")
    if update:
        _update(console, costs, uncounted)


def _update(console: Console, costs: dict[str, cost.Cost], uncounted: str | None) -> None:
    if uncounted:
        raise Broken(f"nothing to keep: {uncounted}")
    cost.update(costs)
    console.print(f"{cost.EXPECTED.name}: {len(costs)} exchanges written")


def _heap_allowed() -> int:
    return int(json.loads((BOARD / "board.json").read_text(encoding="utf-8"))["budget"]["exchange_alloc_max"])


if __name__ == "__main__":
    sys.exit(main())
