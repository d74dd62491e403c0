"""What the meter tells of its event configuration: by Get Event Configuration, and read as attributes.

Source: ZSE D.9 (Get and Report Event Configuration, the attributes of the client), GBCS GCS20r. A HAN answer is at
most 80 bytes long: 25 entries of a report, 15 records of a read. The published order is ascending with 81A0 and 81C6
last; no text demands it of other meters. How the set is changed is in test_set_event_configuration.py, who may ask in
test_access_table.py.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench, Fault
from gsme_host.meter import Meter
from gsme_host.zcl import Status, Type
from host_tests.judges.event_list import CONFIGURABLE, CRITICAL, PUBLISHED_ORDER
from host_tests.support import event_configuration as ec

GET_REFUSED: Final = ec.default_response(ec.GET, Status.NOT_FOUND)
GET_UNREADABLE: Final = ec.default_response(ec.GET, Status.HARDWARE_FAILURE)
SET_UNREADABLE: Final = ec.default_response(ec.SET, Status.HARDWARE_FAILURE)
RECORDS_A_RESPONSE: Final = 15  # of 5 bytes, behind 3 bytes of header
LONGEST: Final = 80
ONE: Final = 0x81A4
FAILURES: Final = (0x01, 0x89, 0x94, 0xC0, 0xC1)

STEPS: Final = [  # action, frame sent, what must come back, in words and bytes
    ("get one event", "09 01 05 0D81", "Report, index 0 of 1", "01 01 04 00 01 0D8118"),
    ("get the last one in order", "09 02 05 C681", "Report with that one", "01 02 04 00 01 C68103"),
    ("get one, Default Response disabled", "19 03 05 6881", "the same report", "01 03 04 00 01 688110"),
    ("get an unknown code of the group", "09 04 05 0081", "NOT_FOUND", "00 04 0B 05 8B"),
    ("get a critical code", "09 05 05 0C8F", "NOT_FOUND", "00 05 0B 05 8B"),
    ("get the group of critical codes", "09 06 05 FF8F", "NOT_FOUND", "00 06 0B 05 8B"),
    ("get half an event id", "09 07 05 0D", "MALFORMED_COMMAND", "00 07 0B 05 80"),
    ("get with a byte more", "09 08 05 0D81 FF", "as if it ended", "01 08 04 00 01 0D8118"),
    ("read two as attributes", "08 09 00 0D81 0E81", "type 18", "00 09 01 0D81 00 18 18 0E81 00 18 08"),
    ("read one that is none", "08 0A 00 0D81 0082", "86 for it alone", "00 0A 01 0D81 00 18 18 0082 86"),
    ("read a critical code", "08 0B 00 3E8F", "86", "00 0B 01 3E8F 86"),
    ("write one", "08 0C 02 0D81 18 0B", "READ_ONLY", "00 0C 04 88 0D81"),
    ("write one under a wrong type", "08 0D 02 0D81 20 0B", "READ_ONLY first", "00 0D 04 88 0D81"),
    ("write one that is none", "08 0E 02 0082 18 0B", "UNSUPPORTED_ATTRIBUTE", "00 0E 04 86 0082"),
    ("write two undivided", "08 0F 03 0D81 18 0B 0E81 18 0B", "both READ_ONLY", "00 0F 04 88 0D81 88 0E81"),
]


def test_steps(meter: Meter) -> None:
    for action, sent, expected, answer in STEPS:
        assert meter.ask(sent, cluster=ec.CLUSTER) == [bytes.fromhex(answer)], f"{action} -> {expected}"
    assert meter.ask("08 10 05 0D81 18 0B", cluster=ec.CLUSTER) == [], "write without response: none on failure either"
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), "nothing was written"


def test_every_code_alone(meter: Meter) -> None:
    for event in CONFIGURABLE:
        rows = {event.code: ec.factory()[event.code]}
        assert meter.ask(ec.get(event.code), cluster=ec.CLUSTER) == ec.report(rows), f"{event.code:04X}"
    for event in CRITICAL:
        assert meter.ask(ec.get(event.code), cluster=ec.CLUSTER) == [GET_REFUSED], f"{event.code:04X}"
    assert (len(CONFIGURABLE), len(CRITICAL)) == (44, 41)


@pytest.mark.parametrize("group", ec.GROUPS, ids="{:04X}".format)
def test_a_group_is_split_in_the_published_order(meter: Meter, group: int) -> None:
    answers = meter.ask(ec.get(group), cluster=ec.CLUSTER)
    assert answers == ec.report(ec.factory())
    assert [answer[3:5].hex() for answer in answers] == ["0002", "0102"], "index and total"
    assert [len(answer) for answer in answers] == [5 + 25 * 3, 5 + 19 * 3]
    codes = [int.from_bytes(answer[at : at + 2], "little") for answer in answers for at in range(5, len(answer), 3)]
    assert tuple(codes) == PUBLISHED_ORDER


def test_every_other_group_is_not_found(meter: Meter) -> None:
    """ZSE's own groups, 01FF to 08FF, are among them."""
    swept = 0
    for high in set(range(256)) - {group >> 8 for group in ec.GROUPS}:
        assert meter.ask(ec.get(high << 8 | 0xFF), cluster=ec.CLUSTER) == [GET_REFUSED], f"{high:02X}FF"
        swept += 1
    assert swept == 256 - len(ec.GROUPS)


