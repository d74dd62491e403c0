"""The envelope of a GBCS message, field by field, with the judgement of its MAC: gbcs/envelope.py has the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .. import eui64
from ..eui64 import EUI64
from ..gbcs.envelope import (
    CIPHERING,
    CODE_LENGTH,
    DATE_TIME_LENGTH,
    ID_LENGTH,
    MAC_LENGTH,
    MOST_IDS,
    SECURITY_HEADER,
    SIGNATURE_LENGTH,
    SIGNING,
    Cra,
    Message,
    is_certificate,
)
from ..gbcs.gbz import PROFILE
from . import gbz, words
from .keys import Keys, judge
from .walk import Walk

CRA_NAMES: Final = {int(cra): cra.name.lower() for cra in Cra}
SUPPLEMENTARY: Final = (
    "supplementary remote party id",
    "supplementary remote party counter",
    "supplementary originator counter",
)
DLMS: Final = (0xD9, 0xDA, 0x0F)  # how its payloads begin


def ciphering(walk: Walk, keys: Sequence[Keys]) -> None:
    """A message with a MAC header."""
    walk.fixed(CIPHERING, "MAC header", "General-Ciphering")
    size = _length(walk, "what has the MAC")
    whole = walk.part(size, "what has the MAC")
    whole.fixed(SECURITY_HEADER, "security header", "authenticated, not encrypted")
    # Where the message is cut short its length says where the MAC would begin.
    size_of_g = max(size - len(SECURITY_HEADER) - MAC_LENGTH, 0)
    g = type(whole)(whole.data[: whole.at + size_of_g], walk.rows, walk.problems, whole.at)
    start = whole.at
    message = signing(g, keys)
    whole.at = g.at
    covered = whole.data[start : whole.at]
    whole.octets(MAC_LENGTH, "MAC", lambda mac: judge(keys, message, covered, mac))
    walk.close("the MAC")


def signing(walk: Walk, keys: Sequence[Keys]) -> Message:
    """G: from DF to the end of the signature. Returns what the MAC's key is made of, without the content."""
    walk.fixed(SIGNING, "header", "General-Signing, and the length of what follows: 9")
    cra = walk.octets(1, "CRA flag", lambda octet: CRA_NAMES.get(octet[0], "none of command, response, alert"))[0]
    if cra not in CRA_NAMES:
        walk.problem(f"a CRA flag {cra:02X}")
    counter = int.from_bytes(walk.octets(8, "originator counter", lambda it: str(int.from_bytes(it, "big"))), "big")
    originator, recipient = _entity(walk, "originator", keys), _entity(walk, "recipient", keys)
    _whole_or_none(walk, DATE_TIME_LENGTH, "date-time", "")
    code = _other(walk, keys)
    _content(walk, gbz.Context(cra, code))
    _whole_or_none(walk, SIGNATURE_LENGTH, "signature", "r, then s; not checked")
    walk.close("the signature")
    return Message(cra, counter, originator, recipient, code, b"")


def _length(walk: Walk, what: str) -> int:
    start, size = walk.at, walk.length(what)
    walk.since(start, f"length of {what}", str(size))
    return size


def _entity(walk: Walk, what: str, keys: Sequence[Keys]) -> EUI64:
    walk.fixed(bytes((ID_LENGTH,)), f"length of {what}", str(ID_LENGTH))
    return EUI64(walk.octets(ID_LENGTH, what, lambda octets: entity_name(octets, keys))[::-1])


def entity_name(octets: bytes, keys: Sequence[Keys]) -> str:
    """An entity id, and who that is if the keys or the bench know it."""
    entity = EUI64(octets[::-1])
    names = [name for one in keys if (name := one.role_name(entity))]
    known = names[0] if names else eui64.NAMES.get(entity, "")
    return f"{entity} {known}".rstrip()


def _whole_or_none(walk: Walk, size: int, what: str, meaning: str) -> None:
    count = walk.octets(1, f"length of {what}", lambda octet: str(octet[0]) if octet[0] else "none")[0]
    if count not in (0, size):
        walk.problem(f"{what} has {count} octets, not {size} or none")
    if count == size:
        walk.octets(count, what, meaning or words.date_time)
    elif count:
        walk.octets(count, what, "not of its length")


def _other(walk: Walk, keys: Sequence[Keys]) -> int:
    """Message code, supplementary fields, certificate."""
    part = walk.part(_length(walk, "other information"), "other information")
    start, code = part.at, part.number(CODE_LENGTH, "message code")
    part.since(start, "message code", gbz.message_code(code))
    for number in range(MOST_IDS):
        if part.left < ID_LENGTH or is_certificate(part.data[part.at :]):
            break
        octets = part.octets(ID_LENGTH, SUPPLEMENTARY[number], lambda it: str(int.from_bytes(it, "big")))
        if number == 0:
            part.rows[-1] = part.rows[-1]._replace(meaning=entity_name(octets, keys))
    if is_certificate(part.data[part.at :]):
        part.rest("key agreement certificate", "ASN.1, not decoded")
    part.close("other information")
    return code


def _content(walk: Walk, context: gbz.Context) -> None:
    part = walk.part(_length(walk, "content"), "content")
    begin = part.data[part.at :]
    if not begin.startswith(PROFILE):
        part.rest("content", f"{'DLMS' if begin and begin[0] in DLMS else 'ASN.1'}, not decoded" if begin else "")
    elif context.cra == Cra.ALERT:
        gbz.alert(part)
    else:
        gbz.payload(part, context)
    part.close("content")
