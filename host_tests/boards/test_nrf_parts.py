"""The nRF52840's other drivers: randomness, the place of the journal, and the way past the port's module `board`.

Source: nRF52840 Product Specification, "RNG - Random number generator"; MicroPython's ports/nrf: modules/nrf/modnrf.c
(unused_flash_start, unused_flash_length), modules/board/modboard.c.
"""

from __future__ import annotations

from typing import Final

from host_tests.boards.script import run

END: Final = 0xD0000  # of the flash that the stand-in's image may use
BLOCKS: Final = 24 * 4096


def test_randomness_is_the_generator_s_corrected_and_never_less() -> None:
    """A generator that gives nothing is an error, and is stopped like one that does."""
    made, dead, *_ = run("nrf_parts", "nrf52840dk")
    assert made == "070a0d10 1 False"
    assert dead == "OSError False"


def test_the_journal_lies_at_the_end_of_what_the_image_leaves() -> None:
    """So a larger image finds it in the same place, and one that would reach into it says so."""
    _, _, place, refused, _ = run("nrf_parts", "nrf52840dk")
    assert place == f"{END - BLOCKS:x} {BLOCKS:x}"
    assert refused == "no flash left for the journal: this image is too large"


def test_a_module_that_has_been_imported_goes_before_one_of_the_port() -> None:
    """Which is what the board's boot.py relies on."""
    assert run("nrf_parts", "nrf52840dk")[-1] == "True"
