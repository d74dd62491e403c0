"""The command `gsme`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import click
from rich.console import Console
from rich.table import Table

from . import build as building
from . import decode_command, demo_command, provision_command, remote_commands, report_command, verify_log_command
from . import partitions as partition_table
from . import sim as simulating
from .deploy import commands as deploy_commands
from .emulate import command as emulate_command
from .eui64 import EUI64
from .interpreter import NoInterpreter
from .link import Link, LinkError
from .port import PortError
from .supervisor import HEAP, SOURCE_HEAP, SimError
from .virtual import running

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
EXIT_TERMINATED: Final = 143
PROBE_WAIT_S: Final = 2.0

EPILOG: Final = """\b
Examples:
  gsme demo                     see what MP078 changes
  gsme gcs20r                   read the event configuration as a Supplier does
  gsme sim                      start a meter; prints the port that it is on
  gsme sim --state /tmp/meter   the same, and it remembers what it logged
  gsme probe /dev/pts/3         ask what is on a port
  gsme report /dev/ttyACM0      measure the board there
  gsme verify-log /tmp/meter    see whether its Security Log was tampered with
  gsme build --out build        compile the firmware
  gsme deploy --board esp32_c6 --port /dev/ttyACM0
                                put it on a board
  gsme decode "00 00 0B 05 8B"  explain a message or a frame

A PORT is anything that pyserial opens: a tty, or a URL such as socket://host:port.
"""


class _Commands(click.Group):
    """Lists the commands in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(self.commands)


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gsme")
def cli() -> None:
    """A GB gas meter's Zigbee endpoint, without radio and without meter.

    The firmware is MicroPython. It talks over a serial line that stands where a Zigbee stack hands its frames to the
    application, and this command runs it on this machine, behind a pseudo-terminal, or looks at one on a board.
    """


cli.add_command(demo_command.command)
for _command in (
    *remote_commands.ALL,
    verify_log_command.command,
    report_command.command,
    decode_command.command,
    provision_command.group,
    *deploy_commands.ALL,
    emulate_command.command,
):
    cli.add_command(_command)


@cli.command()
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), help="Keep the meter's storage in this folder."
)
@click.option("--eui64", metavar="HEX", help="The meter's own EUI64, 16 hexadecimal digits.")
@click.option(
    "--role", type=click.Choice(simulating.ROLES), default="gsme", show_default=True, help="The device to be."
)
@click.option(
    "--heap", help=f"MicroPython's -X heapsize; if not given, {HEAP} for .mpy files and {SOURCE_HEAP} for sources."
)
@click.option(
    "--mpy", metavar="DIR", type=click.Path(path_type=Path), help="Run this folder, as `gsme build` makes it."
)
@click.option(
    "--provision",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who the meter is and whom it knows, as `gsme provision make` writes it.",
)
def sim(
    state: Path | None, eui64: str | None, role: str, heap: str | None, mpy: Path | None, provision: Path | None
) -> None:
    """Start a simulated meter and print one line of JSON that names its port.

    It runs until Ctrl-C or SIGTERM. Without --state its storage is forgotten then.
    """
    if role not in simulating.ROLES_BUILT:
        _fail(f"the role {role} is not built yet; there is: {', '.join(simulating.ROLES_BUILT)}", EXIT_USAGE)
    if eui64 is not None:
        _check_eui64(eui64)
    try:
        simulating.run(state, eui64=eui64, role=role, heap=heap, mpy=mpy, provision=provision)
    except (SimError, NoInterpreter, OSError) as error:
        _fail(str(error))


@cli.command("virtual-board")
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), help="Keep the board's flash in this folder."
)
def virtual_board(state: Path | None) -> None:
    """Start a board that is a process, without firmware, and print one line of JSON that names its port.

    mpremote and `gsme deploy` find a stock board: REPL, resets, littlefs, ROMFS. It runs until Ctrl-C or SIGTERM.
    """
    try:
        running.run(state)
    except (NoInterpreter, OSError) as error:
        _fail(str(error))


@cli.command()
@click.argument("port")
@click.option("--baud", type=int, help="Bits per second; found out, if not given.")
def probe(port: str, baud: int | None) -> None:
    """Ask what is on PORT: say who the meter is, or in one line why none answers."""
    try:
        with Link(port, baud=baud) as link:
            identity = link.sync(PROBE_WAIT_S)
    except (PortError, LinkError) as error:
        _fail(str(error))
    table = Table(show_header=False, box=None)
    table.add_row("port", port)
    table.add_row("EUI64", str(identity.eui64))
    table.add_row("link version", str(identity.version))
    table.add_row("largest payload", f"{identity.max_payload} bytes")
    Console().print(table)


@cli.command()
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to put the .mpy files."
)
@click.option("--march", type=click.Choice(building.MARCHES), help=f"The processor; if not given, {building.MARCH}.")
@click.option("--board", type=click.Choice(building.boards()), help="All that this board needs, for its processor.")
@click.option("--production", is_flag=True, help="Leave out the bench cluster, which is an open door.")
@click.option("--line-numbers", is_flag=True, help="Keep line numbers for tracebacks: a tenth more bytes.")
@click.option("--quiet", is_flag=True, help="Print the closing line only.")
def build(out: Path, march: str | None, board: str | None, production: bool, line_numbers: bool, quiet: bool) -> None:
    """Compile the firmware to .mpy files and compare their size with the budget."""
    if board and march:
        _fail("--board says which processor: --march does not go with it", EXIT_USAGE)
    try:
        if board:
            built = building.build_board(out, board, production=production, line_numbers=line_numbers)
        else:
            march = march or building.MARCH
            built = building.build(out, march=march, production=production, line_numbers=line_numbers)
    except (building.BuildError, OSError) as error:
        _fail(str(error))
    text = building.report(built)
    click.echo(text.splitlines()[-1] if quiet else text)
    if built.used > built.allowed:
        _fail(f"{built.used - built.allowed} bytes over the budget of the board")


@cli.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def partitions(table: Path, out: Path) -> None:
    """Write the partition TABLE of an ESP32 board, its partitions.csv, to OUT as it goes to 0x8000 of the flash."""
    try:
        image = partition_table.table(table)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(image)
    except (partition_table.PartitionError, OSError) as error:
        _fail(str(error))
    click.echo(f"{len(image)} bytes, for {partition_table.TABLE_AT:#x}")


def _check_eui64(digits: str) -> None:
    try:
        EUI64.parse(digits)
    except ValueError as error:
        _fail(f"--eui64: {error}", EXIT_USAGE)


def _fail(message: str, status: int = EXIT_FAILED) -> NoReturn:
    click.echo(f"gsme: {message}", err=True)
    sys.exit(status)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(EXIT_TERMINATED)


def main() -> None:
    """Runs the command; Ctrl-C ends it with status 130, SIGTERM with 143, both without words."""
    signal.signal(signal.SIGTERM, _end)
    try:
        cli.main(standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
