"""Get Event Log and what answers it on the HAN, from the texts: a log is a list of entries, the newest first.

Source: ZSE D.10 (Get Event Log, Publish Event Log); most recent first, end of the window excluded, an answer of at
most 80 bytes filled before the next begins, payload control with the number of entries in its high nibble.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from host_tests.judges.event_list import BY_CODE, EVENT_LOG, SECURITY_LOG

FIRST_TIME: Final = bytes.fromhex("804A371C")  # 2015-01-01T00:00:00Z: what a clock that was never set last knew
OPEN_END: Final = 0xFFFFFFFF
ANY_EVENT: Final = 0x0000
ALL_LOGS: Final = 0
FULL: Final = 0x10  # event control 1: with event data
ENTRIES: Final = 100  # that a log holds

_FRAME: Final = 80  # bytes of a HAN answer
_HEAD: Final = 8  # frame control, sequence number, command, total u16, index, commands, payload control


@dataclass(frozen=True)
class Entry:
    """One entry as the log keeps it."""

    log: int
    code: int
    data: bytes = b""
    time: bytes = FIRST_TIME

    def image(self, *, full: bool) -> bytes:
        """As it is sent: log id, event id, time, and its data if these were asked for."""
        data = self.data if full else b""
        return bytes((self.log,)) + self.code.to_bytes(2, "little") + self.time + bytes((len(data),)) + data


def entry(code: int, time: bytes = FIRST_TIME) -> Entry:
    """The entry that a code leaves under the factory configuration."""
    return Entry(BY_CODE[code].log, code, time=time)


def get_log(
    control_and_log: int,
    event: int = ANY_EVENT,
    start: int = 0,
    end: int = OPEN_END,
    number: int = 0,
    offset: int = 0,
    *,
    tsn: int = 1,
) -> bytes:
    """Get Event Log, frame control 01."""
    window = start.to_bytes(4, "little") + end.to_bytes(4, "little")
    fields = bytes((control_and_log,)) + event.to_bytes(2, "little") + window
    return bytes((0x01, tsn, 0x00)) + fields + bytes((number,)) + offset.to_bytes(2, "little")


def refusal(tsn: int = 1, status: int = 0x7E, command: int = 0x00) -> bytes:
    """The Default Response of a server."""
    return bytes((0x08, tsn, 0x0B, command, status))


NOT_AUTHORIZED: Final = refusal()
NOT_FOUND: Final = refusal(status=0x8B)
INVALID_FIELD: Final = refusal(status=0x85)
HARDWARE_FAILURE: Final = refusal(status=0xC0)


def published(entries: Sequence[Entry], *, full: bool = False, number: int = 0, offset: int = 0) -> list[bytes]:
    """What answers a request with sequence number 1 that `entries`, the newest first, match; NOT_FOUND where none is.

    All entries of an answer need to be of one length: that is all that the tests ask of it.
    """
    wanted = [one.image(full=full) for one in entries[offset : offset + number if number else None]]
    if not wanted:
        return [NOT_FOUND]
    room = (_FRAME - _HEAD) // max(map(len, wanted))
    groups = [wanted[at : at + room] for at in range(0, len(wanted), room)]
    total = len(entries).to_bytes(2, "little")
    return [
        b"\x19\x01\x01" + total + bytes((index, len(groups), len(group) << 4)) + b"".join(group)
        for index, group in enumerate(groups)
    ]


def answer(entries: Iterable[Entry], log: int, event: int = ANY_EVENT) -> list[bytes]:
    """What answers a request without window for a log, by id, and an event: of `entries`, the newest first."""
    named = (EVENT_LOG, SECURITY_LOG) if log == ALL_LOGS else (log,)
    return published([one for one in entries if one.log in named and event in (ANY_EVENT, one.code)])
