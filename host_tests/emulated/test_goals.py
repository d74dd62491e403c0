"""A run on the board that has goals ends with another status, and one line, where it misses one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from gsme_host.emulate.image import Image
from host_tests.emulated import __main__ as command
from host_tests.emulated import cost, message_heap
from host_tests.emulated.cost import Cost
from host_tests.emulated.message_heap import MessageHeap
from host_tests.perf.exchanges import EXCHANGES, NOT_FOUND

GOOD: Final = {name: Cost(140_000, 89) for name in (*(one.name for one in EXCHANGES), cost.LINK, cost.MESSAGE)}
MESSAGES: Final = {name: MessageHeap(17_776, 117_984) for name in (message_heap.SHORT, message_heap.LONG)}


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, board: str, costs: dict[str, Cost], suite: int = 0) -> int:
    """The command's status, with machines that are not there."""
    monkeypatch.setattr(command, "build_image", lambda board: Image(board, folder, 300_000, 70_000))
    monkeypatch.setattr(command, "_suite", lambda _image, _arguments: (suite, 29_296))
    monkeypatch.setattr(command, "EVIDENCE", folder)
    monkeypatch.setattr(cost, "measure", lambda _: costs)
    monkeypatch.setattr(message_heap, "measure", lambda _: MESSAGES)
    return command.main([board])


def test_all_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, monkeypatch, "qemu-m4f", GOOD) == 0
    assert not capsys.readouterr().err
    facts = json.loads((tmp_path / "qemu_m4f.cost.json").read_text())
    assert facts["heap_lowest_bytes"] + facts["heap_in_use_most_bytes"] == 128 * 1024


def test_one_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What was measured is kept all the same."""
    slow = GOOD | {NOT_FOUND.name: Cost(250_001, 89)}
    assert run(tmp_path, monkeypatch, "qemu-m4f", slow) == 1
    told = capsys.readouterr().err
    assert told == "emulate: qemu_m4f misses its goal: error answer, 250,001 instructions, goal 250,000\n"
    assert (tmp_path / "qemu_m4f.cost.json").exists()


def test_the_other_board_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path, monkeypatch, "qemu-rv32", GOOD | {NOT_FOUND.name: Cost(250_001, 89)}) == 0


def test_a_suite_that_fails_keeps_its_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path, monkeypatch, "qemu-m4f", GOOD, suite=2) == 2
