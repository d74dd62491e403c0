"""EUI64 addresses, and the names of the nodes that the bench plays."""

from __future__ import annotations

from string import hexdigits
from typing import Final, Self

SIZE: Final = 8
DIGITS: Final = 2 * SIZE
SHORT_SIZE: Final = 2


class EUI64(bytes):
    """An EUI64 as it travels: 8 bytes, least significant first. `str()` gives the 16 digits that people write."""

    def __new__(cls, on_air: bytes) -> Self:
        """Takes the 8 bytes of the wire; ValueError for any other number of bytes."""
        if len(on_air) != SIZE:
            raise ValueError(f"an EUI64 has {SIZE} bytes, not {len(on_air)}")
        return super().__new__(cls, on_air)

    @classmethod
    def parse(cls, digits: str) -> Self:
        """Reads the 16 hexadecimal digits of the written form; ValueError for anything else."""
        if len(digits) != DIGITS or not set(digits) <= set(hexdigits):
            raise ValueError(f"an EUI64 is written with {DIGITS} hexadecimal digits, not {digits!r}")
        return cls(bytes.fromhex(digits)[::-1])

    @property
    def short(self) -> int:
        """The node's 16-bit network address, made of the EUI64's last two bytes: 90A1 for ...90A1."""
        return int.from_bytes(self[:SHORT_SIZE], "little")

    def __str__(self) -> str:
        return self[::-1].hex().upper()

    def __repr__(self) -> str:
        return f"EUI64({self})"


# Nodes that a bench build knows from its start (the serial HAN link, version 1: "The bench cluster").
ESME: Final = EUI64.parse("00DB1234567890A0")
GSME: Final = EUI64.parse("00DB1234567890A1")
CHF: Final = EUI64.parse("00DB1234567890A2")
GPF: Final = EUI64.parse("00DB1234567890A3")

# Nodes of our own choice: the meter knows them once they are enrolled, and the stranger never is.
PPMID: Final = EUI64.parse("00DB1234567890A4")
IHD: Final = EUI64.parse("00DB1234567890A5")
CAD: Final = EUI64.parse("00DB1234567890A6")
HCALCS: Final = EUI64.parse("00DB1234567890A7")
STRANGER: Final = EUI64.parse("00DB1234567890AF")

# Addresses with a meaning of their own on the link.
BENCH: Final = EUI64(bytes(SIZE))
BROADCAST: Final = EUI64(b"\xff" * SIZE)

NAMES: Final = {
    ESME: "ESME",
    GSME: "GSME",
    CHF: "CHF",
    GPF: "GPF",
    PPMID: "PPMID",
    IHD: "IHD",
    CAD: "CAD",
    HCALCS: "HCALCS",
    STRANGER: "stranger",
    BENCH: "bench",
    BROADCAST: "broadcast",
}


def name(node: bytes) -> str:
    """What people call the node: its name above, else the 16 digits."""
    return NAMES.get(EUI64(node)) or str(EUI64(node))
