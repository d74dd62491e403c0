"""The access table's other rows: discovery, supplier data, mirror answers, time, Publish Event, and the behaviours.

Source: the access table (MP078 IRP603, GBCS use cases); discovering is as reading, what a requester may not read is
left out, and where it may read nothing of a cluster the frame is refused; ZCL 2.5.13 to 2.5.23 for the answers. The
rest of discovery (start, maximum, complete) is in test_discovery.py, of Publish Event in test_raising_events.py.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Behaviour, Bench
from gsme_host.eui64 import CHF, EUI64, GPF
from gsme_host.wire import Data
from gsme_host.zcl import Cluster, Status, u16, u32
from host_tests.judges import access_table
from host_tests.judges.access_table import Push, Requester, Right, Row, may, push
from host_tests.judges.commands import SENT, known_ids
from host_tests.judges.meter_map import SIDES, Attribute, Side, attributes
from host_tests.support.requesters import (
    NODES,
    answers_to,
    ask_as,
    ask_each,
    enrol_everybody,
    frame_from,
    refusal,
)
from host_tests.support.sweeper import default_response
from host_tests.support.target import Target

READ: Final = Right.READ
NOW: Final = 0x2F4A5B60
IN_SECURITY_LOG: Final = 0x8F3F
FRAME: Final = 80  # bytes of an answer on the HAN
DISCOVER_ATTRIBUTES: Final = 0x0C
DISCOVER_EXTENDED: Final = 0x15
DISCOVER_RECEIVED: Final = 0x11
DISCOVER_GENERATED: Final = 0x13

Place = tuple[int, Side]

# The row that opens a cluster which has no attributes; the Time and Tunneling clients are the CHF's alone.
ROW_OF: Final[dict[Place, Row]] = {
    (Cluster.EVENTS, Side.SERVER): Row.EVENT_LOG,
    (Cluster.METERING, Side.CLIENT): Row.METERING,
}


@pytest.fixture
def village(target: Target) -> Target:
    """The meter with a device of every kind enrolled."""
    enrol_everybody(target)
    return target


# --- discovery


def may_discover(place: Place, who: Requester) -> bool:
    """Whether the requester may read anything of that side of a cluster."""
    if place[0] in (Cluster.TIME, Cluster.TUNNELING):
        return who is access_table.CHF
    rows = {row.row for row in attributes(*place)} or {ROW_OF[place]}
    return any(may(READ, row, who) for row in rows)


def visible(place: Place, who: Requester) -> list[Attribute]:
    """The attributes that the requester may read, in the order of their ids."""
    return sorted((row for row in attributes(*place) if may(READ, row.row, who)), key=lambda row: row.id)


def listed(rows: list[bytes], head: bytes, most: int) -> bytes:
    """A discovery response: whether all is there, and as many rows as there is room for."""
    return head + bytes((len(rows) <= most,)) + b"".join(rows[:most])


def discovered(place: Place, who: Requester, command: int, tsn: int) -> bytes:
    """The answer to a discovery from the first id on, without a maximum that matters."""
    head = bytes((place[1] ^ Side.CLIENT, tsn, command + 1))
    if command == DISCOVER_ATTRIBUTES:
        rows = [row.image + bytes((row.type,)) for row in visible(place, who)]
        return listed(rows, head, (FRAME - 4) // 3)
    ids = known_ids(*place) if command == DISCOVER_RECEIVED else SENT.get(place, {})
    return listed([bytes((one,)) for one in sorted(ids)], head, FRAME)


@pytest.mark.parametrize("command", [DISCOVER_ATTRIBUTES, DISCOVER_RECEIVED, DISCOVER_GENERATED])
def test_discovery_is_as_reading(village: Target, command: int) -> None:
    """Every side by every requester: what it may read, or a refusal where that is nothing."""
    start = "0000" if command == DISCOVER_ATTRIBUTES else "00"
    asked = [(place, who) for place in SIDES for who in NODES]
    frames = [
        frame_from(NODES[who], cluster, bytes((side, 0, command)) + bytes.fromhex(start) + b"\xff")
        for (cluster, side), who in asked
    ]
    refused = 0
    for (place, who), exchange in zip(asked, ask_each(village.meter, frames), strict=True):
        sent = exchange.request.asdu
        if may_discover(place, who):
            expected = [discovered(place, who, command, sent[1])]
        else:
            expected, refused = refusal(sent), refused + 1
        assert answers_to(exchange) == expected, f"{who.name}: {place}"
    assert len(asked) == len(SIDES) * len(NODES)
    assert refused == 2 * 4 + 7 + 4 + 2 * 8  # both sides of Metering, Device Management, Events, Time, Tunneling


def test_extended_discovery_is_as_reading(village: Target) -> None:
    """The same ids with their types; the access byte says nothing that the attribute does not allow."""
    most = (FRAME - 4) // 4
    for place in SIDES:
        for who, node in NODES.items():
            sent = bytes((place[1], 1, DISCOVER_EXTENDED)) + b"\0\0\xff"
            came = ask_as(village.meter, node, place[0], sent)
            if not may_discover(place, who):
                assert came == refusal(sent), f"{who.name}: {place}"
                continue
            rows = visible(place, who)
            (answer,) = came
            assert answer[:4] == bytes((place[1] ^ Side.CLIENT, 1, DISCOVER_EXTENDED + 1, len(rows) <= most))
            got = [answer[at : at + 4] for at in range(4, len(answer), 4)]
            for one, row in zip(got, rows[:most], strict=True):
                assert one[:3] == row.image + bytes((row.type,)), f"{who.name}: {row.name}"
                assert one[3] & 1, f"{who.name}: {row.name} can be read"
                assert one[3] | row.access == row.access, f"{who.name}: {row.name} allows no more"


# --- what is for one node, or for none

SUPPLIER_DATA: Final = [  # what a supplier or the broker sets, through the tunnel alone
    ("change of supplier", "09 01 01"),
    ("SiteID", "09 01 03"),
    ("CIN", "09 01 06"),
]


def test_supplier_data_by_nobody(village: Target) -> None:
    """Well formed or not in time, no node of the HAN may send these; the values stay."""
    for requester, node in NODES.items():
        for what, sent in SUPPLIER_DATA:
            asked = bytes.fromhex(sent) + bytes(60)
            came = ask_as(village.meter, node, Cluster.DEVICE_MANAGEMENT, asked)
            assert came == [default_response(asked, Status.NOT_AUTHORIZED)], f"{requester.name}: {what}"
    kept = village.meter.ask("00 01 00 0703 1103", cluster=Cluster.METERING)
    assert kept == [bytes.fromhex("08 01 01 0703 00 41 00 1103 00 41 00")]


def test_mirror_answers_are_the_gpfs(village: Target) -> None:
    """From the GPF they answer nothing of the meter's: NOT_FOUND. From anybody else they are refused."""
    for requester, node in NODES.items():
        status = Status.NOT_FOUND if node == GPF else Status.NOT_AUTHORIZED
        for sent in ("01 01 01 0200", "01 01 02 0200", "01 01 09 02 00000000"):
            asked = bytes.fromhex(sent)
            came = ask_as(village.meter, node, Cluster.METERING, asked)
            assert came == [default_response(asked, status)], f"{requester.name}: {sent}"


