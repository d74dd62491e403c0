"""Prints the tables of evidence and of goals: python -m host_tests.evidence FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from . import goals
from .table import NoEvidence, load, skipped, table

WIDTH: Final = 160  # of a log, where there is no terminal


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Print what the runs left in FOLDER, a row a runtime, and how far the goals were reached."""
    try:
        found = load(folder)
    except NoEvidence as error:
        click.echo(f"evidence: {error}", err=True)
        sys.exit(1)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(table(found))
    if any(one.cost for one in found):
        console.print(goals.table(found))
    for line in skipped(found):
        click.echo(line)


if __name__ == "__main__":
    main()
