"""Goals are compared with what was counted, and a board that misses one is told of in one line."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from gsme_host.supervisor import ROOT
from host_tests.emulated import cost, message_heap
from host_tests.perf import exchanges

from . import goals
from .goals import BOARD, ROWS, complaint
from .table import Evidence

GCS20R: Final = exchanges.GCS20R_44.name
COSTS: Final[dict[str, Any]] = {
    "instructions": {
        GCS20R: 800_000,
        cost.LINK: 45_000,
        exchanges.NOT_FOUND.name: 143_000,
        exchanges.READ_ONE.name: 167_000,
        cost.MESSAGE: 1_400_000,
    },
    "heap_bytes": {exchange.name: 256 for exchange in exchanges.EXCHANGES},
    "heap_in_use_most_bytes": 102_000,
    "message_taken_bytes": {message_heap.SHORT: 6_736, message_heap.LONG: 17_776},
    "message_in_use_bytes": {message_heap.SHORT: 104_992, message_heap.LONG: 131_072},
}


def with_one(part: str, key: str | None, value: int) -> dict[str, Any]:
    """Other costs."""
    costs = deepcopy(COSTS)
    if key is None:
        costs[part] = value
    else:
        costs[part][key] = value
    return costs


def marks(*found: Evidence) -> dict[str, tuple[str, ...]]:
    """What stands behind each name."""
    return {name.strip(): tuple(cells) for name, *cells in goals.rows(list(found))}


def test_every_row_finds_its_figure() -> None:
    """The names are those of the measurements."""
    assert all(row.figure(COSTS) is not None for row in ROWS)
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert complaint(BOARD, COSTS) is None


def test_each_goal_can_be_missed() -> None:
    """By one, and each is told of alone."""
    limited = [row for row in ROWS if row.most is not None]
    assert len(limited) == 11
    for row in limited:
        assert row.most is not None
        costs = with_one(row.part, row.key, row.most + 1)
        told = f"{BOARD} misses its goal: {row.name}, {row.most + 1:,} {row.unit}, goal {row.most:,}"
        assert complaint(BOARD, costs) == told
        assert complaint("qemu_rv32", costs) is None


def test_what_was_not_measured_is_no_goal_reached() -> None:
    told = complaint(BOARD, {})
    assert told is not None
    assert told.count("not measured") == 11
    assert "\n" not in told


def test_where_the_rest_goes() -> None:
    shown = marks(Evidence(BOARD, {}, COSTS))
    assert shown[GCS20R] == ("instructions", "800,000", "800,000", "yes")
    assert shown["of that: the rest, with the link of two answers"] == ("instructions", "-", "755,000", "-")
    assert shown["of that: two MACs, envelope, tunnel frames"] == ("instructions", "-", "600,000", "-")


def test_two_runtimes_side_by_side() -> None:
    """The goals are those of one of them."""
    other = with_one("instructions", GCS20R, 900_000)
    assert marks(Evidence(BOARD, {}, COSTS), Evidence("qemu_rv32", {}, other))[GCS20R][-3:] == (
        *("800,000", "900,000"),
        "yes",
    )
    assert marks(Evidence(BOARD, {}, other))[GCS20R][-1] == "no"
    assert marks(Evidence("qemu_rv32", {}, COSTS))[GCS20R][-1] == "-"
    assert marks(Evidence(BOARD, {}, {"mpy_bytes": 1}))[GCS20R][-2:] == ("-", "-")


@pytest.mark.parametrize("counted", [True, False], ids=["counted", "not counted"])
def test_the_command_shows_them(tmp_path: Path, counted: bool) -> None:
    (tmp_path / f"{BOARD}.json").write_text(json.dumps({"passed": 1, "failed": 0, "skipped": {}}))
    if counted:
        (tmp_path / f"{BOARD}.cost.json").write_text(json.dumps(COSTS))
    command = [sys.executable, "-m", "host_tests.evidence", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ("goals" in done.stdout) == counted
    assert ("of that: two MACs" in done.stdout) == counted
