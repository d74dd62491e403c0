"""The command `gsme verify-log`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

import click

from . import event_codes, journal, terminal
from .bench import Bench, BenchError
from .journal import Geometry, Journal, JournalError
from .link import Link, LinkError
from .meter import Meter
from .port import PortError
from .storage import Storage, read_storage
from .verify_log import Fault, Finding, Verdict, verify

EXIT_TAMPERED: Final = 1
EXIT_NOT_JUDGED: Final = 2
FILE: Final = "flash.bin"
SIMULATED: Final = Geometry(block_size=4096, word=4)

WORDS: Final = {
    Fault.EDITED: "edited: the chain breaks at {}",
    Fault.MISSING: "missing: {}",
    Fault.HEAD_CUT: "head cut, though neither overwritten nor cleared: {}",
    Fault.PUT_BACK: "put back, though overwritten or cleared before: {}",
    Fault.TAIL_CUT: "tail cut, though known to the anchor: {}",
    Fault.NOT_ANCHORED: "more than a power cut leaves without an anchor: {}",
    Fault.NO_ANCHOR: "no anchor can be read, and without one are: {}",
}


@click.command("verify-log")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--port", metavar="PORT", help="Read the storage of the meter behind this port.")
def command(folder: Path | None, port: str | None) -> None:
    """Tell whether somebody tampered with a Security Log: in DIR as `gsme sim --state` keeps it, or behind a port.

    Exit status 0 if it is intact, which it is too where old entries gave way to new ones; 1 if it was tampered with;
    2 if that cannot be told. A meter on DIR should not run meanwhile.
    """
    try:
        storage = _storage(folder, port)
        read = journal.read(*storage)
        verdict = verify(read)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), EXIT_NOT_JUDGED)
    except JournalError as error:
        _fail(f"{port or folder}: {error}", EXIT_NOT_JUDGED)
    except (LinkError, PortError, BenchError) as error:
        _fail(str(error), EXIT_NOT_JUDGED)
    _show(read)
    if verdict.findings:
        _fail("; ".join(_words(read, finding) for finding in verdict.findings), EXIT_TAMPERED)
    click.echo("; ".join(_intact(read, verdict)))


def _storage(folder: Path | None, port: str | None) -> Storage:
    if (folder is None) == (port is None):
        raise click.UsageError("either DIR or --port, and one of them")
    if folder is not None:
        return Storage((folder / FILE).read_bytes(), SIMULATED)
    with Link(str(port)) as link:
        link.sync()
        return read_storage(Bench(Meter(link)))


def _show(read: Journal) -> None:
    log = read.log
    present = log.present()
    table = terminal.table("Security Log")
    table.show_header = False
    table.add_row("entries", str(len(present)))
    if present:
        table.add_row("oldest", _entry(read, present[0].number))
        table.add_row("newest", _entry(read, present[-1].number))
    table.add_row("overwritten or cleared", str(log.first))
    table.add_row("known to the anchor", str(read.anchor.entries) if read.anchor else "no anchor")
    if read.skipped or read.lost_headers:
        table.add_row("cannot be read", f"records at {read.skipped} places, {read.lost_headers} headers of segments")
    terminal.console().print(table)


def _intact(read: Journal, verdict: Verdict) -> Iterator[str]:
    yield "intact"
    if read.log.first:
        yield f"head overwritten: {read.log.first} entries gave way to new ones or were cleared, as is normal"
    if verdict.behind:
        yield "the anchor is one entry behind, as a power cut leaves it"
    if verdict.clearing_not_anchored:
        yield "the anchor does not know yet that the log was cleared, as a power cut leaves it"


def _words(read: Journal, finding: Finding) -> str:
    if finding.fault == Fault.EDITED:
        others = f" and at {finding.count - 1} more" if finding.count > 1 else ""
        return WORDS[finding.fault].format(_entry(read, finding.first) + others)
    if finding.count == 1:
        which = f"entry {finding.first}"
    else:
        which = f"entries {finding.first} to {finding.first + finding.count - 1}"
    return WORDS[finding.fault].format(which)


def _entry(read: Journal, number: int) -> str:
    entry = read.log.entries[number]
    return f"entry {number}, {entry.code:04X} {event_codes.name(entry.code)}, {terminal.time(entry.utc)}"


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"gsme: {message}", err=True)
    sys.exit(status)
