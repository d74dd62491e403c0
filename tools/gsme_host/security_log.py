"""A Security Log as a journal tells of it: entries with their tags, and which of them are in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import Final, NamedTuple

MOST_ENTRIES: Final = 100  # that a log holds
TAG_BYTES: Final = 8
NO_TAG: Final = bytes(TAG_BYTES)  # before the first entry of all

_ENTRY: Final = Struct("<BHIB")  # log id, event id, UTC, length of the data
LEAST_ENTRY: Final = _ENTRY.size  # bytes of an entry without data


class Entry(NamedTuple):
    """An entry of the Security Log; `image` is as the log sends it: log id, event id, UTC, data as octet string."""

    number: int
    order: int
    tag: bytes
    image: bytes

    @property
    def code(self) -> int:
        """The event's code."""
        return int(_ENTRY.unpack_from(self.image)[1])

    @property
    def utc(self) -> int:
        """Seconds since 2000-01-01."""
        return int(_ENTRY.unpack_from(self.image)[2])


@dataclass
class SecurityLog:
    """The entries from `first` to `next` (excluded) are in the log; `entries` may have more, which have left it."""

    first: int = 0
    next: int = 0
    entries: dict[int, Entry] = field(default_factory=dict)

    def tag(self, number: int) -> bytes | None:
        """The tag of an entry, or what stands for one before the first of all; None if it is not known."""
        if number < 0:
            return NO_TAG
        entry = self.entries.get(number)
        return entry.tag if entry else None

    def present(self) -> list[Entry]:
        """The entries that are in the log, oldest first."""
        return [self.entries[number] for number in sorted(self.entries) if self.first <= number < self.next]

    def put(self, entry: Entry) -> None:
        """An entry as it was recorded; where the log is full the oldest one leaves it."""
        self.entries[entry.number] = entry
        if entry.number >= self.next:
            self.next = entry.number + 1
            self.first = max(self.first, self.next - MOST_ENTRIES)

    def clear(self) -> None:
        """All entries leave it."""
        self.first = self.next

    def bound(self, first: int, following: int) -> None:
        """What it has is told anew."""
        self.first, self.next = first, following
