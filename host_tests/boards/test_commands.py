"""The commands that deploying a board begins with, as a person runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from gsme_host.build import BOARDS, boards
from gsme_host.partitions import TABLE_AT
from host_tests.boards.chips import CHIPS
from host_tests.support.command import complaint, gsme

SECTOR: Final = 0x1000


@pytest.mark.parametrize("board", boards())
def test_build_makes_what_is_copied(board: str, tmp_path: Path) -> None:
    done = gsme("build", "--board", board, "--production", "--quiet", "--out", tmp_path / "out")
    assert not done.returncode, done.stderr
    assert done.stdout.count("\n") == 1
    assert (tmp_path / "out" / "main.py").is_file()
    assert (tmp_path / "out" / "gsme" / "device.mpy").is_file()
    assert not (tmp_path / "out" / "gsme" / "clusters" / "bench.mpy").exists()


def test_build_refuses_a_processor_that_is_the_board_s_to_say(tmp_path: Path) -> None:
    done = gsme("build", "--board", "esp32_c6", "--march", "armv7emsp", "--out", tmp_path / "out")
    assert complaint(done, 2) == "--board says which processor: --march does not go with it"
    done = gsme("build", "--board", "esp32_c7", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "'esp32_c7' is not one of" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("board", ["esp32_c6", "esp32_h2"])
def test_partitions_writes_a_table_for_its_sector(board: str, tmp_path: Path) -> None:
    out = tmp_path / "partitions.bin"
    done = gsme("partitions", BOARDS / board / "partitions.csv", out)
    assert not done.returncode, done.stderr
    assert done.stdout == f"{out.stat().st_size} bytes, for {TABLE_AT:#x}\n"
    assert 0 < out.stat().st_size <= SECTOR


def test_partitions_refuses_a_wrong_table_in_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "partitions.csv"
    wrong.write_text("a,data,0x40,0x9000,0x2000\nb,data,0x40,0xa000,0x1000\n", encoding="utf-8")
    assert "overlap" in complaint(gsme("partitions", wrong, tmp_path / "out"), 1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("board", CHIPS)
def test_what_deploy_md_says_exists(board: str) -> None:
    """Its commands name files of the tree, boards and options that there are."""
    text = (BOARDS / board / "deploy.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert f".venv/bin/gsme build --board {board} --out build/{board}" in commands
    for command in commands:
        for word in command.split():
            if word.startswith("board/"):
                assert (BOARDS.parent / word).is_file(), word
        if command.startswith(".venv/bin/gsme "):
            name = command.split()[1]
            assert not gsme(name, "--help").returncode, name
