"""ZCL data types: ids, sizes, and how long a value is (ZCL 2.6.2, table of data types).

Values are little-endian. Sizes are in bytes.
"""

from dataclasses import dataclass
from typing import Final

NO_COUNT_16: Final = 0xFFFF  # an invalid collection or long string: nothing follows
NO_LENGTH_8: Final = 0xFF  # an invalid string: nothing follows


class CutShort(Exception):
    """The data end inside the value."""


class UnknownType(Exception):
    """No such data type, so nobody knows where its value ends."""


@dataclass(frozen=True)
class ZclType:
    """One data type. `size` is None where a value says its own length; `prefix` is how many bytes say it."""

    id: int
    name: str
    size: int | None
    analogue: bool = False
    prefix: int = 0


def _run(first: int, name: str, count: int, *, analogue: bool = False) -> list[ZclType]:
    """Types of 1 to `count` bytes under consecutive ids, named by their bits."""
    return [ZclType(first + n, f"{name}{8 * (n + 1)}", n + 1, analogue) for n in range(count)]


TYPES: Final[dict[int, ZclType]] = {
    row.id: row
    for row in (
        ZclType(0x00, "no data", 0),
        *_run(0x08, "data", 8),
        ZclType(0x10, "bool", 1),
        *_run(0x18, "map", 8),
        *_run(0x20, "uint", 8, analogue=True),
        *_run(0x28, "int", 8, analogue=True),
        *_run(0x30, "enum", 2),
        ZclType(0x38, "half", 2, analogue=True),
        ZclType(0x39, "single", 4, analogue=True),
        ZclType(0x3A, "double", 8, analogue=True),
        ZclType(0x41, "octstr", None, prefix=1),
        ZclType(0x42, "string", None, prefix=1),
        ZclType(0x43, "long octstr", None, prefix=2),
        ZclType(0x44, "long string", None, prefix=2),
        ZclType(0x48, "array", None),
        ZclType(0x4C, "struct", None),
        ZclType(0x50, "set", None),
        ZclType(0x51, "bag", None),
        ZclType(0xE0, "time of day", 4, analogue=True),
        ZclType(0xE1, "date", 4, analogue=True),
        ZclType(0xE2, "UTC", 4, analogue=True),
        ZclType(0xE8, "cluster id", 2),
        ZclType(0xE9, "attribute id", 2),
        ZclType(0xEA, "BACnet OID", 4),
        ZclType(0xF0, "EUI64", 8),
        ZclType(0xF1, "key", 16),
        ZclType(0xFF, "unknown", 0),
    )
}

# Types by the names that the attribute tables use.
UINT8: Final = 0x20
UINT16: Final = 0x21
UINT24: Final = 0x22
UINT32: Final = 0x23
UINT48: Final = 0x25
MAP8: Final = 0x18
ENUM8: Final = 0x30
OCTSTR: Final = 0x41
STRING: Final = 0x42
UTC: Final = 0xE2
ARRAY: Final = 0x48
STRUCT: Final = 0x4C
SET: Final = 0x50
BAG: Final = 0x51


def value_end(type_id: int, data: bytes, start: int) -> int:
    """Offset behind the value of `type_id` that begins at `start`; CutShort or UnknownType."""
    row = TYPES.get(type_id)
    if row is None:
        raise UnknownType(f"{type_id:02X}")
    if row.size is not None:
        return within(data, start + row.size)
    if row.prefix:
        return _string_end(data, start, row.prefix)
    return _struct_end(data, start) if type_id == STRUCT else _list_end(data, start)


def within(data: bytes, end: int) -> int:
    """`end`, if the data reach that far; else CutShort."""
    if end > len(data):
        raise CutShort(f"{end - len(data)} bytes are missing")
    return end


def _string_end(data: bytes, start: int, prefix: int) -> int:
    content = within(data, start + prefix)
    length = int.from_bytes(data[start:content], "little")
    no_length = NO_LENGTH_8 if prefix == 1 else NO_COUNT_16
    return content if length == no_length else within(data, content + length)


def _count_16(data: bytes, start: int) -> int:
    count = int.from_bytes(data[start : within(data, start + 2)], "little")
    return 0 if count == NO_COUNT_16 else count


def _list_end(data: bytes, start: int) -> int:
    """Array, set, bag: element type u8, count u16, values."""
    element = data[start] if within(data, start + 1) else 0
    end = start + 3
    for _ in range(_count_16(data, start + 1)):
        end = value_end(element, data, end)
    return end


def _struct_end(data: bytes, start: int) -> int:
    """Structure: count u16, then a type u8 and a value each."""
    end = start + 2
    for _ in range(_count_16(data, start)):
        element = data[within(data, end + 1) - 1]
        end = value_end(element, data, end + 1)
    return end


def sample(type_id: int) -> bytes:
    """A short valid value of the type: zeros, two characters, or a collection of one uint8."""
    row = TYPES[type_id]
    if row.size is not None:
        return bytes(row.size)
    if row.prefix:
        return (2).to_bytes(row.prefix, "little") + b"AB"
    if type_id == STRUCT:
        return bytes((1, 0, UINT8, 7))
    return bytes((UINT8, 1, 0, 7))
