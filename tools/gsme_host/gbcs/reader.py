"""Reads octets from the front, and says by name what is missing. BER lengths as the envelope has them (X.690 8.1.3)."""

from __future__ import annotations

from typing import Final

from . import GbcsError

LONG_FORM: Final = 0x80
BYTE_ORDER: Final = "big"
_MOST_OCTETS: Final = 2  # of a length in its long form


class Reader:
    """`data` and the place in it. Every read moves on, or raises GbcsError with the name of what it wanted."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        """Octets that have not been read."""
        return len(self.data) - self.at

    def take(self, count: int, what: str) -> bytes:
        """The next `count` octets."""
        if count > self.left:
            raise GbcsError(f"octet {self.at}: {what} has {count} octets, and {self.left} are left")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self, what: str) -> int:
        """One octet."""
        return self.take(1, what)[0]

    def number(self, count: int, what: str) -> int:
        """A big-endian number of `count` octets."""
        return int.from_bytes(self.take(count, what), BYTE_ORDER)

    def expect(self, octets: bytes, what: str) -> None:
        """The next octets, which can be no others."""
        start = self.at
        found = self.take(len(octets), what)
        if found != octets:
            raise GbcsError(f"octet {start}: {what} is {found.hex(' ').upper()}, not {octets.hex(' ').upper()}")

    def length(self, what: str) -> int:
        """A BER length in its shortest form, of at most two octets behind the first."""
        start = self.at
        first = self.u8(f"length of {what}")
        if first < LONG_FORM:
            return first
        count = first - LONG_FORM
        if not 1 <= count <= _MOST_OCTETS:
            raise GbcsError(f"octet {start}: length of {what} begins with {first:02X}")
        value = self.number(count, f"length of {what}")
        if length(value) != self.data[start : self.at]:
            raise GbcsError(f"octet {start}: length of {what} is not in its shortest form")
        return value

    def end(self, what: str) -> None:
        """Nothing may be left."""
        if self.left:
            raise GbcsError(f"octet {self.at}: {self.left} octets too many behind {what}")


def length(value: int) -> bytes:
    """A BER length, in its shortest form."""
    if value < LONG_FORM:
        return bytes((value,))
    octets = value.to_bytes(1 if value < 1 << 8 else _MOST_OCTETS, BYTE_ORDER)
    return bytes((LONG_FORM + len(octets),)) + octets
