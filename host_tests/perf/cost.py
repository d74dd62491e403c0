"""What an exchange costs whatever the machine: instructions, counted by callgrind, and heap.

expected.json keeps the figures, so that a change of the firmware shows what it did to them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from gsme_host.interpreter import VARIABLE

from . import full_path, mailbox
from .exchanges import EXCHANGES, RING, Exchange
from .process import LARGE_HEAP, Broken, Files, run

EXPECTED: Final = Path(__file__).with_name("expected.json")
FEW: Final = 0  # passes over all TSNs; start-up and set-up cancel between the two
MORE: Final = 1
VALGRIND: Final = "valgrind"
ENTRY: Final = "micropython_unix_main"  # CPython starts the interpreter; only what happens inside this function counts
_COLLECTED: Final = re.compile(r"Collected : (\d+)")


@dataclass(frozen=True)
class Cost:
    """Of one exchange: the mean over every TSN. None where nobody has counted."""

    instructions: int | None
    heap_bytes: int | None


def why_not_counted() -> str | None:
    """Why instructions cannot be counted here; None where they can."""
    if VARIABLE in os.environ:
        return f"{VARIABLE} names an interpreter that need not have {ENTRY}()"
    return None if shutil.which(VALGRIND) else "valgrind is not installed"


def measure(files: Files, *, count: bool) -> dict[str, Cost]:
    """Of every exchange and of a message, by name; without instructions unless `count`."""
    exchanges = {exchange.name: _of(files, exchange, count=count) for exchange in EXCHANGES}
    return exchanges | {mailbox.NAME: _of_message(files, count=count)}


def _of(files: Files, exchange: Exchange, *, count: bool) -> Cost:
    heap = round(full_path.heap_bytes(files, exchange))
    if not count:
        return Cost(None, heap)
    few, more = (_instructions(files, exchange, passes) for passes in (FEW, MORE))
    return Cost(round((more - few) / ((MORE - FEW) * RING)), heap)


def _instructions(files: Files, exchange: Exchange, passes: int) -> int:
    counted = _count(files, full_path.command(files, exchange, passes, "none", LARGE_HEAP))
    full_path.check(files, exchange)
    return counted


def _of_message(files: Files, *, count: bool) -> Cost:
    messages = mailbox.short_messages()
    heap = mailbox.heap_bytes(files, messages)
    if not count:
        return Cost(None, heap)
    few, more = (_count(files, mailbox.command(files, messages, n, "none", LARGE_HEAP)) for n in (FEW, MORE))
    mailbox.check(files, messages)
    return Cost(round((more - few) / ((MORE - FEW) * mailbox.RING)), heap)


def _count(files: Files, command: list[str]) -> int:
    """The instructions of a process, inside the interpreter."""
    out = files.scratch / "callgrind.out"
    callgrind = (VALGRIND, "--tool=callgrind", f"--toggle-collect={ENTRY}", f"--callgrind-out-file={out}")
    result = run([*callgrind, *command], files.scratch, files.environment())
    found = _COLLECTED.search(result.stderr)
    if not found or not int(found[1]):
        raise Broken(f"callgrind counted nothing: {result.stderr.strip()[-400:]}")
    return int(found[1])


def expected() -> dict[str, Cost]:
    """The figures that are kept, by name of the exchange."""
    if not EXPECTED.is_file():
        return {}
    return {name: Cost(**row) for name, row in json.loads(EXPECTED.read_text(encoding="utf-8")).items()}


def update(costs: dict[str, Cost]) -> None:
    """Keeps new figures."""
    rows = {name: asdict(cost) for name, cost in costs.items()}
    EXPECTED.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
