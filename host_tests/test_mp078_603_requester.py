"""MP078-603: a requester is what the Device Log says of its authenticated EUI64, now, and nothing else makes it more.

Source: clauses MP078-603-26, -31 and -32. What a node claims of itself, the endpoints it uses, an address like the
hub's, another key, a broadcast: none of it gets an entry of the Security Log. What a pass does not prove: that the
stack below has authenticated the EUI64, which the link only says.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from gsme_host.bench import Bench, DeviceType
from gsme_host.eui64 import BENCH, CAD, CHF, ESME, EUI64, GPF, IHD, PPMID, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_SE, PROFILE_ZDO, Cluster
from host_tests.judges.event_list import EVENT_LOG, SECURITY_LOG
from host_tests.support.event_logs import ALL_LOGS, NOT_AUTHORIZED, Entry, entry, get_log, published
from host_tests.support.target import Target

DISPLAYS: Final = (IHD, PPMID, CAD)
COPY_OF_SECURITY_LOG: Final = 7
EVERY_ENDPOINT: Final = 0xFF
UNAUTHORISED: Final = 0x8F3E
IN_SECURITY_LOG: Final = 0x8F1B
IN_EVENT_LOG: Final = 0x8183
READ: Final = get_log(SECURITY_LOG)

CLAIMS: Final = [  # of ZDO, none of them a request: what is claimed, cluster, payload
    ("device announce with the hub's EUI64", 0x0013, b"\x01" + CHF[:2] + CHF + b"\x8f"),
    ("IEEE address answer with the hub's EUI64", 0x8001, b"\x01\x00" + CHF + CHF[:2]),
    ("node descriptor of a coordinator", 0x8002, bytes.fromhex("01 00 A290 00408F000052DC050000DC0500")),
    ("simple descriptor of an ESI", 0x8004, bytes.fromhex("01 00 A290 08 01 0901 0005 00 00 00")),
]
LIVES: Final = [  # what a node becomes, and what its next frame gets: content or refusal
    (DeviceType.CHF, True),
    (DeviceType.TYPE_2, False),
    (DeviceType.GPF, True),
    (DeviceType.PPMID, False),
    (DeviceType.CHF, True),
    (None, False),
    (DeviceType.ESME, False),
    (DeviceType.GPF, True),
    (DeviceType.HCALCS, False),
    (DeviceType.CHF, True),
    (DeviceType.GSME, False),
    (None, False),
]


def raise_times(bench: Bench, code: int, times: int) -> list[Entry]:
    """Raises an event so many times; returns the entries that it leaves."""
    for _ in range(times):
        bench.raise_event(code)
    return [entry(code)] * times


def frame_from(who: EUI64, frame: bytes = READ, *, peer_endpoint: int = 1, own_endpoint: int = 1) -> Data:
    """A frame for the cluster Events, under the link key."""
    return Data(who, peer_endpoint, own_endpoint, PROFILE_SE, Cluster.EVENTS, LINK_KEY, frame)


@pytest.mark.parametrize("log", [ALL_LOGS, EVENT_LOG, SECURITY_LOG, COPY_OF_SECURITY_LOG])
def test_MP078_603_26_no_link_key_no_content(home: Target, log: int) -> None:
    """Nobody gets an entry without link-key security, the hub's two included; nor does a stranger with it."""
    raise_times(home.bench, IN_SECURITY_LOG, 2)
    raise_times(home.bench, IN_EVENT_LOG, 2)
    asked = [(STRANGER, LINK_KEY), *product((CHF, GPF, *DISPLAYS, ESME, STRANGER), (SECURITY_NONE, NETWORK_KEY))]
    for who, security in asked:
        exchange = home.meter.exchange(Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, security, get_log(log)))
        came = [(one.peer, one.security, one.asdu) for one in exchange.answers]
        assert came[:1] == [(who, security, NOT_AUTHORIZED)], f"{who} under {security}"
        told = [(peer, key) for peer, key, _ in came[1:]]
        assert told in ([], [(GPF, LINK_KEY)]), "beside the refusal, only the GPF is told of it"
    assert len(asked) == 15


