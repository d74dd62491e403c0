"""The gas meter's 85 event codes: what is in events.csv beside this file.

Its columns: code (hex), name, log (none, event or security), critical, configurable, default_config (hex), wan_alert.
Source: GBCS table 16.2, GCS20r for the configurable codes.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The rows, by their columns' names."""
    with Path(__file__).with_name("events.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _names() -> dict[int, str]:
    return {int(row["code"], 16): row["name"] for row in rows()}


def name(code: int) -> str:
    """What a code stands for; of a code that there is not, that it is unknown."""
    return _names().get(code, "unknown event")


def is_configurable(code: int) -> bool:
    """Whether a Supplier may configure it (GCS20)."""
    return any(row["configurable"] == "yes" and int(row["code"], 16) == code for row in rows())
