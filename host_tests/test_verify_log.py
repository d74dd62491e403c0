"""`gsme verify-log`: a Security Log that is intact, whatever the meter went through, and storage that cannot be judged.

Source: the journal's format (host_tests/support/journal_writer.py), from which the images are written.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from gsme_host import cli
from gsme_host.journal import JournalError
from host_tests.support import journal_writer as writing
from host_tests.support.journal_writer import SIMULATED, SMALL, JournalWriter, Shape
from host_tests.support.log_verdict import NOT_JUDGED, complaint, findings, judged, last_line, made, run

SHAPES: Final = (SMALL, Shape(24, 512, 1), Shape(24, 1024, 8), Shape(30, 512, 16), SIMULATED)
SEED: Final = 78


def factory_reset() -> JournalWriter:
    writer = made(7)
    writer.clear()
    return writer


def entries_behind_a_reset() -> JournalWriter:
    return factory_reset().put_many(3)


def anchor_behind(count: int) -> Callable[[], JournalWriter]:
    def make() -> JournalWriter:
        writer = made(count)
        writer.put(anchored=False)
        return writer

    return make


def reset_not_anchored() -> JournalWriter:
    writer = made(7)
    writer.clear(anchored=False)
    return writer


def restarts() -> JournalWriter:
    writer = made(3)
    for _ in range(5):
        writer.restart()
        writer.put_many(2)
    return writer


def torn_record() -> JournalWriter:
    """The power went while an entry was written; another one got its number after the next start."""
    writer = made(5)
    writer.put(data=b"torn", anchored=False)
    cut = writer.at[5] + 20
    writer.image[cut : cut + 64] = b"\xff" * 64
    writer.next = 5
    writer.restart()
    return writer.put_many(3)


def torn_anchor() -> JournalWriter:
    writer = made(5)
    writer.image[writer.anchor_at + 20 : writer.anchor_at + 36] = b"\xff" * 16
    return writer


def copying(*, alone: bool) -> Callable[[], JournalWriter]:
    def make() -> JournalWriter:
        writer = made(120)
        writer.begin_copy(alone=alone)
        return writer

    return make


def entry_in_an_unfinished_copy() -> JournalWriter:
    """What is in a copy alone that nothing completes says nothing."""
    writer = made(7)
    writer.begin_copy(alone=True)
    writer.record(writing.item(writing.ENTRY, b"\x07" + writer.items[6][4:]), copy=True)
    return writer


def copy_given_up() -> JournalWriter:
    """What follows it goes on from the old base: nothing of the copy counts, a clearing in it neither."""
    writer = made(7)
    writer.begin_copy(alone=True)
    writer.record(writing.item(writing.RESET), copy=True)
    writer.open(writer.base)
    return writer.put_many(2)


OVERWRITTEN: Final = "head overwritten: {} entries gave way to new ones or were cleared, as is normal"
BEHIND: Final = "the anchor is one entry behind, as a power cut leaves it"
INTACT: Final[dict[str, tuple[Callable[[], JournalWriter], int, list[str]]]] = {
    "empty": (JournalWriter, 0, []),
    "one entry": (lambda: made(1), 1, []),
    "full": (lambda: made(100), 100, []),
    "wrapped": (lambda: made(123), 100, [OVERWRITTEN.format(23)]),
    "wrapped, and the ring too": (lambda: made(7000), 100, [OVERWRITTEN.format(6900)]),
    "factory reset": (factory_reset, 0, [OVERWRITTEN.format(7)]),
    "entries behind a factory reset": (entries_behind_a_reset, 3, [OVERWRITTEN.format(7)]),
    "restarts": (restarts, 13, []),
    "torn record": (torn_record, 8, []),
    "torn anchor": (torn_anchor, 5, [BEHIND]),
    "anchor behind": (anchor_behind(5), 6, [BEHIND]),
    "anchor behind the first entry": (anchor_behind(0), 1, [BEHIND]),
    "anchor behind an overwritten entry": (anchor_behind(130), 100, [OVERWRITTEN.format(31), BEHIND]),
    "reset not anchored": (
        reset_not_anchored, 0,
        [OVERWRITTEN.format(7), "the anchor does not know yet that the log was cleared, as a power cut leaves it"],
    ),
    "entry in an unfinished copy": (entry_in_an_unfinished_copy, 7, []),
    "copy given up": (copy_given_up, 9, []),
    "unfinished copy": (copying(alone=False), 100, [OVERWRITTEN.format(20)]),
    "unfinished copy alone": (copying(alone=True), 100, [OVERWRITTEN.format(20)]),
}  # fmt: skip


@pytest.mark.parametrize("name", INTACT)
def test_intact(tmp_path: Path, name: str) -> None:
    make, entries, notes = INTACT[name]
    done = run(tmp_path, make().image)
    assert last_line(done) == "; ".join(["intact", *notes])
    assert re.search(rf"^ *entries +{entries} *$", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize("shape", SHAPES)
def test_intact_at_any_time(shape: Shape) -> None:
    """After each of 300 entries, with copies made and a restart now and then, in each geometry."""
    writer = JournalWriter(shape)
    copies = 0
    for number in range(300):
        base = writer.base
        writer.put_many(1)
        copies += writer.base != base
        if number % 50 == 17:
            writer.restart()
        assert findings(writer.image, shape) == [], number
    assert copies or shape == SIMULATED


@pytest.mark.parametrize("number", [30, 33, 35])
def test_a_damaged_header_costs_no_entry(tmp_path: Path, number: int) -> None:
    """Records say themselves in which segment they are: in the middle, at the head, and behind it."""
    writer = made(30)
    for _ in range(3):
        writer.restart()
        writer.put_many(2)
    start = writer.at[number] // SIMULATED.block * SIMULATED.block
    for bit in range(8 * start, 8 * (start + 16)):
        image = bytearray(writer.image)
        writing.turn(image, bit)
        assert findings(image) == [], bit - 8 * start
    assert "1 headers" in run(tmp_path, image).stdout


def without_key() -> bytearray:
    writer = made(30)
    at = bytes(writer.image).index(writing.item(writing.CHAIN_KEY, writer.key))
    writer.image[at] = 0x0E
    writing.mend(writer.image, at)
    return writer.image


def moved_segment() -> bytearray:
    image = made(30).image
    return image[: 5 * SIMULATED.block] + image[2 * SIMULATED.block :]


NOT_JUDGED_IMAGES: Final[dict[str, tuple[Callable[[], bytes | bytearray], str]]] = {
    "no file": (bytes, "No such file"),
    "nothing": (lambda: b"\n"[:0], "0 bytes are not 3 or more blocks of 4096"),
    "a byte more": (lambda: bytes(made(3).image) + b"\0", "98305 bytes are not 3 or more blocks of 4096"),
    "cut": (lambda: made(3).image[:-1], "98303 bytes are not 3 or more blocks of 4096"),
    "anchors alone": (lambda: made(3).image[: 2 * SIMULATED.block], "8192 bytes are not 3 or more blocks of 4096"),
    "erased": (lambda: b"\xff" * 98304, "there is no journal in it"),
    "zeros": (lambda: bytes(98304), "there is no journal in it"),
    "another version": (lambda: JournalWriter(version=2).put_many(3).image, "a journal of version 2; "),
    "no key": (without_key, "the key of the chain is missing"),
    "another size": (moved_segment, "segment 0 is not where it belongs"),
}


@pytest.mark.parametrize("name", NOT_JUDGED_IMAGES)
def test_what_cannot_be_judged(tmp_path: Path, name: str) -> None:
    make, words = NOT_JUDGED_IMAGES[name]
    done = run(tmp_path, None if name == "no file" else make())
    line = complaint(done, NOT_JUDGED)
    assert words in line
    assert str(tmp_path) in line
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["DIR", "--port", "/dev/null"], ["--port", "/nowhere"]])
def test_arguments_that_make_no_sense(arguments: list[str]) -> None:
    done = CliRunner().invoke(cli.cli, ["verify-log", *arguments])
    assert done.exit_code == NOT_JUDGED
    assert isinstance(done.exception, SystemExit)


def test_a_damaged_place_is_told_even_where_no_entry_was_in_it(tmp_path: Path) -> None:
    writer = made(5)
    at = writer.record(writing.item(0x06, bytes(9)))
    writer.put_many(5)
    writer.image[at] ^= 1
    done = run(tmp_path, writer.image)
    assert last_line(done) == "intact"
    assert "1 places" in done.stdout


def test_rubbish_is_judged_or_refused() -> None:
    """Whatever stands in records, anchors and headers, with a right CRC or not: a verdict, or a JournalError."""
    rng = random.Random(SEED)  # noqa: S311
    whole = made(130, SMALL)
    used = [at for at, byte in enumerate(whole.image) if byte != 0xFF]
    verdicts = refusals = 0
    for _ in range(600):
        image = bytearray(whole.image)
        if rng.random() < 0.5:
            place = whole.at[rng.randrange(31, 130)]
            image[place : place + 11] = rng.randbytes(11)
            writing.mend(image, place, SMALL)
        for at in rng.choices(used, k=3):
            image[at] = rng.randrange(256)
        try:
            judged(image, SMALL)
            verdicts += 1
        except JournalError:
            refusals += 1
    assert verdicts
    assert verdicts + refusals == 600
