"""A meter's flash, read through its bench cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .bench import Attr, Bench
from .journal import Geometry, JournalError

MOST_AT_A_TIME: Final = 64  # bytes
_TRIES: Final = 3
_WRITES: Final = (Attr.FLASH_PROGRAMS, Attr.FLASH_ERASES)


class Storage(NamedTuple):
    """The whole flash, and how it is made."""

    image: bytes
    geometry: Geometry


def read_storage(bench: Bench) -> Storage:
    """Reads it all, again where the meter wrote meanwhile; JournalError where it does not stop writing.

    BenchError where the meter cannot be read, or does not know these attributes.
    """
    geometry = Geometry(bench.read_int(Attr.ERASE_BLOCK_BYTES), bench.read_int(Attr.PROGRAM_WORD_BYTES))
    size = bench.read_int(Attr.STORAGE_BYTES)
    for _ in range(_TRIES):
        before = _writes(bench)
        image = b"".join(_chunks(bench, size))
        if _writes(bench) == before:
            return Storage(image, geometry)
    raise JournalError(f"the meter wrote to its storage each of the {_TRIES} times that it was read")


def _writes(bench: Bench) -> list[int]:
    return [bench.read_int(attribute) for attribute in _WRITES]


def _chunks(bench: Bench, size: int) -> Iterator[bytes]:
    for offset in range(0, size, MOST_AT_A_TIME):
        yield bench.read_storage(offset, min(MOST_AT_A_TIME, size - offset))
