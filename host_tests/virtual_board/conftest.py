"""A blank board, and one that the firmware was deployed to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gsme_host.virtual.running import RunningBoard
from host_tests.virtual_board import boards


@pytest.fixture
def blank() -> Iterator[RunningBoard]:
    """A board as it leaves a shop: MicroPython, and an empty file system."""
    with RunningBoard() as board:
        yield board


@pytest.fixture(scope="session")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a board that was deployed to."""
    folder = tmp_path_factory.mktemp("deployed") / "flash"
    with RunningBoard(folder) as board:
        boards.deployed(board)
    return folder


@pytest.fixture
def board(flash: Path, tmp_path: Path) -> Iterator[RunningBoard]:
    """A board that runs the firmware."""
    with boards.like(flash, tmp_path / "flash") as board:
        yield board
