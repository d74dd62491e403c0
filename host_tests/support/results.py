"""What a run found out about its device, beside whether the tests passed: a file of JSON for whoever compares runs.

    {"board", "runtime", "machine", "word_bits", "firmware", "gbcs", "mpy_bytes", "image_bytes",
     "heap_free_at_start_bytes", "heap_free_lowest_bytes", "passed", "failed", "skipped": {reason: tests}, "seconds"}

Heap is what is free after a collection. Lowest is the least seen at the end of a test, with whatever it left in
the meter; what a message takes while it is worked on is freed by then, and is measured elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from gsme_host.bench import Attr, Bench, BenchError
from gsme_host.link import LinkError

SUFFIX: Final = ".device"
TEXTS: Final = {
    "board": Attr.BOARD,
    "runtime": Attr.RUNTIME,
    "machine": Attr.MACHINE,
    "firmware": Attr.FIRMWARE_VERSION,
    "gbcs": Attr.GBCS_VERSION,
}
AT_START: Final = "heap_free_at_start_bytes"
LOWEST: Final = "heap_free_lowest_bytes"


Sizes = Callable[[str], Mapping[str, int]]


@dataclass(frozen=True)
class Counts:
    """How the tests of a run went; `skipped` has the number for each reason."""

    passed: int
    failed: int
    skipped: dict[str, int]
    seconds: float


def meet(folder: Path, worker: str, bench: Bench) -> None:
    """Notes who the worker's device is, at its first test."""
    path = folder / (worker + SUFFIX)
    if path.exists():
        return
    facts: dict[str, object] = {name: bench.read(attribute).decode() for name, attribute in TEXTS.items()}
    facts["word_bits"] = bench.read_int(Attr.WORD_BITS)
    facts[AT_START] = facts[LOWEST] = bench.read_int(Attr.HEAP_FREE)
    path.write_text(json.dumps(facts))


def part(folder: Path, worker: str, bench: Bench) -> None:
    """Notes the heap that a test leaves; a meter that no longer answers leaves nothing to note."""
    path = folder / (worker + SUFFIX)
    try:
        free = bench.read_int(Attr.HEAP_FREE)
    except (BenchError, LinkError):
        return
    facts = json.loads(path.read_text())
    facts[LOWEST] = min(facts[LOWEST], free)
    path.write_text(json.dumps(facts))


def write(out: Path, folder: Path, sizes: Sizes, counts: Counts) -> None:
    """The file of the whole run; what the devices of several workers say of heap is taken together.

    `sizes` says of a board how large its build is, by the names that support/built.py has.
    """
    devices: list[dict[str, Any]] = [json.loads(path.read_text()) for path in sorted(folder.glob("*" + SUFFIX))]
    facts = devices[0] if devices else {}
    if devices:
        facts[AT_START] = min(device[AT_START] for device in devices)
        facts[LOWEST] = min(device[LOWEST] for device in devices)
        facts |= sizes(facts["board"])
    facts |= asdict(counts)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(facts, indent=2) + "\n")
