"""ZCL frames as the bench writes and reads them, with no code of the firmware.

Values are those of the ZCL; multi-byte fields are little-endian. Source: ZCL r7 chapter 2, GBCS use case templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Self

PROFILE_ZDO: Final = 0x0000
PROFILE_SE: Final = 0x0109

# Bits of the frame control.
TYPE_MASK: Final = 0x03
TYPE_GLOBAL: Final = 0x00
TYPE_CLUSTER: Final = 0x01
MANUFACTURER_SPECIFIC: Final = 0x04
SERVER_TO_CLIENT: Final = 0x08
NO_DEFAULT_RESPONSE: Final = 0x10

# The frame controls in GBCS's words: profile-wide or cluster-specific, direction, default response allowed or disabled.
GLOBAL_TO_SERVER: Final = 0x00
GLOBAL_TO_SERVER_NO_DR: Final = 0x10
GLOBAL_TO_CLIENT: Final = 0x08
GLOBAL_TO_CLIENT_NO_DR: Final = 0x18
CLUSTER_TO_SERVER: Final = 0x01
CLUSTER_TO_SERVER_NO_DR: Final = 0x11
CLUSTER_TO_CLIENT: Final = 0x09
CLUSTER_TO_CLIENT_NO_DR: Final = 0x19


class Cluster(IntEnum):
    """Cluster ids."""

    BASIC = 0x0000
    IDENTIFY = 0x0003
    TIME = 0x000A
    PRICE = 0x0700
    METERING = 0x0702
    MESSAGING = 0x0703
    TUNNELING = 0x0704
    PREPAYMENT = 0x0705
    CALENDAR = 0x0707
    DEVICE_MANAGEMENT = 0x0708
    EVENTS = 0x0709
    KEY_ESTABLISHMENT = 0x0800
    BENCH = 0xFC00


class Global(IntEnum):
    """Profile-wide command ids."""

    READ = 0x00
    READ_RESPONSE = 0x01
    WRITE = 0x02
    WRITE_UNDIVIDED = 0x03
    WRITE_RESPONSE = 0x04
    WRITE_NO_RESPONSE = 0x05
    CONFIGURE_REPORTING = 0x06
    CONFIGURE_REPORTING_RESPONSE = 0x07
    READ_REPORTING = 0x08
    READ_REPORTING_RESPONSE = 0x09
    REPORT = 0x0A
    DEFAULT_RESPONSE = 0x0B
    DISCOVER = 0x0C
    DISCOVER_RESPONSE = 0x0D
    READ_STRUCTURED = 0x0E
    WRITE_STRUCTURED = 0x0F
    WRITE_STRUCTURED_RESPONSE = 0x10
    DISCOVER_RECEIVED = 0x11
    DISCOVER_RECEIVED_RESPONSE = 0x12
    DISCOVER_GENERATED = 0x13
    DISCOVER_GENERATED_RESPONSE = 0x14
    DISCOVER_EXTENDED = 0x15
    DISCOVER_EXTENDED_RESPONSE = 0x16


class Status(IntEnum):
    """ZCL status codes."""

    SUCCESS = 0x00
    FAILURE = 0x01
    NOT_AUTHORIZED = 0x7E
    RESERVED_FIELD_NOT_ZERO = 0x7F
    MALFORMED_COMMAND = 0x80
    UNSUP_CLUSTER_COMMAND = 0x81
    UNSUP_GENERAL_COMMAND = 0x82
    UNSUP_MANUF_CLUSTER_COMMAND = 0x83
    UNSUP_MANUF_GENERAL_COMMAND = 0x84
    INVALID_FIELD = 0x85
    UNSUPPORTED_ATTRIBUTE = 0x86
    INVALID_VALUE = 0x87
    READ_ONLY = 0x88
    INSUFFICIENT_SPACE = 0x89
    DUPLICATE_EXISTS = 0x8A
    NOT_FOUND = 0x8B
    UNREPORTABLE_ATTRIBUTE = 0x8C
    INVALID_DATA_TYPE = 0x8D
    INVALID_SELECTOR = 0x8E
    WRITE_ONLY = 0x8F
    INCONSISTENT = 0x92
    ACTION_DENIED = 0x93
    TIMEOUT = 0x94
    ABORT = 0x95
    HARDWARE_FAILURE = 0xC0
    SOFTWARE_FAILURE = 0xC1
    CALIBRATION_ERROR = 0xC2
    UNSUPPORTED_CLUSTER = 0xC3


_STATUS_NAMES: Final = {int(status): status.name for status in Status}


def status_name(status: int) -> str:
    """The name of a status, or its two digits where it has none here."""
    return _STATUS_NAMES.get(status) or f"{status:02X}"


class Type(IntEnum):
    """Data type ids that the bench's own values use."""

    BOOL = 0x10
    MAP8 = 0x18
    MAP16 = 0x19
    UINT8 = 0x20
    UINT16 = 0x21
    UINT24 = 0x22
    UINT32 = 0x23
    UINT48 = 0x25
    ENUM8 = 0x30
    OCTSTR = 0x41
    STRING = 0x42
    UTC = 0xE2
    EUI64 = 0xF0


