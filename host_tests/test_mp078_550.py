"""MP078-550: a read of the event configuration (GCS20r) is answered in every case.

Source: clauses MP078-550-1 to -5, -8 to -11 and -13; statuses and behaviours as GBCS GCS20r and ZCL 2.5.12 leave them
open: 8B where nothing that matches is held, C0 where the store cannot be read. The request comes as a ZCL frame on
the HAN, so what a pass does not prove is the GBCS message around it: one command of 44 entries, its MAC, its counter.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Attr, Behaviour, Bench, Fault
from gsme_host.eui64 import CHF, EUI64, GPF
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Status
from host_tests.judges.event_list import CRITICAL, FACTORY, PUBLISHED_ORDER
from host_tests.support.event_logs import get_log

GET_GROUP: Final = "09 01 05 FF81"
GET_EVERYTHING: Final = "09 01 05 FFFF"
GROUPS: Final = (0x81FF, 0xFFFF)
NOT_FOUND: Final = bytes.fromhex("00 01 0B 05 8B")
UNREADABLE: Final = bytes.fromhex("00 01 0B 05 C0")
MALFORMED: Final = bytes.fromhex("00 01 0B 05 80")

ROWS_A_COMMAND: Final = 25  # of 3 bytes, in a frame of 80
ALL_IDS: Final = 0x10000
PAGES: Final = 16
PAGE: Final = ALL_IDS // PAGES
ANSWER_WAIT_S: Final = 5.0
NEVER_THE_SAME: Final = (Attr.UTC, Attr.HEAP_FREE, Attr.DATA_ACCEPTED, Attr.UPTIME_MS)

STEPS: Final = [  # clause, action, frame sent, what must come back, in words and bytes
    ("MP078-550-1", "read one event", "09 01 05 0D81", "Report with that one", "01 01 04 00 01 0D8118"),
    ("MP078-550-1", "read it, Default Response disabled", "19 02 05 0D81", "the same", "01 02 04 00 01 0D8118"),
    ("MP078-550-9", "read a code that there is not", "09 03 05 0E82", "NOT_FOUND", "00 03 0B 05 8B"),
    ("MP078-550-9", "read an unknown code of the group", "09 04 05 0081", "NOT_FOUND", "00 04 0B 05 8B"),
    ("MP078-550-9", "read a critical code", "09 05 05 3E8F", "NOT_FOUND", "00 05 0B 05 8B"),
    ("MP078-550-9", "read the critical group", "09 06 05 FF8F", "NOT_FOUND", "00 06 0B 05 8B"),
    ("MP078-550-9", "read a group of ZSE's own", "09 07 05 FF03", "NOT_FOUND", "00 07 0B 05 8B"),
    ("MP078-550-9", "read event 0000", "09 08 05 0000", "NOT_FOUND", "00 08 0B 05 8B"),
    ("MP078-550-9", "the refusal, Default Response disabled", "19 09 05 FF82", "sent all the same", "00 09 0B 05 8B"),
    ("MP078-550-10", "read without an event id", "09 0A 05", "MALFORMED_COMMAND", "00 0A 0B 05 80"),
    ("MP078-550-10", "read with half an event id", "09 0B 05 FF", "MALFORMED_COMMAND", "00 0B 0B 05 80"),
    (
        "MP078-550-10",
        "a later revision's longer request",
        "09 0C 05 0D81 01",
        "as if it ended",
        "01 0C 04 00 01 0D8118",
    ),
]


def report(codes: list[int]) -> list[bytes]:
    """Report Event Configuration of those codes, factory bytes, in as many commands as they take."""
    rows = [code.to_bytes(2, "little") + bytes((FACTORY[code],)) for code in codes]
    groups = [rows[at : at + ROWS_A_COMMAND] for at in range(0, len(rows), ROWS_A_COMMAND)]
    return [b"\x01\x01\x04" + bytes((index, len(groups))) + b"".join(group) for index, group in enumerate(groups)]


def group_answer(held: list[int]) -> list[bytes]:
    """What answers a read of the whole group: everything held, or that there is nothing."""
    return report(held) if held else [NOT_FOUND]


def ask(meter: Meter, frame: str | bytes) -> list[bytes]:
    return meter.ask(frame, cluster=Cluster.DEVICE_MANAGEMENT)


def forget(bench: Bench, code: int) -> None:
    """From now on the meter holds no configuration of that event."""
    bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.NOT_FOUND)


def remember(bench: Bench, code: int) -> None:
    """The meter holds the event's factory configuration again."""
    bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, kind=0x18, value=bytes((FACTORY[code],)))