def time_asked(bench: Bench) -> Data:
    """Starts a cycle; the read of the hub's time that it begins with."""
    bench.wake()
    assert bench.last
    asked, *_ = bench.last.others()
    assert (asked.peer, asked.cluster, asked.asdu[0], asked.asdu[2:]) == (CHF, Cluster.TIME, 0, b"\0\0\0\1\0")
    return asked


def test_time_is_the_chfs(village: Target) -> None:
    """Nobody else's answer sets a clock that is invalid, and none is answered; reading the client side is the CHF's."""
    tsn = time_asked(village.bench).asdu[1]
    answer = bytes((0x18, tsn, 0x01)) + bytes.fromhex("0000 00 E2") + u32(NOW) + bytes.fromhex("0100 00 18 03")
    for requester, node in sorted(NODES.items(), key=lambda item: item[1] == CHF):  # the CHF last
        asked = bytes.fromhex("08 01 00 0000")
        expected = [bytes.fromhex("00 01 01 0000 86")] if node == CHF else refusal(asked)
        assert ask_as(village.meter, node, Cluster.TIME, asked) == expected, requester.name
        assert village.bench.read_int(Attr.UTC) == INVALID_UTC
        assert village.meter.exchange(frame_from(node, Cluster.TIME, answer)).to_requester() == []
    assert NOW <= village.bench.read_int(Attr.UTC) < NOW + 60


# --- what the behaviour changes, and what is pushed


def test_MP078_603_the_security_log_in_every_behaviour(village: Target) -> None:
    """Before MP078 displays read it too; nobody else ever does, and nothing else changes with the behaviour."""
    village.bench.set_clock(NOW)
    village.bench.raise_event(IN_SECURITY_LOG)
    sent = bytes.fromhex("01 01 00 04 3F8F 00000000 FFFFFFFF 00 0000")
    entry = bytes.fromhex("19 01 01 0100 00 01 10 04 3F8F 605B4A2F 00")
    for number in Behaviour:
        village.bench.set_behaviour(number)
        for requester, node in NODES.items():
            allowed = may(READ, Row.SECURITY_LOG, requester, access_table.Behaviour(number))
            came = ask_as(village.meter, node, Cluster.EVENTS, sent)
            assert came == ([entry] if allowed else refusal(sent)), f"{number.name}: {requester.name}"


RAISED: Final = [  # event, the log it goes to, whether it has the HAN bit: as the factory configures them
    (0x8183, 3, False),
    (0x81AA, 3, True),
    (0x8119, 0, True),
    (0x810E, 0, False),
    (0x8F1F, 3, False),
    (0x8F32, 0, False),
    (0x8F3F, 4, False),
]


def told(log: int, *, han: bool) -> list[EUI64]:
    """Who has to be sent Publish Event."""
    kinds = {Push.LOGGED_OR_HAN_BIT} if log else set()
    kinds |= {Push.IF_HAN_BIT, Push.LOGGED_OR_HAN_BIT} if han else set()
    return [node for requester, node in NODES.items() if push(requester, security_log=log == 4) in kinds]


@pytest.mark.parametrize("behaviour", Behaviour, ids=[number.name for number in Behaviour])
def test_publish_event_goes_to(village: Target, behaviour: Behaviour) -> None:
    """One frame to each who is to be told and none to anybody else; nothing of the Security Log but to the GPF."""
    village.bench.set_behaviour(behaviour)
    for event, log, han in RAISED:
        village.bench.raise_event(event)
        assert village.bench.last
        pushes = village.bench.last.others()
        assert all(one.asdu[0] == 0x09 and one.asdu[2] == 0 and one.asdu[4:6] == u16(event) for one in pushes)
        assert sorted(one.peer for one in pushes) == sorted(told(log, han=han)), f"{event:04X}"
