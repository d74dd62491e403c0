"""Get Event Log on the HAN: logs, event controls, filters, time windows, number, offset, totals and order.

Source: ZSE D.10 (Get Event Log, Publish Event Log); on the HAN the newest entry comes first in order of entry over
both logs, and the end of the window is excluded; `total` counts what matches log, event id and time. The CHF asks,
who may read both logs; what others get is in test_access_table.py and the files on MP078-603. How long answers are
split and full logs give way is in test_event_log_size.py.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench, Fault
from gsme_host.eui64 import CHF, GPF, PPMID
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster
from host_tests.judges.event_list import EVENT_LOG, SECURITY_LOG
from host_tests.support.event_history import NO_END, Query, raise_event
from host_tests.support.event_logs import (
    ALL_LOGS,
    FULL,
    HARDWARE_FAILURE,
    INVALID_FIELD,
    NOT_AUTHORIZED,
    NOT_FOUND,
    Entry,
    answer,
    get_log,
    refusal,
)
from host_tests.support.target import Target

EVENTS: Final = Cluster.EVENTS
LOGS: Final = (ALL_LOGS, EVENT_LOG, SECURITY_LOG)
MINIMAL: Final = 0x00
CLEAR: Final = 0x01
REFUSED_CODE: Final = 0x8F3E

T0: Final = 0x2F000000
HISTORY: Final = [  # time, code, data: the times do not say the order
    (T0, 0x8183, b""),
    (T0 + 1000, 0x8F3F, b""),
    (T0 + 5000, 0x8154, b"\x00\x6b"),
    (T0 + 5000, 0x8F74, b""),
    (T0 + 3000, 0x81A5, b""),
    (T0 + 2000, 0x8F3F, b""),
    (T0 - 9000, 0x8183, b"\x01\x02\x03"),
    (T0 + 9000, 0x8F1F, b""),
    (0, 0x8161, b"\x00\x18"),
    (0xFFFFFFFE, 0x8F60, b""),
    (T0 + 1000, 0x8183, b""),
]
CODES: Final = tuple(sorted({code for _, code, _ in HISTORY}))
UNUSED_CODES: Final = (0x81A1, 0x0001, 0x8381, 0x8F83, 0x0083, 0x8100, 0xFFFF)  # like those of HISTORY in one byte
QUERIES: Final = 1500
SEED: Final = 603

STEPS: Final = [  # action, frame sent, what must come back, in words and bytes; both logs are empty
    ("read an empty Event Log", "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", "NOT_FOUND", "08 01 0B 00 8B"),
    ("read an empty Security Log", "01 02 00 04 0000 00000000 FFFFFFFF 00 0000", "NOT_FOUND", "08 02 0B 00 8B"),
    ("read both, empty", "01 03 00 10 0000 00F9351C 804A371C 00 0000", "NOT_FOUND", "08 03 0B 00 8B"),
    ("the same, Default Response disabled", "11 04 00 10 0000 00000000 FFFFFFFF 00 0000", "sent", "08 04 0B 00 8B"),
    ("a byte short", "01 05 00 13 0000 00000000 FFFFFFFF 00 00", "MALFORMED_COMMAND", "08 05 0B 00 80"),
    ("a byte more", "01 06 00 13 0000 00000000 FFFFFFFF 00 0000 00", "as if it ended", "08 06 0B 00 8B"),
    ("a byte short, and no such log", "01 07 00 FF 0000 00000000 FFFFFFFF 00 00", "80 first", "08 07 0B 00 80"),
    ("clear without a log", "01 08 01", "MALFORMED_COMMAND", "08 08 0B 01 80"),
]


@pytest.fixture
def history(bench: Bench) -> list[Entry]:
    """What the meter's logs hold after HISTORY, the oldest first."""
    return [raise_event(bench, code, data, utc=utc) for utc, code, data in HISTORY]


def test_steps(meter: Meter) -> None:
    for action, sent, expected, reply in STEPS:
        assert meter.ask(sent, cluster=EVENTS) == [bytes.fromhex(reply)], f"{action} -> {expected}"