def fingerprint(meter: Meter, bench: Bench) -> tuple[object, ...]:
    """All that a refusal could have changed: both logs, and each bench attribute but those that never stand still."""
    logs = [meter.ask(get_log(log), cluster=Cluster.EVENTS) for log in (0x13, 0x14)]
    return (logs, [bench.read_record(attribute) for attribute in Attr if attribute not in NEVER_THE_SAME])


@pytest.mark.parametrize("who", [CHF, GPF], ids=["CHF", "GPF"])
@pytest.mark.parametrize(
    ("clause", "action", "sent", "expected", "answer"), STEPS, ids=[f"{s[0].replace('-', '_')} {s[1]}" for s in STEPS]
)
def test_MP078_550_steps(
    meter: Meter, who: EUI64, clause: str, action: str, sent: str, expected: str, answer: str
) -> None:
    exchange = meter.exchange(Data(who, 1, 1, PROFILE_SE, Cluster.DEVICE_MANAGEMENT, LINK_KEY, bytes.fromhex(sent)))
    assert exchange.to_requester() == [bytes.fromhex(answer)], f"{clause}: {action} -> {expected}"
    assert exchange.others() == []


@pytest.mark.parametrize("request_frame", [GET_GROUP, GET_EVERYTHING])
def test_MP078_550_1_everything_held_is_reported(meter: Meter, request_frame: str) -> None:
    """44 rows, in two commands of 80 and 62 bytes, index 00 and 01 of 02."""
    answers = ask(meter, request_frame)
    assert answers == report(list(PUBLISHED_ORDER))
    assert [len(frame) for frame in answers] == [80, 62]


def test_MP078_550_2_3_nothing_held_is_said(meter: Meter, bench: Bench) -> None:
    """One Default Response to command 05, NOT_FOUND, for each way to ask."""
    for code in PUBLISHED_ORDER:
        forget(bench, code)
    asked = [*GROUPS, *PUBLISHED_ORDER]
    for event in asked:
        assert ask(meter, b"\x09\x01\x05" + event.to_bytes(2, "little")) == [NOT_FOUND], f"{event:04X}"
    assert len(asked) == 46


def test_MP078_550_4_an_unreadable_store_is_said(meter: Meter, bench: Bench) -> None:
    """C0 for whatever is asked for, no list, no part of one; all else is served, and the list when it can be read."""
    bench.inject_fault(Fault.EVENT_CONFIGURATION)
    for event in (*GROUPS, 0x82FF, *PUBLISHED_ORDER, CRITICAL[0].code):
        assert ask(meter, b"\x09\x01\x05" + event.to_bytes(2, "little")) == [UNREADABLE], f"{event:04X}"
    assert ask(meter, "09 01 05 FF") == [MALFORMED], "the check of the length comes first"
    assert meter.ask("00 02 00 0700", cluster=Cluster.BASIC) == [bytes.fromhex("08 02 01 0700 00 30 03")]
    bench.inject_fault(0)
    assert ask(meter, GET_GROUP) == report(list(PUBLISHED_ORDER))


@pytest.mark.parametrize("failing", [Status.HARDWARE_FAILURE, Status.SOFTWARE_FAILURE, Status.FAILURE])
def test_MP078_550_4_one_unreadable_row_is_no_shorter_list(meter: Meter, bench: Bench, failing: Status) -> None:
    """The group is refused with the status of the row that fails; the other rows are served one by one."""
    bad, good = PUBLISHED_ORDER[-1], PUBLISHED_ORDER[0]
    bench.set_attribute(Cluster.DEVICE_MANAGEMENT, bad, failing)
    refused = b"\x00\x01\x0b\x05" + bytes((failing,))
    for event in (*GROUPS, bad):
        assert ask(meter, b"\x09\x01\x05" + event.to_bytes(2, "little")) == [refused], f"{event:04X}"
    assert ask(meter, b"\x09\x01\x05" + good.to_bytes(2, "little")) == report([good])


def test_MP078_550_5_one_of_the_two_answers_in_every_fill_state(meter: Meter, bench: Bench) -> None:
    """From 44 rows down to none in the order of the answer, and up again from the other end."""
    held = list(PUBLISHED_ORDER)
    states = {len(held)}
    for code in PUBLISHED_ORDER:
        forget(bench, code)
        held.remove(code)
        states.add(len(held))
        assert ask(meter, GET_GROUP) == group_answer(held), f"{len(held)} held"
    for code in reversed(PUBLISHED_ORDER):
        remember(bench, code)
        held.insert(0, code)
        assert ask(meter, GET_GROUP) == group_answer(held), f"{len(held)} held again"
    assert states == set(range(45))


REFUSED: Final = [  # why, what is asked for, the refusal
    ("nothing held", GET_GROUP, NOT_FOUND),
    ("store unreadable", GET_GROUP, UNREADABLE),
    ("a code that there is not", "09 01 05 3E8F", NOT_FOUND),
]


