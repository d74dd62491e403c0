"""The byte side of a link: a port, the thread that reads it, and bodies in and out."""

from __future__ import annotations

import termios
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import serial

from . import wire
from .port import open_port
from .wire import Body, Deframer, WireError

Direction = Literal["tx", "rx"]
Tap = Callable[[Direction, bytes], None]

RAW_CHUNK: Final = 1024  # small enough for the port's write timeout at any usual speed


class LinkError(Exception):
    """The link does not do what was asked of it; the message is one line for people."""


@dataclass
class Counters:
    """What went by; `dropped` are rule-5 drops of the host, `given_up` frames without an ACK in all transmissions."""

    sent: int = 0
    resent: int = 0
    received: int = 0
    repeated: int = 0
    refused: int = 0
    given_up: int = 0
    no_room: int = 0
    stray_acks: int = 0
    restarts: int = 0
    bytes_in: int = 0
    dropped: int = 0


class Channel:
    """Opens `url` and calls `on_body` from a thread of its own for each body, and `on_end` once, with the reason.

    Each of `taps` gets ("tx" or "rx", body with its CRC) of every frame whose COBS is right, from the thread that sees
    the frame.
    """

    def __init__(
        self, url: str, baud: int, counters: Counters, on_body: Callable[[Body], None], on_end: Callable[[str], None]
    ) -> None:
        """Opens nothing yet."""
        self.url = url
        self.baud = baud
        self.taps: list[Tap] = []
        self._counters = counters
        self._on_body = on_body
        self._on_end = on_end
        self._writing = threading.Lock()
        self._port: serial.Serial | None = None
        self._reader: threading.Thread | None = None
        self._closing = False

    def open(self) -> None:
        """Opens the port, for this process alone where the system can do that; PortError in one line why not."""
        self._port = open_port(self.url, self.baud)
        self._closing = False
        self._reader = threading.Thread(target=self._read, args=(self._port,), name=f"link {self.url}", daemon=True)
        self._reader.start()

    def change_speed(self, baud: int) -> bool:
        """Goes on at another speed, also over `open`; false where the port does not take it."""
        if self._port is None:
            return False
        try:
            with self._writing:
                self._port.baudrate = baud
        except (OSError, ValueError, termios.error):
            return False
        self.baud = baud
        return True

    def close(self) -> None:
        """Closes the port and ends the reader; a second time does nothing."""
        self._closing = True
        if self._port is None or self._reader is None:
            return
        cancel = getattr(self._port, "cancel_read", None)
        if cancel and self._port.is_open:
            cancel()
        if threading.current_thread() is not self._reader:
            self._reader.join()
        self._port.close()

    def transmit(self, body: bytes) -> None:
        """Sends a body, given with its CRC; LinkError where the port does not take it."""
        for tap in self.taps:
            tap("tx", body)
        self.write(wire.coded(body))

    def write(self, raw: bytes) -> None:
        """Puts bytes on the wire as they are; LinkError where the port does not take them."""
        if self._port is None:
            raise LinkError(f"{self.url}: not open")
        try:
            with self._writing:
                for at in range(0, len(raw), RAW_CHUNK):
                    self._port.write(raw[at : at + RAW_CHUNK])
        except OSError as error:
            raise LinkError(f"{self.url}: cannot be written ({error})") from error

    def _read(self, port: serial.Serial) -> None:
        deframer = Deframer()
        try:
            while not self._closing:
                chunk = port.read(port.in_waiting or 1)
                self._counters.bytes_in += len(chunk)
                dropped = deframer.dropped
                for raw in deframer.feed(chunk):
                    self._take(raw)
                self._counters.dropped += deframer.dropped - dropped
        except (OSError, TypeError, LinkError) as error:
            # pyserial raises TypeError where the port is closed under a read.
            self._on_end(f"{self.url}: the port failed ({error})")
        else:
            self._on_end(f"{self.url}: closed")

    def _take(self, raw: bytes) -> None:
        for tap in self.taps:
            tap("rx", raw)
        try:
            body = Body.decode(raw)
        except WireError:
            self._counters.dropped += 1
        else:
            self._on_body(body)
