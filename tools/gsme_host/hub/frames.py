"""What a hub says to a sleepy meter, as ZCL frames; each answers `asked`, whose sequence number it repeats.

Sources: ZSE D.3 (Metering: mirror), D.6 (Tunneling), ZCL 3.12 (Time); GBCS 10.2 for the values and the octets in front
of a transfer's message.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from .. import zcl
from ..zcl import Frame, u8, u16, u32


class MirrorCommand(IntEnum):
    """Metering, from the meter (server) to the mirror (client)."""

    REQUEST = 0x01
    CONFIGURE = 0x08


class MirrorAnswer(IntEnum):
    """Metering, from the mirror to the meter."""

    RESPONSE = 0x01
    REMOVED = 0x02
    FLAGS = 0x09


class TunnelCommand(IntEnum):
    """Tunneling, from the meter (client) to the hub (server)."""

    REQUEST = 0x00
    CLOSE = 0x01
    TRANSFER = 0x02


class TunnelAnswer(IntEnum):
    """Tunneling, from the hub to the meter."""

    RESPONSE = 0x00
    TRANSFER = 0x01
    ERROR = 0x02
    CLOSED = 0x06


class TunnelStatus(IntEnum):
    """Status of a Request Tunnel Response."""

    OPEN = 0
    BUSY = 1
    NO_MORE_IDS = 2
    PROTOCOL = 3
    FLOW_CONTROL = 4


class Transfer(IntEnum):
    """First octet of what a sleepy meter's tunnel carries."""

    GET = 1
    GET_RESPONSE = 2
    PUT = 3


TUNNEL_MESSAGE_PENDING: Final = 1 << 21  # of the functional notification flags
SCHEME_B: Final = 2
SCHEME_B_WORDS: Final = 5
LARGEST_TRANSFER: Final = 1500
TIME_UNKNOWN: Final = 0xFFFFFFFF
MASTER: Final = 0x01


def time_answer(asked: Frame, utc: int | None) -> bytes:
    """Time and Time Status, of a hub that knows the time or, with None, of one that does not."""
    value = TIME_UNKNOWN if utc is None else utc
    time = u16(0) + u8(0) + u8(zcl.Type.UTC) + u32(value)
    status = u16(1) + u8(0) + u8(zcl.Type.MAP8) + u8(0 if utc is None else MASTER)
    return Frame(zcl.GLOBAL_TO_CLIENT_NO_DR, asked.tsn, zcl.Global.READ_RESPONSE, time + status).encode()


def mirror_answer(asked: Frame, endpoint: int) -> bytes:
    """Request Mirror Response; endpoint FFFF refuses."""
    return Frame(zcl.CLUSTER_TO_SERVER_NO_DR, asked.tsn, MirrorAnswer.RESPONSE, u16(endpoint)).encode()


def flags(asked: Frame, functional: int) -> bytes:
    """Mirror Report Attribute Response, scheme B: the functional notification flags, and four words without a flag."""
    words = u8(SCHEME_B) + u32(functional) + bytes(4 * (SCHEME_B_WORDS - 1))
    return Frame(zcl.CLUSTER_TO_SERVER_NO_DR, asked.tsn, MirrorAnswer.FLAGS, words).encode()


def tunnel_answer(asked: Frame, tunnel: int, status: int = TunnelStatus.OPEN) -> bytes:
    """Request Tunnel Response."""
    payload = u16(tunnel) + u8(status) + u16(LARGEST_TRANSFER)
    return Frame(zcl.CLUSTER_TO_CLIENT, asked.tsn, TunnelAnswer.RESPONSE, payload).encode()


def get_response(asked: Frame, tunnel: int, message: bytes | None, more: int) -> bytes:
    """Transfer Data with the next message and how many more wait; with None, that nothing waits."""
    data = u8(Transfer.GET_RESPONSE) + (u8(0) if message is None else u8(more) + message)
    return Frame(zcl.CLUSTER_TO_CLIENT_NO_DR, asked.tsn, TunnelAnswer.TRANSFER, u16(tunnel) + data).encode()


def done(asked: Frame, status: int = zcl.Status.SUCCESS) -> bytes:
    """Default Response to a command of the meter's."""
    direction = ~asked.fc & zcl.SERVER_TO_CLIENT
    control = zcl.TYPE_GLOBAL | zcl.NO_DEFAULT_RESPONSE | direction
    return Frame(control, asked.tsn, zcl.Global.DEFAULT_RESPONSE, u8(asked.command) + u8(status)).encode()
