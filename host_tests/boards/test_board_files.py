"""Each board's own files, on the unix port with stand-ins for its chip's modules.

They are run from boot.py to the end: what the firmware wants of a board is there, a meter starts on it, and the
watchdog leaves nobody alone and nobody hanging. Not proved: that the stand-ins are the chip (README: Limits).
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from gsme_host.build import BOARDS
from gsme_host.eui64 import CHF, GPF, GSME
from host_tests.boards.chips import CHIPS
from host_tests.boards.script import run

FIPS_197: Final = "69c4e0d86a7b0430d8cdb78070b4c55a"
LONGEST_FRAME: Final = 1617
NRF: Final = "nrf52840dk"


def facts(board: str) -> Any:
    """What its board.json says."""
    return json.loads((BOARDS / board / "board.json").read_text(encoding="utf-8"))


def told(board: str, cause: str = "PWRON_RESET", runs: str = "nothing") -> dict[str, str]:
    """What whole_board.py tells of a board that starts after such a reset, with its watchdog still running or not."""
    lines = (line.partition(" = ") for line in run("whole_board", board, f"{board} {cause} {runs}\n"))
    return {name: value for name, separator, value in lines if separator}


@pytest.mark.parametrize("board", CHIPS)
def test_a_board_has_what_the_firmware_wants(board: str) -> None:
    what = told(board)
    described = facts(board)
    assert what["name"] == board
    assert what["eui64s"] == f"{GSME.hex()} {CHF.hex()} {GPF.hex()}"
    assert what["word"] == str(described["flash"]["program_bytes"])
    assert what["blocks"] == f"{described['flash']['blocks']} of {described['flash']['erase_bytes']}"
    assert what["aes"] == FIPS_197
    assert what["random"] == "20"
    assert what["provision"] == "None"
    assert what["pulses"] == "0 3 0"
    assert what["starts"] == "1", "a meter runs on it"
    assert what["restart"] == "True"


@pytest.mark.parametrize("board", CHIPS)
def test_the_watchdog_watches_from_the_first_turn_on_and_is_fed_in_the_REPL(board: str) -> None:
    """A start that fails leaves a REPL that nothing ends; one that served leaves a timer that feeds."""
    what = told(board)
    assert (what["watched before the loop"], what["watched in the loop"]) == ("False", "True")
    assert (what["timers at boot"], what["timers in the loop"], what["timers in the REPL"]) == ("0", "0", "1")
    assert what["resets"] == "0"
    if board == NRF:
        assert what["resets without the timer"] == "1", "the model does reset"


@pytest.mark.parametrize("board", CHIPS)
def test_a_reset_by_the_watchdog_is_told(board: str) -> None:
    assert told(board, "WDT_RESET")["watchdog bit"] == "True"
    assert told(board, "HARD_RESET")["watchdog bit"] == "False"


@pytest.mark.parametrize("board", CHIPS)
def test_a_soft_reset_does_not_leave_the_watchdog_unfed(board: str) -> None:
    """Where boot.py runs and main.py does not: a host in the raw REPL."""
    what = told(board, "SOFT_RESET", "watchdog")
    assert what["timers at boot"] == "1"
    assert what["timers in the loop"] == "0"
    assert what["watchdog bit"] == "False"
    assert what["resets"] == "0"


def test_the_nRF_tells_a_reset_by_the_watchdog_once() -> None:
    """Its port goes on naming that cause after a soft reset; the watchdog runs then, and did not before."""
    assert told(NRF, "WDT_RESET")["watchdog bit"] == "True"
    assert told(NRF, "WDT_RESET", "watchdog")["watchdog bit"] == "False"


def test_the_link_of_the_nRF_is_not_held_up_by_its_UART() -> None:
    """The REPL is on it too until the application runs, and again when it has ended."""
    what = told(NRF)
    assert (what["second stream in the loop"], what["second stream in the REPL"]) == ("None", "uart")


def test_the_nRF_starts_nothing_out_of_a_ROMFS_that_may_be_torn() -> None:
    """No main.py, which a deploy writes last; frozen firmware has none, and no ROMFS."""
    assert run("torn_rom", NRF, "flash rom\n") == ["False False"]
    assert run("torn_rom", NRF, "flash\n") == ["True True"]


def test_the_lamp_of_the_nRF_is_lit_by_a_low_level() -> None:
    what = told(NRF)
    assert (what["level, lit"], what["level, dark"]) == ("0", "1")


@pytest.mark.parametrize("board", [board for board in CHIPS if "uart" in facts(board)])
def test_the_link_may_have_a_UART_of_its_own(board: str) -> None:
    """All values pass, reading waits for nothing, and buffers that the port lets choose hold the longest frame."""
    uart, way_back, nothing, came, sent, wire = run("own_uart", board, board + "\n")
    described = facts(board)["uart"]
    assert uart.startswith(f"uart {described['id']} {described['baud']} ")
    assert "timeout=0" in uart
    assert "timeout_char=0" in uart
    assert {f"{key}={described[key]}" for key in ("rxbuf", "txbuf", "tx", "rx")} <= set(uart.split())
    assert min(described["rxbuf"], described["txbuf"]) > LONGEST_FRAME
    assert way_back == "way back False"
    assert nothing == "nothing 0"
    assert came == "came 6 03000d616263"
    assert sent == "sent 3 000a03"
    assert wire == f"wire {LONGEST_FRAME * 10000 // described['baud']}"


@pytest.mark.parametrize("board", CHIPS)
def test_board_json_says_what_board_config_says(board: str) -> None:
    config: dict[str, Any] = {}
    exec((BOARDS / board / "board_config.py").read_text(encoding="utf-8"), config)  # noqa: S102  # ours
    described = facts(board)
    assert described["link"]["kind"] == "repl"
    assert config.get("BAUD", 0) == described["link"]["baud"]
    assert config.get("LINK") == config.get("REPL")
    if "uart" in described:
        assert (config["UART"], config["UART_BAUD"]) == (described["uart"]["id"], described["uart"]["baud"])
    assert config["PULSE_DM3"] == described["pulse_dm3"]
    assert (config["LED"] is None) == ("led" in described["absent"])
