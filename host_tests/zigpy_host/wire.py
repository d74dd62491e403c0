"""The hub's end of the serial HAN link (version 1) on an asyncio loop.

It shares no code with the host tools on purpose: two readings of one document agree or one of them is wrong.

    wire  = COBS(body) 00
    body  = kind u8 | seq u8 | payload | crc u32        crc: CRC-32/ISO-HDLC over what stands before it

Numbers are little-endian. An EUI64 is an int whose hex digits read as people write it: 0x00DB1234567890A2.
"""

import asyncio
import contextlib
import struct
from binascii import crc32
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import serial
from cobs import cobs

BAUD: Final = 460800
VERSION: Final = 1
SYNC: Final = 0x00
DATA: Final = 0x01
ACK: Final = 0x02

ACCEPTED: Final = 0x00
REPEATED: Final = 0x01
BUSY: Final = 0x02
NOT_UNDERSTOOD: Final = 0x03

ACK_TIMEOUT_S: Final = 0.2  # rule 2
TRANSMISSIONS: Final = 5  # rule 2
BUSY_PAUSE_S: Final = 0.05  # ACK 02
BUSY_LIMIT_S: Final = 2.0  # ACK 02
SYNC_PERIOD_S: Final = 0.1  # rule 4
SYNC_SEQ: Final = 0
LONGEST_WIRE: Final = 2048  # more without a zero is noise: 1600 bytes of payload, header, CRC and COBS are less

APS_NETWORK_KEY: Final = 1
APS_LINK_KEY: Final = 2
APS_BROADCAST: Final = 4
BROADCAST_EUI64: Final = 0xFFFFFFFFFFFFFFFF

_HEADER: Final = struct.Struct("<QBBHHB")
_IDENTITY: Final = struct.Struct("<BBHQ")  # payload of the ACK to a SYNC: status, version, largest payload, EUI64
_SHORTEST_BODY: Final = 6


class LinkError(Exception):
    """The meter's end does not answer, is busy for too long, refuses a frame, or the port is gone."""


@dataclass(frozen=True)
class Frame:
    """Payload of a DATA frame: the ASDU and the APS facts beside it; `peer` is the HAN node, never the meter."""

    peer: int
    peer_endpoint: int
    own_endpoint: int
    profile: int
    cluster: int
    aps: int
    asdu: bytes

    def pack(self) -> bytes:
        """The 15 header bytes and the ASDU."""
        head = (self.peer, self.peer_endpoint, self.own_endpoint, self.profile, self.cluster, self.aps)
        return _HEADER.pack(*head) + self.asdu

    @classmethod
    def unpack(cls, payload: bytes) -> "Frame":
        """The opposite of `pack`; struct.error if the header is cut short."""
        peer, peer_endpoint, own_endpoint, profile, cluster, aps = _HEADER.unpack_from(payload)
        return cls(peer, peer_endpoint, own_endpoint, profile, cluster, aps, payload[_HEADER.size :])


def wrap(kind: int, seq: int, payload: bytes) -> bytes:
    """One frame as it goes over the wire, its closing zero included."""
    body = bytes((kind, seq)) + payload
    return bytes(cobs.encode(body + crc32(body).to_bytes(4, "little"))) + b"\0"


def unwrap(wire: bytes) -> tuple[int, int, bytes] | None:
    """Kind, seq and payload of what stood between two zeros; None if it is damaged (rule 5)."""
    try:
        body = bytes(cobs.decode(wire))
    except cobs.DecodeError:
        return None
    if len(body) < _SHORTEST_BODY or crc32(body[:-4]).to_bytes(4, "little") != body[-4:]:
        return None
    return body[0], body[1], body[2:-4]


