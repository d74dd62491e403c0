"""Long answers of Get Event Log, and logs that are full.

Source: ZSE D.10 (Publish Event Log: total, index, number of commands, payload control), GBCS and SMETS (100 entries a
log, the oldest gives way); an answer on the HAN is at most 80 bytes long and filled before the next begins. What a
pass does not prove: that payload control has its low nibble right where an entry is divided, since here none is.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster, Status
from host_tests.judges.event_list import EVENT_LOG, EVENTS, SECURITY_CODES, SECURITY_LOG
from host_tests.support.event_history import FIXED, LONGEST, Query, raise_event
from host_tests.support.event_logs import ALL_LOGS, ENTRIES, FULL, NOT_FOUND, Entry

EVENT_CODES: Final = tuple(event.code for event in EVENTS if event.log == EVENT_LOG)
LONGEST_DATA: Final = 16
BARE_ENTRY: Final = 8  # bytes of an entry without data
A_FRAME: Final = 9  # such entries in an answer
OVERFLOW: Final = 7
NUMBERS: Final = (*range(1, 2 * A_FRAME + 2), *range(ENTRIES - 2, ENTRIES + 3), ENTRIES + OVERFLOW)
COUNTS: Final = {EVENT_LOG: Attr.EVENT_LOG_ENTRIES, SECURITY_LOG: Attr.SECURITY_LOG_ENTRIES}


def fill(bench: Bench, log: int, number: int, data: bytes = b"") -> list[Entry]:
    """Raises that many events of a log; its entries, the oldest first."""
    codes = EVENT_CODES if log == EVENT_LOG else SECURITY_CODES
    return [raise_event(bench, codes[at % len(codes)], data) for at in range(number)]


def assert_answer(meter: Meter, query: Query, history: list[Entry]) -> list[bytes]:
    """The answer is the model's, and no part of it is too long; returns it."""
    parts = meter.ask(query.frame, cluster=Cluster.EVENTS)
    assert parts == query.answer(history)
    assert all(len(part) <= LONGEST for part in parts)
    return parts


@pytest.mark.parametrize("log", [EVENT_LOG, SECURITY_LOG])
def test_answers_of_every_length_and_the_entry_that_is_too_many(meter: Meter, bench: Bench, log: int) -> None:
    """As many parts as they need, index from 0, payload control with the number in each."""
    history: list[Entry] = []
    for number in NUMBERS:
        history += fill(bench, log, number - len(history))
        kept = history[-ENTRIES:]
        parts = assert_answer(meter, Query(log), kept)
        assert len(parts) == -(-len(kept) // A_FRAME)
        assert [part[5] for part in parts] == list(range(len(parts)))
        assert {part[6] for part in parts} == {len(parts)}
        assert [part[7] >> 4 for part in parts] == [(len(part) - FIXED) // BARE_ENTRY for part in parts]
        assert bench.read_int(COUNTS[log]) == min(number, ENTRIES)


def test_the_oldest_gives_way_in_each_log_by_itself(meter: Meter, bench: Bench) -> None:
    """Both logs are filled in turn; then the one goes round twice, and the other keeps what it has."""
    history: list[Entry] = []
    for _ in range(ENTRIES):
        history += fill(bench, SECURITY_LOG, 1) + fill(bench, EVENT_LOG, 1, b"\x01\x02")
    parts = assert_answer(meter, Query(ALL_LOGS), history)
    assert len(parts) == -(-2 * ENTRIES // A_FRAME), "200 entries"
    security = [entry for entry in history if entry.log == SECURITY_LOG]
    newer = fill(bench, EVENT_LOG, 2 * ENTRIES + OVERFLOW)[-ENTRIES:]
    assert_answer(meter, Query(FULL | SECURITY_LOG), security)
    assert_answer(meter, Query(FULL | EVENT_LOG), newer)
    assert_answer(meter, Query(FULL | ALL_LOGS), security + newer)
    assert_answer(meter, Query(ALL_LOGS, number=3, offset=2 * ENTRIES - 3), security + newer)
    assert assert_answer(meter, Query(ALL_LOGS, offset=2 * ENTRIES), security + newer) == [NOT_FOUND]


def test_data_of_every_length(meter: Meter, bench: Bench) -> None:
    """Full entries of 8 to 24 bytes, so that parts end in many ways; minimal ones lose their data."""
    history: list[Entry] = []
    for length in (*range(LONGEST_DATA + 1), *range(LONGEST_DATA, -1, -1), 16, 0, 16, 16, 1):
        history += fill(bench, EVENT_LOG, 1, bytes(range(0xF0 - length, 0xF0)))
    parts = assert_answer(meter, Query(FULL | EVENT_LOG), history)
    assert len({len(part) for part in parts}) > 3, "ends of many kinds"
    assert_answer(meter, Query(EVENT_LOG), history)
    for offset in range(len(history)):
        assert_answer(meter, Query(FULL | EVENT_LOG, number=6, offset=offset), history)


@pytest.mark.parametrize("length", [LONGEST_DATA + 1, 0xFF])
def test_data_that_are_too_long_raise_nothing(meter: Meter, bench: Bench, length: int) -> None:
    assert bench.raise_event(0x8183, bytes(length), check=False) == Status.MALFORMED_COMMAND
    assert bench.last
    assert bench.last.others() == []
    assert_answer(meter, Query(EVENT_LOG), [])


def test_data_given_with_a_security_event_are_not_kept(meter: Meter, bench: Bench) -> None:
    history = [raise_event(bench, code, b"\xaa\xbb\xcc") for code in SECURITY_CODES]
    parts = assert_answer(meter, Query(FULL | SECURITY_LOG), history)
    assert b"\xaa\xbb" not in b"".join(parts)
    assert len(history) == len(SECURITY_CODES)


def test_an_entry_stays_in_its_log_when_its_code_is_configured_out_of_it(meter: Meter, bench: Bench) -> None:
    history = fill(bench, EVENT_LOG, 1)
    code = history[0].code
    done = meter.ask(b"\x09\x01\x04" + bytes(8) + b"\x08\x00\x01" + code.to_bytes(2, "little"), cluster=0x0708)
    assert done == [bytes.fromhex("00 01 0B 04 00")]
    bench.raise_event(code)
    assert_answer(meter, Query(FULL | EVENT_LOG), history)