# Bytes of a value of each fixed-size type; ids come in runs of one size after the other.
FIXED_SIZES: Final[dict[int, int]] = (
    {0x00: 0, 0xFF: 0, Type.BOOL: 1, Type.ENUM8: 1, 0x31: 2, 0x38: 2, 0x39: 4, 0x3A: 8}
    | {run + i: i + 1 for run in (0x08, 0x18, 0x20, 0x28) for i in range(8)}
    | {0xE0: 4, 0xE1: 4, Type.UTC: 4, 0xE8: 2, 0xE9: 2, 0xEA: 4, Type.EUI64: 8, 0xF1: 16}
)
STRING_LENGTH_SIZES: Final[dict[int, int]] = {Type.OCTSTR: 1, Type.STRING: 1, 0x43: 2, 0x44: 2}


@dataclass(frozen=True)
class Frame:
    """A ZCL frame taken apart; `manufacturer` is None where the frame control says that there is none."""

    fc: int
    tsn: int
    command: int
    payload: bytes = b""
    manufacturer: int | None = None

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Reads a frame; ValueError where the header is cut short."""
        code_size = 2 if raw and raw[0] & MANUFACTURER_SPECIFIC else 0
        header_size = 3 + code_size
        if len(raw) < header_size:
            raise ValueError(f"a ZCL header cut short: {raw.hex(' ')}")
        code = int.from_bytes(raw[1:3], "little") if code_size else None
        return cls(raw[0], raw[header_size - 2], raw[header_size - 1], raw[header_size:], code)

    def encode(self) -> bytes:
        """The frame's bytes; the frame control is sent as it stands."""
        code = b"" if self.manufacturer is None else u16(self.manufacturer)
        return bytes((self.fc,)) + code + bytes((self.tsn, self.command)) + self.payload

    @property
    def default_response(self) -> tuple[int, int] | None:
        """The command and the status that a Default Response names; None for any other frame."""
        whole = self.fc & TYPE_MASK == TYPE_GLOBAL and self.command == Global.DEFAULT_RESPONSE and len(self.payload) > 1
        return (self.payload[0], self.payload[1]) if whole else None


class Attribute(NamedTuple):
    """One record of a Read Attributes Response; type 0 and no bytes where the status is not SUCCESS."""

    status: int
    type: int
    value: bytes


def u8(value: int) -> bytes:
    """One byte."""
    return value.to_bytes(1, "little")


def u16(value: int) -> bytes:
    """Two bytes, little-endian."""
    return value.to_bytes(2, "little")


def u32(value: int) -> bytes:
    """Four bytes, little-endian."""
    return value.to_bytes(4, "little")


def octstr(value: bytes) -> bytes:
    """An octet string of at most 254 bytes: its length, then the bytes."""
    return u8(len(value)) + value


def read_attributes(*ids: int, fc: int = GLOBAL_TO_SERVER, tsn: int = 0) -> bytes:
    """A Read Attributes frame."""
    return Frame(fc, tsn, Global.READ, b"".join(u16(attribute) for attribute in ids)).encode()


def parse_read_response(payload: bytes) -> dict[int, Attribute]:
    """The records of a Read Attributes Response, by attribute id; ValueError where the payload is not made of them."""
    records: dict[int, Attribute] = {}
    at = 0
    while at < len(payload):
        attribute, status = int.from_bytes(payload[at : at + 2], "little"), payload[at + 2 : at + 3]
        if not status:
            raise ValueError(f"a record cut short: {payload[at:].hex(' ')}")
        at += 3
        if status[0] != Status.SUCCESS:
            records[attribute] = Attribute(status[0], 0, b"")
            continue
        records[attribute], at = _typed_value(payload, at)
    return records


def _typed_value(payload: bytes, at: int) -> tuple[Attribute, int]:
    """Reads type and value at `at`; strings come without their length. Returns the record and where it ends."""
    if at >= len(payload):
        raise ValueError("a record without a type")
    kind = payload[at]
    start = at + 1
    if length_size := STRING_LENGTH_SIZES.get(kind, 0):
        size = int.from_bytes(payload[start : start + length_size], "little")
        start += length_size
    elif kind in FIXED_SIZES:
        size = FIXED_SIZES[kind]
    else:
        raise ValueError(f"no reader for type {kind:02X}")
    if start + size > len(payload):
        raise ValueError(f"a value of type {kind:02X} cut short")
    return Attribute(Status.SUCCESS, kind, payload[start : start + size]), start + size
