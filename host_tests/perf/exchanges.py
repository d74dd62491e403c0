"""The exchanges that are measured, and their bytes: what is asked, what the specifications want as the answer.

Sources: ZCL 2.5.1 and 2.5.12; ZSE D.3 (Metering), D.9 (Device Management); GBCS GCS20r and its published answer;
MP078 IRP604 for the Default Response; the serial HAN link for the frames that carry it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gsme_host import zcl
from gsme_host.eui64 import BENCH, CHF, EUI64
from gsme_host.meter import BENCH_ENDPOINT, BENCH_MANUFACTURER
from gsme_host.wire import LINK_KEY, VERSION, Ack, Data, Kind, body, coded
from gsme_host.zcl import Cluster, Frame, Global, Status, Type, u8, u16
from host_tests.judges.event_list import FACTORY, PUBLISHED_ORDER

ENDPOINT: Final = 1
RING: Final = 256  # sequence numbers of the link, and TSNs

GET_EVENT_CONFIGURATION: Final = 0x05
REPORT_EVENT_CONFIGURATION: Final = 0x04
GROUP: Final = 0x81FF
FULL: Final = 25  # events in a Report Event Configuration of 80 bytes, the most that a HAN frame has

SET_ATTRIBUTE: Final = 0x0A  # of the bench cluster
ANNOUNCE_SEQ: Final = 1  # the device announce is the first DATA that a meter sends

REGISTER: Final = 0x0000
REGISTER_SIZE: Final = 6
# Metering attributes that do not change: id, type, value.
STEADY: Final = (
    (0x0200, Type.MAP8, b"\x00"),
    (0x0300, Type.ENUM8, b"\x01"),
    (0x0301, Type.UINT24, b"\x01\x00\x00"),
    (0x0302, Type.UINT24, b"\xe8\x03\x00"),
    (0x0303, Type.MAP8, b"\x2b"),
    (0x0306, Type.MAP8, b"\x01"),
)


@dataclass(frozen=True)
class Exchange:
    """A question of the hub's, and all that answers it. `not_held`: events whose configuration the meter lacks."""

    name: str
    cluster: int
    not_held: tuple[int, ...] = ()

    def request(self, tsn: int) -> bytes:
        """The ZCL frame that asks."""
        raise NotImplementedError

    def answers(self, tsn: int, register: int) -> list[bytes]:
        """The ZCL frames that must come back while the register says so many litres."""
        raise NotImplementedError


@dataclass(frozen=True)
class Read(Exchange):
    """Read Attributes of the register and `steady` others."""

    steady: int = 0

    def request(self, tsn: int) -> bytes:
        """All of them in one frame."""
        return zcl.read_attributes(REGISTER, *(row[0] for row in STEADY[: self.steady]), tsn=tsn)

    def answers(self, tsn: int, register: int) -> list[bytes]:
        """One frame with a record for each."""
        value = register.to_bytes(REGISTER_SIZE, "little")
        rows = ((REGISTER, Type.UINT48, value), *STEADY[: self.steady])
        records = (u16(name) + u8(Status.SUCCESS) + u8(kind) + value for name, kind, value in rows)
        return [Frame(zcl.GLOBAL_TO_CLIENT, tsn, Global.READ_RESPONSE, b"".join(records)).encode()]


@dataclass(frozen=True)
class GetConfiguration(Exchange):
    """Get Event Configuration of a group (`event` ends in FF) or of one event."""

    event: int = GROUP

    def request(self, tsn: int) -> bytes:
        """From server to client: the meter is the client of Device Management."""
        return Frame(zcl.CLUSTER_TO_CLIENT, tsn, GET_EVENT_CONFIGURATION, u16(self.event)).encode()

    def answers(self, tsn: int, register: int) -> list[bytes]:
        """As many Report Event Configuration as the rows need, or NOT_FOUND."""
        wanted = [code for code in PUBLISHED_ORDER if self.event in (GROUP, code) and code not in self.not_held]
        if not wanted:
            refusal = u8(GET_EVENT_CONFIGURATION) + u8(Status.NOT_FOUND)
            return [Frame(zcl.GLOBAL_TO_SERVER, tsn, Global.DEFAULT_RESPONSE, refusal).encode()]
        commands = [wanted[at : at + FULL] for at in range(0, len(wanted), FULL)]
        return [_report(tsn, index, len(commands), codes) for index, codes in enumerate(commands)]


