"""What may go wrong with a board at a port."""

from __future__ import annotations

import errno
import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import serial
from mpremote.commands import CommandError
from mpremote.transport import TransportError, TransportExecError

AGAIN = "run the same command again"


class DeployError(Exception):
    """The board cannot be deployed to; the message is one line for people."""


@contextmanager
def told(port: str) -> Iterator[None]:
    """What mpremote and pyserial raise becomes DeployError, and what they print is lost."""
    try:
        with redirect_stdout(io.StringIO()):
            yield
    except TransportExecError as error:
        raise DeployError(f"{port}: {_told_by_board(error.error_output)}") from error
    except CommandError as error:
        raise DeployError(f"{port}: {error}: {AGAIN}") from error
    except (TransportError, serial.SerialException, OSError, TypeError, struct.error) as error:
        # pyserial raises TypeError where a port is closed under a read.
        raise DeployError(f"{port}: {_reason(error)}: {AGAIN}") from error


def _told_by_board(output: str) -> str:
    lines = output.strip().splitlines() or ["nothing"]
    return f"the board said {lines[-1]}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"its file system is full at {error.strerror}: remove what is not the meter's"
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"the board went away, or stopped answering ({first})"
