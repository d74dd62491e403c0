"""The bare serial line, for what a well-behaved host never does: bytes as they are, answers left unacknowledged.

A `Line` takes the port over from the target's link and gives it back at the end, so that the rest of a test goes on as
usual. Nothing here waits for silence: what has to come is waited for, and proves that nothing came before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import serial
from cobs import cobs

from gsme_host import wire, zcl
from gsme_host.bench import Command
from gsme_host.eui64 import CHF
from gsme_host.meter import BENCH_MANUFACTURER, bench_data
from gsme_host.port import open_port
from gsme_host.wire import LINK_KEY, Ack, Body, Data, Kind
from host_tests.support.target import Target

WAIT_S: Final = 5.0  # for something that has to come
REOPEN_S: Final = 10.0
SEQ_COUNT: Final = 256
SYNC_ACK_BYTES: Final = 12  # status, version, largest payload, own EUI64

READ: Final = Data(CHF, 1, 1, zcl.PROFILE_SE, zcl.Cluster.METERING, LINK_KEY, bytes.fromhex("00 01 00 0003"))
READ_ANSWER: Final = bytes.fromhex("08 01 01 0003 00 30 01")  # UnitOfMeasure: cubic metres
IN_SECURITY_LOG: Final = 0x8F3F


class Line:
    """An open port, and the frames on it one by one. Sequence numbers of `data` grow by one."""

    def __init__(self, url: str, baud: int) -> None:
        self.url = url
        self.baud = baud
        self.seq = 0  # of the last DATA that `data` sent
        self._rest = b""
        self._aside: deque[Body] = deque()  # DATA that came while an ACK was waited for
        self._last: Body | None = None  # the last DATA that `body` gave; what repeats it may come at any time
        self._port = self._open()

    def _open(self) -> serial.Serial:
        port = open_port(self.url, self.baud)
        port.timeout = WAIT_S
        return port

    def close(self) -> None:
        """Closes the port."""
        self._port.close()

    def reopen(self) -> None:
        """Closes the port and opens it again, as another program would."""
        self.close()
        self._rest = b""
        self._aside.clear()
        self._last = None
        self._port = self._open()

    # --- sending

    def send(self, raw: bytes | str) -> None:
        """Puts bytes (or hex) on the wire as they are."""
        self._port.write(bytes.fromhex(raw) if isinstance(raw, str) else raw)

    def send_body(self, kind: int, seq: int, payload: bytes = b"") -> None:
        """Sends a frame of any kind, with whatever payload."""
        self.send(wire.coded(wire.body(kind, seq % SEQ_COUNT, payload)))

    def data(self, data: Data) -> int:
        """Sends DATA under the next sequence number and waits for nothing; returns that number."""
        self.seq = (self.seq + 1) % SEQ_COUNT
        self.send_body(Kind.DATA, self.seq, data.encode())
        return self.seq

    def ack(self, seq: int, status: int = Ack.ACCEPTED) -> None:
        """Acknowledges the device's DATA."""
        self.send_body(Kind.ACK, seq, bytes((status,)))

    # --- reading

    def raw(self) -> bytes:
        """The bytes of the next frame as they came, its zero included; AssertionError where none comes."""
        while wire.END not in self._rest:
            self._rest += self._chunk()
        frame, _, self._rest = self._rest.partition(wire.END)
        return frame + wire.END

    def _chunk(self) -> bytes:
        chunk = bytes(self._port.read(self._port.in_waiting or 1))
        assert chunk, f"nothing within {WAIT_S} s, only [{self._rest.hex(' ')}] before"
        return chunk

    def body(self) -> Body:
        """The next frame that is neither empty nor for people, unacknowledged."""
        body = self._aside.popleft() if self._aside else self._read_body()
        self._last = body if body.kind is Kind.DATA else self._last
        return body

    def new_body(self) -> Body:
        """The same, but for repetitions of the DATA that came last."""
        last = self._last
        while (body := self.body()).kind is Kind.DATA and body == last:
            pass
        return body

    def _read_body(self) -> Body:
        while True:
            frame = self.raw()
            if frame != wire.END:
                body = Body.decode(cobs.decode(frame[:-1]))
                if body.kind is not Kind.TEXT:
                    return body

    def acked(self, seq: int) -> int:
        """The status of the ACK that comes next, before any new DATA; it has to carry that sequence number."""
        body = self.new_body()
        assert (body.kind, body.seq) == (Kind.ACK, seq), body
        return body.payload[0]

    def acked_amid_data(self, seq: int) -> int:
        """The same, where the device may be sending: its DATA is kept for the next readers."""
        aside, last = [], self._last
        while (body := self.body()).kind is Kind.DATA:
            aside.append(body)
        self._aside.extend(aside)
        self._last = last
        assert (body.kind, body.seq) == (Kind.ACK, seq), body
        return body.payload[0]

    def read_past(self, end: bytes) -> None:
        """Reads on until those bytes have come; AssertionError where they do not."""
        while end not in self._rest:
            self._rest += self._chunk()
        self._rest = self._rest.partition(end)[2]

    def take_body(self) -> Body:
        """The next new DATA, acknowledged."""
        body = self.new_body()
        assert body.kind is Kind.DATA, body
        self.ack(body.seq)
        return body

    def take(self) -> Data:
        """What is in the next new DATA, acknowledged."""
        return Data.decode(self.take_body().payload)

    # --- both

    def sync(self, seq: int = 0) -> None:
        """Sends SYNC and reads on to its ACK; what comes before it was under way, and is passed over."""
        self.send_body(Kind.SYNC, seq, bytes((wire.VERSION,)))
        self._aside.clear()
        while (body := self.body()).kind is not Kind.ACK or len(body.payload) != SYNC_ACK_BYTES:
            pass
        assert (body.seq, body.payload[0]) == (seq, Ack.ACCEPTED), body
        self._last = None

    def sync_amid_rubble(self) -> None:
        """The same where frames may have been lost, or something else than the link have spoken."""
        ack = wire.body(Kind.ACK, 0, b"\x00")[:3]
        self.send(wire.END)
        self.send_body(Kind.SYNC, 0, bytes((wire.VERSION,)))
        while not _uncoded(self.raw()).startswith(ack):
            pass
        self._aside.clear()
        self._last = None

    def ask(self, data: Data) -> Data:
        """One exchange: DATA, its ACK 00, one answer. Proves that nothing else was on its way before."""
        assert self.acked(self.data(data)) == Ack.ACCEPTED
        return self.take()

    def serves(self) -> bool:
        """Whether the next request is acknowledged, then answered."""
        return self.ask(READ).asdu == READ_ANSWER

    def bench_int(self, attribute: int) -> int:
        """The value of a bench attribute that is a number."""
        answer = zcl.Frame.parse(self.ask(bench_read(attribute)).asdu)
        return int.from_bytes(zcl.parse_read_response(answer.payload)[attribute].value, "little")


