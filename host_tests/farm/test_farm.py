"""The suite on meters that are elsewhere: the files of MP078 through labgrid's coordinator, exporter and pytest plugin.

labgrid and ser2net are the stock ones; labgrid has an environment of its own. The meters are virtual boards that the
firmware was deployed to, each behind a terminal, ser2net, and TCP on the loopback; four places are tested in parallel.
By `make farm`, which leaves the machine to it, every case runs; beside other tests the first case of each.
"""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import RunningBoard
from host_tests.farm import processes
from host_tests.farm.processes import BIN, Farm, farm
from host_tests.support.command import gone
from host_tests.virtual_board.boards import deployed, like

ENVIRONMENT: Final = "host_tests/farm/environment.yaml"
PLACES: Final = 4  # that the environment file names
LIMIT_S: Final = 600.0  # of a machine that has other things to do
FILES: Final = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("host_tests/test_mp078_*.py"))
# Through a farm an exchange takes five times as long, and thousands of them say no more of the way to the meter.
SWEEPS: Final = ("every_event_id", "every_value_of_every_field", "no_input_has_the_direction_kept", "ten_thousand")
LEFT_OUT: Final = ("-k", " and ".join(f"not {name}" for name in SWEEPS))
CHOSEN: Final = LEFT_OUT if os.environ.get("GSME_FARM_WHOLE") else (*LEFT_OUT, "-p", "host_tests.farm.first_cases")
PASSED: Final = re.compile(r"\[(gw\d)\] \[ *\d+%\] PASSED (host_tests/\w+\.py)")
CLOSING: Final = re.compile(r"(\d+) passed.* in ")


def suite(coordinator: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of the suite in labgrid's environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "LG_"))}
    command: list[str | Path] = [
        BIN / "python",
        "-m",
        "pytest",
        "--lg-env",
        ENVIRONMENT,
        "--lg-coordinator",
        coordinator,
    ]
    command += ["-n", "auto", "-v", "--sources", "-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning"]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT_S
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a run ended before it began."""
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout[-1000:] + done.stderr[-1000:]
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("ERROR: ")


def virtual_boards(meters: ExitStack, folder: Path) -> list[RunningBoard]:
    """One for each place; one is deployed to, and they all begin with its flash."""
    flash = folder / "deployed"
    with RunningBoard(flash) as board:
        deployed(board)
    return [meters.enter_context(like(flash, folder / f"flash-{number}")) for number in range(PLACES)]


def prove(running: Farm) -> None:
    """Every file of MP078 passes with the cases that were chosen, and every place has a part in it."""
    done = suite(running.coordinator, *CHOSEN, *FILES)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    passed = PASSED.findall(done.stdout)
    assert {worker for worker, _ in passed} == {f"gw{number}" for number in range(PLACES)}
    assert sorted({file for _, file in passed}) == FILES
    closing = CLOSING.search(done.stdout)
    assert closing
    assert int(closing[1]) == len(passed)


def test_the_files_of_mp078_through_a_farm(tmp_path: Path) -> None:
    """And before its places are acquired one line says so."""
    processes.need_the_tools()
    with ExitStack() as meters:
        ports = [board.port for board in virtual_boards(meters, tmp_path)]
        with farm(ports, tmp_path) as running:
            running.make_places()
            assert complaint(suite(running.coordinator, FILES[0])) == "meter-1: place meter-1 is not acquired"
            running.acquire()
            pids = running.pids()
            assert len(pids) == PLACES
            assert all(b"127.0.0.1" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids)
            prove(running)
    assert gone(*pids)


def test_a_farm_whose_coordinator_is_not_there() -> None:
    processes.need_the_tools()
    line = complaint(suite(f"127.0.0.1:{processes.free_port()}", FILES[0]))
    assert line.startswith("meter-1: ")
    assert "coordinator" in line
