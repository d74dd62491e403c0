"""A pseudo-terminal with a speed, which those of the system lack."""

from __future__ import annotations

import os
import select
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

POLL_S: Final = 0.02
CHUNK: Final = 4096
_OUTPUT_SPEED: Final = 5  # where termios has it
_GARBLED: Final = b"\xfe"
_GARBLED_FROM: Final = 4  # bytes at four times the speed are one


class Terminal:
    """Passes bytes between a host and what is at `port`, as a UART does that knows `baud` alone."""

    def __init__(self, port: str, baud: int) -> None:
        self.connected = True
        self._baud = baud
        self._host, self._slave = os.openpty()
        self._device = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._slave)
        for end in (self._host, self._device):
            os.set_blocking(end, False)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{baud}", daemon=True)
        self._thread.start()

    @property
    def port(self) -> str:
        """What the host opens."""
        return os.ttyname(self._slave)

    @property
    def baud(self) -> int:
        """The speed at which the host has it open."""
        speed = termios.tcgetattr(self._slave)[_OUTPUT_SPEED]
        return {termios.B115200: 115200, termios.B460800: 460800}.get(speed, 0)

    def close(self) -> None:
        """Gives all of it back."""
        self._ending.set()
        self._thread.join()
        for end in (self._host, self._slave, self._device):
            os.close(end)

    def _run(self) -> None:
        ways = {self._host: self._device, self._device: self._host}
        while not self._ending.is_set():
            for end in select.select(list(ways), [], [], POLL_S)[0]:
                self._pass(os.read(end, CHUNK), ways[end])

    def _pass(self, data: bytes, to: int) -> None:
        if not self.connected:
            return
        if self.baud != self._baud:
            data = _GARBLED * -(-len(data) // _GARBLED_FROM)
        while data and not self._ending.is_set():
            if select.select([], [to], [], POLL_S)[1]:
                data = data[os.write(to, data) :]


@contextmanager
def at_speed(port: str, baud: int) -> Iterator[Terminal]:
    """Such a terminal in front of another one."""
    terminal = Terminal(port, baud)
    try:
        yield terminal
    finally:
        terminal.close()
