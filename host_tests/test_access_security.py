"""Under which key a frame must come, and what a stranger may: security levels of every cluster by every requester.

Source: ZSE 5.4.6 and GBCS: every Smart Energy cluster and Time need APS link-key security, Basic and Identify work
under the network key too, ZDO under any; a node that is not in the Device Log gets NOT_AUTHORIZED for all but Basic,
Identify and ZDO. The refusal comes under the security of the request. What a pass does not prove: that a radio's stack
reports the key truthfully; the link says what it was.
"""

from __future__ import annotations

from itertools import product
from typing import Final, NamedTuple

import pytest

from gsme_host.bench import DeviceType
from gsme_host.eui64 import BENCH, BROADCAST, CHF, EUI64, GPF, IHD, STRANGER
from gsme_host.wire import LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_ZDO, Cluster, Status
from host_tests.judges import access_table
from host_tests.judges.access_table import Column, Requester
from host_tests.judges.meter_map import ABSENT_SIDES, METERING, OPEN_CLUSTERS, SIDES, Side
from host_tests.support.requesters import ENROLLED, NODES, answers_to, ask_as, ask_each, enrol_everybody, frame_from
from host_tests.support.sweeper import default_response
from host_tests.support.target import Target

LEVELS: Final = {SECURITY_NONE: "none", NETWORK_KEY: "network key", LINK_KEY: "link key"}
READ: Final = 0x00
NOBODYS_ATTRIBUTE: Final = b"\xfe\xfe"
UNKNOWN_COMMAND: Final = 0xE0
DISPLAYS: Final = (Column.PPMID, Column.TYPE_2)

READERS: Final[dict[tuple[int, Side], tuple[Column, ...]]] = {  # who may read anything of a side; the open ones: all
    (Cluster.METERING, Side.SERVER): (Column.HUB, *DISPLAYS),
    (Cluster.METERING, Side.CLIENT): (Column.HUB, *DISPLAYS),
    (Cluster.EVENTS, Side.SERVER): (Column.HUB, *DISPLAYS),
    (Cluster.DEVICE_MANAGEMENT, Side.CLIENT): (Column.HUB,),
}


@pytest.fixture
def village(target: Target) -> Target:
    """The meter with a device of every kind enrolled."""
    enrol_everybody(target)
    return target


def may_read(place: tuple[int, Side], who: Requester, level: int) -> bool:
    """Whether a read of an attribute that is not there is answered so (86), rather than refused."""
    if place[0] in OPEN_CLUSTERS:
        return level != SECURITY_NONE
    hub_only = place[0] in (Cluster.TIME, Cluster.TUNNELING)
    readers = (access_table.CHF,) if hub_only else [one for one in NODES if one.column in READERS[place]]
    return level == LINK_KEY and who in readers


def test_every_level_on_every_side_by_every_requester(village: Target) -> None:
    """A read of an attribute that nobody has: eight sides, nine requesters, three levels."""
    asked = list(product(SIDES, NODES, LEVELS))
    frames = [
        frame_from(NODES[who], cluster, bytes((side, 0, READ)) + NOBODYS_ATTRIBUTE, level)
        for (cluster, side), who, level in asked
    ]
    served = 0
    for (place, who, level), exchange in zip(asked, ask_each(village.meter, frames), strict=True):
        sent = exchange.request.asdu
        expected = default_response(sent, Status.NOT_AUTHORIZED)
        if may_read(place, who, level):
            expected = bytes((place[1] ^ Side.CLIENT, sent[1], READ + 1)) + NOBODYS_ATTRIBUTE + b"\x86"
            served += 1
        assert answers_to(exchange) == [expected], f"{place}: {who.name} under {LEVELS[level]}"
    assert len(asked) == 8 * 9 * 3
    assert served == 2 * 9 * 2 + 3 * 5 + 2 + 2 * 1


class Step(NamedTuple):
    """A frame of the CHF's that is served under the link key."""

    cluster: int
    action: str
    sent: str
    answer: str
    open: bool = False


STEPS: Final = [
    Step(Cluster.BASIC, "write", "00 01 02 1100 30 01", "08 01 04 00", open=True),
    Step(Cluster.BASIC, "discover", "00 01 0C 1000 01", "08 01 0D 00 1000 42", open=True),
    Step(Cluster.IDENTIFY, "Identify", "01 01 00 0000", "08 01 0B 00 00", open=True),
    Step(Cluster.IDENTIFY, "Identify Query", "01 01 01", "08 01 0B 01 00", open=True),
    Step(Cluster.METERING, "read", "00 01 00 0003", "08 01 01 0003 00 30 01"),
    Step(Cluster.METERING, "discover", "00 01 0C 0003 01", "08 01 0D 00 0003 30"),
    Step(Cluster.METERING, "configure reports", "00 01 06 00 1400 30 0000 0000", "08 01 07 00"),
    Step(Cluster.DEVICE_MANAGEMENT, "get", "09 01 05 0D81", "01 01 04 00 01 0D8118"),
    Step(Cluster.DEVICE_MANAGEMENT, "set", "09 01 04 00000000 00000000 18 00 01 0D81", "00 01 0B 04 00"),
    Step(Cluster.EVENTS, "get the log", "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", "08 01 0B 00 8B"),
    Step(Cluster.TIME, "read", "08 01 00 FEFE", "00 01 01 FEFE 86"),
]


