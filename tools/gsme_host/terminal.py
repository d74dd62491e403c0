"""How the commands print: a console that is wide enough for their tables, the form that those have, and times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from .bench import ZIGBEE_EPOCH

NARROWEST: Final = 112  # characters


def console(*, highlight: bool = False) -> Console:
    """The terminal, or as much as the tables need where it is narrower."""
    made = Console(highlight=highlight)
    made.width = max(made.width, NARROWEST)
    return made


def table(title: str) -> Table:
    """An empty table without lines but under its head."""
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def time(utc: int) -> str:
    """Seconds since 2000-01-01, for people."""
    return f"{datetime.fromtimestamp(utc + ZIGBEE_EPOCH, UTC):%Y-%m-%d %H:%M:%SZ}"
