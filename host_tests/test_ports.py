"""The suite on several devices at once: a worker a port, each device asked by one worker alone.

Two simulated meters stand behind terminals of their own, as boards would, and a short file of the suite runs on them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.supervisor import ROOT
from host_tests.support.command import TIMEOUT_S, Sim, sim

FILE: Final = "host_tests/test_other_makers_meter.py"
DONE: Final = re.compile(r"\[(gw\d)\] \[ *\d+%\] (\w+) ")
CRASH: Final = """
import os
from pathlib import Path
import pytest

@pytest.fixture(autouse=True)
def crash(target):
    if os.environ["PYTEST_XDIST_WORKER"] == "gw1":
        os.kill(os.getpid(), 9)
"""


@pytest.fixture
def pair() -> Iterator[tuple[Sim, Sim]]:
    with sim() as one, sim() as other:
        yield one, other


def suite(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest in the repository, as `make test` makes one."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--sources", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=2 * TIMEOUT_S, env=environment
    )


def starts(meter: Sim) -> int:
    """How often a meter has started: once by itself, and once for each test on it."""
    with Link(meter.port) as link:
        link.sync()
        return Bench(Meter(link)).read_int(Attr.STARTS)


def test_each_worker_has_the_port_of_its_number(pair: tuple[Sim, Sim]) -> None:
    """-n auto makes as many workers as there are ports; each meter was started as often as its worker ran a test."""
    done = suite(*(f"--port={meter.port}" for meter in pair), "-n", "auto", "-v", FILE)
    ran = Counter(worker for worker, outcome in DONE.findall(done.stdout) if outcome == "PASSED")
    assert done.returncode == 0, done.stdout[-2000:]
    assert sorted(ran) == ["gw0", "gw1"]
    assert [starts(meter) - 1 for meter in pair] == [ran["gw0"], ran["gw1"]]


def test_make_takes_several_ports(pair: tuple[Sim, Sim]) -> None:
    before = [starts(meter) for meter in pair]
    done = subprocess.run(
        ["/usr/bin/env", "make", "-s", "test", f"PORT={pair[0].port} {pair[1].port}", f"ARGS=-q --sources {FILE}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * TIMEOUT_S,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert all(starts(meter) > old for meter, old in zip(pair, before, strict=True))


def test_one_port_needs_no_workers(pair: tuple[Sim, Sim]) -> None:
    """And the other meter hears nothing of it."""
    done = suite("--port", pair[1].port, "-q", FILE)
    assert done.returncode == 0, done.stdout[-2000:]
    assert starts(pair[0]) == 1
    assert starts(pair[1]) > 1


def test_who_replaces_a_crashed_worker_takes_its_port(pair: tuple[Sim, Sim], tmp_path: Path) -> None:
    """Worker gw2, for which there is no third port."""
    (tmp_path / "crash.py").write_text(CRASH)
    ports = [f"--port={meter.port}" for meter in pair]
    arguments = ["-n", "auto", "-v", "-p", "crash", FILE]
    done = suite(*ports, "-o", f"pythonpath=. {tmp_path}", *arguments)
    ran = Counter(worker for worker, outcome in DONE.findall(done.stdout) if outcome == "PASSED")
    assert sorted(ran) == ["gw0", "gw2"], done.stdout[-2000:]
    assert starts(pair[0]) - 1 == ran["gw0"]
    assert starts(pair[1]) - 1 == ran["gw2"] + 1  # the test that was lost


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port={0}", "--port={1}"], "2 ports and 1 worker: use -n auto"),
        (["--port={0}", "--port={1}", "-n", "3"], "2 ports and 3 workers: use -n auto"),
        (["--port={0}", "-n", "2"], "1 port and 2 workers: use -n auto"),
        (["--port={0}", "--port={0}", "-n", "auto"], "{0}: that port is named twice"),
        (["--port={0}", "--port=nothing-there", "-n", "auto"], "nothing-there: there is no such port"),
    ],
)
def test_ports_that_cannot_be_used(pair: tuple[Sim, Sim], arguments: list[str], line: str) -> None:
    """One line says why, and no test is run."""
    ports = [meter.port for meter in pair]
    done = suite(*(argument.format(*ports) for argument in arguments), FILE)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert [text for text in done.stderr.splitlines() if text] == [f"ERROR: {line.format(*ports)}"]
    assert [starts(meter) for meter in pair] == [1, 1]


def test_a_run_that_is_interrupted_leaves_the_ports_free(pair: tuple[Sim, Sim]) -> None:
    """Ctrl-C, once both meters have been started by a test."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--sources", "-n", "auto", "-v", FILE]
    process = subprocess.Popen(
        [*command, *(f"--port={meter.port}" for meter in pair)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if DONE.search(line):
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert all(starts(meter) >= 1 for meter in pair)
