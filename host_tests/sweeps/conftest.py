"""What the sweeps need beside the fixtures of every test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from os import environ
from pathlib import Path

import pytest

from host_tests.conftest import MAIN, RUN_FOLDER
from host_tests.support import ports, record
from host_tests.support.target import Target, real, simulated


@pytest.fixture
def uncaptured(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The device under test without a capture: for answers that are compared byte by byte, by the ten thousand."""
    device = ports.mine(request.config)
    with real(device, None) if device else simulated(None) as target:
        yield target


@pytest.fixture
def tally() -> Callable[[str, int], None]:
    """Adds to what the end of the run says was judged."""

    def add(what: str, number: int) -> None:
        record.store(Path(environ[RUN_FOLDER]), environ.get("PYTEST_XDIST_WORKER", MAIN), Counter({what: number}))

    return add
