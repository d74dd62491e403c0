"""The envelope: General-Ciphering, which carries a MAC, around General-Signing (GBCS 7.2). Integers are big-endian.

MAC header   DD 00 00 00 00 00 00 | length | 11 00 00 00 00
G            DF 09 | CRA u8 | originator counter u64 | 08 originator u64 | 08 recipient u64
             date-time: 00, or 0C and 12 octets | length, other information | length, content
             signature: 00, or 40 and 64 octets
MAC          12 octets
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, Self

from ..eui64 import EUI64
from . import GbcsError
from .reader import BYTE_ORDER, Reader, length

CIPHERING: Final = bytes.fromhex("DD 00 00 00 00 00 00")
SECURITY_HEADER: Final = bytes.fromhex("11 00 00 00 00")
SIGNING: Final = bytes.fromhex("DF 09")
MAC_LENGTH: Final = 12
SIGNATURE_LENGTH: Final = 64
DATE_TIME_LENGTH: Final = 12
ID_LENGTH: Final = 8
CODE_LENGTH: Final = 2
CERTIFICATE: Final = 0x30  # how DER begins
MOST_IDS: Final = 3


class Cra(IntEnum):
    """Command, response or alert."""

    COMMAND = 1
    RESPONSE = 2
    ALERT = 3


@dataclass(frozen=True)
class Message:
    """One message. `supplementary`: of the other information, in order, a party, its counter, an originator counter.

    `signature` has 64 octets (r, then s) or none; `mac` has 12, and is None where there is no MAC header.
    """

    cra: int
    counter: int
    originator: EUI64
    recipient: EUI64
    code: int
    content: bytes
    supplementary: tuple[int, ...] = ()
    certificate: bytes = b""
    date_time: bytes = b""
    signature: bytes = b""
    mac: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Takes a message apart; GbcsError says what is wrong with it."""
        reader, mac = Reader(data), None
        if data[:1] == CIPHERING[:1]:
            reader, mac = _open(reader)
        message = cls._parse_signing(reader)
        reader.end("the signature")
        return replace(message, mac=mac)

    @classmethod
    def _parse_signing(cls, reader: Reader) -> Self:
        reader.expect(SIGNING, "header of General-Signing")
        cra = reader.u8("CRA flag")
        counter = reader.number(8, "originator counter")
        originator, recipient = _entity(reader, "originator"), _entity(reader, "recipient")
        date_time = _optional(reader, DATE_TIME_LENGTH, "date-time")
        code, supplementary, certificate = _other(reader.take(reader.length("other information"), "other information"))
        content = reader.take(reader.length("content"), "content")
        signature = _optional(reader, SIGNATURE_LENGTH, "signature")
        return cls(cra, counter, originator, recipient, code, content, supplementary, certificate, date_time, signature)

    @property
    def unsigned(self) -> bytes:
        """G up to the end of the content: what a signature covers, but for its first octet."""
        other = self.code.to_bytes(CODE_LENGTH, BYTE_ORDER)
        other += b"".join(number.to_bytes(ID_LENGTH, BYTE_ORDER) for number in self.supplementary) + self.certificate
        return b"".join(
            (
                SIGNING + bytes((self.cra,)) + self.counter.to_bytes(8, BYTE_ORDER),
                *(bytes((ID_LENGTH,)) + bytes(reversed(party)) for party in (self.originator, self.recipient)),
                bytes((len(self.date_time),)) + self.date_time,
                length(len(other)) + other,
                length(len(self.content)) + self.content,
            )
        )

    @property
    def g(self) -> bytes:
        """From DF to the end of the signature: what a MAC covers."""
        return self.unsigned + bytes((len(self.signature),)) + self.signature

    def encode(self) -> bytes:
        """The message's bytes, with its MAC if it has one."""
        return self.g if self.mac is None else with_mac(self.g, self.mac)


def with_mac(g: bytes, mac: bytes) -> bytes:
    """A General-Ciphering around what a MAC covers."""
    return CIPHERING + length(len(SECURITY_HEADER) + len(g) + len(mac)) + SECURITY_HEADER + g + mac


def entity_id(party: EUI64) -> bytes:
    """An entity id as it stands in a message: most significant octet first."""
    return bytes(reversed(party))


def _open(reader: Reader) -> tuple[Reader, bytes]:
    """Takes off the MAC header: the reader of G, and the MAC."""
    reader.expect(CIPHERING, "header of General-Ciphering")
    size = reader.length("what has the MAC")
    if size != reader.left:
        raise GbcsError(f"octet {reader.at}: what has the MAC is said to be {size} octets long, and is {reader.left}")
    reader.expect(SECURITY_HEADER, "security header")
    g = reader.take(max(reader.left - MAC_LENGTH, 0), "what has the MAC")
    return Reader(g), reader.take(MAC_LENGTH, "MAC")


def _entity(reader: Reader, what: str) -> EUI64:
    reader.expect(bytes((ID_LENGTH,)), f"length of {what}")
    return EUI64(bytes(reversed(reader.take(ID_LENGTH, what))))


def _optional(reader: Reader, size: int, what: str) -> bytes:
    """Octets that are there wholly or not at all."""
    start = reader.at
    count = reader.u8(f"length of {what}")
    if count not in (0, size):
        raise GbcsError(f"octet {start}: {what} has {count} octets, not {size} or none")
    return reader.take(count, what)


def _other(data: bytes) -> tuple[int, tuple[int, ...], bytes]:
    """Message code, supplementary fields, certificate."""
    reader = Reader(data)
    code = reader.number(CODE_LENGTH, "message code")
    supplementary: list[int] = []
    while reader.left >= ID_LENGTH and len(supplementary) < MOST_IDS and not is_certificate(data[reader.at :]):
        supplementary.append(reader.number(ID_LENGTH, "supplementary field"))
    rest = reader.take(reader.left, "certificate")
    if rest and not is_certificate(rest):
        raise GbcsError(
            f"other information has {len(data)} octets, and is neither of its lengths nor has a certificate"
        )
    return code, tuple(supplementary), rest


def is_certificate(data: bytes) -> bool:
    """Whether it is a DER sequence with a length of two octets, and nothing else."""
    return data[:2] == bytes((CERTIFICATE, 0x82)) and len(data) == 4 + int.from_bytes(data[2:4], BYTE_ORDER)
