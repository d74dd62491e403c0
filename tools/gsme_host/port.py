"""Opening a serial port, with one line that says why it cannot be opened."""

from __future__ import annotations

import errno
from typing import Final
from urllib.parse import urlsplit

import serial
from serial import rfc2217

READ_TIMEOUT_S: Final = 0.2  # how long a closing reader may take where the port cannot cancel a read
WRITE_TIMEOUT_S: Final = 5.0
_NETWORK: Final = ("socket", "rfc2217")
_SPEEDLESS: Final = ("socket", "loop")

_REASONS: Final[dict[object, str]] = {
    errno.ENOENT: "there is no such port",
    errno.ENXIO: "there is no device behind that port",
    errno.ENODEV: "there is no device behind that port",
    errno.EACCES: "this user may not open that port",
    errno.EPERM: "this user may not open that port",
    errno.EBUSY: "another program has that port",
    errno.EAGAIN: "another program has that port",
    errno.ENOTTY: "that is not a serial port",
    errno.EINVAL: "that is not a serial port",
    errno.EISDIR: "that is not a serial port",
    errno.ECONNREFUSED: "nothing listens there",
}


class PortError(Exception):
    """A port that cannot be opened; the message is one line for people."""


def open_port(url: str, baud: int) -> serial.Serial:
    """Opens any URL of pyserial, for this process alone where the system can lock ports; PortError if it cannot."""
    if _lacks_port_number(url):
        raise PortError(f"{url}: no port number: {urlsplit(url).scheme}://host:number")
    try:
        port = serial.serial_for_url(url, do_not_open=True, baudrate=baud, timeout=READ_TIMEOUT_S)
        if not isinstance(port, rfc2217.Serial):  # which has no such thing
            port.write_timeout = WRITE_TIMEOUT_S
        port.exclusive = True
        port.open()
    except (serial.SerialException, OSError, ValueError) as error:
        raise PortError(f"{url}: {_reason(error)}") from error
    return port


def has_speed(url: str) -> bool:
    """Whether it matters how fast it is opened, as far as its name says."""
    return urlsplit(url).scheme not in _SPEEDLESS


def _lacks_port_number(url: str) -> bool:
    """Of a URL of the network; pyserial fails on it without a word for people."""
    parts = urlsplit(url)
    try:
        return parts.scheme in _NETWORK and parts.port is None
    except ValueError:
        return True


def _reason(error: Exception) -> str:
    """One line. pyserial keeps the number of the system's error, or hides it in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        # termios.error has no errno, only the number as its first argument.
        number = getattr(cause, "errno", None) or (cause.args[0] if cause.args else None)
        if reason := _REASONS.get(number):
            return reason
        cause = cause.__cause__ or cause.__context__
    return str(error).splitlines()[0]
