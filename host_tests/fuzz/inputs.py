"""An input: bytes of the serial line, or what a hub has for the meter; and how the line and the clock behave meanwhile.

input     how u8 | rest
how       bits 0-1: DATA of the meter's gets ACK 00, none, ACK 02, ACK 03
          bits 2-4: time that passes afterwards, see on_device/fuzzed.py
          bits 5-6: the port takes all, few bytes at a time, soon none, or all after some tries
          bit 7: the rest is of a hub, otherwise bytes of the line
hub       manners u8 | number of damages u8 | damage * | message *
damage    number of the answer u8 | what is done to it u8 | place u8 | value u8
message   length u16 | octets
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

HUB: Final = 0x80


class Acks(IntEnum):
    """How the other end acknowledges."""

    ACCEPTED = 0
    SILENT = 1
    NO_ROOM = 2
    NOT_UNDERSTOOD = 3


class Port(IntEnum):
    """How the meter's port takes bytes."""

    FREE = 0
    SLOW = 1
    STUCK = 2
    FITFUL = 3


class Pause(IntEnum):
    """Time that passes afterwards."""

    NONE = 0
    SECOND = 1
    ANSWER = 2
    MINUTE = 3
    TEN_MINUTES = 4
    HALF_HOUR = 5
    HOURS = 6
    DAY = 7


@dataclass(frozen=True)
class Input:
    """One input, as it is told to the device."""

    raw: bytes

    @property
    def acks(self) -> Acks:
        """See `Acks`."""
        return Acks(self.raw[0] & 3)

    @property
    def port(self) -> Port:
        """See `Port`."""
        return Port(self.raw[0] >> 5 & 3)

    @property
    def of_hub(self) -> bool:
        """Whether it is messages of a hub's, not bytes of the line."""
        return bool(self.raw[0] & HUB)

    @property
    def line(self) -> bytes:
        """The bytes of the line; none of a hub's input."""
        return b"" if self.of_hub else self.raw[1:]

    @property
    def messages(self) -> list[bytes]:
        """The messages of a hub's input."""
        found: list[bytes] = []
        at = 3 + 4 * self.raw[2] if self.of_hub else len(self.raw)
        while at < len(self.raw):
            end = at + 2 + int.from_bytes(self.raw[at : at + 2], "big")
            found.append(self.raw[at + 2 : end])
            at = end
        return found


def how(acks: Acks = Acks.ACCEPTED, pause: Pause = Pause.NONE, port: Port = Port.FREE) -> int:
    """The first byte of an input of the line."""
    return acks | pause << 2 | port << 5


def on_line(octets: bytes, how_it_goes: int = 0) -> Input:
    """An input of the line."""
    return Input(bytes((how_it_goes,)) + octets)


Damage = tuple[int, int, int, int]


def at_hub(messages: Sequence[bytes], manners: int = 0, damages: Sequence[Damage] = (), how_it_goes: int = 0) -> Input:
    """An input of a hub's."""
    told = b"".join(len(one).to_bytes(2, "big") + one for one in messages)
    return Input(bytes((how_it_goes | HUB, manners, len(damages))) + b"".join(map(bytes, damages)) + told)