def _uncoded(frame: bytes) -> bytes:
    """The body, or nothing where the frame is damaged."""
    try:
        return bytes(cobs.decode(frame[:-1]))
    except cobs.DecodeError:
        return b""


def bench_read(attribute: int) -> Data:
    """A read of a bench attribute."""
    control = zcl.GLOBAL_TO_SERVER | zcl.MANUFACTURER_SPECIFIC
    return bench_data(zcl.Frame(control, 0, zcl.Global.READ, zcl.u16(attribute), BENCH_MANUFACTURER))


def bench_command(command: int, payload: bytes = b"") -> Data:
    """A command to the bench."""
    control = zcl.CLUSTER_TO_SERVER | zcl.MANUFACTURER_SPECIFIC
    return bench_data(zcl.Frame(control, 0, command, payload, BENCH_MANUFACTURER))


def raise_event(event: int = IN_SECURITY_LOG) -> Data:
    """A bench command that makes two frames of the device: its answer, and the event told to the GPF."""
    return bench_command(Command.RAISE_EVENT, zcl.u16(event) + zcl.octstr(b""))


@contextmanager
def taken_over(target: Target) -> Iterator[Line]:
    """The target's port as a bare line, synchronised; afterwards its link goes on, synchronised anew."""
    link = target.meter.link
    link.close()
    line = Line(link.url, link.baud)
    try:
        line.sync()
        yield line
    finally:
        line.close()
        link.reopen(REOPEN_S)
        link.sync()
