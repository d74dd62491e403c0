"""The access table, cell by cell: every kind of HAN node tries every row by commands, reads, writes and reports.

Source: MP078 IRP603 for the rows of the Security Log, GBCS use cases for the others: what is not listed is refused. A
refusal is one Default Response NOT_AUTHORIZED whose direction is the inverse of the request's; a read or reporting
frame that names one attribute which the requester may not read is refused whole; writing and configuring reports are
the hub's (CHF and GPF). All frames are whole, known and under the link key. What a pass does not prove: the columns of
the remote parties, for there is no tunnel here.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.eui64 import CHF
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster, Status, Type
from host_tests.judges.access_table import Column, Requester, Right, Row, may
from host_tests.judges.meter_map import ATTRIBUTES
from host_tests.support.requesters import (
    NAMES,
    NODES,
    answers_to,
    ask_as,
    ask_each,
    enrol_everybody,
    frame_from,
    refusal,
)
from host_tests.support.target import Target

READ, WRITE = Right.READ, Right.WRITE
BASIC, IDENTIFY, METERING = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING
MANAGEMENT, EVENTS, TIME = Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS, Cluster.TIME

NOW: Final = 0x2F4A5B60
IN_EVENT_LOG: Final = 0x8183
IN_SECURITY_LOG: Final = 0x8F3F
SITE_ID: Final = (0x0307, "02 4142")
CIN: Final = (0x0311, "03 434445")

Step = tuple[int, str, str, str]  # cluster, action, frame sent, and the answer to those who may

CELLS: Final[dict[tuple[Row, Right], list[Step]]] = {
    (Row.OPEN, READ): [
        (BASIC, "read PowerSource", "00 01 00 0700", "08 01 01 0700 00 30 03"),
        (IDENTIFY, "read IdentifyTime", "00 01 00 0000", "08 01 01 0000 00 21 0000"),
        (IDENTIFY, "Identify Query", "01 01 01", "08 01 0B 01 00"),
    ],
    (Row.OPEN, WRITE): [
        (IDENTIFY, "Identify", "01 01 00 0000", "08 01 0B 00 00"),
        (IDENTIFY, "write IdentifyTime", "00 01 02 0000 21 0000", "08 01 04 00"),
        (BASIC, "write PhysicalEnvironment", "00 01 02 1100 30 01", "08 01 04 00"),
        (BASIC, "the same undivided", "00 01 03 1100 30 01", "08 01 04 00"),
    ],
    (Row.METERING, READ): [
        (METERING, "read UnitOfMeasure", "00 01 00 0003", "08 01 01 0003 00 30 01"),
        (METERING, "read what is not there", "00 01 00 FEFE", "08 01 01 FEFE 86"),
        (METERING, "read of its client side", "08 01 00 0003", "00 01 01 0003 86"),
    ],
    (Row.CUSTOMER, READ): [
        (METERING, "read SiteID", "00 01 00 0703", "08 01 01 0703 00 41 02 4142"),
        (METERING, "read CIN", "00 01 00 1103", "08 01 01 1103 00 41 03 434445"),
        (METERING, "UnitOfMeasure, SiteID", "00 01 00 0003 0703", "08 01 01 0003 00 30 01 0703 00 41 02 4142"),
        (METERING, "CIN, UnitOfMeasure", "00 01 00 1103 0003", "08 01 01 1103 00 41 03 434445 0003 00 30 01"),
        (METERING, "what is not there, SiteID", "00 01 00 FEFE 0703", "08 01 01 FEFE 86 0703 00 41 02 4142"),
    ],
    (Row.EVENT_CONFIGURATION, READ): [
        (MANAGEMENT, "get one", "09 01 05 0D81", "01 01 04 00 01 0D8118"),
        (MANAGEMENT, "read it as an attribute", "08 01 00 0D81", "00 01 01 0D81 00 18 18"),
        (MANAGEMENT, "read what is not there", "08 01 00 FEFE", "00 01 01 FEFE 86"),
    ],
    (Row.EVENT_CONFIGURATION, WRITE): [
        (MANAGEMENT, "set a list", "09 01 04 00000000 00000000 18 00 01 0D81", "00 01 0B 04 00"),
        (MANAGEMENT, "set what matches", "09 01 04 00000000 00000000 18 03 03", "00 01 0B 04 00"),
        (MANAGEMENT, "set what goes to a log", "09 01 04 00000000 00000000 18 02 03", "00 01 0B 04 00"),
        (MANAGEMENT, "set a group", "09 01 04 00000000 00000000 18 01 FF81", "00 01 0B 04 00"),
    ],
    (Row.EVENT_LOG, READ): [
        (
            EVENTS,
            "get the Event Log",
            "01 01 00 13 0000 00000000 FFFFFFFF 00 0000",
            "19 01 01 0100 00 01 10 03 8381 605B4A2F 00",
        ),
        (EVENTS, "read an attribute", "00 01 00 0000", "08 01 01 0000 86"),
    ],
    (Row.SECURITY_LOG, READ): [
        (
            EVENTS,
            "get one event of the Security Log",
            "01 01 00 14 3F8F 00000000 FFFFFFFF 00 0000",
            "19 01 01 0100 00 01 10 04 3F8F 605B4A2F 00",
        ),
    ],
    (Row.EVENT_LOG, WRITE): [(EVENTS, "clear the Event Log", "01 01 01 03", "")],
    (Row.SECURITY_LOG, WRITE): [
        (EVENTS, "clear the Security Log", "01 01 01 04", ""),
        (EVENTS, "clear all logs", "01 01 01 00", ""),
    ],
}
# Writing and reporting frames are for the hub alone, for whatever attribute: it learns what is wrong with them.
HUBS_FRAMES: Final[list[Step]] = [
    (METERING, "write UnitOfMeasure", "00 01 02 0003 30 01", "08 01 04 88 0003"),
    (METERING, "write SiteID", "00 01 02 0703 41 01 46", "08 01 04 88 0703"),
    (METERING, "write what is not there", "00 01 03 FEFE 20 01", "08 01 04 86 FEFE"),
    (METERING, "write its client side", "08 01 02 0003 30 01", "00 01 04 86 0003"),
    (EVENTS, "write what is not there", "00 01 02 0000 20 01", "08 01 04 86 0000"),
    (TIME, "write what is not there", "08 01 02 0000 E2 01000000", "00 01 04 86 0000"),
    (MANAGEMENT, "write a configuration", "08 01 03 0D81 18 1B", "00 01 04 88 0D81"),
    (METERING, "configure reports", "00 01 06 00 0000 25 0000 0000 640000000000", "08 01 07 00"),
    (METERING, "read what is configured", "00 01 08 00 1400", "08 01 09 8B 00 1400"),
    (METERING, "report SiteID", "00 01 06 00 0703 41 0000 0000", "08 01 07 8C 00 0703"),
    (BASIC, "report PowerSource", "00 01 06 00 0700 30 0000 0000", "08 01 07 8C 00 0700"),
    (BASIC, "read what is configured", "00 01 08 00 0700", "08 01 09 8C 00 0700"),
    (MANAGEMENT, "report a configuration", "08 01 06 00 0D81 18 0000 0000", "00 01 07 8C 00 0D81"),
]
STATE: Final = [  # what these would change
    (MANAGEMENT, "09 01 05 FF81"),
    (EVENTS, "01 01 00 13 0000 00000000 FFFFFFFF 00 0000"),
    (EVENTS, "01 01 00 14 3F8F 00000000 FFFFFFFF 00 0000"),
    (BASIC, "00 01 00 1100"),
    (IDENTIFY, "00 01 00 0000"),
]


@pytest.fixture
def village(target: Target) -> Target:
    """The meter with a device of every kind enrolled, an entry in each log, and SiteID and CIN set."""
    enrol_everybody(target)
    bench = target.bench
    bench.set_clock(NOW)
    bench.raise_event(IN_EVENT_LOG)
    bench.raise_event(IN_SECURITY_LOG)
    for attribute, value in (SITE_ID, CIN):
        bench.set_attribute(METERING, attribute, kind=Type.OCTSTR, value=bytes.fromhex(value))
    return target


@pytest.mark.parametrize("requester", NODES, ids=NAMES)
def test_every_cell(village: Target, requester: Requester) -> None:
    """Who may, gets the answer; who may not, gets 7E."""
    before = state_of(village.meter)
    for (row, right), steps in CELLS.items():
        for step in steps:
            try_step(village.meter, requester, step, allowed=may(right, row, requester))
    for step in HUBS_FRAMES:
        try_step(village.meter, requester, step, allowed=requester.column is Column.HUB)
    if requester.column is not Column.HUB:
        assert state_of(village.meter) == before
    assert {row for row, _ in CELLS} == set(Row) - {Row.SUPPLIER_DATA}


def try_step(meter: Meter, requester: Requester, step: Step, *, allowed: bool) -> None:
    """One step in the name of a requester."""
    cluster, action, sent, answer = step
    expected = [bytes.fromhex(answer)] if allowed else refusal(bytes.fromhex(sent))
    assert ask_as(meter, NODES[requester], cluster, sent) == expected, f"{requester.name}: {action}"


def state_of(meter: Meter) -> list[list[bytes]]:
    """What the refused must leave as it was."""
    return [ask_as(meter, CHF, cluster, sent) for cluster, sent in STATE]


def test_every_attribute_by_every_requester(village: Target) -> None:
    """Each attribute of each side, read alone: with its type, or refused."""
    asked = [(place, row, who) for place, rows in ATTRIBUTES.items() for row in rows for who in NODES]
    frames = [frame_from(NODES[who], cluster, bytes((side, 0, 0)) + row.image) for (cluster, side), row, who in asked]
    served = 0
    for (_, row, who), exchange in zip(asked, ask_each(village.meter, frames), strict=True):
        (answer,) = answers_to(exchange)
        if may(READ, row.row, who):
            assert answer[3:7] == row.image + bytes((Status.SUCCESS, row.type)), f"{who.name}: {row.name}"
            served += 1
        else:
            assert [answer] == refusal(exchange.request.asdu), f"{who.name}: {row.name}"
    of_row = {kind: sum(row.row is kind for rows in ATTRIBUTES.values() for row in rows) for kind in Row}
    assert len(asked) == len(NODES) * sum(of_row.values())
    assert served == sum(of_row[kind] * sum(may(READ, kind, who) for who in NODES) for kind in Row)
