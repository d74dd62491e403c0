"""A Security Log that somebody edited, cut or put back: `gsme verify-log` says what was done to it, and where.

Source: the journal's format (host_tests/support/journal_writer.py), from which the images are written. What a pass does
not prove: anything about somebody who has the key, which is in the same flash, and mends the anchors too. The last
tests show that he is not found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gsme_host.verify_log import Fault
from gsme_host.zcl import u16, u32
from host_tests.support import journal_writer as writing
from host_tests.support.journal_writer import SIMULATED, SMALL, JournalWriter
from host_tests.support.log_verdict import TAMPERED, complaint, findings, judged, made, run

# --- edited


def edited(number: int, *, count: int = 30, mended: bool) -> bytearray:
    """The time of an entry is another."""
    writer = made(count)
    writer.image[writer.at[number] + writing.ENTRY_IMAGE + 3] ^= 0x40
    if mended:
        writing.mend(writer.image, writer.at[number])
    return writer.image


@pytest.mark.parametrize(("number", "count"), [(0, 30), (12, 30), (29, 30), (50, 150), (149, 150)])
def test_an_entry_with_another_time(tmp_path: Path, number: int, count: int) -> None:
    line = complaint(run(tmp_path, edited(number, count=count, mended=True)), TAMPERED)
    head = f"edited: the chain breaks at entry {number}, 8F3F Unauthorised Physical Access"
    assert line.startswith(head), line
    assert re.search(r", 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ$", line), line


def test_an_entry_with_another_time_and_its_crc_as_it_was() -> None:
    """No record any more: in the middle an entry is missing, at the end the tail."""
    assert findings(edited(12, mended=False)) == [(Fault.MISSING, 12, 1)]
    assert findings(edited(0, mended=False)) == [(Fault.MISSING, 0, 1)]
    assert findings(edited(29, mended=False)) == [(Fault.TAIL_CUT, 29, 1)]


@pytest.mark.parametrize("number", [30, 77, 129])
def test_every_bit_of_an_entry(number: int) -> None:
    """The oldest, one in the middle and the newest; kind, length and all of the content, with the CRC mended."""
    writer = made(130, SMALL)
    begin = writer.at[number]
    swept = 0
    for bit in (8 * (begin + at) + shift for at in range(len(writer.items[number])) for shift in range(8)):
        image = bytearray(writer.image)
        writing.turn(image, bit)
        writing.mend(image, begin, SMALL)
        assert findings(image, SMALL), f"bit {bit - 8 * begin}"
        swept += 1
    assert swept == 8 * (3 + 4 + 4 + 8 + 4 + 4 + 2)


@pytest.mark.parametrize(("one", "other"), [(3, 4), (5, 20), (0, 29)])
def test_two_entries_change_places(one: int, other: int) -> None:
    """Their tags go with them, or not; their numbers stay."""
    for begin in (writing.ENTRY_TAG, writing.ENTRY_IMAGE):
        writer = made(30)
        image, places = writer.image, [writer.at[one], writer.at[other]]
        tails = [writer.items[number][begin:] for number in (other, one)]
        for at, tail in zip(places, tails, strict=True):
            image[at + begin : at + begin + len(tail)] = tail
            writing.mend(image, at)
        assert findings(image)[0][:2] == (Fault.EDITED, one)


@pytest.mark.parametrize(("changed", "found"), [(100, (149, 1)), (20, (50, 2))])
def test_a_chain_made_anew_with_the_key(changed: int, found: tuple[int, int]) -> None:
    """All follows from all, but not from what is anchored as overwritten, nor up to what is anchored as newest."""
    writer, other = made(150), JournalWriter()
    for number in range(150):
        other.put(data=u16(number + (number > changed)))
    assert findings(other.image) == []
    assert findings(writing.with_anchors_of(other.image, writer.image)) == [(Fault.EDITED, *found)]


def test_an_entry_of_another_meter() -> None:
    other = JournalWriter(key=bytes(16)).put_many(30)
    found = findings(writing.with_anchors_of(other.image, made(30).image))
    assert found == [(Fault.EDITED, 29, 1)]
    writer, strange = made(30), JournalWriter(key=bytes(16)).put_many(30)
    at = writer.at[9]
    writer.image[at : at + len(strange.items[9])] = strange.items[9]
    writing.mend(writer.image, at)
    assert findings(writer.image)[0][:2] == (Fault.EDITED, 9)


# --- cut


def test_records_erased_at_the_end(tmp_path: Path) -> None:
    for count in (1, 5):
        writer = made(30)
        for number in range(30 - count, 30):
            writing.erase_record(writer.image, writer.at[number])
        assert findings(writer.image) == [(Fault.TAIL_CUT, 30 - count, count)]
    line = complaint(run(tmp_path, writer.image), TAMPERED)
    assert line == "tail cut, though known to the anchor: entries 25 to 29"


@pytest.mark.parametrize("count", [30, 140])
def test_the_newest_segment_gone(count: int) -> None:
    writer = made(count)
    writer.restart()
    writer.put_many(4)
    writing.erase_block(writer.image, writer.at[count])
    assert findings(writer.image) == [(Fault.TAIL_CUT, count, 4)]


def test_all_segments_gone() -> None:
    writer = made(30)
    assert findings(writing.with_anchors_of(b"\xff" * len(writer.image), writer.image)) == [(Fault.TAIL_CUT, 0, 30)]


def test_a_record_erased_in_the_middle(tmp_path: Path) -> None:
    writer = made(150)
    writing.erase_record(writer.image, writer.at[99])
    assert complaint(run(tmp_path, writer.image), TAMPERED) == "missing: entry 99"


def test_a_segment_gone_in_the_middle() -> None:
    writer = made(30)
    writer.restart()
    writer.put_many(5)
    writer.restart()
    writer.put_many(5)
    writing.erase_block(writer.image, writer.at[32])
    assert findings(writer.image) == [(Fault.MISSING, 30, 5)]


def test_several_things_are_one_line(tmp_path: Path) -> None:
    writer = made(30)
    for number in (5, 6, 20, 29):
        writing.erase_record(writer.image, writer.at[number])
    assert complaint(run(tmp_path, writer.image), TAMPERED) == (
        "missing: entries 5 to 6; missing: entry 20; tail cut, though known to the anchor: entry 29"
    )


def moved_bounds(first: int, following: int) -> bytearray:
    """A copy says that the log begins and ends elsewhere; of 130 entries, the last five came behind it."""
    writer = made(125)
    writer.copy()
    numbers = writer.bounds_at + 3 + 8
    writer.image[numbers : numbers + 8] = u32(first) + u32(following)
    writing.mend(writer.image, writer.bounds_at)
    return writer.image


@pytest.mark.parametrize(
    ("first", "following", "expected"),
    [
        (40, 125, (Fault.HEAD_CUT, 25, 15)),
        (10, 125, (Fault.MISSING, 10, 15)),
        (25, 120, (Fault.TAIL_CUT, 120, 5)),
        (0xFFFFFFFF, 125, (Fault.HEAD_CUT, 25, 0xFFFFFFFF - 25)),
        (25, 126, (Fault.MISSING, 125, 1)),
        (25, 0xFFFFFFFF, (Fault.MISSING, 125, 0xFFFFFFFF - 125)),
    ],
)
def test_bounds_moved(first: int, following: int, expected: tuple[Fault, int, int]) -> None:
    assert findings(moved_bounds(first, following))[0] == expected


def test_what_the_oldest_entry_follows_from_is_gone() -> None:
    """The anchor is one behind, and the entry that was overwritten since then is nowhere."""
    writer = made(130)
    writer.put(anchored=False)
    assert findings(writer.image) == []
    writing.erase_record(writer.image, writer.at[30])
    assert findings(writer.image) == [(Fault.EDITED, 31, 1)]


def test_a_header_that_names_a_later_segment_as_base_leaves_nothing() -> None:
    writer = made(30)
    writer.restart()
    writer.put_many(4)
    start = writer.at[33] // SIMULATED.block * SIMULATED.block
    writer.image[start : start + 16] = writing.with_crc(bytes(writer.image[start : start + 8]) + u32(77))
    assert findings(writer.image) == [(Fault.TAIL_CUT, 0, 34)]


def test_a_factory_reset_taken_back() -> None:
    writer = made(7)
    writer.clear()
    writer.put_many(3)
    writing.erase_record(writer.image, writer.cleared_at)
    assert findings(writer.image) == [(Fault.PUT_BACK, 0, 7)]


def test_an_older_image_with_the_anchors_of_today() -> None:
    writer = made(40)
    older = bytes(writer.image)
    assert findings(writing.with_anchors_of(older, writer.image)) == []
    writer.put_many(60)
    assert findings(writing.with_anchors_of(older, writer.image)) == [(Fault.TAIL_CUT, 40, 60)]
    writer.put_many(50)
    assert (Fault.TAIL_CUT, 40, 110) in findings(writing.with_anchors_of(older, writer.image))


# --- anchors


def test_older_anchors() -> None:
    writer = made(40)
    older = bytes(writer.image)
    writer.put_many(1)
    assert findings(writing.with_anchors_of(writer.image, older)) == []
    writer.put_many(1)
    assert findings(writing.with_anchors_of(writer.image, older)) == [(Fault.NOT_ANCHORED, 40, 2)]


def test_no_anchor(tmp_path: Path) -> None:
    """Erased, or damaged; of one entry the first anchor may not have been written."""
    erased = b"\xff" * len(made(0).image)
    for count, expected in ((1, []), (30, [(Fault.NO_ANCHOR, 0, 30)])):
        assert findings(writing.with_anchors_of(made(count).image, erased)) == expected
    writer = made(230)
    assert writer.image[: 2 * SIMULATED.block].count(b"GA\x01\x00") > SIMULATED.block // 36, "both blocks in use"
    for at in range(0, 2 * SIMULATED.block, 4):
        writer.image[at] ^= 1
    line = complaint(run(tmp_path, writer.image), TAMPERED)
    assert line == "no anchor can be read, and without one are: entries 0 to 229"


def test_every_bit_of_the_newest_anchor() -> None:
    """As if it had not been written: the one before holds, and is one behind."""
    writer = made(30, SMALL)
    before = bytes(writer.image)
    for bit in range(8 * writer.anchor_at, 8 * (writer.anchor_at + 36)):
        image = bytearray(before)
        writing.turn(image, bit)
        verdict = judged(image, SMALL)
        assert (verdict.findings, verdict.behind) == ((), 1), bit - 8 * writer.anchor_at


# --- what is not found


def test_older_flash_as_a_whole_is_not_found() -> None:
    writer = made(40)
    older = bytes(writer.image)
    writer.put_many(40)
    assert findings(older) == []


def test_who_has_the_key_and_mends_the_anchors_is_not_found() -> None:
    writer = JournalWriter()
    for number in range(150):
        writer.put(data=u16(number + (number > 100)))
    assert findings(writer.image) == []
