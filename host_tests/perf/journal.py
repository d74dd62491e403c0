"""What keeping an event costs: in the journal, and appended to a file of littlefs on the same flash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .process import Broken, Files, micropython, one_core, run

MODULE: Final = "journal"
RECORDS: Final = 2000
HEAP: Final = "1024wK"  # the flash is in it too
STALL_MOST_MS: Final = 50  # LINK rule 7
MICROSECONDS: Final = 1e6


@dataclass(frozen=True)
class Kept:
    """Of one way to keep records."""

    records: int
    seconds: float
    programmed: int  # bytes
    erases: int
    longest_ms: float  # turn of the loop while the journal is copied, or append to the file

    @property
    def a_second(self) -> float:
        """Records."""
        return self.records / self.seconds

    @property
    def bytes_each(self) -> float:
        """Programmed for a record, its share of copies included."""
        return self.programmed / self.records

    @property
    def erases_a_thousand(self) -> float:
        """Records."""
        return 1000 * self.erases / self.records


def measure(files: Files) -> dict[str, Kept]:
    """By name: journal, littlefs."""
    command = [*one_core(), *micropython(MODULE, RECORDS, heap=HEAP)]
    lines = run(command, files.scratch, files.environment()).stdout.splitlines()
    kept = {name: _kept(*map(int, numbers)) for name, *numbers in map(str.split, lines)}
    if set(kept) != {"journal", "littlefs"} or not all(one.erases for one in kept.values()):
        raise Broken(f"journal: {lines}")
    return kept


def _kept(records: int, microseconds: int, programmed: int, erases: int, longest_us: int) -> Kept:
    return Kept(records, microseconds / MICROSECONDS, programmed, erases, longest_us / 1000)
