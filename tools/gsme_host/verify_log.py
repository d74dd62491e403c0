"""What the chain of the Security Log and its anchor tell: whether entries were changed, taken out, or put back.

    tag of entry n = HMAC-SHA-256(key, tag of entry n - 1 | n u32 | order u32 | entry), first 8 octets; 0s before 0

The anchor is written behind the entry: a power cut between the two leaves it one entry behind, or behind one clearing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from struct import Struct
from typing import Final

from .journal import Anchor, Journal, JournalError
from .security_log import MOST_ENTRIES, NO_TAG, TAG_BYTES, Entry, SecurityLog

_NUMBERS: Final = Struct("<II")
_NO_ANCHOR: Final = Anchor(0, 0, NO_TAG, 0, NO_TAG)


class Fault(Enum):
    """What somebody did to the log."""

    EDITED = auto()  # the chain breaks at the first of the entries; the others may follow from that
    MISSING = auto()
    HEAD_CUT = auto()  # gone, and neither overwritten nor cleared
    PUT_BACK = auto()  # had been overwritten or cleared
    TAIL_CUT = auto()  # known to the anchor alone
    NOT_ANCHORED = auto()  # of which the anchor knows nothing
    NO_ANCHOR = auto()


@dataclass(frozen=True)
class Finding:
    """A fault, and the `count` entries from number `first` on that have it."""

    fault: Fault
    first: int
    count: int


@dataclass(frozen=True)
class Verdict:
    """Intact where there are no findings. `behind`: entries, 0 or 1 there, that the anchor does not know yet."""

    findings: tuple[Finding, ...]
    behind: int
    clearing_not_anchored: bool


def verify(journal: Journal) -> Verdict:
    """Judges the Security Log; JournalError where there is something to judge, and no key to do it with."""
    log, anchor = journal.log, journal.anchor or _NO_ANCHOR
    behind = log.next - anchor.entries
    findings = [*_missing(log), *_ends(log, anchor, lost=journal.anchor is None)]
    if journal.key is None and log.present():
        if not findings:
            raise JournalError("the key of the chain is missing")
    elif journal.key is not None:
        findings += _breaks(journal.key, log, anchor)
    findings.sort(key=lambda finding: finding.fault.value)
    clearing = not findings and log.first == log.next != anchor.overwritten
    return Verdict(tuple(findings), behind, clearing)


def tag_of(key: bytes, before: bytes, entry: Entry) -> bytes:
    """The tag that an entry must have, from that of the entry before it."""
    message = before + _NUMBERS.pack(entry.number, entry.order) + entry.image
    return hmac.new(key, message, hashlib.sha256).digest()[:TAG_BYTES]


def _missing(log: SecurityLog) -> Iterator[Finding]:
    """Runs of numbers between first and next that are not there. There may be very many: they are not walked."""
    expected = log.first
    for number in (*(entry.number for entry in log.present()), log.next):
        if number > expected:
            yield Finding(Fault.MISSING, expected, number - expected)
        expected = number + 1


def _ends(log: SecurityLog, anchor: Anchor, *, lost: bool) -> Iterator[Finding]:
    """Where the log ends and begins, against what the anchor knows."""
    behind = log.next - anchor.entries
    if behind < 0:
        yield Finding(Fault.TAIL_CUT, log.next, -behind)
    elif behind > 1:
        yield Finding(Fault.NO_ANCHOR if lost else Fault.NOT_ANCHORED, anchor.entries, behind)
    elif log.first not in _beginnings(log, anchor, behind):
        cut = log.first - anchor.overwritten
        yield Finding(Fault.HEAD_CUT, anchor.overwritten, cut) if cut > 0 else Finding(Fault.PUT_BACK, log.first, -cut)


def _beginnings(log: SecurityLog, anchor: Anchor, behind: int) -> tuple[int, int]:
    """Where it may begin: as anchored; or with the newest entry the oldest one left, or all did and no entry came."""
    later = max(anchor.overwritten, log.next - MOST_ENTRIES) if behind else log.next
    return anchor.overwritten, later


def _breaks(key: bytes, log: SecurityLog, anchor: Anchor) -> Iterator[Finding]:
    """The first entry that does not follow from the one before it, and how many there are."""
    broken = [entry.number for entry in log.present() if not _follows(key, log, anchor, entry)]
    if broken:
        yield Finding(Fault.EDITED, broken[0], len(broken))


def _follows(key: bytes, log: SecurityLog, anchor: Anchor, entry: Entry) -> bool:
    """What is anchored counts more than what the log says.

    Where the tag before is not known another finding says why, but where the anchor's delay makes room for one.
    """
    anchored = {anchor.overwritten - 1: anchor.overwritten_tag, anchor.entries - 1: anchor.tag}
    if anchored.get(entry.number, entry.tag) != entry.tag:
        return False
    before = anchored.get(entry.number - 1) or log.tag(entry.number - 1)
    if before is None:
        return entry.number > log.first or log.next != anchor.entries + 1
    return hmac.compare_digest(tag_of(key, before, entry), entry.tag)