@pytest.mark.parametrize("who", [CHF, GPF, IHD, ESME, STRANGER], ids=["CHF", "GPF", "IHD", "ESME", "stranger"])
def test_MP078_603_26_broadcasts_are_not_answered(home: Target, who: EUI64) -> None:
    """Neither with entries nor with a refusal, and nothing goes elsewhere."""
    raise_times(home.bench, IN_SECURITY_LOG, 2)
    for log in (ALL_LOGS, EVENT_LOG, SECURITY_LOG):
        request = Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY | APS_BROADCAST, get_log(log))
        assert home.meter.exchange(request).answers == []


def test_MP078_603_31_no_endpoint_makes_a_display_a_hub(home: Target) -> None:
    """From all 256 endpoints of its own the IHD is refused, at that endpoint; the CHF is served at each."""
    entries = raise_times(home.bench, IN_SECURITY_LOG, 1)
    home.meter.ask(READ, cluster=Cluster.EVENTS, who=IHD)  # leaves 8F3E, once
    entries = [entry(UNAUTHORISED), *entries]
    for endpoint in range(256):
        for who, expected in ((IHD, [NOT_AUTHORIZED]), (CHF, published(entries))):
            answers = home.meter.exchange(frame_from(who, peer_endpoint=endpoint)).answers
            assert [one.asdu for one in answers] == expected
            assert {(one.peer, one.peer_endpoint) for one in answers} == {(who, endpoint)}


@pytest.mark.parametrize("who", [IHD, ESME, STRANGER], ids=["IHD", "ESME", "stranger"])
def test_MP078_603_31_no_endpoint_of_the_meter_is_another_door(home: Target, who: EUI64) -> None:
    """Endpoint 1 refuses, FF takes the frame as 1 does and keeps its refusal back, the others are not there."""
    raise_times(home.bench, IN_SECURITY_LOG, 2)
    assert home.meter.exchange(frame_from(who)).to_requester() == [NOT_AUTHORIZED]
    answering = [own for own in range(256) if home.meter.exchange(frame_from(who, own_endpoint=own)).answers]
    assert answering == [1]
    told = home.meter.exchange(frame_from(CHF, own_endpoint=EVERY_ENDPOINT)).to_requester()
    assert told == published([entry(UNAUTHORISED), *[entry(IN_SECURITY_LOG)] * 2])


def test_MP078_603_31_no_claim_makes_a_display_a_hub(home: Target) -> None:
    """It announces itself as the hub, answers for the hub's address and endpoint: unanswered, and refused as before."""
    raise_times(home.bench, IN_SECURITY_LOG, 1)
    for claim, cluster, payload in CLAIMS:
        data = Data(IHD, 0, 0, PROFILE_ZDO, cluster, NETWORK_KEY, payload)
        assert home.meter.exchange(data).answers == [], claim
        came = home.meter.ask(READ, cluster=Cluster.EVENTS, who=IHD)
        assert came == [NOT_AUTHORIZED], claim


def test_MP078_603_31_no_address_but_the_hubs_own(meter: Meter, bench: Bench) -> None:
    """One bit away from the CHF's, read backwards, the bench's: strangers, all but the GPF's own."""
    entries = raise_times(bench, IN_SECURITY_LOG, 1)
    near = [EUI64((int.from_bytes(CHF, "little") ^ 1 << bit).to_bytes(8, "little")) for bit in range(64)]
    near = [*(one for one in near if one != GPF), EUI64(CHF[::-1]), BENCH]
    assert len(near) == 65
    for who in near:
        assert meter.ask(READ, cluster=Cluster.EVENTS, who=who) == [NOT_AUTHORIZED], str(who)
    entries = [entry(UNAUTHORISED), *entries]
    assert meter.ask(READ, cluster=Cluster.EVENTS, who=GPF) == published(entries)


def test_MP078_603_32_what_a_node_is_counts_from_its_next_frame(meter: Meter, bench: Bench) -> None:
    """Enrolled, retyped, removed and enrolled again: each change holds at once, in both directions."""
    raise_times(bench, IN_SECURITY_LOG, 1)
    for kind, may_read in LIVES:
        if kind is None:
            bench.remove(IHD)
        else:
            bench.enrol(IHD, kind)
        expected = meter.ask(READ, cluster=Cluster.EVENTS) if may_read else [NOT_AUTHORIZED]
        assert meter.ask(READ, cluster=Cluster.EVENTS, who=IHD) == expected, kind
    assert meter.ask(READ, cluster=Cluster.EVENTS) == published(
        list(map(entry, (UNAUTHORISED, UNAUTHORISED, IN_SECURITY_LOG)))
    )
