"""The host's end of the serial HAN link, over any port that pyserial opens.

A reader thread takes frames in, acknowledges what the device sends and keeps it for `receive`; `send` waits for the
device's acknowledgement. Several threads may use one link. Source: the serial HAN link, version 1: "Rules".
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from . import wire
from .channel import Channel, Counters, LinkError
from .port import PortError, has_speed
from .wire import Ack, Body, Data, Identity, Kind, WireError

if TYPE_CHECKING:
    from types import TracebackType

    from .capture import Capture

__all__ = ["BAUD", "Counters", "DeviceRestarted", "Link", "LinkError", "NoAnswer", "NotAMeter"]

AckRule = Callable[[Body], int | None]

BAUD: Final = 460800
SPEEDS: Final = (BAUD, 115200)  # of a UART that only the link has, and of a REPL on one
SYNCS_A_SPEED: Final = 5
BITS_PER_BYTE: Final = 10  # start, eight data bits, stop
SYNC_EVERY_S: Final = 0.1
ACK_WAIT_S: Final = 0.2
TRANSMISSIONS: Final = 5
NO_ROOM_WAIT_S: Final = 0.05
NO_ROOM_LIMIT_S: Final = 2.0
SEQ_COUNT: Final = 256
TEXTS_KEPT: Final = 1000
REOPEN_EVERY_S: Final = 0.1
# No device acts on an ACK that it does not wait for, and in this one no byte is Ctrl-C.
_KNOCK: Final = wire.body(Kind.ACK, 0xAA, bytes((Ack.REPEATED,)) + b"restarted?")

_log = logging.getLogger(__name__)


class NoAnswer(LinkError):
    """Nothing came in time: to a SYNC, or to a DATA in all its transmissions."""


class NotAMeter(LinkError):
    """Something speaks at the other end, but not this link, or another version of it."""


class DeviceRestarted(LinkError):
    """The device told of a restart while a frame waited for its acknowledgement."""


@dataclass
class _Waiting:
    """The one frame that waits for its ACK, and what came."""

    kind: Kind
    seq: int
    answer: bytes | None = None


class Link:
    """A link over `url`, opened for this process alone where the system can do that.

    Hooks, called from the thread that sees the frame: each of `taps` gets ("tx" or "rx", body with its CRC) of every
    frame whose COBS is right; `ack_rule`, if set, says the status to acknowledge a device's DATA with, None for none at
    all, and only what it accepts is delivered.

    A speed that nobody gives is found out by the first `sync` that is answered, and stays.
    """

    def __init__(self, url: str, capture: Capture | None = None, *, baud: int | None = None) -> None:
        """Opens the port; PortError says in one line why it cannot be."""
        self.url = url
        self.identity: Identity | None = None
        self.counters = Counters()
        self.texts: deque[str] = deque(maxlen=TEXTS_KEPT)
        self.ack_rule: AckRule | None = None
        # The one in use first. The list ends with the search.
        self._speeds = deque(SPEEDS if baud is None and has_speed(url) else (baud or BAUD,))
        self._channel = Channel(url, self._speeds[0], self.counters, self._take, self._fail)
        self.taps = self._channel.taps
        self._capture = capture
        self._received: queue.SimpleQueue[Data | None] = queue.SimpleQueue()  # None: the port has failed
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._waiting: _Waiting | None = None
        self._failure: str | None = None
        self._device_seq: int | None = None
        self._data_seq = 0
        self._sync_seq = 0
        self._handlers = {
            Kind.SYNC: self._take_sync,
            Kind.DATA: self._take_data,
            Kind.ACK: self._take_ack,
            Kind.TEXT: self._take_text,
        }
        self._channel.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # Opening and closing.

    def close(self) -> None:
        """Closes the port and ends the reader; a second time does nothing. Whoever waits gets LinkError."""
        self._channel.close()

    @property
    def baud(self) -> int:
        """Bits per second: as given, or as found out."""
        return self._channel.baud

    @property
    def failed(self) -> bool:
        """Whether the port has gone, so that only `reopen` helps."""
        return self._failure is not None

    def reopen(self, timeout: float) -> None:
        """Closes the port and opens it again, for as long as `timeout` seconds: a board's tty goes for a while."""
        self.close()
        self._forget()
        self._failure = None
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._channel.open()
            except PortError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(REOPEN_EVERY_S)
            else:
                return

    # Sending.

    def sync(self, timeout: float = 5.0) -> Identity:
        """Sends SYNC every 100 ms until it is answered. NoAnswer or NotAMeter after `timeout` seconds.

        Where the speed is not known, a second is enough for each to have its turn.

        What came before is forgotten, so `receive` gives only what the device sent after.
        """
        with self._sending:
            self._sync_seq = (self._sync_seq + 1) % SEQ_COUNT
            frame = wire.body(Kind.SYNC, self._sync_seq, bytes((wire.VERSION,)))
            payload = self._answer_of_sync(frame, time.monotonic() + timeout)
        if payload[0] == Ack.NOT_UNDERSTOOD:
            raise NotAMeter(f"{self.url}: the device speaks another version of the link")
        try:
            self.identity = Identity.decode(payload)
        except WireError as error:
            raise NotAMeter(f"{self.url}: {error}") from error
        return self.identity

    def _answer_of_sync(self, frame: bytes, deadline: float) -> bytes:
        heard = self.counters.bytes_in
        self._expect(Kind.SYNC, self._sync_seq)
        for sent in itertools.count(1):
            if (left := deadline - time.monotonic()) <= 0:
                break
            self._channel.transmit(frame)
            if (payload := self._wait_answer(min(SYNC_EVERY_S, left))) is not None:
                self._speeds = deque((self.baud,))
                return payload
            if sent % SYNCS_A_SPEED == 0:
                self._try_next_speed()
        if self.counters.bytes_in == heard:
            raise NoAnswer(f"{self.url}: silent, nothing answers there")
        raise NotAMeter(f"{self.url}: what answers there is not a meter on this link")

    def _try_next_speed(self) -> None:
        if len(self._speeds) > 1 and self._channel.change_speed(self._speeds[1]):
            self._speeds.rotate(-1)

    def send(self, data: Data, *, wait_ack: bool = True) -> int | None:
        """Sends DATA and returns the status of its ACK, 00, 01 or 03; 02 after two seconds without room.

        NoAnswer after five transmissions. With `wait_ack` false it is sent once and nobody waits: returns None.
        """
        with self._sending:
            self._data_seq = (self._data_seq + 1) % SEQ_COUNT
            frame = wire.body(Kind.DATA, self._data_seq, data.encode())
            self.counters.sent += 1
            self._record(replace(data, at=time.time()), from_device=False)
            if not wait_ack:
                self._channel.transmit(frame)
                return None
            return self._until_room(frame)

    def _until_room(self, frame: bytes) -> int:
        deadline = time.monotonic() + NO_ROOM_LIMIT_S
        while True:
            status = self._acknowledged(frame)
            if status != Ack.NO_ROOM or time.monotonic() > deadline:
                return status
            self.counters.no_room += 1
            time.sleep(NO_ROOM_WAIT_S)

    def _acknowledged(self, frame: bytes) -> int:
        wait = ACK_WAIT_S + len(wire.coded(frame)) * BITS_PER_BYTE / self._channel.baud
        self._expect(Kind.DATA, self._data_seq)
        for transmission in range(TRANSMISSIONS):
            self.counters.resent += transmission > 0
            self._channel.transmit(frame)
            if (payload := self._wait_answer(wait)) is not None:
                return payload[0]
        self.counters.given_up += 1
        raise NoAnswer(f"{self.url}: no acknowledgement in {TRANSMISSIONS} transmissions")

    def send_raw(self, raw: bytes) -> None:
        """Puts bytes on the wire as they are: for damage of every kind."""
        self._channel.write(raw)

    # Waiting.

    def _expect(self, kind: Kind, seq: int) -> None:
        with self._changed:
            self._waiting = _Waiting(kind, seq)

    def _wait_answer(self, timeout: float) -> bytes | None:
        """The payload of the expected ACK, or None after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(self._settled, timeout)
            if self._failure:
                raise LinkError(self._failure)
            if self._waiting is None:
                raise DeviceRestarted(f"{self.url}: the device restarted")
            answer = self._waiting.answer
            if answer is not None:
                self._waiting = None
            return answer

    def _settled(self) -> bool:
        return self._failure is not None or self._waiting is None or self._waiting.answer is not None

    def receive(self, timeout: float) -> Data | None:
        """The next DATA of the device, or None after `timeout` seconds; LinkError when the port has failed."""
        try:
            data = self._received.get(timeout=max(timeout, 0))
        except queue.Empty:
            return None
        if data is None:
            self._received.put(None)  # for the next caller
            raise LinkError(self._failure or f"{self.url}: closed")
        return data

    def wait_restart(self, seen: int, timeout: float) -> bool:
        """Waits until the device has told of more restarts than `seen`, a former value of `counters.restarts`.

        Frames that mean nothing are sent meanwhile: a board whose REPL shares the line starts at once for a host.
        """
        deadline = time.monotonic() + timeout
        while not self._restarted_within(min(SYNC_EVERY_S, deadline - time.monotonic()), seen):
            if time.monotonic() >= deadline:
                return False
            with suppress(LinkError):  # the port has gone, as the reader is about to find
                self._channel.transmit(_KNOCK)
        return self.counters.restarts > seen

    def _restarted_within(self, timeout: float, seen: int) -> bool:
        with self._changed:
            return self._changed.wait_for(
                lambda: self.counters.restarts > seen or self._failure is not None, max(timeout, 0)
            )

    # The reader's side.

    def _fail(self, why: str) -> None:
        with self._changed:
            self._failure = why
            self._changed.notify_all()
        self._received.put(None)

    def _take(self, body: Body) -> None:
        self._handlers[body.kind](body)

    def _take_sync(self, _: Body) -> None:
        self._device_seq = None
        with self._changed:
            self._waiting = None if self._waiting and self._waiting.kind is Kind.DATA else self._waiting
            self.counters.restarts += 1
            self._changed.notify_all()

    def _take_ack(self, body: Body) -> None:
        with self._changed:
            waiting = self._waiting
            if not body.payload or waiting is None or waiting.seq != body.seq or waiting.answer is not None:
                self.counters.stray_acks += 1
                return
            if waiting.kind is Kind.SYNC:
                self._forget()
            waiting.answer = body.payload
            self._changed.notify_all()

    def _forget(self) -> None:
        self._device_seq = None
        while not self._received.empty():
            self._received.get_nowait()

    def _take_data(self, body: Body) -> None:
        status = self._status_of(body)
        if self.ack_rule:
            rule = self.ack_rule(body)
            if rule is None:
                return
            status = rule or status
        self._channel.transmit(wire.body(Kind.ACK, body.seq, bytes((status,))))
        if status == Ack.ACCEPTED:
            self._accept(body)

    def _status_of(self, body: Body) -> int:
        if body.seq == self._device_seq:
            self.counters.repeated += 1
            return Ack.REPEATED
        try:
            Data.decode(body.payload)
        except WireError:
            self.counters.refused += 1
            return Ack.NOT_UNDERSTOOD
        return Ack.ACCEPTED

    def _accept(self, body: Body) -> None:
        self._device_seq = body.seq
        data = Data.decode(body.payload, time.time())
        self.counters.received += 1
        self._record(data, from_device=True)
        self._received.put(data)

    def _take_text(self, body: Body) -> None:
        text = body.payload.decode("utf-8", "replace")
        self.texts.append(text)
        _log.info("device: %s", text)

    def _record(self, data: Data, *, from_device: bool) -> None:
        if self._capture and self.identity:
            self._capture.add(data, self.identity.eui64, from_device=from_device)
