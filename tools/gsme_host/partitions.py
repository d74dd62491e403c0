"""Makes the partition table that an ESP32 reads at 0x8000 from its text in board/*/partitions.csv.

The work is Espressif's own, as the package esp-idf-defs carries it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from esp_idf_defs.partitions import InputError, PartitionTable

TABLE_AT: Final = 0x8000


class PartitionError(Exception):
    """A table that cannot be; the message is one line for people."""


def table(path: Path) -> bytes:
    """The table of that text, as it is written at TABLE_AT; PartitionError where it cannot be read or overlaps."""
    try:
        rows = PartitionTable.from_csv(path.read_text(encoding="utf-8"))
        rows.verify()
        return bytes(rows.to_binary())
    except (InputError, OSError, ValueError) as error:
        raise PartitionError(f"{path}: {error}") from error
