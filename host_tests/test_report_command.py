"""`gsme report`: what it writes of a simulated meter, and that it writes all of it or nothing."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.link import Link
from gsme_host.measure import percentile
from gsme_host.meter import Meter
from host_tests.judges.event_list import PUBLISHED_ORDER
from host_tests.support.command import GSME, TIMEOUT_S, Sim, complaint, gsme, sim

RUNS: Final = 5
ANSWERS: Final = {  # frames that answer each kind: a HAN frame has room for 25 events
    "attribute read": 1,
    f"GCS20r, {len(PUBLISHED_ORDER)} events": 2,
    "Event Log read, 10 entries": 2,
    "GCS20r, 4 events": 1,
    "error answer": 1,
}
OLD: Final = "an older report\n"


@pytest.fixture
def running() -> Iterator[Sim]:
    with sim() as meter:
        yield meter


def report(port: str, out: Path, runs: int = RUNS) -> subprocess.CompletedProcess[str]:
    return gsme("report", port, "--runs", str(runs), "--out", str(out))


def test_what_it_writes(running: Sim, tmp_path: Path) -> None:
    """JSON with every measure, Markdown with every line of it, and the meter as it left the factory."""
    done = report(running.port, tmp_path / "board")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.json", "board.md"]
    told: dict[str, Any] = json.loads((tmp_path / "board.json").read_text())
    text = (tmp_path / "board.md").read_text()
    _judge_exchanges(told["exchanges"], text)
    with Link(running.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        assert told["meter"]["firmware"] == bench.read(Attr.FIRMWARE_VERSION).decode()
        assert told["meter"]["board"] == bench.read(Attr.BOARD).decode() == "unix"
        assert bench.read_int(Attr.EVENT_LOG_ENTRIES) == 0
        assert bench.read_int(Attr.STARTS) == told["link"]["starts"] + 1
        assert len(bench.meter.ask("09 00 05 FF81", cluster=0x0708)[0]) == 80
    assert told["flash"]["programs_for_10_events"] >= 10
    assert told["flash"]["programs"] > told["flash"]["programs_for_10_events"]
    assert 0 < told["heap"]["free_at_end_bytes"] <= told["heap"]["free_at_start_bytes"]
    assert min(told["boot_ms"]) > 1
    for part in ("meter", "heap", "flash", "link"):
        for name, value in told[part].items():
            assert f"| {name.replace('_', ' ')} | {value} |" in text


def _judge_exchanges(rows: list[dict[str, Any]], text: str) -> None:
    assert {row["name"]: row["answers"] for row in rows} == ANSWERS
    for row in rows:
        times = [row["p50_ms"], row["p99_ms"], row["max_ms"]]
        assert 0 < times[0] <= times[1] <= times[2]
        shown = " | ".join(f"{time:.2f}" for time in times)
        assert f"| {row['name']} | {row['answers']} | {RUNS} | {shown} |" in text


@pytest.mark.parametrize(("part", "rank"), [(1, 2), (50, 100), (99, 198), (100, 200)])
def test_percentiles_are_nearest_ranks(part: int, rank: int) -> None:
    assert percentile(range(1, 201), part) == rank


def test_no_meter(tmp_path: Path) -> None:
    assert complaint(report("nothing-there", tmp_path / "board"), 1) == "nothing-there: there is no such port"
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(running: Sim, tmp_path: Path) -> None:
    """It is known before the meter is reset."""
    (tmp_path / "board.md").mkdir()
    for out, word in ((tmp_path / "none" / "board", "No such file"), (tmp_path / "board", "is a folder")):
        assert word in complaint(report(running.port, out), 1)
    with Link(running.port) as link:
        link.sync()
        assert Bench(Meter(link)).read_int(Attr.STARTS) == 1


def test_ctrl_c_leaves_nothing_half(running: Sim, tmp_path: Path) -> None:
    """Neither files, nor a meter that lacks what was taken from it; and an older report stays."""
    (tmp_path / "board.md").write_text(OLD)
    command = [str(GSME), "report", running.port, "--runs", "1000000", "--out", str(tmp_path / "board")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if "attribute read" in line:
            break
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, (printed + errors).strip()) == (130, "")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("board.md", OLD)]
    with Link(running.port) as link:
        link.sync()
        assert Bench(Meter(link)).read_int(Attr.EVENT_LOG_ENTRIES) == 0


def test_a_meter_that_goes_while_it_is_measured(running: Sim, tmp_path: Path) -> None:
    """As by an unplugged cable."""
    command = [str(GSME), "report", running.port, "--runs", "1000000", "--out", str(tmp_path / "board")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if "attribute read" in line:
            break
    running.end(signal.SIGTERM)
    _, errors = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, errors.count("\n")) == (1, 1)
    assert errors.startswith(f"gsme: {running.port}: ")
    assert not list(tmp_path.iterdir())
