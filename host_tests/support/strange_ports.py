"""Pseudo-terminals with something else than a meter behind them."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

POLL_S: Final = 0.02
CHUNK: Final = 4096

Speaker = Callable[[bytes], bytes]


def silent(heard: bytes) -> bytes:
    """Says nothing, ever."""
    return b""


def echo(heard: bytes) -> bytes:
    """Says what it hears: a loop-back plug, or a modem."""
    return heard


def nonsense(heard: bytes) -> bytes:
    """Says things of its own, asked or not: a GPS receiver."""
    return b"$GPGGA,000000.00,,,,,0,00,99.99,,,,,,*61\r\n"


def zeros(heard: bytes) -> bytes:
    """Says zeros only: a line held low."""
    return bytes(64)


def console(heard: bytes) -> bytes:
    """Echoes, and prompts: the console of a board whose meter does not run."""
    return heard + b"\r\n>>> " if heard else b""


@contextmanager
def strange_port(speaker: Speaker) -> Iterator[str]:
    """A terminal behind which `speaker` answers what it hears, nothing included."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)  # a host that does not read must not hold the speaker
    ending = threading.Event()

    def speak() -> None:
        while not ending.is_set():
            heard = os.read(master, CHUNK) if select.select([master], [], [], POLL_S)[0] else b""
            if (said := speaker(heard)) and select.select([], [master], [], 0)[1]:
                os.write(master, said)

    thread = threading.Thread(target=speak, name=speaker.__name__, daemon=True)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        ending.set()
        thread.join()
        os.close(master)
        os.close(slave)
