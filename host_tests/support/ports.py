"""The devices under test: a port each, and of several a worker of pytest-xdist each.

Worker gw0 takes the first port, gw1 the second. A worker that takes the place of one that crashed gets a number of its
own, and the port that is free: who has a port holds a lock that ends with its process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TextIO

import pytest

from gsme_host.bench import Attr, Bench, BenchError
from gsme_host.build import version
from gsme_host.channel import LinkError
from gsme_host.link import Link, NoAnswer
from gsme_host.meter import Meter
from gsme_host.port import PortError
from host_tests.support import wiring
from host_tests.support.device import Device

WORKER: Final = "PYTEST_XDIST_WORKER"  # environment, set by pytest-xdist
OTHERS: Final = ("any_firmware", "without_bench")  # options by which it need not be this project's, or this version
_MINE: Final = pytest.StashKey["Device | None"]()
_LOCK: Final = pytest.StashKey[TextIO]()


def add_options(parser: pytest.Parser) -> None:
    """Options that name devices, for conftest.py to add."""
    group = parser.getgroup("meter")
    group.addoption(
        "--port",
        metavar="URL",
        action="append",
        default=[],
        help="test the device on this port instead of simulated ones; several times with -n auto: all in parallel",
    )
    group.addoption("--baud", type=int, help="speed of those ports; found out, if not given")
    group.addoption("--bench", type=Path, metavar="FILE", help="test the boards of this bench, see host_tests/wiring/")


def number(config: pytest.Config) -> int:
    """How many devices the run has; 0 where it simulates them."""
    if _in_farm(config):
        from host_tests.farm import places  # noqa: PLC0415  # only where labgrid is installed

        return places.number(config)
    return len(_named(config))


def _in_farm(config: pytest.Config) -> bool:
    return bool(config.getoption("lg_env", None))


def _named(config: pytest.Config) -> list[Device]:
    if _in_farm(config):
        from host_tests.farm import places  # noqa: PLC0415  # only where labgrid is installed

        return places.devices(config)
    bench = config.getoption("--bench")
    if bench is None:
        return [Device(url, config.getoption("--baud")) for url in config.getoption("--port")]
    if config.getoption("--port"):
        raise pytest.UsageError("either --port or --bench, and one of them")
    try:
        return wiring.devices(bench)
    except wiring.WiringError as error:
        raise pytest.UsageError(str(error)) from None


def mine(config: pytest.Config) -> Device | None:
    """The device of this process; None where each test gets a simulated one."""
    return config.stash[_MINE]


def look_at(config: pytest.Config) -> None:
    """Once a run: ends it in one line where there is no meter, or not a process for each, not in an error a test.

    The ports are open together, so that one that is named twice by different names is found as well.
    """
    devices = _named(config)
    workers = config.getoption("numprocesses", None) or 1
    if devices and workers != len(devices):
        raise pytest.UsageError(f"{_count(len(devices), 'port')} and {_count(workers, 'worker')}: use -n auto")
    _find_twins(devices)
    with ExitStack() as links:
        for device in devices:
            try:
                link = links.enter_context(Link(device.url, baud=device.baud))
                link.sync()
                if not any(config.getoption(name, False) for name in OTHERS):
                    _look_at_version(link)
                _check_board(device, link)
            except (PortError, LinkError, BenchError) as error:
                raise pytest.UsageError(str(error)) from None


def _look_at_version(link: Link) -> None:
    """The tests are those of one firmware."""
    try:
        there = Bench(Meter(link)).read(Attr.FIRMWARE_VERSION).decode()
    except (NoAnswer, BenchError):
        raise pytest.UsageError(f"{link.url}: no bench there: the tests need a bench build, not production") from None
    if there != version():
        raise pytest.UsageError(
            f"{link.url}: firmware {there} is on it, and these are the tests of {version()}: deploy it"
        )


def _check_board(device: Device, link: Link) -> None:
    if device.board is None:
        return
    told = Bench(Meter(link)).read(Attr.BOARD).decode()
    if told != device.board:
        raise pytest.UsageError(f"{device.url}: that board is {told}, and not {device.board}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _find_twins(devices: Sequence[Device]) -> None:
    places = [os.path.realpath(device.url) for device in devices]
    for at, device in enumerate(devices):
        if places[at] in places[:at]:
            raise pytest.UsageError(f"{device.url}: that port is named twice")


def claim(config: pytest.Config, folder: Path) -> None:
    """Gives this process its device, for as long as it lives."""
    devices = _named(config)
    config.stash[_MINE] = None
    first = int(os.environ.get(WORKER, "gw0").removeprefix("gw"))
    for at in range(first, first + len(devices)):
        lock = (folder / f"port-{at % len(devices)}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        config.stash[_MINE], config.stash[_LOCK] = devices[at % len(devices)], lock
        return
    if devices:
        raise pytest.UsageError("no port is free for this worker")
