"""Reaches the REPL of a board, whatever the board is doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from ..bench import Bench, BenchError
from ..link import Link, LinkError
from ..meter import Meter
from ..port import PortError, open_port
from .errors import DeployError, told

BAUD: Final = 115200  # of a REPL on a UART, as stock images have it
READ_S: Final = 1.0
PROMPT: Final = b">>> "
KEYS: Final = b"\r\x03\x02"  # ends a program, and raw mode
KEYS_EVERY_S: Final = 0.1
PROMPT_WAIT_S: Final = 0.6
LINK_WAIT_S: Final = 2.0  # each speed of a link has two turns
RAW_WAIT_S: Final = 5.0
RESET_WAIT_S: Final = 60.0


@contextmanager
def reached(port: str, say: Callable[[str], None], wait: float = RESET_WAIT_S) -> Iterator[SerialTransport]:
    """A board with its REPL in raw mode after a soft reset, for mpremote; DeployError as it says.

    A meter that runs is asked to leave; one that cannot be asked, as a production build, has to be reset by hand, and
    the second after it is used: `say` is told so, and `wait` is how long that may take.
    """
    check_port(port)
    with told(port):
        transport = SerialTransport(port, baudrate=BAUD, timeout=READ_S)
    try:
        with told(port):
            if not _prompt(transport, PROMPT_WAIT_S):
                transport = _from_meter(port, transport, say, wait)
            _enter(transport)
        yield transport
    finally:
        _close(transport)


def _enter(transport: SerialTransport) -> None:
    """Once more where that fails: keys that were pressed before the board was there may still come in between."""
    try:
        transport.enter_raw_repl(soft_reset=True, timeout_overall=RAW_WAIT_S)
    except TransportError:
        _prompt(transport, RAW_WAIT_S)
        transport.enter_raw_repl(soft_reset=True)


def _close(transport: SerialTransport) -> None:
    try:
        transport.close()
    except OSError:
        transport.serial.close()


def check_port(port: str) -> None:
    """DeployError where it cannot be opened."""
    try:
        open_port(port, BAUD).close()
    except PortError as error:
        raise DeployError(str(error)) from error


def _from_meter(port: str, transport: SerialTransport, say: Callable[[str], None], wait: float) -> SerialTransport:
    _close(transport)
    left = _leave(port)
    transport = SerialTransport(port, baudrate=BAUD, timeout=READ_S)
    if not (left and _prompt(transport, PROMPT_WAIT_S)):
        say(f"{port}: no REPL answers. Reset the board now ({wait:.0f} s are waited for it)")
        if not _prompt(transport, wait):
            _close(transport)
            raise DeployError(f"{port}: no REPL answers, and nobody reset the board: is MicroPython on it?")
    return transport


def _leave(port: str) -> bool:
    """Asks a meter to give the line to the REPL; true if it will."""
    try:
        with Link(port) as link:
            link.sync(LINK_WAIT_S)
            Bench(Meter(link)).leave()
    except (PortError, LinkError, BenchError):
        return False
    return True


def _prompt(transport: SerialTransport, wait: float) -> bool:
    """Presses Ctrl-C until the REPL prompts, for that long."""
    came = b""
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        transport.serial.write(KEYS)
        time.sleep(KEYS_EVERY_S)
        came = (came + transport.serial.read(transport.serial.in_waiting))[-4096:]
        if came.endswith(PROMPT):
            return True
    return False
