"""The device under test, and what is judged beside every test.

By default each test gets a fresh simulated meter, run from .mpy files on a small heap. `--port URL` points the same
tests at a device on a board: any URL that pyserial opens; several of them at as many boards in parallel.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.build import build
from gsme_host.capture import Capture
from gsme_host.meter import Meter
from gsme_host.supervisor import FIRMWARE
from host_tests.judges import tshark
from host_tests.support import built, other_makers, ports, record, results, skips
from host_tests.support.target import FIRMWARE_FOLDER, SOURCES_FOLDER, Target, real, simulated

RUN_FOLDER: Final = "GSME_TEST_RUN"  # environment: where the workers leave captures and counts
WORKERS_A_CORE: Final = 2
MAIN: Final = "main"  # the only worker where tests do not run in parallel
CLAUSE: Final = re.compile(r"MP078_(\d+)_(\d+)")
_BEGAN: Final = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("meter")
    ports.add_options(parser)
    group.addoption("--results", type=Path, metavar="FILE", help="write counts, versions and heap of the run there")
    group.addoption("--bench-only", action="store_true", help="leave out what asks no device")
    group.addoption("--sources", action="store_true", help="run the firmware's sources, not .mpy files")
    other_makers.add_options(parser)
    group.addoption("--firmware", type=Path, default=FIRMWARE, metavar="DIR", help="test another copy of firmware/")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One a port; without ports two a core: about half of its time a worker waits for its meter."""
    return ports.number(config) or WORKERS_A_CORE * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Once a run, before there are workers: compile the firmware, make the folder for what is recorded."""
    config.addinivalue_line("markers", "simulated: needs a simulated meter: stops, kills or damages it")
    if _is_worker(config):
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    os.environ.pop(RUN_FOLDER, None)  # of a run that this one is a part of: it is not ours to remove
    config.stash[_BEGAN] = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gsme-tests-"))
    os.environ[RUN_FOLDER] = str(folder)
    firmware: Path = config.getoption("--firmware").resolve()
    os.environ[SOURCES_FOLDER] = str(firmware)
    if not config.getoption("--sources"):
        build(folder / "mpy", firmware=firmware)
        firmware = folder / "mpy"
    os.environ[FIRMWARE_FOLDER] = str(firmware)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before there are workers a look at the devices; then each process that runs tests takes its own."""
    config = session.config
    if config.getoption("--collect-only"):
        return
    if not _is_worker(config):
        ports.look_at(config)
    if not config.getoption("numprocesses", None):
        ports.claim(config, _run_folder())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A run on another device need not repeat what has nothing to do with it."""
    if config.getoption("--bench-only"):
        asked = [item for item in items if "target" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(asked)])
        items[:] = asked


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        shutil.rmtree(os.environ.pop(RUN_FOLDER, ""), ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_folder() -> Path:
    return Path(os.environ[RUN_FOLDER])


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", MAIN)


@pytest.fixture(scope="session")
def capture() -> Iterator[Capture]:
    """All that a worker's meters hear and say, for tshark."""
    with Capture(_run_folder() / f"{_worker()}.pcap") as capture:
        yield capture


@pytest.fixture
def target(request: pytest.FixtureRequest, capture: Capture) -> Iterator[Target]:
    """The device under test, as it left the factory; what it said is judged when the test is over."""
    device = ports.mine(request.config)
    if device and request.node.get_closest_marker("simulated"):
        pytest.skip("needs a simulated meter")
    with real(device, capture) if device else simulated(capture) as target:
        wanted = request.config.getoption("--results")
        if wanted:
            results.meet(_run_folder(), _worker(), target.bench)
        yield target
        target.meter.drain()
        if wanted:
            results.part(_run_folder(), _worker(), target.bench)
    record.store(_run_folder(), _worker(), record.judge(target.meter))


@pytest.fixture
def meter(target: Target) -> Meter:
    """The device under test, to be asked."""
    return target.meter


@pytest.fixture
def bench(target: Target) -> Bench:
    """Its bench cluster."""
    return target.bench


@pytest.fixture
def home(target: Target) -> Target:
    """The device under test with one device of every kind in its Device Log."""
    target.enrol_home_area()
    return target


@pytest.fixture(autouse=True)
def _clause(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """The requirement that a test is named after becomes a property of its result."""
    for issue, clause in CLAUSE.findall(request.node.nodeid):
        record_property("requirement", f"MP078-{issue}-{clause}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skip that this run does not excuse is a failure."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = skips.reason(report)
        if not skips.excused(reason):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped: {reason}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The last judge: tshark over everything that the meters said in the whole run."""
    if _is_worker(session.config):
        return
    problems = tshark.judge_run(sorted(_run_folder().glob("*.pcap")))
    session.config.stash[_TSHARK] = problems
    if problems.found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_TSHARK: Final = pytest.StashKey[tshark.RunResult]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counts: Counter[str] = record.total(_run_folder())
    told = ", ".join(f"{number} {what}" for what, number in counts.items())
    terminalreporter.write_line(f"judged over all tests: {told or 'nothing'}")
    result = config.stash.get(_TSHARK, None)
    if result:
        for line in result.lines:
            terminalreporter.write_line(line)
    if out := config.getoption("--results"):
        _write_results(terminalreporter, out)


def _write_results(reporter: pytest.TerminalReporter, out: Path) -> None:
    counts = {outcome: len(reporter.stats.get(outcome, ())) for outcome in ("passed", "failed", "error")}
    reasons = Counter(skips.reason(report) for report in reporter.stats.get("skipped", ()))
    seconds = round(time.monotonic() - reporter.config.stash[_BEGAN], 1)
    went = results.Counts(counts["passed"], counts["failed"] + counts["error"], dict(reasons), seconds)
    results.write(out, _run_folder(), _sizes(reporter.config), went)


def _sizes(config: pytest.Config) -> results.Sizes:
    """Of what is tested, where this run knows it."""
    if not ports.number(config):
        folder = Path(os.environ[FIRMWARE_FOLDER])
        return lambda _: built.of_simulated(folder)
    if any(config.getoption(name, False) for name in ports.OTHERS):
        return lambda _: {}
    return built.of_board
