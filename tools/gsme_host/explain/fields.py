"""Fields of ZCL payloads, little-endian, and values with their data types (ZCL 2.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .. import zcl
from ..gbcs import GbcsError
from ..zcl import Type
from . import words
from .walk import Field, Walk

ARRAY: Final = (0x48, 0x50, 0x51)  # array, set, bag
STRUCTURE: Final = 0x4C
DEEPEST: Final = 4
NO_STRING: Final = {1: 0xFF, 2: 0xFFFF}

TYPES: Final = (
    {0x00: "no data", 0x10: "bool", 0x30: "enum8", 0x31: "enum16", 0x38: "half", 0x39: "single", 0x3A: "double"}
    | {0x41: "octstr", 0x42: "string", 0x43: "long octstr", 0x44: "long string", 0x48: "array", 0x4C: "structure"}
    | {0x50: "set", 0x51: "bag", 0xE0: "time of day", 0xE1: "date", 0xE2: "UTC", 0xE8: "cluster", 0xE9: "attribute"}
    | {0xEA: "BACnet OID", 0xF0: "EUI64", 0xF1: "128-bit key", 0xFF: "unknown"}
    | {
        run + i: f"{name}{8 * i + 8}"
        for run, name in ((0x08, "data"), (0x18, "map"), (0x20, "uint"), (0x28, "int"))
        for i in range(8)
    }
)


def number(name: str, size: int, say: Callable[[int], str] = str) -> Field:
    """A number of `size` octets."""
    return Field(name, lambda walk: say(walk.little(size, name)))


def u8(name: str, say: Callable[[int], str] = str) -> Field:
    """One octet."""
    return number(name, 1, say)


def u16(name: str, say: Callable[[int], str] = str) -> Field:
    """Two octets."""
    return number(name, 2, say)


def u32(name: str, say: Callable[[int], str] = str) -> Field:
    """Four octets."""
    return number(name, 4, say)


def hex_digits(digits: int) -> Callable[[int], str]:
    """Says a number in that many hexadecimal digits."""
    return lambda value: words.hexadecimal(value, digits)


def octstr(name: str, *, quiet: bool = False) -> Field:
    """A string behind its length; an empty one is not said where that is the rule."""

    def read(walk: Walk) -> str:
        octets = string(walk, 1, name)
        return "" if quiet and not octets else words.text(octets)

    return Field(name, read)


def string(walk: Walk, length_size: int, name: str) -> bytes:
    """The octets of a string; of one that is invalid, none."""
    size = walk.little(length_size, f"length of {name}")
    return b"" if size == NO_STRING[length_size] else walk.take(size, name)


def type_name(kind: int) -> str:
    """A data type's name."""
    return f"{TYPES.get(kind, 'reserved type')} ({kind:02X})"


def typed(walk: Walk, *, bits: Callable[[int], str] | None = None) -> str:
    """Type and value in words; `bits` says a map8."""
    kind = walk.u8("data type")
    said = value(walk, kind, bits=bits)
    return f"{type_name(kind)} {said}".rstrip()


def value(walk: Walk, kind: int, *, bits: Callable[[int], str] | None = None, depth: int = 0) -> str:
    """A value of a type in words; GbcsError for a type that there is not, or too deep a nest of them."""
    if kind in zcl.STRING_LENGTH_SIZES:
        return words.text(string(walk, zcl.STRING_LENGTH_SIZES[kind], f"value of type {kind:02X}"))
    if kind in zcl.FIXED_SIZES:
        return _fixed(walk.take(zcl.FIXED_SIZES[kind], f"value of type {kind:02X}"), kind, bits)
    if depth == DEEPEST or kind not in (*ARRAY, STRUCTURE):
        raise GbcsError(f"octet {walk.at}: a value of type {kind:02X} cannot be read")
    shared = walk.u8("type of elements") if kind in ARRAY else None
    count = walk.little(2, "number of elements")
    said = []
    for _ in range(0 if count == NO_STRING[2] else count):
        element = walk.u8("type of an element") if shared is None else shared
        said.append(value(walk, element, depth=depth + 1))
    return f"[{', '.join(said)}]"


def _fixed(octets: bytes, kind: int, bits: Callable[[int], str] | None) -> str:
    plain = int.from_bytes(octets, "little")
    if kind == Type.UTC:
        return words.utc(plain)
    if kind == Type.MAP8 and bits:
        return bits(plain)
    if 0x20 <= kind <= 0x2F:  # the integers: unsigned, then signed
        return str(int.from_bytes(octets, "little", signed=kind >= 0x28))
    if kind == Type.BOOL:
        return {0: "false", 1: "true"}.get(plain, f"invalid ({plain:02X})")
    return octets[::-1].hex().upper()