def test_one_entry_byte_by_byte(meter: Meter, bench: Bench) -> None:
    """Its clock never set, a meter dates what it logs by the last known time: 2015-01-01."""
    bench.raise_event(0x8F0C)
    one = "01 00 00 {} 0000 00F9351C 804B371C 00 0000"
    entry = bytes.fromhex("19 00 01 0100 00 01 10 04 0C8F 804A371C 00")
    assert meter.ask(one.format("04"), cluster=EVENTS) == [entry]
    assert meter.ask(one.format("14"), cluster=EVENTS) == [entry], "full: there are no data"
    assert meter.ask(one.format("13"), cluster=EVENTS) == [bytes.fromhex("08 00 0B 00 8B")]
    bench.raise_event(0x8154, b"\x00\x6b")
    assert meter.ask(one.format("13"), cluster=EVENTS) == [
        bytes.fromhex("19 00 01 0100 00 01 10 03 5481 804A371C 02 006B")
    ]
    assert meter.ask(one.format("03"), cluster=EVENTS) == [
        bytes.fromhex("19 00 01 0100 00 01 10 03 5481 804A371C 00")
    ], "minimal: the data are left out"


def test_every_event_control_and_log_id(meter: Meter, history: list[Entry]) -> None:
    """Controls 2 to F and log ids 8 to F are fields that are not known; 1, 2, 5, 6 and 7 are logs of others."""
    outcomes = {INVALID_FIELD: 0, NOT_FOUND: 0}
    for byte in range(256):
        control, log = byte >> 4, byte & 0x0F
        came = meter.ask(get_log(byte), cluster=EVENTS)
        if control > 1 or log > 7:
            wanted = [INVALID_FIELD]
        else:
            wanted = Query(byte).answer(history) if log in LOGS else [NOT_FOUND]
        assert came == wanted, f"{byte:02X}"
        outcomes[came[0]] = outcomes.get(came[0], 0) + 1
    assert outcomes[INVALID_FIELD] == 14 * 16 + 2 * 8
    assert outcomes[NOT_FOUND] == 2 * 5


def test_order_is_that_of_entry_whatever_the_times_say(meter: Meter, history: list[Entry]) -> None:
    for log in LOGS:
        wanted = answer([Entry(one.log, one.code, b"", one.time) for one in reversed(history)], log)
        assert meter.ask(get_log(MINIMAL | log), cluster=EVENTS) == wanted, f"log {log}"
    newest_first = [code for _, code, _ in HISTORY][::-1]
    parts = meter.ask(get_log(MINIMAL | ALL_LOGS), cluster=EVENTS)
    entries = b"".join(part[8:] for part in parts)
    codes = [int.from_bytes(entries[at + 1 : at + 3], "little") for at in range(0, len(entries), 8)]
    assert codes == newest_first


def test_the_event_filter(meter: Meter, history: list[Entry]) -> None:
    swept = 0
    for code, log, control in product((*CODES, *UNUSED_CODES), LOGS, (MINIMAL, FULL)):
        query = Query(control | log, code)
        assert meter.ask(query.frame, cluster=EVENTS) == query.answer(history), f"{code:04X} in log {log}"
        swept += 1
    assert swept == (len(CODES) + len(UNUSED_CODES)) * 3 * 2


def test_the_edges_of_the_time_window(meter: Meter, history: list[Entry]) -> None:
    """Every window whose edges are at, just before or just behind an entry, start at and after end among them."""
    times = {int.from_bytes(entry.time, "little") for entry in history}
    edges = sorted({edge for time in times for edge in (time - 1, time, time + 1) if 0 <= edge < 0xFFFFFFFE})
    swept = found = 0
    for start, end in product((0, *edges), (*edges, *NO_END)):
        query = Query(MINIMAL | ALL_LOGS, start=start, end=end)
        wanted = query.answer(history)
        assert meter.ask(query.frame, cluster=EVENTS) == wanted, f"{start:08X} to {end:08X}"
        assert start < end or wanted == [NOT_FOUND]
        swept += 1
        found += wanted != [NOT_FOUND]
    assert swept == (len(edges) + 1) * (len(edges) + 2)
    assert found > swept // 3


