"""The table of evidence says what the files say, and calculates nothing that is not marked so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from gsme_host.supervisor import ROOT

from .table import COLUMNS, Evidence, NoEvidence, load, skipped

RESULTS: Final = {
    "board": "qemu_m4f",
    "runtime": "micropython 1.29.0-preview",
    "word_bits": 32,
    "heap_free_at_start_bytes": 90000,
    "heap_free_lowest_bytes": 80000,
    "passed": 1200,
    "failed": 0,
    "skipped": {"needs a simulated meter": 30, "another": 2},
    "seconds": 10.0,
}
COST: Final = {
    "mpy_bytes": 71809,
    "image_bytes": 300000,
    "heap_lowest_bytes": 60000,
    "instructions": {"GCS20r, 44 events": 640000},
}


def cells(evidence: Evidence) -> dict[str, str]:
    """By the name of the column."""
    return dict(zip((column.replace("\n", " ") for column in COLUMNS), evidence.row(), strict=True))


def test_a_runtime_with_counted_instructions(tmp_path: Path) -> None:
    (tmp_path / "qemu-m4f.json").write_text(json.dumps(RESULTS))
    (tmp_path / "qemu-m4f.cost.json").write_text(json.dumps(COST))
    (one,) = load(tmp_path)
    assert cells(one) == {
        "runtime": "qemu-m4f",
        "MicroPython": "1.29.0-preview",
        "word bits": "32",
        "tests passed": "1,200",
        "tests skipped": "32",
        "heap free at start": "90,000",
        "heap free lowest": "60,000",
        ".mpy bytes": "71,809",
        "image bytes": "300,000",
        "instructions a GCS20r": "640,000",
        "ms, calculated": "10.0 at 64 MHz",
    }
    assert list(skipped([one])) == ["qemu-m4f: 2 skipped: another", "qemu-m4f: 30 skipped: needs a simulated meter"]


def test_what_was_not_measured_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "unix.json").write_text(json.dumps(RESULTS | {"board": "unix", "failed": 1}))
    shown = cells(load(tmp_path)[0])
    assert shown["tests passed"] == "1,200, 1 failed"
    assert [shown[name] for name in (".mpy bytes", "instructions a GCS20r", "ms, calculated")] == ["-"] * 3


def test_a_runtime_without_counted_instructions_has_a_size(tmp_path: Path) -> None:
    """Which the run itself wrote."""
    (tmp_path / "unix.json").write_text(json.dumps(RESULTS | {"board": "unix", "mpy_bytes": 74000}))
    (tmp_path / "virtual.json").write_text(json.dumps(RESULTS | {"mpy_bytes": 79000, "image_bytes": 81000}))
    shown = [cells(one) for one in load(tmp_path)]
    assert [(row[".mpy bytes"], row["image bytes"]) for row in shown] == [("74,000", "-"), ("79,000", "81,000")]


@pytest.mark.parametrize("content", [None, "{"], ids=["nothing", "not JSON"])
def test_a_folder_without_results(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "unix.json").write_text(content)
    with pytest.raises(NoEvidence):
        load(tmp_path)
    command = [sys.executable, "-m", "host_tests.evidence", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
