"""Where a device under test is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """A device behind a port. `board` is the folder of board/ that it has to be of; None where nobody says.

    `baud` is bits per second; None: the link finds it out.
    """

    url: str
    baud: int | None
    board: str | None = None