def test_number_and_offset(meter: Meter, history: list[Entry]) -> None:
    """The total is that of all matches; an offset at or behind their end finds nothing."""
    swept = 0
    for log, number, offset in product(LOGS, (0, 1, 2, 7, len(HISTORY), 100, 255), (*range(13), 100, 256, 0xFFFF)):
        query = Query(FULL | log, number=number, offset=offset)
        wanted = query.answer(history)
        assert meter.ask(query.frame, cluster=EVENTS) == wanted, f"log {log}: {number} from {offset}"
        total = sum(log in (ALL_LOGS, entry.log) for entry in history)
        assert wanted == [NOT_FOUND] if offset >= total else wanted[0][3] == total
        swept += 1
    assert swept == 3 * 7 * 16


def test_any_query_against_a_model(meter: Meter, history: list[Entry]) -> None:
    rng = random.Random(SEED)  # noqa: S311
    times = [int.from_bytes(entry.time, "little") for entry in history]
    found = 0
    for number in range(QUERIES):
        byte = rng.choice(LOGS) | rng.choice((MINIMAL, FULL))
        window = rng.choice((0, rng.choice(times))), rng.choice((*NO_END, rng.choice(times)))
        event = rng.choice((0, 0, rng.choice(CODES)))
        query = Query(byte, event, *window, rng.choice((0, 0, 1, 2, 5)), rng.choice((0, 0, 1, 3)))
        wanted = query.answer(history)
        assert meter.ask(query.frame, cluster=EVENTS) == wanted, f"seed {SEED}, number {number}: {query}"
        found += wanted != [NOT_FOUND]
    assert QUERIES // 4 < found < QUERIES, "neither kind of answer is rare"


def test_nobody_clears_a_log_from_the_HAN(meter: Meter, bench: Bench, history: list[Entry]) -> None:
    """Every log id is refused; one 8F3E is left behind for each of the two who tried (a day has one)."""
    for who, log in product((CHF, GPF), range(256)):
        came = meter.ask(bytes((0x01, 0x01, CLEAR, log)), cluster=EVENTS, who=who)
        told = who == GPF and log == 0  # the GPF is told of the 8F3E that its first try leaves
        assert (came[0], len(came)) == (refusal(command=CLEAR), 1 + told), f"log {log}"
    kept = Query(FULL | EVENT_LOG)
    assert meter.ask(kept.frame, cluster=EVENTS) == kept.answer(history)
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == sum(entry.log == SECURITY_LOG for entry in history) + 2
    traces = Query(MINIMAL | SECURITY_LOG, number=2)
    entries = meter.ask(traces.frame, cluster=EVENTS)[0][8:]
    assert [entries[at + 1 : at + 3] for at in (0, 8)] == [REFUSED_CODE.to_bytes(2, "little")] * 2


@pytest.mark.parametrize("fault", [Fault.EVENT_LOG, Fault.SECURITY_LOG], ids=lambda fault: fault.name)
def test_a_log_that_cannot_be_read(home: Target, history: list[Entry], fault: Fault) -> None:
    meter, bench = home.meter, home.bench
    broken = EVENT_LOG if fault is Fault.EVENT_LOG else SECURITY_LOG
    bench.inject_fault(fault)
    for log, control in product(LOGS, (MINIMAL, FULL)):
        query = Query(control | log)
        wanted = [HARDWARE_FAILURE] if log in (ALL_LOGS, broken) else query.answer(history)
        assert meter.ask(query.frame, cluster=EVENTS) == wanted, f"log {log}"
    assert meter.ask(get_log(broken, 0x0001, 1, 1), cluster=EVENTS) == [HARDWARE_FAILURE], "before: nothing there"
    assert meter.ask(get_log(0x20 | broken), cluster=EVENTS) == [INVALID_FIELD], "but a field comes first"
    assert meter.ask(get_log(0x05), cluster=EVENTS) == [NOT_FOUND], "a log that the meter has not does not fail"
    everything = Query(FULL | ALL_LOGS)
    to_display = [entry for entry in history if entry.log == EVENT_LOG]
    wanted = [HARDWARE_FAILURE] if broken == EVENT_LOG else everything.answer(to_display)
    assert meter.ask(everything.frame, cluster=EVENTS, who=PPMID) == wanted, "to a display there is one log"
    assert meter.ask(get_log(SECURITY_LOG), cluster=EVENTS, who=PPMID) == [NOT_AUTHORIZED], "and no way to tell"
    bench.inject_fault(0)
    again = Query(FULL | EVENT_LOG)
    assert meter.ask(again.frame, cluster=EVENTS) == again.answer(history), "readable again, with all its entries"
