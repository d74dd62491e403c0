"""Bytes of the line cut into bodies, by the packages `cobs` and `binascii`; what cannot be read is there as None."""

from __future__ import annotations

from collections.abc import Iterator

from cobs import cobs

from gsme_host import wire
from gsme_host.wire import Body, Data, Kind, WireError


def body_of(frame: bytes) -> Body | None:
    """The body of a coded frame, None where it has none (rule 5)."""
    try:
        return Body.decode(cobs.decode(frame))
    except (cobs.DecodeError, WireError):
        return None


def data_of(body: Body | None) -> Data | None:
    """What a body says if it is DATA that a receiver takes in, else None."""
    if body is None or body.kind is not Kind.DATA:
        return None
    try:
        return Data.decode(body.payload)
    except WireError:
        return None


class Stream:
    """One direction of a line. `rest` is the beginning of a frame that has not ended."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, octets: bytes) -> Iterator[tuple[bytes, Body | None]]:
        """Every frame that they complete, coded and decoded. Empty ones mean nothing."""
        *frames, self.rest = (self.rest + octets).split(wire.END)
        for frame in frames:
            if frame:
                yield frame, body_of(frame)