def test_all_read_as_attributes(meter: Meter) -> None:
    rows, codes = ec.factory(), sorted(PUBLISHED_ORDER)
    read = 0
    for at in range(0, len(codes), RECORDS_A_RESPONSE):
        some = codes[at : at + RECORDS_A_RESPONSE]
        answer = ec.read_response({code: rows[code] for code in some})
        assert meter.ask(ec.read_attributes(some), cluster=ec.CLUSTER) == [answer]
        read += len(some)
    assert read == len(CONFIGURABLE)


def test_a_read_of_more_than_80_bytes_ends_early(meter: Meter) -> None:
    codes = sorted(PUBLISHED_ORDER)
    answer = ec.read_response({code: ec.factory()[code] for code in codes[:RECORDS_A_RESPONSE]})
    assert len(answer) <= LONGEST < len(answer) + 5
    assert meter.ask(ec.read_attributes(codes), cluster=ec.CLUSTER) == [answer]


@pytest.mark.parametrize("status", [Status.UNSUPPORTED_ATTRIBUTE, Status.NOT_FOUND], ids=lambda status: status.name)
def test_an_event_that_is_not_held(meter: Meter, bench: Bench, status: Status) -> None:
    rows = ec.factory()
    value = rows.pop(ONE)
    bench.set_attribute(ec.CLUSTER, ONE, status)
    assert meter.ask(ec.get(ONE), cluster=ec.CLUSTER) == [GET_REFUSED], "named: NOT_FOUND"
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(rows), "the group leaves it out"
    assert meter.ask(ec.read_attributes([ONE]), cluster=ec.CLUSTER) == [bytes.fromhex("00 01 01 A481 86")]
    refused = ec.default_response(ec.SET, Status.NOT_FOUND)
    assert meter.ask(ec.set_list(0x0B, [0x810D, ONE]), cluster=ec.CLUSTER) == [refused], "a Set that names it"
    done = ec.default_response(ec.SET, Status.SUCCESS)
    assert meter.ask(ec.set_match(0x08, value), cluster=ec.CLUSTER) == [done], "a Set that does not name it"
    rows = {code: 0x08 if old == value else old for code, old in rows.items()}
    assert meter.ask(ec.get(0xFFFF), cluster=ec.CLUSTER) == ec.report(rows), "nothing else has changed"
    bench.set_attribute(ec.CLUSTER, ONE, 0, Type.MAP8, bytes((0x1B,)))
    assert meter.ask(ec.get(ONE), cluster=ec.CLUSTER) == ec.report({ONE: 0x1B}), "held again, with the value given"