class HanLink:
    """One open line to a meter. Frames from it go to `receive`, in order, each one once."""

    def __init__(self, receive: Callable[[Frame], None]) -> None:
        """`receive` runs on the loop and must not block."""
        self._receive = receive
        self._port: serial.SerialBase | None = None
        self._buffer = bytearray()
        self._seq = 0
        self._last_seq: int | None = None
        self._awaited: tuple[int, asyncio.Future[bytes]] | None = None
        self._turn = asyncio.Lock()  # rule 1: one unacknowledged DATA at a time
        self._tasks: set[asyncio.Task[int]] = set()

    async def open(self, port: str, baud: int = BAUD, timeout_s: float = 2.0) -> int:
        """Open `port` (anything that pyserial opens), SYNC, and return the meter's EUI64.

        LinkError if the port cannot be opened or nothing on it answers within `timeout_s`.
        """
        try:
            self._port = serial.serial_for_url(port, baud, timeout=0)
        except (serial.SerialException, ValueError) as error:
            raise LinkError(f"cannot open {port}: {error}") from error
        asyncio.get_running_loop().add_reader(self._port.fileno(), self._readable)
        return await self.sync(timeout_s)

    def close(self) -> None:
        """Give the port back; the meter does not notice (rule 7)."""
        port, self._port = self._port, None
        if port is not None:
            asyncio.get_running_loop().remove_reader(port.fileno())
            port.close()

    async def sync(self, timeout_s: float = 2.0) -> int:
        """SYNC until it is answered (rule 4); the meter's EUI64. LinkError after `timeout_s`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._turn:
                while (answer := await self._exchange(SYNC, SYNC_SEQ, bytes((VERSION,)), SYNC_PERIOD_S)) is None:
                    pass
                if len(answer) != _IDENTITY.size:
                    raise LinkError(f"not a meter of link version {VERSION}: ACK {answer.hex(' ')}")
                self._last_seq = None
                return int(_IDENTITY.unpack(answer)[3])
        raise LinkError(f"nothing answered SYNC in {timeout_s:g} s")

    async def send(self, frame: Frame) -> None:
        """Deliver one frame; returns when it is acknowledged. LinkError if it was not taken."""
        async with self._turn:
            self._seq = (self._seq + 1) % 256
            status = await self._deliver(frame.pack())
        if status not in (ACCEPTED, REPEATED):
            raise LinkError(f"DATA refused with ACK {status:02X}")

    async def _deliver(self, payload: bytes) -> int:
        """Send under the current seq until a final ACK status comes back."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + BUSY_LIMIT_S
        unanswered = 0
        while unanswered < TRANSMISSIONS and loop.time() < give_up:
            answer = await self._exchange(DATA, self._seq, payload, ACK_TIMEOUT_S)
            if answer is None:
                unanswered += 1
            elif answer[0] != BUSY:
                return answer[0]
            else:
                await asyncio.sleep(BUSY_PAUSE_S)
        raise LinkError("DATA was not acknowledged")

    async def _exchange(self, kind: int, seq: int, payload: bytes, wait_s: float) -> bytes | None:
        """Send one frame and wait for the payload of the ACK of its seq; None if none came in time."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._awaited = (seq, future)
        self._write(wrap(kind, seq, payload))
        try:
            return await asyncio.wait_for(future, wait_s)
        except TimeoutError:
            return None
        finally:
            self._awaited = None

    def _write(self, wire: bytes) -> None:
        if self._port is None:
            raise LinkError("the port is closed")
        try:
            self._port.write(wire)
        except serial.SerialException as error:
            raise LinkError(f"cannot write to the port: {error}") from error

    def _readable(self) -> None:
        port = self._port
        if port is None:
            return
        try:
            self._buffer += port.read(LONGEST_WIRE)
        except serial.SerialException:
            self.close()  # whoever waits for an answer runs into its own time-out
            return
        *frames, rest = self._buffer.split(b"\0")
        self._buffer = rest if len(rest) <= LONGEST_WIRE else bytearray()
        for wire in frames:
            parts = unwrap(bytes(wire)) if wire else None
            if parts is not None:
                self._handle(*parts)

    def _handle(self, kind: int, seq: int, payload: bytes) -> None:
        if kind == ACK and payload:
            if self._awaited is not None and self._awaited[0] == seq and not self._awaited[1].done():
                self._awaited[1].set_result(payload)
        elif kind == DATA:
            self._take(seq, payload)
        elif kind == SYNC:
            # The meter has restarted. It sends nothing of its own before a host's SYNC.
            self._last_seq = None
            task = asyncio.get_running_loop().create_task(self.sync())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _take(self, seq: int, payload: bytes) -> None:
        if len(payload) < _HEADER.size:
            self._write(wrap(ACK, seq, bytes((NOT_UNDERSTOOD,))))
        elif seq == self._last_seq:
            self._write(wrap(ACK, seq, bytes((REPEATED,))))
        else:
            self._last_seq = seq
            self._write(wrap(ACK, seq, bytes((ACCEPTED,))))
            self._receive(Frame.unpack(payload))
