"""Runs on_device/years.py and judges what it says."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gsme_host.interpreter import interpreter
from gsme_host.supervisor import BOARD

HERE: Final = Path(__file__).resolve().parent
FOLDERS: Final = (HERE / "on_device", HERE.parent / "powercut" / "on_device", BOARD)
HEAP: Final = "1024wK"  # the flash is in it too

HALF_HOURS_A_DAY: Final = 48
LITRES_A_DAY: Final = 2900
ENTRIES: Final = 100  # of a log
MOST_ERASES_A_YEAR: Final = 100  # of any block
DAYS: Final = 365  # that a record of a year is about


@dataclass(frozen=True)
class Geometry:
    """Of a flash: blocks, bytes of a block, bytes that are programmed together."""

    blocks: int
    block_size: int
    word: int


SIMULATED: Final = Geometry(24, 4096, 4)  # as board/unix has it


def live(firmware: Path, days: int, geometry: Geometry = SIMULATED) -> Iterator[dict[str, Any]]:
    """One record a year of that many days, see on_device/years.py; AssertionError where the meter loses count."""
    command = [*interpreter(), "-X", f"heapsize={HEAP}", "-m", "years"]
    path = ":".join(map(str, (*FOLDERS, firmware, ".frozen")))
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE / "on_device",  # MicroPython looks for modules there first
        env={**os.environ, "MICROPYPATH": path},
    ) as process:
        assert process.stdin
        assert process.stdout
        with process.stdin as steps:
            steps.write(f"{days} {geometry.blocks} {geometry.block_size} {geometry.word}\n")
        lived = 0
        for line in process.stdout:
            year = json.loads(line)
            lived += year["days"]
            judge(year, lived)
            yield year
    assert not process.returncode
    assert lived == days


def judge(year: dict[str, Any], lived: int) -> None:
    """Nothing is lost of the gas, the time and the log; no block is erased too often."""
    assert year["half_hours"] == lived * HALF_HOURS_A_DAY
    assert year["litres"] == year["register"] == lived * LITRES_A_DAY
    assert year["clock_off_s"] == year["day_off"] == 0
    assert year["event_log"] == min(ENTRIES, 2 * lived + 2 * -(-lived // 7)), "two a day, two a week"
    assert year["security_log"] == min(ENTRIES, 3 * -(-lived // 30)), "three a month, a refusal among them"
    assert year["handed_over"] > 0
    assert year["broken_rules"] == 0, "of the flash: what is programmed is erased before"
    assert erases_a_year(year) <= MOST_ERASES_A_YEAR


def erases_a_year(year: dict[str, Any]) -> float:
    """Of the block that was erased most."""
    return float(year["hottest_erases"] * DAYS / year["days"])


def told(year: dict[str, Any]) -> str:
    """In words, for people."""
    return (
        f"{year['half_hours']} half hours: {year['programs']} programs of {year['programmed']} bytes, "
        f"{year['erases']} erases, of the hottest block {year['hottest_erases']} "
        f"({erases_a_year(year):.0f} a year of at most {MOST_ERASES_A_YEAR})"
    )
