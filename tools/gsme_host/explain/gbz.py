"""A GBZ payload, and an alert's payload (GBCS 7.2.9 and 16): gbcs/gbz.py has their layouts. Integers are big-endian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..gbcs import use_cases
from ..gbcs.envelope import Cra
from ..gbcs.gbz import CIPHER_HEADER, ENCRYPTED, FROM_DATE_TIME, LAST, PROFILE, TAG_LENGTH, TIME_LENGTH
from ..zcl import Cluster
from . import words
from . import zcl as frames
from .tables import cluster_name
from .walk import Walk

GCS20R: Final = 0x00F1
CONTROLS: Final = ((LAST, "last"), (ENCRYPTED, "encrypted"), (FROM_DATE_TIME, "from date-time"))
KNOWN_BITS: Final = LAST | ENCRYPTED | FROM_DATE_TIME

# Alert codes that carry content (GBCS 16): what it is.
DONE, NOT_DONE = 0x8F66, 0x8F67
VERIFIED, NOT_VERIFIED = 0x8F72, 0x8F1C
INTEGRITY: Final = 0x81A0
BILLING: Final = 0x8F0A
HASH_HEADER: Final = bytes.fromhex("09 20")
HASH_LENGTH: Final = 32


@dataclass(frozen=True)
class Context:
    """What the envelope says of a payload; both None where there is no envelope."""

    cra: int | None = None
    code: int | None = None

    def place(self, cluster: int) -> frames.Place:
        """Where a component's frame stands."""
        answers = self.cra == Cra.RESPONSE and self.code == GCS20R and cluster == Cluster.DEVICE_MANAGEMENT
        return frames.Place(cluster, answers)


def is_alert(payload: bytes) -> bool:
    """Whether a payload without an envelope is an alert's: no control of a component is as large as an alert code."""
    what_follows = payload[len(PROFILE) + 1 :]
    return payload[len(PROFILE) : len(PROFILE) + 1] == b"\0" or bool(what_follows and what_follows[0] & ~KNOWN_BITS)


def payload(walk: Walk, context: Context) -> None:
    """The components, from the profile on."""
    walk.fixed(PROFILE, "profile", "Smart Energy: a GBZ payload")
    count = walk.octets(1, "number of components", lambda octet: str(octet[0]))[0]
    if not count:
        walk.problem("a payload without components")
    for number in range(count):
        _component(walk, context, number, last=number == count - 1)
    walk.close("the last component")


def _component(walk: Walk, context: Context, number: int, *, last: bool) -> None:
    start, control = walk.at, walk.u8(f"control of component {number}")
    named = [name for bit, name in CONTROLS if control & bit]
    walk.since(start, f"component {number}: control", ", ".join(named) or "more follow")
    if control & ~KNOWN_BITS or bool(control & LAST) != last:
        walk.problem(f"control {control:02X} of {'the last' if last else 'not the last'} component")
    start, cluster = walk.at, walk.number(2, f"cluster of component {number}")
    walk.since(start, "cluster", cluster_name(cluster))
    start, size = walk.at, walk.number(2, f"length of component {number}")
    walk.since(start, "length of the component", str(size))
    body = walk.part(size, f"component {number}")
    if control & FROM_DATE_TIME:
        _time(body, "from date-time")
    if control & ENCRYPTED:
        _encrypted(body, cluster)
    else:
        frames.frame(body, context.place(cluster))


def _time(walk: Walk, name: str) -> None:
    walk.octets(TIME_LENGTH, name, lambda octets: words.utc(int.from_bytes(octets, "big")))


def _encrypted(walk: Walk, cluster: int) -> None:
    walk.fixed(b"\0", "octet in front of the frame counter")
    walk.octets(1, "frame counter", lambda octet: str(octet[0]))
    frames.header(walk, cluster)
    start, size = walk.at, walk.number(2, "length of what is ciphered")
    walk.since(start, "length of what is ciphered", str(size))
    inner = walk.part(size, "what is ciphered")
    inner.fixed(CIPHER_HEADER, "header of what is ciphered")
    inner.octets(max(inner.left - TAG_LENGTH, 0), "ciphertext", "encrypted, not decoded")
    inner.octets(TAG_LENGTH, "tag", "of the ciphertext, not checked")
    walk.close("the ciphertext")


def alert(walk: Walk) -> None:
    """An alert's payload, from the profile on."""
    walk.fixed(PROFILE, "profile", "Smart Energy: an alert's payload")
    follows = walk.octets(1, "content", lambda octet: "follows" if octet[0] else "none follows")[0]
    start, code = walk.at, walk.number(2, "alert code")
    walk.since(start, "alert code", words.event(code))
    _time(walk, "time")
    if bool(follows) != bool(walk.left):
        walk.problem(f"an alert with {walk.left} octets of content says {follows:02X}")
    if follows:
        _content(walk, code)
    walk.close("the alert")


def _content(walk: Walk, code: int) -> None:
    """What follows the time, by the alert's code."""
    if code in (DONE, NOT_DONE):
        _future_dated(walk)
    elif code in (VERIFIED, NOT_VERIFIED):
        walk.fixed(HASH_HEADER, "header of the hash", "octet string of 32")
        walk.octets(HASH_LENGTH, "hash", "of the firmware image")
    elif code == INTEGRITY:
        walk.octets(2, "reason", lambda octets: str(int.from_bytes(octets, "big")))
    elif code == BILLING:
        _component(walk, Context(), 0, last=True)
    else:
        walk.rest("content", "not decoded")


def _future_dated(walk: Walk) -> None:
    """Which command it was that was done, or failed (message code 00CD)."""
    size = walk.octets(1, "length of the content", lambda octet: str(octet[0]))[0]
    part = walk.part(size, "the content")
    part.octets(2, "message code", lambda octets: message_code(int.from_bytes(octets, "big")))
    part.octets(8, "originator counter", lambda octets: str(int.from_bytes(octets, "big")))
    start, cluster = part.at, part.number(2, "cluster")
    part.since(start, "cluster", cluster_name(cluster))
    frames.control_and_command(part, cluster)
    part.close("the content")


def message_code(code: int) -> str:
    """A message code with its use case or alert."""
    return f"{code:04X} {use_cases.name(code)}"