@pytest.mark.parametrize("level", LEVELS, ids=LEVELS.values())
def test_the_hub_needs_the_link_key_too(village: Target, level: int) -> None:
    """The same frames at each level: with the network key only Basic and Identify are left, without any nothing is."""
    for step in STEPS:
        sent = bytes.fromhex(step.sent)
        served = level == LINK_KEY or (step.open and level == NETWORK_KEY)
        expected = bytes.fromhex(step.answer) if served else default_response(sent, Status.NOT_AUTHORIZED)
        assert ask_as(village.meter, CHF, step.cluster, sent, level) == [expected], step.action


def test_without_its_security_even_what_is_not_there_is_refused(village: Target) -> None:
    """Unknown clusters and commands tell a stranger nothing, nor the hub without its link key; both are refused."""
    weak = [(CHF, NETWORK_KEY), (GPF, SECURITY_NONE), (IHD, NETWORK_KEY), (STRANGER, LINK_KEY), (STRANGER, NETWORK_KEY)]
    places = [(Cluster.PREPAYMENT, Side.SERVER), *(place for place in SIDES if place[0] not in OPEN_CLUSTERS)]
    asked = 0
    for (who, level), (cluster, side) in product(weak, places):
        for sent in (bytes((side | 1, 1, UNKNOWN_COMMAND)), bytes((side, 1, UNKNOWN_COMMAND))):
            came = ask_as(village.meter, who, cluster, sent, level)
            assert came == [default_response(sent, Status.NOT_AUTHORIZED)], f"{who}: {cluster:04X}"
            asked += 1
    assert asked == 5 * 7 * 2


@pytest.mark.parametrize("side", [place for place in ABSENT_SIDES if place[0] in OPEN_CLUSTERS], ids=["0000", "0003"])
def test_the_open_clusters_are_open_on_their_absent_side(village: Target, side: tuple[int, Side]) -> None:
    """A stranger gets 7E for all but Basic and Identify: there it learns that the meter is no client of them."""
    sent = bytes((side[1], 1, READ)) + b"\0\0"
    for who, level in product((CHF, IHD, STRANGER), (NETWORK_KEY, LINK_KEY)):
        came = ask_as(village.meter, who, side[0], sent, level)
        assert came == [default_response(sent, Status.UNSUPPORTED_CLUSTER)], f"{who} under {LEVELS[level]}"
    assert ask_as(village.meter, CHF, side[0], sent, SECURITY_NONE) == [default_response(sent, Status.NOT_AUTHORIZED)]


@pytest.mark.parametrize("level", LEVELS, ids=LEVELS.values())
def test_zdo_needs_no_security(village: Target, level: int) -> None:
    """Active endpoints, asked for by the hub and by a stranger at each level."""
    link = village.meter.link
    assert link.identity
    nwk = link.identity.eui64[:2]
    for who in (CHF, STRANGER):
        request = Data(who, 0, 0, PROFILE_ZDO, 0x0005, level, b"\x11" + nwk)
        (answer,) = village.meter.exchange(request).answers
        assert (answer.peer, answer.cluster, answer.aps) == (who, 0x8005, level)
        assert answer.asdu == b"\x11\x00" + nwk + b"\x01\x01"


# Not the meter's own address, nor the two that mean something on the link, nor one near the hub's, opens anything.
ODD_ADDRESSES: Final = (BENCH, BROADCAST, EUI64(CHF[::-1]), EUI64(b"\0" + CHF[:7]), EUI64(CHF[1:] + b"\0"))


def test_odd_addresses_are_strangers(village: Target) -> None:
    """On endpoint 1 the bench's address has no rights either; the meter is not in its own Device Log."""
    link = village.meter.link
    assert link.identity
    sent = bytes.fromhex("00 01 00 0003")
    for who in (link.identity.eui64, *ODD_ADDRESSES):
        answers = village.meter.exchange(frame_from(who, METERING, sent)).answers
        assert [one.asdu for one in answers[:1]] == [default_response(sent, Status.NOT_AUTHORIZED)], str(who)
    assert ask_as(village.meter, CHF, METERING, sent) == [bytes.fromhex("08 01 01 0003 00 30 01")]


def test_rights_come_and_go_with_the_device_log(village: Target) -> None:
    """MP078-603-32: a node that is removed is a stranger with its next frame, and knows as much as any."""
    sent = bytes.fromhex("00 01 00 0003")
    served, refused = bytes.fromhex("08 01 01 0003 00 30 01"), default_response(sent, Status.NOT_AUTHORIZED)
    for who in ENROLLED:
        village.bench.remove(NODES[who])
        assert ask_as(village.meter, NODES[who], METERING, sent) == [refused], who.name
        village.bench.enrol(NODES[who], DeviceType.TYPE_2)
        assert ask_as(village.meter, NODES[who], METERING, sent) == [served], who.name