@pytest.mark.parametrize("status", FAILURES, ids="{:02X}".format)
def test_an_event_that_the_store_fails_on(meter: Meter, bench: Bench, status: int) -> None:
    rows, other = ec.factory(), 0x81A5
    bench.set_attribute(ec.CLUSTER, ONE, status)
    for event in (ONE, *ec.GROUPS):
        refused = ec.default_response(ec.GET, status)
        assert meter.ask(ec.get(event), cluster=ec.CLUSTER) == [refused], f"get {event:04X}"
    record = b"\x00\x01\x01" + ec.u16(ONE) + bytes((status,)) + ec.u16(other) + bytes((0, Type.MAP8, rows[other]))
    assert meter.ask(ec.read_attributes([ONE, other]), cluster=ec.CLUSTER) == [record]
    refused = ec.default_response(ec.SET, status)
    for frame in (
        ec.set_list(0x18, [other, ONE]),
        ec.set_list(0x18, [0x8200, ONE]),  # the store's failure comes before what is not there
        ec.set_group(0x18, 0x81FF),
        ec.set_log(0x18, 3),
        ec.set_match(0x18, rows[ONE]),
    ):
        assert meter.ask(frame, cluster=ec.CLUSTER) == [refused], frame.hex(" ")
    assert meter.ask(ec.get(other), cluster=ec.CLUSTER) == ec.report({other: rows[other]}), "another is told"
    done = ec.default_response(ec.SET, Status.SUCCESS)
    assert meter.ask(ec.set_list(rows[other], [other]), cluster=ec.CLUSTER) == [done], "and set"
    bench.set_attribute(ec.CLUSTER, ONE, 0, Type.MAP8, bytes((rows[ONE],)))
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(rows), "no refused Set has changed anything"


def test_unreadable_event_configuration(meter: Meter, bench: Bench) -> None:
    bench.inject_fault(Fault.EVENT_CONFIGURATION)
    for event in (ONE, *ec.GROUPS, 0x8200, 0x8F0C, 0x03FF):
        assert meter.ask(ec.get(event), cluster=ec.CLUSTER) == [GET_UNREADABLE], f"{event:04X}: whatever is asked for"
    assert meter.ask("09 01 05 0D", cluster=ec.CLUSTER) == [ec.default_response(ec.GET, 0x80)], "80 comes first"
    for frame in (ec.set_list(0x0B, [ONE]), ec.set_list(0x0B, [0x8200]), ec.set_group(0x0B, 0x03FF)):
        assert meter.ask(frame, cluster=ec.CLUSTER) == [SET_UNREADABLE], frame.hex(" ")
    invalid = ec.default_response(ec.SET, Status.INVALID_VALUE)
    assert meter.ask(ec.set_list(0x8B, [ONE]), cluster=ec.CLUSTER) == [invalid], "a value out of range comes first"
    assert meter.ask(ec.read_attributes([ONE]), cluster=ec.CLUSTER) == [bytes.fromhex("00 01 01 A481 C0")]
    bench.inject_fault(0)
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), "and all is as it was"


def test_storage_that_refuses_writes(meter: Meter, bench: Bench) -> None:
    bench.inject_fault(Fault.WRITES)
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), "it can be read"
    steps = {
        "a value out of range": (ec.set_list(0x0B, [ONE], start=0xFFFFFFFF), Status.INVALID_VALUE),
        "nothing there": (ec.set_list(0x0B, [ONE, 0x8200]), Status.NOT_FOUND),
        "no such group": (ec.set_group(0x0B, 0x8FFF), Status.NOT_FOUND),
        "nothing wrong with it": (ec.set_list(0x0B, [ONE]), Status.HARDWARE_FAILURE),
        "nor with this": (ec.set_match(0x08, 0x0B), Status.HARDWARE_FAILURE),
    }
    for what, (frame, status) in steps.items():
        assert meter.ask(frame, cluster=ec.CLUSTER) == [ec.default_response(ec.SET, status)], what
    bench.inject_fault(0)
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), "nothing was set"
