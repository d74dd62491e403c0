"""A history of events on the meter, and a model of how Get Event Log answers over it on the HAN.

Source: ZSE D.10 as the HAN has it: newest first in order of entry whatever the times say, start <= time < end, start 0
the oldest, end FFFFFFFE or FFFFFFFF no end; `total` counts what matches before number and offset; an answer is at most
80 bytes long, filled before the next begins, and no entry is divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gsme_host.bench import Bench
from gsme_host.eui64 import GPF
from gsme_host.zcl import Cluster
from host_tests.judges.event_list import BY_CODE, EVENT_LOG, SECURITY_LOG
from host_tests.support.event_logs import ALL_LOGS, ANY_EVENT, FULL, NOT_FOUND, OPEN_END, Entry, get_log

NO_END: Final = (0xFFFFFFFE, 0xFFFFFFFF)
LONGEST: Final = 80  # bytes of a HAN answer
FIXED: Final = 8  # of them in front of the entries
SLACK_S: Final = 5  # a clock that was just set may have gone on by so much
_TIME: Final = slice(6, 10)  # of a Publish Event


def raise_event(bench: Bench, code: int, data: bytes = b"", *, utc: int | None = None) -> Entry:
    """Raises an event that is logged under the factory configuration, at a time; returns the entry that it leaves.

    The entry's time is what the meter tells the GPF, which has to be the time given, or a moment later.
    """
    if utc is not None:
        bench.set_clock(utc)
    bench.raise_event(code, data)
    assert bench.last
    told = [push.asdu[_TIME] for push in bench.last.others() if (push.peer, push.cluster) == (GPF, Cluster.EVENTS)]
    assert len(told) == 1, f"{code:04X} is told to the GPF once"
    if utc is not None:
        assert 0 <= int.from_bytes(told[0], "little") - utc <= SLACK_S
    return Entry(BY_CODE[code].log, code, b"" if BY_CODE[code].log == SECURITY_LOG else data, told[0])


@dataclass(frozen=True)
class Query:
    """The fields of a Get Event Log."""

    control_and_log: int
    event: int = ANY_EVENT
    start: int = 0
    end: int = OPEN_END
    number: int = 0
    offset: int = 0

    @property
    def frame(self) -> bytes:
        """The request, with sequence number 1."""
        return get_log(self.control_and_log, self.event, self.start, self.end, self.number, self.offset)

    def matches(self, entry: Entry) -> bool:
        """Whether it is about that entry."""
        log, time = self.control_and_log & 0x0F, int.from_bytes(entry.time, "little")
        logs = (EVENT_LOG, SECURITY_LOG) if log == ALL_LOGS else (log,)
        in_time = self.start <= time and (time < self.end or self.end in NO_END)
        return entry.log in logs and self.event in (ANY_EVENT, entry.code) and in_time

    def answer(self, history: Iterable[Entry]) -> list[bytes]:
        """What answers it: of `history`, the oldest first, what matches, the newest first."""
        found = [entry for entry in history if self.matches(entry)][::-1]
        wanted = found[self.offset :][: self.number or None]
        full = self.control_and_log & 0xF0 == FULL
        return published(len(found), [entry.image(full=full) for entry in wanted]) if wanted else [NOT_FOUND]


def published(total: int, entries: Sequence[bytes]) -> list[bytes]:
    """Publish Event Log commands with those entries, as they are sent."""
    groups: list[list[bytes]] = [[]]
    for entry in entries:
        if FIXED + len(b"".join(groups[-1])) + len(entry) > LONGEST:
            groups.append([])
        groups[-1].append(entry)
    head = b"\x19\x01\x01" + total.to_bytes(2, "little")
    return [head + bytes((index, len(groups), len(group) << 4)) + b"".join(group) for index, group in enumerate(groups)]
