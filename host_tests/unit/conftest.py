"""How the scripts of on_device/ are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_tests.support.target import firmware
from host_tests.unit.script import Scripts


@pytest.fixture
def sources(request: pytest.FixtureRequest) -> Scripts:
    """Runs scripts against the firmware's sources: there the constants still have names."""
    folder: Path = request.config.getoption("--firmware")
    return Scripts(folder.resolve())


@pytest.fixture(params=["sources", "mpy"])
def scripts(request: pytest.FixtureRequest, sources: Scripts) -> Scripts:
    """Runs scripts against the sources and against the build that the other tests run: native code is another file."""
    return sources if request.param == "sources" else Scripts(firmware())