def _report(tsn: int, index: int, total: int, codes: list[int]) -> bytes:
    rows = b"".join(u16(code) + u8(FACTORY[code]) for code in codes)
    return Frame(zcl.CLUSTER_TO_SERVER, tsn, REPORT_EVENT_CONFIGURATION, u8(index) + u8(total) + rows).encode()


READ_ONE: Final = Read("read of one attribute", Cluster.METERING)
READ_SEVEN: Final = Read("read of 7 attributes", Cluster.METERING, steady=len(STEADY))
GCS20R_4: Final = GetConfiguration("GCS20r, 4 events", Cluster.DEVICE_MANAGEMENT, PUBLISHED_ORDER[4:])
GCS20R_44: Final = GetConfiguration("GCS20r, 44 events", Cluster.DEVICE_MANAGEMENT)
# The last code of the list: the longest search.
NOT_FOUND: Final = GetConfiguration(
    "error answer", Cluster.DEVICE_MANAGEMENT, PUBLISHED_ORDER[-1:], event=PUBLISHED_ORDER[-1]
)
CODED: Final[tuple[Exchange, ...]] = (READ_SEVEN, GCS20R_4, GCS20R_44, NOT_FOUND)  # what is compared with a codec
EXCHANGES: Final[tuple[Exchange, ...]] = (READ_ONE, *CODED)


@dataclass(frozen=True)
class Conversation:
    """One exchange on the wire, over and over: every sequence number and TSN once, then all of them again."""

    exchange: Exchange

    @property
    def answer_count(self) -> int:
        """DATA frames that answer one request."""
        return len(self.exchange.answers(0, 0))

    @property
    def first_ack(self) -> int:
        """The meter's sequence number of the first answer."""
        return ANNOUNCE_SEQ + len(self.exchange.not_held) + 1

    def setup(self) -> list[bytes]:
        """What the host sends first: SYNC, the acknowledgement of the announce, and what makes events not held."""
        frames = [coded(body(Kind.SYNC, 0, u8(VERSION))), ack(ANNOUNCE_SEQ)]
        for seq, code in enumerate(self.exchange.not_held, start=1):
            frames += [_drop(seq, code), ack(ANNOUNCE_SEQ + seq)]
        return frames

    def requests(self) -> list[bytes]:
        """The frames of the ring, the first with TSN 0."""
        first = len(self.exchange.not_held) + 1
        return [self._frame((first + tsn) % RING, self.exchange.request(tsn)) for tsn in range(RING)]

    def replies(self, turn: int, register: int = 0) -> Iterator[bytes]:
        """What the meter writes in that turn, from 0: its acknowledgement, then the answers."""
        yield ack((len(self.exchange.not_held) + 1 + turn) % RING)
        seq = self.first_ack + turn * self.answer_count
        for asdu in self.exchange.answers(turn % RING, register):
            yield self._frame(seq % RING, asdu)
            seq += 1

    def _frame(self, seq: int, asdu: bytes) -> bytes:
        return _data(seq, CHF, ENDPOINT, self.exchange.cluster, asdu)


def ack(seq: int) -> bytes:
    """The frame that accepts DATA with that sequence number."""
    return coded(body(Kind.ACK, seq, u8(Ack.ACCEPTED)))


def _data(seq: int, peer: EUI64, endpoint: int, cluster: int, asdu: bytes) -> bytes:
    data = Data(peer, 1, endpoint, zcl.PROFILE_SE, cluster, LINK_KEY, asdu)
    return coded(body(Kind.DATA, seq, data.encode()))


def _drop(seq: int, code: int) -> bytes:
    """The bench command after which the meter does not hold an event's configuration."""
    payload = u16(Cluster.DEVICE_MANAGEMENT) + u16(code) + u8(Status.NOT_FOUND)
    fc = zcl.CLUSTER_TO_SERVER | zcl.MANUFACTURER_SPECIFIC
    frame = Frame(fc, seq, SET_ATTRIBUTE, payload, BENCH_MANUFACTURER)
    return _data(seq, BENCH, BENCH_ENDPOINT, Cluster.BENCH, frame.encode())
