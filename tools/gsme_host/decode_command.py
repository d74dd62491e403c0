"""The command `gsme decode`."""

from __future__ import annotations

import sys
from pathlib import Path
from string import hexdigits, whitespace
from typing import Final, NoReturn

import click
from rich.text import Text

from . import terminal
from .explain import Explanation, Keys, explain
from .gbcs import GbcsError

EXIT_FAILED: Final = 1
MOST_OCTETS: Final = 0x11000  # more than the longest length of an envelope allows
MOST_READ: Final = 4 * MOST_OCTETS  # digits and white space
ID_DIGITS: Final = 4
STDIN: Final = "-"
OCTETS_A_LINE: Final = 8
LINES_SHOWN: Final = 4
NAME_WIDTH: Final = 24


def _cluster_id(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A cluster id of one to four digits."""
    if value is None:
        return None
    digits = value.lower().removeprefix("0x")
    if not 1 <= len(digits) <= ID_DIGITS or not set(digits) <= set(hexdigits):
        raise click.BadParameter(f"{value!r} is not one to four hexadecimal digits", ctx, param)
    return int(digits, 16)


@click.command("decode")
@click.argument("message", metavar="HEX|FILE|-")
@click.option(
    "--keys", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="Prove the MAC with the secrets of this JSON file; may be given several times.",
)  # fmt: skip
@click.option("--cluster", metavar="HEX", callback=_cluster_id, help="It is a ZCL frame of this cluster.")
def command(message: str, keys: tuple[Path, ...], cluster: int | None) -> None:
    """Explain a GBCS message, a GBZ payload or a ZCL frame, octet by octet.

    A FILE, or the standard input for -, has hexadecimal digits with white space as it likes, or the octets themselves.
    Exit status 1 if it ends early or has octets left over; what there is up to there is explained all the same.
    """
    try:
        explanation = explain(_octets(message), [Keys.load(path) for path in keys], cluster)
    except (GbcsError, OSError, ValueError) as error:
        _fail(str(error))
    _show(explanation)
    if explanation.problem:
        _fail(explanation.problem)


def _octets(message: str) -> bytes:
    """Digits are taken for digits, even where a file has such a name."""
    if message == STDIN:
        return _content(sys.stdin.buffer.read(MOST_READ + 1), "standard input")
    if (digits := _digits(message.encode(errors="replace"))) is not None:
        return digits
    if set(message) <= set(hexdigits + whitespace):
        raise GbcsError("no whole octets: an odd number of hexadecimal digits, or none")
    try:
        with Path(message).open("rb") as file:
            return _content(file.read(MOST_READ + 1), message)
    except FileNotFoundError:
        raise GbcsError(f"{message}: neither hexadecimal digits nor a file") from None


def _content(raw: bytes, where: str) -> bytes:
    octets = _digits(raw)
    octets = raw if octets is None else octets
    if not octets or octets.isspace():
        raise GbcsError(f"{where}: nothing there")
    if len(octets) > MOST_OCTETS or len(raw) > MOST_READ:
        raise GbcsError(f"{where}: longer than any message")
    return octets


def _digits(raw: bytes) -> bytes | None:
    """The octets that digits stand for; None where it is something else."""
    digits = b"".join(raw.split())
    if not digits or len(digits) % 2 or not set(digits) <= set(hexdigits.encode()):
        return None
    return bytes.fromhex(digits.decode())


def _show(explanation: Explanation) -> None:
    size = sum(len(row.octets) for row in explanation.rows)
    table = terminal.table(f"{explanation.kind}, {size} octets")
    table.add_column("offset", justify="right")
    table.add_column("octets", width=3 * OCTETS_A_LINE - 1)
    table.add_column("field", min_width=NAME_WIDTH)
    table.add_column("meaning")
    for row in explanation.rows:
        table.add_row(str(row.offset), _hex(row.octets), Text(row.name), Text(row.meaning))
    terminal.console().print(table)


def _hex(octets: bytes) -> str:
    shown = octets[: OCTETS_A_LINE * LINES_SHOWN].hex(" ").upper()
    return shown if len(octets) <= OCTETS_A_LINE * LINES_SHOWN else f"{shown} ... ({len(octets)} octets)"


def _fail(message: str) -> NoReturn:
    click.echo(f"gsme: {' '.join(message.split())}", err=True)
    sys.exit(EXIT_FAILED)
