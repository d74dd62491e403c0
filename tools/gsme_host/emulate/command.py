"""The command `gsme emulate`: an emulated board for a host to talk to."""

from __future__ import annotations

import json
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

import click

from ..sim import STOP_SIGNALS
from .image import BOARDS, EmulateError, build_image
from .machine import Machine

if TYPE_CHECKING:
    from types import FrameType

POLL_S: Final = 0.2


@click.command("emulate")
@click.argument("board", type=click.Choice([board.replace("_", "-") for board in BOARDS]))
def command(board: str) -> None:
    """Start an emulated BOARD and print one line of JSON that names its port.

    The firmware runs on the instruction set of the nRF52840 (qemu-m4f) or of the ESP32-C6 and ESP32-H2 (qemu-rv32), on
    MicroPython built from source. It runs until Ctrl-C or SIGTERM, and forgets its storage then.
    """
    name = board.replace("-", "_")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    try:
        with Machine(build_image(name)) as machine:
            for number in STOP_SIGNALS:
                signal.signal(number, end)
            click.echo(json.dumps({"port": machine.port, "pid": machine.pid, "board": name}))
            while not stop.wait(POLL_S) and machine.runs():
                pass
            if not stop.is_set():
                raise EmulateError(f"QEMU has ended: {machine.console().strip()[-200:]}")
    except EmulateError as error:
        click.echo(f"gsme: {error}", err=True)
        sys.exit(1)
