"""A run tells of its device in a file: who it is, its heap, how many tests passed, and why some were skipped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from gsme_host.build import build, build_board
from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import NAME, RunningBoard
from host_tests.conftest import RUN_FOLDER
from host_tests.support import built
from host_tests.virtual_board.boards import deployed

TIMEOUT_S: Final = 150.0
SUITE: Final = "host_tests/test_runtime.py::"
WHO: Final = SUITE + "test_it_names_its_runtime"
JUDGES: Final = "host_tests/judges/test_layout.py"
SIMULATED: Final = SUITE + "test_a_simulated_meter_says_what_its_interpreter_says"


def run(out: Path, *arguments: str) -> int:
    """A run of the suite beside this one; returns pytest's status."""
    environment = {name: value for name, value in os.environ.items() if name not in (RUN_FOLDER, "PYTEST_XDIST_WORKER")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--results", str(out), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=TIMEOUT_S
    ).returncode


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_of_a_simulated_meter(tmp_path: Path, workers: tuple[str, ...]) -> None:
    out = tmp_path / "made" / "results.json"
    assert run(out, *workers, WHO, SIMULATED) == pytest.ExitCode.OK
    told = json.loads(out.read_text())
    assert (told["board"], told["word_bits"], told["passed"], told["failed"]) == ("unix", 64, 2, 0)
    assert told["runtime"].startswith("micropython ")
    assert told["mpy_bytes"] == build(tmp_path / "mpy").used
    assert "image_bytes" not in told
    assert 0 < told["heap_free_lowest_bytes"] <= told["heap_free_at_start_bytes"] < 128 * 1024 * 2


def test_of_sources(tmp_path: Path) -> None:
    """They have no size that compares."""
    out = tmp_path / "results.json"
    assert run(out, "--sources", WHO) == pytest.ExitCode.OK
    assert "mpy_bytes" not in json.loads(out.read_text())


def test_of_a_device_behind_a_port(tmp_path: Path) -> None:
    """The size is that of the build for the board which it says it is."""
    out = tmp_path / "results.json"
    with RunningBoard(tmp_path / "flash") as board:
        deployed(board)
        assert run(out, f"--port={board.port}", WHO) == pytest.ExitCode.OK
    told = json.loads(out.read_text())
    assert (told["board"], told["mpy_bytes"]) == (NAME, build_board(tmp_path / "mpy", NAME).used)


def test_sizes_of_boards() -> None:
    """In files or in ROMFS; a board that is not of this tree has none."""
    assert built.of_board("virtual").keys() == {built.MPY}
    sizes = built.of_board("nrf52840dk")
    assert 0 < sizes[built.MPY] < sizes[built.IMAGE]
    assert built.of_board("somebody else's") == {}


def test_of_a_run_without_a_device(tmp_path: Path) -> None:
    """Tests of judges ask no meter: there is nothing to say but how they went."""
    out = tmp_path / "results.json"
    assert run(out, JUDGES) == pytest.ExitCode.OK
    told = json.loads(out.read_text())
    assert told.pop("passed") > 1
    assert set(told) == {"failed", "skipped", "seconds"}