@pytest.mark.parametrize(("cause", "sent", "refusal"), REFUSED, ids=[r[0] for r in REFUSED])
def test_MP078_550_8_a_refusal_changes_nothing(
    meter: Meter, bench: Bench, cause: str, sent: str, refusal: bytes
) -> None:
    """Twenty times the same answer; logs, counters and, once it can be read again, the configuration are as before."""
    for code in PUBLISHED_ORDER if cause == "nothing held" else ():
        forget(bench, code)
    bench.raise_event(0x8F1B)
    bench.inject_fault(Fault.EVENT_CONFIGURATION if cause == "store unreadable" else 0)
    before = fingerprint(meter, bench)
    assert [ask(meter, sent) for _ in range(20)] == [[refusal]] * 20
    assert fingerprint(meter, bench) == before
    bench.inject_fault(0)
    assert ask(meter, GET_GROUP) == group_answer([] if cause == "nothing held" else list(PUBLISHED_ORDER))


@pytest.mark.parametrize("page", range(PAGES), ids=[f"{page:X}000 on" for page in range(PAGES)])
def test_MP078_550_9_every_event_id(meter: Meter, page: int) -> None:
    """All 65536, a page a meter: a Report for what is held, NOT_FOUND for what is not, and never a second frame.

    Asked of the bare link, each as soon as the last answer is there: a frame too many would be taken for the next one.
    """
    swept = 0
    for event in range(page * PAGE, page * PAGE + PAGE):
        tsn = bytes((event & 0xFF,))
        expected = group_answer(list(PUBLISHED_ORDER)) if event in GROUPS else [NOT_FOUND]
        expected = report([event]) if event in FACTORY else expected
        meter.link.send(event_request(b"\x09" + tsn + b"\x05" + event.to_bytes(2, "little")))
        for frame in expected:
            came = meter.link.receive(ANSWER_WAIT_S)
            assert came is not None
            assert came.asdu == frame[:1] + tsn + frame[2:], f"{event:04X}"
        swept += 1
    assert meter.settle() == []
    assert swept * PAGES == ALL_IDS


def event_request(frame: bytes) -> Data:
    """The frame on its way from the CHF."""
    return Data(CHF, 1, 1, PROFILE_SE, Cluster.DEVICE_MANAGEMENT, LINK_KEY, frame)


def test_MP078_550_11_the_next_read_finds_what_is_there_again(meter: Meter, bench: Bench) -> None:
    """No restart between: the count of starts stays."""
    starts = bench.read_int(Attr.STARTS)
    for code in PUBLISHED_ORDER:
        forget(bench, code)
    assert ask(meter, GET_GROUP) == [NOT_FOUND]
    remember(bench, 0x8154)
    assert ask(meter, GET_GROUP) == [bytes.fromhex("01 01 04 00 01 548103")]
    bench.inject_fault(Fault.EVENT_CONFIGURATION)
    assert ask(meter, GET_GROUP) == [UNREADABLE]
    bench.inject_fault(0)
    assert ask(meter, GET_GROUP) == [bytes.fromhex("01 01 04 00 01 548103")]
    assert bench.read_int(Attr.STARTS) == starts


BEFORE: Final = [  # behaviour, what is wrong with the store, what came back before the modification
    (Behaviour.GBCS_4_0, "nothing held", None),
    (Behaviour.GBCS_4_0, "store unreadable", None),
    (Behaviour.IRP550_DRAFT, "nothing held", "08 01 0B 05 8B"),
    (Behaviour.IRP550_DRAFT, "store unreadable", "08 01 0B 05 C0"),
]


@pytest.mark.parametrize(("behaviour", "cause", "answer"), BEFORE, ids=[f"{b[0].name}, {b[1]}" for b in BEFORE])
def test_MP078_550_13_the_gap_can_be_shown(
    meter: Meter, bench: Bench, behaviour: Behaviour, cause: str, answer: str | None
) -> None:
    """The old behaviours differ in that answer alone: what is held is reported, what is cut short gets status 80."""
    bench.set_behaviour(behaviour)
    assert ask(meter, GET_GROUP) == report(list(PUBLISHED_ORDER))
    assert ask(meter, "09 01 05 FF") == [MALFORMED]
    for code in PUBLISHED_ORDER if cause == "nothing held" else ():
        forget(bench, code)
    bench.inject_fault(Fault.EVENT_CONFIGURATION if cause == "store unreadable" else 0)
    refused = [bytes.fromhex(answer)] if answer else []
    assert ask(meter, GET_GROUP) == refused
    assert ask(meter, "09 01 05 0D81") == refused
    bench.set_behaviour(Behaviour.MP078)
    assert ask(meter, GET_GROUP) == [NOT_FOUND if cause == "nothing held" else UNREADABLE]
