"""A wrong board.json is refused, each way of being wrong in one line; the boards' tables of partitions are whole."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest
from esp_idf_defs.partitions import PartitionTable

from gsme_host.board_facts import check
from gsme_host.build import BOARDS
from gsme_host.partitions import PartitionError, table

BOARD: Final = "esp32_c6"
FLASH_BYTES: Final = 4 * 1024 * 1024
ESP32: Final = ("esp32_c6", "esp32_h2")
# Upstream's for 4 MiB, MicroPython 1.27: name, offset, and where the file system begins
UPSTREAM: Final = {"nvs": 0x9000, "phy_init": 0xF000, "factory": 0x10000, "vfs": 0x200000}

WRONG: Final = [  # what to put where, None to take it away; what is said of it
    (("mcu",), None, "'mcu' is a required property"),
    (("vendor",), "", "vendor: '' should be non-empty"),
    (("speed",), 1, "'speed' was unexpected"),
    (("mpy_arch",), "rv64", "mpy_arch: 'rv64' is not one of"),
    (("small_int_bits",), 32, "small_int_bits: 32 is not one of"),
    (("url",), "www.example.org", "url: "),
    (("features",), ["BLE", "BLE"], "features: .* has non-unique elements"),
    (("link", "kind"), "radio", "link.kind: 'radio' is not one of"),
    (("uart", "baud"), "fast", "uart.baud: 'fast' is not of type 'integer'"),
    (("uart", "rxbuf"), 16, "uart.rxbuf: 16 is less than the minimum of 64"),
    (("flash", "blocks"), 12, "flash.blocks: 12 is less than the minimum of 13"),
    (("flash", "program_bytes"), 3, "flash.program_bytes: 3 is not one of"),
    (("budget", "mpy_bytes"), 0, "budget.mpy_bytes: 0 is less than"),
    (("id",), "esp32_c7", "id: 'esp32_c7' is not the name of its folder"),
    (("deploy",), ["deploy.md", "more.md"], "more.md is not there"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a board's folder."""
    copied = tmp_path / BOARD
    copied.mkdir()
    for path in (BOARDS / BOARD).iterdir():
        if path.is_file():
            (copied / path.name).write_bytes(path.read_bytes())
    return copied


def test_the_copy_is_right_as_it_is(folder: Path) -> None:
    assert list(check(folder)) == []


@pytest.mark.parametrize(("where", "what", "said"), WRONG)
def test_a_wrong_description_is_refused(folder: Path, where: tuple[str, ...], what: Any, said: str) -> None:
    facts = json.loads((folder / "board.json").read_text(encoding="utf-8"))
    place = facts
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = copy.copy(what)
    if what is None:
        del place[where[-1]]
    (folder / "board.json").write_text(json.dumps(facts), encoding="utf-8")
    (problem,) = check(folder)
    assert _matches(said, problem), problem


def _matches(said: str, problem: str) -> bool:
    first, _, rest = said.partition(".*")
    return first in problem and rest in problem and "\n" not in problem


def test_what_is_no_JSON_and_what_lacks_a_part(folder: Path) -> None:
    (folder / "boot.py").unlink()
    assert list(check(folder)) == ["boot.py is not there"]
    (folder / "board.json").write_text("{", encoding="utf-8")
    (problem,) = check(folder)
    assert problem.startswith("is no JSON: ")


@pytest.mark.parametrize("board", ESP32)
def test_the_journal_has_a_partition_and_upstream_s_stay_where_they_are(board: str) -> None:
    """At the end: what upstream's own table has there is the file system's, whose first blocks alone are written."""
    rows = {row.name: row for row in PartitionTable.from_binary(table(BOARDS / board / "partitions.csv"))}
    facts = json.loads((BOARDS / board / "board.json").read_text(encoding="utf-8"))
    assert {name: rows[name].offset for name in UPSTREAM} == UPSTREAM
    assert rows["gsme"].size == facts["flash"]["blocks"] * facts["flash"]["erase_bytes"]
    assert rows["gsme"].offset + rows["gsme"].size == FLASH_BYTES
    assert rows["vfs"].offset + rows["vfs"].size == rows["gsme"].offset


@pytest.mark.parametrize(
    "text",
    [
        "a,data,0x40,0x9000,0x2000\nb,data,0x40,0xa000,0x1000\n",
        "a,app,factory,0x11000,0x1000\n",
        "a,,,\n",
        "a,data,nvs\n",
    ],
)
def test_a_wrong_table_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(PartitionError) as caught:
        table(tmp_path / "t.csv")
    assert "\n" not in str(caught.value)
