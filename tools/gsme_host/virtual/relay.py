"""Carries bytes between a board's two terminals, the host's and the process's, for as long as the process lives."""

from __future__ import annotations

import errno
import os
import select
import time
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

CHUNK: Final = 4096
WATCHDOG_S: Final = 8.0
UNREAD_S: Final = 0.5  # after that a host that reads nothing loses what there is, as on USB
STOP: Final = b"."  # to wake
RESET: Final = b"R"
RAW: Final = b"raw REPL; CTRL-B to exit"
FRIENDLY: Final = b'Type "help()" for more information.'


class End(Enum):
    """Why a start of the board is over."""

    EXITED = auto()
    RESET = auto()
    WATCHDOG = auto()
    STOPPED = auto()


@dataclass
class Relay:
    """One start.

    Descriptors: the controlling sides of both terminals, non-blocking; control, which the process writes to; wake,
    which says from outside that it is to end. `raw` is the REPL's mode, by what it says itself.
    """

    host: int
    board: int
    control: int
    wake: int
    raw: bool
    _to_host: bytes = b""
    _to_board: bytes = b""
    _said: bytes = b""
    _stuck_since: float | None = None
    _watched_until: float | None = None
    _ended: End | None = field(default=None, init=False)

    def run(self) -> End:
        """Returns when the start is over. What the process said last has been passed on, if somebody reads."""
        while self._ended is None:
            readers = [self.control, self.wake]
            if not self._to_host:
                readers.append(self.board)
            if not self._to_board:
                readers.append(self.host)
            writers = [self.host] * bool(self._to_host) + [self.board] * bool(self._to_board)
            ready, writable, _ = select.select(readers, writers, [], self._patience())
            self._turn({*ready}, {*writable})
        return self._ended

    def _turn(self, ready: set[int], writable: set[int]) -> None:
        now = time.monotonic()
        if self.wake in ready:
            self._ended = End.RESET if os.read(self.wake, 1) == RESET else End.STOPPED
        elif self._watched_until is not None and now >= self._watched_until:
            self._ended = End.WATCHDOG
        else:
            self._move(ready, writable)
            if self.control in ready:
                self._obey(os.read(self.control, CHUNK))
            self._lose_unread(now)

    def _patience(self) -> float | None:
        """Seconds until something is due; None where nothing is."""
        due = [self._watched_until] if self._watched_until is not None else []
        if self._stuck_since is not None:
            due.append(self._stuck_since + UNREAD_S)
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _move(self, ready: set[int], writable: set[int]) -> None:
        if self.host in ready:
            self._to_board = _read(self.host) or b""
        if self.board in ready:
            said = _read(self.board)
            if said is None:
                self._ended = End.EXITED
            else:
                self._listen(said)
                self._to_host = said
        if self._to_board and (self.board in writable or self.host in ready):
            self._to_board = self._to_board[_write(self.board, self._to_board) :]
        if self._to_host and (self.host in writable or self.board in ready):
            self._to_host = self._to_host[_write(self.host, self._to_host) :]

    def _listen(self, said: bytes) -> None:
        heard = self._said + said
        raw, friendly = heard.rfind(RAW), heard.rfind(FRIENDLY)
        if raw != friendly:
            self.raw = raw > friendly
        self._said = heard[-len(FRIENDLY) :]

    def _obey(self, orders: bytes) -> None:
        for order in orders:
            if order == ord("R"):
                self._ended = End.RESET
                return
            self._watched_until = None if order == ord("w") else time.monotonic() + WATCHDOG_S

    def _lose_unread(self, now: float) -> None:
        if not self._to_host:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since >= UNREAD_S:
            self._to_host = b""


def _read(descriptor: int) -> bytes | None:
    """What is there, which may be nothing; None where the other side has gone."""
    try:
        return os.read(descriptor, CHUNK) or None
    except BlockingIOError:
        return b""
    except OSError as error:
        if error.errno == errno.EIO:
            return None
        raise


def _write(descriptor: int, data: bytes) -> int:
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
    except OSError as error:
        if error.errno == errno.EIO:
            return len(data)
        raise
