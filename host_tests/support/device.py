"""Where a device under test is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """A device behind a port. `board` is the folder of board/ that it has to be of; None where nobody says."""

    url: str
    baud: int
    board: str | None = None
