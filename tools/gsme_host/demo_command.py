"""The command `gsme demo`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from . import demo, demo_report, terminal
from .bench import BenchError
from .capture import Capture
from .interpreter import NoInterpreter
from .link import LinkError
from .port import PortError
from .sim import Simulator
from .supervisor import SimError

EXIT_FAILED: Final = 1

INTRODUCTION: Final = """\
A gas meter (GSME) answers its communications hub (CHF, and in it the gas proxy, GPF) over Zigbee Smart Energy.
Displays (IHD, PPMID) and consumer gateways (CAD) are in the same home. MP078 changes what they get to see below."""


@click.command("demo")
@click.option("--port", metavar="PORT", help="Show it on the meter behind this port, not on a simulated one.")
@click.option(
    "--pcap", type=click.Path(dir_okay=False, path_type=Path), default=Path("demo.pcap"), show_default=True,
    help="Where to write what crossed the line.",
)  # fmt: skip
@click.option("--firmware", metavar="DIR", type=click.Path(path_type=Path), help="Simulate another copy of firmware/.")
def command(port: str | None, pcap: Path, firmware: Path | None) -> None:
    """Show MP078 before and after, with the bytes that crossed the line; write them to a capture.

    Exit status 0 if the meter does in each step what the specification says. A real meter is reset first and last.
    """
    console = terminal.console(highlight=True)
    try:
        wrong = _show(console, port, pcap, firmware)
    except (LinkError, PortError, BenchError, SimError, NoInterpreter, OSError) as error:
        click.echo(f"gsme: {error}", err=True)
        sys.exit(EXIT_FAILED)
    sys.exit(EXIT_FAILED if wrong else 0)


@contextmanager
def _simulated(firmware: Path | None) -> Iterator[str]:
    with Simulator(mpy=firmware) as simulator:
        yield simulator.port


def _show(console: Console, port: str | None, pcap: Path, firmware: Path | None) -> int:
    """Runs and prints the demonstration; returns how many steps came out wrong."""
    console.print(INTRODUCTION, end="\n\n", highlight=False, soft_wrap=True)
    with Capture(pcap) as capture, nullcontext(port) if port else _simulated(firmware) as there:
        counts = demo_report.show(console, demo.run(there, capture))
        frames = capture.frames
    told = f"{pcap}: {frames} frames, to be opened with Wireshark or tshark; its radio headers are made up."
    console.print(told, soft_wrap=True)  # or a long path could not be copied
    console.print(f"{counts.total()} steps, {counts[True]} as the specification says, {counts[False]} wrong")
    return counts[False]
