"""A program behind a pseudo-terminal, and a host that does nothing but write bytes and read bytes."""

from __future__ import annotations

import os
import select
import subprocess
import tty
from collections.abc import Sequence
from contextlib import AbstractContextManager
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, Self

from gsme_host.supervisor import BOARD
from gsme_host.wire import Body, Deframer, Kind

from .process import Broken, Files

if TYPE_CHECKING:
    from types import TracebackType

WAIT_S: Final = 10.0
CHUNK: Final = 4096


class Terminal(AbstractContextManager["Terminal"]):
    """Starts a command at the controlling side of a terminal, with nothing in its storage; ends it on exit."""

    def __init__(self, files: Files, command: Sequence[str]) -> None:
        self._master, self._line = os.openpty()
        tty.setraw(self._line)
        os.set_blocking(self._master, False)
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            cwd=files.scratch,
            env=files.environment() | {"UNIX_UART1": str(self._master), "GSME_STATE": mkdtemp(dir=files.scratch)},
            pass_fds=(self._master,),
        )
        self._deframer = Deframer()
        self._bodies: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self._child.kill()
        self._child.wait()
        os.close(self._master)
        os.close(self._line)

    def write(self, raw: bytes) -> None:
        """Puts a few bytes on the line."""
        os.write(self._line, raw)

    def read(self, count: int) -> bytes:
        """That many bytes from the line, as soon as they are there."""
        raw = os.read(self._line, count)
        while len(raw) < count:
            raw += os.read(self._line, count - len(raw))
        return raw

    def frame(self, kind: Kind) -> Body:
        """The next frame of that kind; others are passed over. Broken where none comes."""
        while True:
            while self._bodies:
                body = Body.decode(self._bodies.pop(0))
                if body.kind is kind:
                    return body
            if not select.select([self._line], [], [], WAIT_S)[0]:
                raise Broken(f"nothing came from the program on {BOARD.name} within {WAIT_S:.0f} s")
            self._bodies += self._deframer.feed(os.read(self._line, CHUNK))
