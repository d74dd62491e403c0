"""The sweeps against what a run tests, and where their counts go."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from host_tests.conftest import MAIN, RUN_FOLDER
from host_tests.powercut.sweeps import Sweeps
from host_tests.support import record
from host_tests.support.target import firmware

TAPES: Final = "tapes"

Tell = Callable[[Counter[str]], None]


@pytest.fixture
def sweeps() -> Sweeps:
    """The scripts; tapes are shared by all workers of a run."""
    return Sweeps(firmware(), Path(os.environ[RUN_FOLDER]) / TAPES)


@pytest.fixture
def tell() -> Tell:
    """Adds counts to what the run prints at its end."""
    return lambda counts: record.store(
        Path(os.environ[RUN_FOLDER]), os.environ.get("PYTEST_XDIST_WORKER", MAIN), counts
    )
