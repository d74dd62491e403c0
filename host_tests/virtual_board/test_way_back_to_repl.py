"""A board is never lost to the application: the second after a reset, the bench's Leave, and a start that fails.

Source: the serial HAN link, rule 8 and Leave.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr
from gsme_host.deploy.repl import KEYS, PROMPT
from gsme_host.link import BAUD
from gsme_host.port import open_port
from gsme_host.virtual.running import RunningBoard
from host_tests.virtual_board.boards import WAIT_S, after_reset, asked, mpremote, until

CTRL_C: Final = b"\x03"
SYNC: Final = bytes.fromhex("00 01 01 06 01 84 E9 46 88 00")
HANG: Final = """
import board
import time

whole_feed = board.Board.feed
began = time.ticks_ms()

def feed(self):
    whole_feed(self)
    while time.ticks_diff(time.ticks_ms(), began) > 3500:
        pass

board.Board.feed = feed
import whole_main
"""
BROKEN: Final = {  # what is wrong with what was deployed, and the last line of what the board says
    "an import that fails": ("gsme/device.py", "import nothing_of_that_name\n", b"ImportError"),
    "a module that does not compile": ("gsme/device.py", "def\n", b"SyntaxError"),
    "a board that cannot be made": ("board.py", "class Board:\n    pass\n", b"AttributeError"),
    "an exception in the board's module": ("board.py", "1 / 0\n", b"ZeroDivisionError"),
    "no memory": ("board.py", "x = bytearray(10_000_000)\n", b"MemoryError"),
}


def test_ctrl_c_in_the_second_after_a_reset(board: RunningBoard) -> None:
    starts = board.board.starts
    board.board.reset()
    until(board, starts + 1)
    time.sleep(0.5)
    assert answer(board, CTRL_C).endswith(PROMPT)
    assert mpremote(board, "resume", "eval", "6 * 7") == "42\n"


def test_after_the_second_ctrl_c_is_a_byte(board: RunningBoard) -> None:
    after_reset(board, SYNC)
    assert answer(board, CTRL_C * 20) == b""
    with asked(board) as bench:
        assert bench.meter.link.identity


def test_leave_gives_the_line_to_the_repl_and_a_soft_reset_takes_it_back(board: RunningBoard) -> None:
    with asked(board) as bench:
        bench.leave()
    assert answer(board, KEYS).endswith(PROMPT)
    assert mpremote(board, "resume", "eval", "6 * 7") == "42\n"
    with open_port(board.port, BAUD) as line:
        line.write(b"\x04")
    with asked(board) as bench:
        assert bench.meter.link.identity


def test_the_watchdog_ends_nobody_who_is_at_the_repl(board: RunningBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsme_host.virtual.relay.WATCHDOG_S", 1.5)
    with asked(board) as bench:
        time.sleep(2.0)
        starts = board.board.starts
        bench.leave()
    time.sleep(2.0)
    assert board.board.starts == starts
    assert mpremote(board, "resume", "eval", "6 * 7") == "42\n"


def test_ctrl_c_between_the_application_and_the_repl_is_the_repls(board: RunningBoard) -> None:
    """There the unix port has nobody who takes the signal; this board has its REPL all the same."""
    with asked(board) as bench:
        bench.leave()
    assert answer(board, KEYS).endswith(PROMPT)
    starts = board.board.starts
    os.kill(board.board.pid, signal.SIGINT)
    until(board, starts + 1)
    assert answer(board, KEYS, 2.0).endswith(PROMPT)
    assert mpremote(board, "resume", "eval", "6 * 7") == "42\n"


@pytest.mark.parametrize("served", [False, True], ids=["serves nobody", "serves"])
def test_a_loop_that_hangs_is_not_tried_again_and_again(
    board: RunningBoard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, served: bool
) -> None:
    """The watchdog's second reset in a row leaves the REPL, unless somebody was served in between."""
    monkeypatch.setattr("gsme_host.virtual.relay.WATCHDOG_S", 2.5)
    with asked(board) as bench:
        bench.leave()
    hang = tmp_path / "hang.py"
    hang.write_text(HANG)
    mpremote(board, "resume", "exec", "import os; os.rename('main.py', 'whole_main.py')", "cp", hang, ":main.py")
    starts = board.board.starts
    board.board.reset()
    for number in (2, 3):  # the first one hangs, so does the second
        until(board, starts + number)
        if served and number == 2:
            with asked(board) as bench:
                assert bench.read(Attr.LAST_CRASH) == b"watchdog"
    if served:
        until(board, starts + 4)
    assert answer(board, KEYS, 3.0).endswith(PROMPT)
    time.sleep(3.0)
    assert board.board.starts == starts + 3 + served


@pytest.mark.parametrize("what", BROKEN)
def test_a_start_that_fails_leaves_the_repl(board: RunningBoard, tmp_path: Path, what: str) -> None:
    """With its traceback, and without trying again."""
    name, text, says = BROKEN[what]
    with asked(board) as bench:
        bench.leave()
    path = tmp_path / "broken.py"
    path.write_text(text)
    mpremote(board, "resume", "cp", path, f":{name}")
    starts = board.board.starts
    assert says in after_reset(board, PROMPT)
    time.sleep(0.5)
    assert board.board.starts == starts + 1
    assert mpremote(board, "eval", "6 * 7") == "42\n"


def answer(board: RunningBoard, keys: bytes, wait: float = 0.5) -> bytes:
    """What it says to keys, in so many seconds."""
    said = b""
    with open_port(board.port, BAUD) as line:
        line.reset_input_buffer()
        line.write(keys)
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            said += line.read(line.in_waiting or 1)
    assert len(said) < 4096 * WAIT_S
    return said
