"""The REPL of an emulated board, which gets the line by the bench's Leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from mpremote.transport_serial import SerialTransport

from gsme_host.bench import Bench
from gsme_host.emulate.machine import Machine
from gsme_host.link import BAUD, Link
from gsme_host.meter import Meter
from gsme_host.port import open_port

PROMPT: Final = b">>> "
WAIT_S: Final = 10.0


@contextmanager
def raw_repl(machine: Machine, *, soft_reset: bool) -> Iterator[SerialTransport]:
    """Ends the application, then does as mpremote does; a soft reset leaves nothing of the application in the heap."""
    with Link(machine.port) as link:
        link.sync()
        Bench(Meter(link)).leave()
    _await_prompt(machine.port)
    board = SerialTransport(machine.port)
    try:
        board.enter_raw_repl(soft_reset=soft_reset, timeout_overall=WAIT_S)
        yield board
    finally:
        board.close()


def _await_prompt(port: str) -> None:
    """Until the application has left the line, which it does a moment after its answer."""
    heard = b""
    deadline = time.monotonic() + WAIT_S
    with open_port(port, BAUD) as line:
        while PROMPT not in heard:
            assert time.monotonic() < deadline, heard
            line.write(b"\r")
            heard += line.read(64)
