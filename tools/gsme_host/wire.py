"""Frames of the serial HAN link, version 1: bodies, COBS, CRC-32 and the payloads of each kind.

A body is kind u8, seq u8, payload, CRC-32 u32; on the wire it is COBS coded and ended by a zero. Multi-byte fields are
little-endian. Source: the serial HAN link, version 1: "Wire".
"""

from __future__ import annotations

import struct
from binascii import crc32
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Self

from cobs import cobs

from .eui64 import BROADCAST, EUI64

VERSION: Final = 1
MAX_PAYLOAD: Final = 1600
END: Final = b"\x00"

_HEADER: Final = struct.Struct("<BB")  # kind, seq
_CRC: Final = struct.Struct("<I")
_MIN_BODY: Final = _HEADER.size + _CRC.size
_MAX_BODY: Final = _MIN_BODY + MAX_PAYLOAD
_MAX_CODED: Final = _MAX_BODY + _MAX_BODY // 254 + 1
_DATA: Final = struct.Struct("<8sBBHHB")  # peer, peer endpoint, own endpoint, profile, cluster, aps
_IDENTITY: Final = struct.Struct("<BBH8s")  # status, version, largest payload, own EUI64


class Kind(IntEnum):
    """First byte of a body."""

    SYNC = 0
    DATA = 1
    ACK = 2
    TEXT = 3


class Ack(IntEnum):
    """Status byte of an ACK."""

    ACCEPTED = 0
    REPEATED = 1
    NO_ROOM = 2
    NOT_UNDERSTOOD = 3


_KINDS: Final = frozenset(Kind)

# Bits of the field aps.
SECURITY_NONE: Final = 0
NETWORK_KEY: Final = 1
LINK_KEY: Final = 2
SECURITY_MASK: Final = 3
APS_BROADCAST: Final = 4
APS_KNOWN: Final = SECURITY_MASK | APS_BROADCAST


class WireError(ValueError):
    """A frame that is not of this link: COBS, CRC, length or kind. Rule 5: it is dropped and counted."""


@dataclass(frozen=True)
class Identity:
    """What a device says of itself in the ACK of a SYNC; `max_payload` in bytes, `eui64` as on air."""

    version: int
    max_payload: int
    eui64: EUI64

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Reads the payload of a SYNC's ACK; WireError where the identity fields are missing."""
        if len(payload) < _IDENTITY.size:
            raise WireError("an ACK of a SYNC without the identity fields")
        _, version, max_payload, eui64 = _IDENTITY.unpack_from(payload)
        return cls(version, max_payload, EUI64(eui64))


@dataclass(frozen=True)
class Data:
    """The payload of DATA: one APS frame. `peer` is the other HAN node in both directions, `own` the device."""

    peer: EUI64
    peer_endpoint: int
    own_endpoint: int
    profile: int
    cluster: int
    aps: int
    asdu: bytes
    at: float = field(default=0.0, compare=False)  # seconds since the epoch, when it was sent or came; 0 for never

    @property
    def security(self) -> int:
        """SECURITY_NONE, NETWORK_KEY or LINK_KEY."""
        return self.aps & SECURITY_MASK

    @property
    def broadcast(self) -> bool:
        """Whether it goes to everybody or to a group."""
        return bool(self.aps & APS_BROADCAST) or self.peer == BROADCAST

    def encode(self) -> bytes:
        """The payload, 15 bytes and the ASDU."""
        ends = (self.peer, self.peer_endpoint, self.own_endpoint)
        return _DATA.pack(*ends, self.profile, self.cluster, self.aps) + self.asdu

    @classmethod
    def decode(cls, payload: bytes, at: float = 0.0) -> Self:
        """Reads a payload; WireError for a header cut short, reserved aps bits or security 3 (ACK 03)."""
        if len(payload) < _DATA.size:
            raise WireError("a DATA header cut short")
        peer, peer_endpoint, own_endpoint, profile, cluster, aps = _DATA.unpack_from(payload)
        if aps & ~APS_KNOWN or aps & SECURITY_MASK == SECURITY_MASK:
            raise WireError(f"aps {aps:02X} has reserved bits")
        return cls(EUI64(peer), peer_endpoint, own_endpoint, profile, cluster, aps, payload[_DATA.size :], at)


@dataclass(frozen=True)
class Body:
    """A body taken apart; the CRC was right."""

    kind: Kind
    seq: int
    payload: bytes

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Reads a body with its CRC; WireError for what rule 5 drops."""
        if not _MIN_BODY <= len(raw) <= _MAX_BODY:
            raise WireError(f"a body of {len(raw)} bytes")
        if crc32(raw[: -_CRC.size]) != _CRC.unpack_from(raw, len(raw) - _CRC.size)[0]:
            raise WireError("a wrong CRC")
        if raw[0] not in _KINDS:
            raise WireError(f"kind {raw[0]:02X}")
        return cls(Kind(raw[0]), raw[1], raw[_HEADER.size : -_CRC.size])


def body(kind: int, seq: int, payload: bytes = b"") -> bytes:
    """A body with its CRC. Takes any kind, so that a test can send one that does not exist."""
    head = _HEADER.pack(kind, seq) + payload
    return head + _CRC.pack(crc32(head))


def coded(raw: bytes) -> bytes:
    """What goes on the wire for a body: COBS and the closing zero."""
    frame: bytes = cobs.encode(raw)
    return frame + END


class Deframer:
    """Cuts a byte stream into bodies, in whatever pieces it comes. `dropped` counts what rule 5 drops."""

    def __init__(self) -> None:
        self.dropped = 0
        self._rest = b""
        self._overlong = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yields each whole body, CRC included and not yet checked, that the chunk completes."""
        *frames, rest = (self._rest + chunk).split(END)
        for frame in frames:
            if raw := self._uncoded(frame):
                yield raw
        self._keep(rest)

    def _keep(self, rest: bytes) -> None:
        # A stream without a zero must not fill the memory; the frame that it was counts as one drop.
        if len(rest) > _MAX_CODED:
            self._overlong = True
        self._rest = b"" if self._overlong else rest

    def _uncoded(self, frame: bytes) -> bytes | None:
        if self._overlong:
            self._overlong = False
            self.dropped += 1
            return None
        if not frame:
            return None
        try:
            raw: bytes = cobs.decode(frame)
        except cobs.DecodeError:
            self.dropped += 1
            return None
        return raw
