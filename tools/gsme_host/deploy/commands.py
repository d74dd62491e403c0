"""The commands `gsme flash`, `gsme deploy` and `gsme mount`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

import click

from . import flashing, mounting
from .deploying import Wish, deploy, provisioning
from .errors import DeployError
from .facts import Board
from .repl import RESET_WAIT_S

EXIT_FAILED: Final = 1

_board = click.option("--board", "name", required=True, metavar="NAME", help="A folder of board/.")
_port = click.option("--port", required=True, metavar="TTY", help="The board's tty, by its real name.")
_wait = click.option(
    "--wait", default=RESET_WAIT_S, show_default=True, help="Seconds for somebody to reset a board that has no REPL."
)
_quiet = click.option("--quiet", is_flag=True, help="Print the closing line only.")


@click.command("deploy")
@_board
@_port
@click.option("--production", is_flag=True, help="Without the bench cluster, which is an open door.")
@click.option("--provision", "file", type=click.Path(path_type=Path), help="Who the meter is: its file, or TOML of it.")
@click.option("--link", metavar="TTY", help="Where the meter answers, if not at --port: a UART of its own.")
@_wait
@_quiet
def deploy_command(  # an option of the command each
    name: str, port: str, *, production: bool, file: Path | None, link: str | None, wait: float, quiet: bool
) -> None:
    """Put the firmware on a board that runs MicroPython, whatever it is doing, and start it.

    Only what differs is copied. If it breaks off, the board stays at its REPL, and the same command repairs it.
    """

    def work() -> None:
        wish = Wish(Board.named(name), production, provisioning(file) if file else None)
        started = deploy(port, wish, _say(quiet=quiet), wait, link)
        click.echo(f"{link or port}: {started}")

    _in_one_line(work)


@click.command("mount")
@_port
@_wait
@_quiet
def mount_command(port: str, *, wait: float, quiet: bool) -> None:
    """Run the firmware on a board out of this machine's memory: nothing is copied, and a reset ends it."""
    _in_one_line(lambda: click.echo(f"{port}: {mounting.mount(port, _say(quiet=quiet), wait)}"))


@click.command("flash")
@_board
@click.option("--port", metavar="TTY", help="The board's tty; an nRF52840 DK has none for this.")
@click.option("--serial-number", metavar="NUMBER", help="Of an nRF52840 DK, if there are several; nrfjprog --ids.")
@click.option("--image", type=click.Path(path_type=Path), help="MicroPython for that board, as downloaded.")
@click.option("--dry-run", is_flag=True, help="Print the commands and run none.")
def flash_command(name: str, port: str | None, serial_number: str | None, image: Path | None, *, dry_run: bool) -> None:
    """Put MicroPython itself on a board, by the tools of its chip's maker."""
    which = flashing.Which(port, serial_number)
    _in_one_line(lambda: flashing.flash(Board.named(name), which, image, dry_run=dry_run, say=click.echo))


ALL: Final = (flash_command, deploy_command, mount_command)


def _say(*, quiet: bool) -> Callable[[str], None]:
    """Says to where standard output is now: mpremote's own words are kept from it later."""
    stream = sys.stdout

    def say(text: str) -> None:
        if not quiet:
            click.echo(text, file=stream)
            stream.flush()

    return say


def _in_one_line(work: Callable[[], None]) -> None:
    try:
        work()
    except DeployError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(f"gsme: {message}", err=True)
    sys.exit(EXIT_FAILED)
