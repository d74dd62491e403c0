"""The GBZ payload: ZCL frames in a message (GBCS 7.2.9), and an alert's payload (GBCS 16). Integers are big-endian.

payload    0109 | number of components u8 | component *
component  control u8 | cluster u16 | length u16 | body
body       [from date-time u32] [00 | frame counter u8, if encrypted] FC TSN command payload
encrypted  ... FC TSN command | ciphered length u16 | 31 00000000 | ciphertext | tag 12
alert      0109 | n u8 | alert code u16 | time u32 | [content, where n is 1]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..zcl import Frame
from . import GbcsError
from .reader import BYTE_ORDER, Reader

PROFILE: Final = bytes.fromhex("0109")
LAST: Final = 0x01
ENCRYPTED: Final = 0x02
FROM_DATE_TIME: Final = 0x10
CIPHER_HEADER: Final = bytes.fromhex("31 00000000")
ZCL_HEADER: Final = 3
TAG_LENGTH: Final = 12
TIME_LENGTH: Final = 4


@dataclass(frozen=True)
class Component:
    """One ZCL frame. `from_utc` in seconds since 2000-01-01.

    Of an encrypted one `frame` is the header alone, `ciphered` is ciphertext and tag, `frame_counter` is its number.
    """

    cluster: int
    frame: bytes
    from_utc: int | None = None
    frame_counter: int | None = None
    ciphered: bytes = b""

    @property
    def zcl(self) -> Frame:
        """The frame taken apart."""
        return Frame.parse(self.frame)

    def _encode(self, *, last: bool) -> bytes:
        control = LAST * last
        body = b""
        if self.from_utc is not None:
            control |= FROM_DATE_TIME
            body = self.from_utc.to_bytes(TIME_LENGTH, BYTE_ORDER)
        if self.frame_counter is not None:
            control |= ENCRYPTED
            inner = CIPHER_HEADER + self.ciphered
            body += bytes((0, self.frame_counter)) + self.frame + len(inner).to_bytes(2, BYTE_ORDER) + inner
        else:
            body += self.frame
        return bytes((control,)) + self.cluster.to_bytes(2, BYTE_ORDER) + len(body).to_bytes(2, BYTE_ORDER) + body


def encode(components: Sequence[Component]) -> bytes:
    """The payload with these components."""
    parts = [one._encode(last=one is components[-1]) for one in components]  # noqa: SLF001
    return PROFILE + bytes((len(components),)) + b"".join(parts)


def parse(content: bytes) -> list[Component]:
    """The components of a payload; GbcsError says what is wrong with it."""
    reader = Reader(content)
    reader.expect(PROFILE, "profile of the GBZ payload")
    count = reader.u8("number of components")
    components = [_component(reader, last=number == count - 1) for number in range(count)]
    reader.end("the last component")
    return components


def _component(reader: Reader, *, last: bool) -> Component:
    start = reader.at
    control = reader.u8("control of a component")
    if control & ~(LAST | ENCRYPTED | FROM_DATE_TIME) or bool(control & LAST) != last:
        raise GbcsError(f"octet {start}: control {control:02X} of {'the last' if last else 'not the last'} component")
    cluster = reader.number(2, "cluster of a component")
    return _body(Reader(reader.take(reader.number(2, "length of a component"), "component")), control, cluster)


def _body(body: Reader, control: int, cluster: int) -> Component:
    from_utc = body.number(TIME_LENGTH, "from date-time") if control & FROM_DATE_TIME else None
    if not control & ENCRYPTED:
        frame = body.take(body.left, "ZCL frame")
        if len(frame) < ZCL_HEADER:
            raise GbcsError(f"a component's ZCL frame has {len(frame)} octets")
        return Component(cluster, frame, from_utc)
    body.expect(b"\0", "octet in front of the frame counter")
    frame_counter = body.u8("frame counter")
    frame = body.take(ZCL_HEADER, "ZCL header")
    size = body.number(2, "length of what is ciphered")
    body.expect(CIPHER_HEADER, "header of what is ciphered")
    ciphered = body.take(size - len(CIPHER_HEADER), "ciphertext")
    body.end("the ciphertext")
    return Component(cluster, frame, from_utc, frame_counter, ciphered)


@dataclass(frozen=True)
class Alert:
    """An alert's payload; `utc` in seconds since 2000-01-01."""

    code: int
    utc: int
    content: bytes = b""

    @classmethod
    def parse(cls, content: bytes) -> Alert:
        """Takes it apart; GbcsError says what is wrong with it."""
        reader = Reader(content)
        reader.expect(PROFILE, "profile of an alert")
        follows = reader.u8("whether content follows")
        code, utc = reader.number(2, "alert code"), reader.number(TIME_LENGTH, "time of an alert")
        rest = reader.take(reader.left, "content of an alert")
        if follows != bool(rest):
            raise GbcsError(f"an alert with {len(rest)} octets of content says {follows:02X}")
        return cls(code, utc, rest)
