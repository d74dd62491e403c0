"""What becomes of frames on the line: damage, noise, loss, repetition; and frames that are no DATA."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from cobs import cobs

from gsme_host import wire
from gsme_host.wire import Ack, Kind

NO_KINDS: Final = (0x04, 0x05, 0x7F, 0x80, 0xFF)
LONGEST_NOISE: Final = 300
OVERLONG: Final = 2600
MOST_ZEROS: Final = 4


class LineDamage:
    """Damages frames, in ways that a source of numbers chooses."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._choice = source.choice
        self._ways: tuple[Callable[[bytes], bytes], ...] = (
            *(self._flipped, self._flipped, self._replaced, self._cut, self._start_lost),
            *(self._without_end, self._divided, self._noise_before, self._noise_before, self._twice, self._zeros),
            *(self._another_check, self._another_check, self._too_long),
        )

    def damaged(self, frame: bytes) -> bytes:
        """A coded frame as it may come in."""
        return self._choice(self._ways)(frame)

    def _at(self, frame: bytes) -> int:
        return self._source.randrange(len(frame))

    def _flipped(self, frame: bytes) -> bytes:
        return self._with(frame, lambda byte: byte ^ 1 << self._source.randrange(8))

    def _replaced(self, frame: bytes) -> bytes:
        return self._with(frame, lambda _: self._choice((0, 1, 2, 0xFE, 0xFF, self._source.randrange(256))))

    def _with(self, frame: bytes, change: Callable[[int], int]) -> bytes:
        at = self._at(frame)
        return frame[:at] + bytes((change(frame[at]),)) + frame[at + 1 :]

    def _cut(self, frame: bytes) -> bytes:
        return frame[: self._at(frame)] + wire.END

    def _start_lost(self, frame: bytes) -> bytes:
        return frame[self._at(frame) :]

    def _without_end(self, frame: bytes) -> bytes:
        """The next frame, of whatever input, is lost with it."""
        return frame[: self._at(frame)]

    def _divided(self, frame: bytes) -> bytes:
        at = self._at(frame)
        return frame[:at] + wire.END + frame[at:]

    def _noise_before(self, frame: bytes) -> bytes:
        noise = self._source.randbytes(self._source.randrange(1, LONGEST_NOISE))
        return noise + self._choice((wire.END, b"")) + frame

    def _twice(self, frame: bytes) -> bytes:
        return frame * 2

    def _zeros(self, frame: bytes) -> bytes:
        zeros = wire.END * self._source.randrange(1, MOST_ZEROS)
        return zeros + frame + zeros

    def _another_check(self, frame: bytes) -> bytes:
        """Rightly coded, and the check value is not."""
        raw: bytes = cobs.decode(frame[:-1])
        return wire.coded(raw[:-1] + bytes((raw[-1] ^ self._choice((1, 0x80, 0xFF)),)))

    def _too_long(self, frame: bytes) -> bytes:
        """Bytes without a zero among them, about as many as a frame has room for, or more."""
        count = self._choice((1600, 1613, 1616, 1617, 1618, OVERLONG)) + self._source.randrange(-2, 3)
        return bytes((self._choice((0x01, 0xFF, 0x55)),)) * count + wire.END + frame

    def of_the_link(self, seq: int) -> bytes:
        """A SYNC, an ACK, a TEXT or what is none of them; right or nearly so."""
        kind = self._choice((Kind.SYNC, Kind.ACK, Kind.ACK, Kind.TEXT, Kind.DATA, *NO_KINDS))
        payloads: dict[int, bytes] = {
            Kind.SYNC: self._choice((b"\x01", b"\x01", b"", b"\x02", b"\x01\x01")),
            Kind.ACK: self._choice((b"", *(bytes((status,)) for status in Ack), b"\xff", b"\x00" * 12)),
            Kind.TEXT: self._source.randbytes(self._source.randrange(60)),
            Kind.DATA: self._source.randbytes(self._source.randrange(20)),
        }
        other = self._source.randbytes(self._source.randrange(30))
        return wire.coded(wire.body(kind, seq, payloads.get(kind, other)))
