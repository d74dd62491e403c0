"""The command `gsme report`: what a run on a board measured, as Markdown for people and JSON for programs."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from .bench import BenchError
from .link import Link, LinkError
from .measure import measure
from .port import PortError

EXIT_FAILED: Final = 1
RUNS: Final = 200
NOT_TOLD: Final = "not told"
MEASURES: Final = "p50_ms", "p99_ms", "max_ms"


@click.command("report")
@click.argument("port")
@click.option("--baud", type=int, help="Bits per second; found out, if not given.")
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(1), help="How often each exchange is run.")
@click.option(
    "--out", default="report", show_default=True, metavar="NAME", help="Write NAME.md and NAME.json, both or neither."
)
def command(port: str, baud: int | None, runs: int, out: str) -> None:
    """Measure the meter on PORT, a bench build: start, exchanges, heap, flash, counters of the link.

    It is reset to how it left the factory, first and last. Takes a minute on a board.
    """
    files = Path(f"{out}.md"), Path(f"{out}.json")
    try:
        _check(files)
        with Link(port, baud=baud) as link:
            measured = measure(link, runs, lambda what: click.echo(f"measuring: {what}", err=True))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        whole = {"port": port, "baud": link.baud, "at": now, **measured}
        _write(dict(zip(files, (markdown(whole), json.dumps(whole, indent=2) + "\n"), strict=True)))
    except (PortError, LinkError, BenchError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}")
    click.echo(f"{files[0]} and {files[1]}: {len(whole['exchanges'])} kinds of exchange, {runs} runs each")


def _check(files: Iterable[Path]) -> None:
    """OSError before anything is measured, where the files could not be written."""
    for file in files:
        if file.is_dir():
            raise IsADirectoryError(21, "is a folder", str(file))
        with tempfile.TemporaryFile(dir=file.parent):
            pass


def _write(texts: dict[Path, str]) -> None:
    """All of them or none, as far as the system can do that: whole files take the place of old ones at the end."""
    made = []
    try:
        for file, text in texts.items():
            made.append(file.with_name(f".{file.name}.{os.getpid()}"))
            made[-1].write_text(text, encoding="utf-8")
        for new, file in zip(made, texts, strict=True):
            new.replace(file)
    finally:
        for new in made:
            new.unlink(missing_ok=True)


def markdown(measured: dict[str, Any]) -> str:
    """The report for people."""
    return "\n".join(_lines(measured)) + "\n"


def _lines(measured: dict[str, Any]) -> Iterator[str]:
    meter = measured["meter"]
    yield f"# Meter {meter['eui64']} on {measured['port']}"
    yield from ("", f"Measured {measured['at']} at {measured['baud']} bits per second, the line included.")
    yield from _section("Meter", meter.items())
    boots = sorted(measured["boot_ms"])
    yield from ("", f"Start, from Reboot to SYNC: {boots[0]:.0f} to {boots[-1]:.0f} ms in {len(boots)} starts.")
    yield from ("", "## Exchanges", "", "| exchange | answers | runs | p50 ms | p99 ms | max ms |")
    yield "|---|--:|--:|--:|--:|--:|"
    for row in measured["exchanges"]:
        times = " | ".join(f"{row[name]:.2f}" for name in MEASURES)
        yield f"| {row['name']} | {row['answers']} | {row['runs']} | {times} |"
    for part in ("heap", "flash", "link"):
        yield from _section(part.capitalize(), measured[part].items())


def _section(title: str, rows: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", "| | |", "|---|---|")
    for name, value in rows:
        text = NOT_TOLD if value is None else str(value).replace("\n", " ").replace("|", "\\|")
        yield f"| {name.replace('_', ' ')} | {text} |"


def _fail(message: str) -> None:
    click.echo(f"gsme: {message}", err=True)
    sys.exit(EXIT_FAILED)
