"""Runs the suite on machines of QEMU's and counts what an exchange costs: `make emulate BOARD=qemu-m4f`.

What follows the board on the command line goes to pytest; --everything there runs the longest sweeps too, which this
board is not asked for otherwise. build/evidence gets the results, and a goal of host_tests/evidence/goals.py that is
missed is a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Final

from gsme_host.emulate.image import BOARDS, HEAP_BYTES, EmulateError, Image, build_image
from gsme_host.emulate.machine import Machine
from gsme_host.supervisor import ROOT
from host_tests.evidence import goals

from . import cost, message_heap

EVIDENCE: Final = ROOT / "build" / "evidence"
EVERYTHING: Final = "--everything"
# Sweeps of minutes, whose cases differ in numbers only; the simulated meters run them at every commit.
LONGEST: Final = (
    "host_tests/remote/test_forgery.py::test_every",
    "host_tests/test_flood.py",
    "host_tests/test_mp078_550.py::test_MP078_550_9_every_event_id",
    "host_tests/test_mp078_603_flood.py::test_MP078_603_27_ten_thousand_refusals_leave_seven_entries",
    "host_tests/test_mp078_603_side_doors.py::test_MP078_603_30_the_cluster_of_the_logs_has_no_attribute",
    "host_tests/test_mp078_604.py::test_MP078_604_2_no_input_has_the_direction_kept",
    "host_tests/test_verify_log_meters.py::test_over_the_link",
)
A_CORE: Final = 2  # about half of its time a worker waits for its board


def main(arguments: list[str]) -> int:
    """Returns pytest's status, or 1 where a machine cannot be made or misses a goal."""
    board = arguments[0].replace("-", "_") if arguments else ""
    if board not in BOARDS:
        sys.stderr.write(f"emulate: say which board: {' or '.join(BOARDS).replace('_', '-')}\n")
        return 2
    try:
        began = time.monotonic()
        image = build_image(board)
        sys.stdout.write(f"{board}: image of {image.image_bytes:,} bytes after {time.monotonic() - began:.1f} s\n")
        status, heap_lowest_bytes = _suite(image, arguments[1:])
        facts = _count(image, heap_lowest_bytes)
    except EmulateError as error:
        sys.stderr.write(f"emulate: {error}\n")
        return 1
    missed = goals.complaint(board, facts)
    if missed:
        sys.stderr.write(f"emulate: {missed}\n")
    return status or (1 if missed else 0)


def _suite(image: Image, arguments: list[str]) -> tuple[int, int]:
    """Pytest's status, and the least heap that was free in any of the machines after a collection."""
    number = A_CORE * (os.cpu_count() or 1)
    everything = EVERYTHING in arguments
    chosen = [argument for argument in arguments if argument != EVERYTHING]
    if not everything:
        chosen += [f"--deselect={test}" for test in LONGEST]
        sys.stdout.write("".join(f"left out, {EVERYTHING} runs it: {test}\n" for test in LONGEST))
    with ExitStack() as machines:
        boards = [machines.enter_context(Machine(image)) for _ in range(number)]
        named = [*(f"--port={board.port}" for board in boards), "-n", str(number)]
        results = f"--results={EVIDENCE / image.board}.json"
        sys.stdout.flush()
        command = [sys.executable, "-m", "pytest", "--bench-only", results, *named, *chosen]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        return status, min(cost.heap_lowest_bytes(board) for board in boards)


def _count(image: Image, heap_lowest_bytes: int) -> dict[str, object]:
    """What the file of costs holds from now on."""
    costs = cost.measure(image)
    for name, exchange in costs.items():
        sys.stdout.write(f"{name}: {exchange.instructions:,} instructions, {exchange.heap_bytes} bytes of heap\n")
    messages = message_heap.measure(image)
    for name, heap in messages.items():
        sys.stdout.write(f"{name}: {heap.taken:,} bytes of heap, {heap.in_use:,} in use with it\n")
    facts: dict[str, object] = {
        "mpy_bytes": image.mpy_bytes,
        "image_bytes": image.image_bytes,
        "heap_lowest_bytes": heap_lowest_bytes,
        "heap_in_use_most_bytes": HEAP_BYTES - heap_lowest_bytes,
        "instructions": {name: exchange.instructions for name, exchange in costs.items()},
        "heap_bytes": {name: exchange.heap_bytes for name, exchange in costs.items()},
        "message_taken_bytes": {name: heap.taken for name, heap in messages.items()},
        "message_in_use_bytes": {name: heap.in_use for name, heap in messages.items()},
    }
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    (EVIDENCE / f"{image.board}.cost.json").write_text(json.dumps(facts, indent=2) + "\n")
    return facts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
