"""Where a device under test is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """A device behind a port."""

    url: str
    baud: int
