"""The commands that send a remote party's message and print the answer: gcs20r, configure, event-log, security-log."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from . import event_codes, terminal, zcl
from .bench import BenchError
from .gbcs import GbcsError, answers, commands
from .gbcs.use_cases import Role
from .interpreter import NoInterpreter
from .link import LinkError
from .port import PortError
from .remote_session import Session, session
from .supervisor import SimError

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
ROLES: Final = {"supplier": Role.SUPPLIER, "network-operator": Role.NETWORK_OPERATOR, "acb": Role.BROKER}

_OPTIONS: Final = (
    click.option("--port", metavar="PORT", help="Ask the meter behind this port, not a simulated one."),
    click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Storage of the simulated meter."),
    click.option("--keys", metavar="FILE", type=click.Path(path_type=Path), help="Parties and the secrets they share."),
    click.option("--counter", type=click.IntRange(0, 2**64 - 1), help="Originator counter; the time if not given."),
    click.option("-v", "--verbose", is_flag=True, help="Print the messages too."),
)


class _Usage(Exception):
    """Arguments that make no sense; the text is for people."""


def _asking(function: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of all, and one line for whatever goes wrong."""

    @wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> None:
        try:
            function(*arguments, **options)
        except (GbcsError, LinkError, PortError, BenchError, SimError, NoInterpreter, OSError) as error:
            click.echo(f"gsme: {error}", err=True)
            sys.exit(EXIT_FAILED)
        except _Usage as error:
            click.echo(f"gsme: {error}", err=True)
            sys.exit(EXIT_USAGE)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


@contextmanager
def _session(port: str | None, state: Path | None, keys: Path | None, *, verbose: bool) -> Iterator[Session]:
    if port is not None and state is not None:
        raise _Usage("--state is of a simulated meter, not of one behind a port")
    with session(port, state, keys) as opened:
        try:
            yield opened
        finally:
            for message in opened.exchanged if verbose else ():
                click.echo(message.hex().upper() + "\n")


def _table(title: str, *columns: str) -> Table:
    table = terminal.table(title)
    for column in columns:
        table.add_column(column)
    return table


@click.command("gcs20r")
@click.argument("event", required=False)
@_asking
def gcs20r(
    event: str | None, port: str | None, state: Path | None, keys: Path | None, counter: int | None, verbose: bool
) -> None:
    """Read the event configuration (GCS20r): of all codes, or of one EVENT such as 81AA."""
    code = _code(event) if event is not None else commands.ALL_CONFIGURABLE
    with _session(port, state, keys, verbose=verbose) as opened:
        (frame,) = opened.ask("GCS20r", commands.get_event_configuration(code), Role.SUPPLIER, counter)
    table = _table("Event configuration", "event", "byte", "what it does", "name")
    for found, byte in answers.event_configuration(frame).items():
        table.add_row(f"{found:04X}", f"{byte:02X}", answers.words(byte), event_codes.name(found))
    terminal.console().print(table)


@click.command("configure")
@click.argument("settings", metavar="EVENT=WHAT...", nargs=-1, required=True)
@_asking
def configure(
    settings: tuple[str, ...],
    port: str | None,
    state: Path | None,
    keys: Path | None,
    counter: int | None,
    verbose: bool,
) -> None:
    """Set event configurations (GCS20): WHAT is a byte such as 5B, or words: log,wan,han,alarm or none."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for code, byte in map(_setting, settings):
        if any(code in codes for codes in wanted.values()):
            raise _Usage(f"{code:04X} is set twice")
        wanted[byte].append(code)
    with _session(port, state, keys, verbose=verbose) as opened:
        frames = opened.ask("GCS20", commands.set_event_configuration(0, wanted), Role.SUPPLIER, counter)
    table = _table("Set event configuration", "events", "byte", "what it does", "answer")
    for (byte, codes), frame in zip(wanted.items(), frames, strict=True):
        status = frame.default_response[1] if frame.default_response else zcl.Status.FAILURE
        events = " ".join(f"{code:04X}" for code in codes)
        table.add_row(events, f"{byte:02X}", answers.words(byte), zcl.status_name(status))
    terminal.console().print(table)
    for frame in frames:
        answers.check(frame)


@click.command("event-log")
@click.option("--role", type=click.Choice(list(ROLES)), default="supplier", show_default=True, help="Who asks.")
@_asking
def event_log(role: str, **options: Any) -> None:
    """Read the Event Log (CS10a), oldest entry first."""
    _read_log("Event Log", "CS10a", commands.get_event_log(), ROLES[role], **options)


@click.command("security-log")
@click.option("--role", type=click.Choice(list(ROLES)), default="supplier", show_default=True, help="Who asks.")
@_asking
def security_log(role: str, **options: Any) -> None:
    """Read the Security Log (CS10b), oldest entry first."""
    _read_log("Security Log", "CS10b", commands.get_security_log(), ROLES[role], **options)


def _read_log(
    title: str,
    use_case: str,
    content: bytes,
    role: Role,
    *,
    port: str | None,
    state: Path | None,
    keys: Path | None,
    counter: int | None,
    verbose: bool,
) -> None:
    with _session(port, state, keys, verbose=verbose) as opened:
        (frame,) = opened.ask(use_case, content, role, counter)
    entries = answers.log_entries(frame)
    table = _table(f"{title}, entries: {len(entries)}", "time", "event", "data", "name")
    for entry in entries:
        table.add_row(
            terminal.time(entry.utc), f"{entry.code:04X}", entry.data.hex(" ").upper(), event_codes.name(entry.code)
        )
    terminal.console().print(table)


def _code(digits: str) -> int:
    if not re.fullmatch(r"(0x)?[0-9A-Fa-f]{4}", digits):
        raise _Usage(f"{digits!r} is no event code, four hexadecimal digits such as 81AA")
    code = int(digits, 16)
    if not event_codes.is_configurable(code):
        raise _Usage(f"{digits} is no event that a Supplier may configure")
    return code


def _setting(text: str) -> tuple[int, int]:
    event, equals, what = text.partition("=")
    if not equals:
        raise _Usage(f"{text!r} is not EVENT=WHAT, such as 81AA=log,wan")
    try:
        return _code(event), answers.parse_words(what)
    except ValueError as error:
        raise _Usage(str(error)) from None


ALL: Final = (gcs20r, configure, event_log, security_log)
