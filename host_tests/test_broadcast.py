"""Frames to everybody or to a group: acted on where that makes sense, by whom may, and never answered, ZDO apart.

Source: ZCL 2.5.12 (no Default Response to a broadcast, errors included), ZCL 3.5 (Identify), Zigbee 2.4.4 (ZDO: a
broadcast is answered to its sender alone, and not where there is nothing to say). Broadcasts that are wrong in some way
are in test_order_of_checks.py and in sweeps/. What a pass does not prove: that a broadcast Set or write is acted on;
nobody sends these.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.eui64 import CHF, ESME, EUI64, GPF, IHD, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_ZDO, Cluster
from host_tests.judges.commands import GLOBAL_COMMANDS, RECEIVED
from host_tests.judges.meter_map import SIDES
from host_tests.judges.mutations import samples
from host_tests.support.requesters import ask_as, frame_from
from host_tests.support.target import Target

BASIC, IDENTIFY, METERING = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING
MANAGEMENT, EVENTS = Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS
EVERY_ENDPOINT: Final = 0xFF
IDENTIFY_A_MINUTE: Final = "01 01 00 3C00"
MINUTE_S: Final = 60
IN_EVENT_LOG: Final = 0x8183


def broadcast(
    meter: Meter, who: EUI64, cluster: int, asdu: bytes | str, key: int = LINK_KEY, to: int = 1
) -> list[Data]:
    """Sends to everybody; returns all that the meter sends, to whomever."""
    asdu = bytes.fromhex(asdu) if isinstance(asdu, str) else asdu
    return meter.exchange(frame_from(who, cluster, asdu, key | APS_BROADCAST, endpoint=to)).answers


def seconds_left(meter: Meter) -> int:
    """IdentifyTime."""
    (answer,) = ask_as(meter, CHF, IDENTIFY, "00 01 00 0000")
    return int.from_bytes(answer[7:], "little")


def test_no_valid_command_is_answered(home: Target) -> None:
    """From the hub's two and a display, to endpoint 1 and to all endpoints."""
    home.bench.raise_event(IN_EVENT_LOG)
    sent = 0
    for sample in samples():
        frame = sample.asdu(sample.command.sample)
        for who, to in ((CHF, 1), (GPF, EVERY_ENDPOINT), (IHD, 1)):
            assert broadcast(home.meter, who, sample.cluster, frame, to=to) == [], f"{sample.command.title} from {who}"
            sent += 1
    assert sent == 3 * (len(SIDES) * len(GLOBAL_COMMANDS) + sum(map(len, RECEIVED.values())))


@pytest.mark.parametrize(
    ("who", "key"),
    [(CHF, LINK_KEY), (GPF, NETWORK_KEY), (CHF, NETWORK_KEY)],
    ids=["CHF, link key", "GPF, network key", "CHF, network key"],
)
def test_identify_is_acted_on(home: Target, who: EUI64, key: int) -> None:
    """It is what broadcasts are for; the query that goes with it is not answered though, even now."""
    assert broadcast(home.meter, who, IDENTIFY, IDENTIFY_A_MINUTE, key) == []
    assert 0 < seconds_left(home.meter) <= MINUTE_S
    assert broadcast(home.meter, who, IDENTIFY, "01 02 01", key) == []
    assert broadcast(home.meter, who, IDENTIFY, "01 03 00 0000", key, EVERY_ENDPOINT) == []
    assert seconds_left(home.meter) == 0


NOT_ALLOWED: Final = [  # what, sender, key, cluster, frame
    ("Identify by a display", IHD, LINK_KEY, IDENTIFY, IDENTIFY_A_MINUTE),
    ("Identify by another meter", ESME, NETWORK_KEY, IDENTIFY, IDENTIFY_A_MINUTE),
    ("Identify by a stranger", STRANGER, LINK_KEY, IDENTIFY, IDENTIFY_A_MINUTE),
    ("Identify without a key", CHF, SECURITY_NONE, IDENTIFY, IDENTIFY_A_MINUTE),
    ("a write by a display", IHD, LINK_KEY, BASIC, "00 01 02 1100 30 07"),
    ("an unanswered write by a stranger", STRANGER, NETWORK_KEY, BASIC, "00 01 05 1100 30 07"),
    ("Set by a display", IHD, LINK_KEY, MANAGEMENT, "09 01 04 00000000 00000000 1B 00 01 0D81"),
    ("Set under the network key", CHF, NETWORK_KEY, MANAGEMENT, "09 01 04 00000000 00000000 1B 00 01 0D81"),
    ("Clear by the CHF", CHF, LINK_KEY, EVENTS, "01 01 01 03"),
]
STATE: Final = [  # what these would change: cluster, frame, answer
    (IDENTIFY, "00 01 00 0000", "08 01 01 0000 00 21 0000"),
    (BASIC, "00 01 00 1100", "08 01 01 1100 00 30 00"),
    (MANAGEMENT, "09 01 05 0D81", "01 01 04 00 01 0D8118"),
]


def test_nobody_may_more_by_broadcast(home: Target) -> None:
    """What is not allowed is not done, not answered and not told to the GPF."""
    home.bench.raise_event(IN_EVENT_LOG)
    get_log = "01 01 00 13 0000 00000000 FFFFFFFF 00 0000"
    log = ask_as(home.meter, CHF, EVENTS, get_log)
    for what, who, key, cluster, sent in NOT_ALLOWED:
        assert broadcast(home.meter, who, cluster, sent, key) == [], what
        assert [ask_as(home.meter, CHF, *step[:2]) for step in STATE] == [[bytes.fromhex(step[2])] for step in STATE]
        assert ask_as(home.meter, CHF, EVENTS, get_log) == log, what
    assert log[0].startswith(bytes.fromhex("19 01 01 0100"))


def test_zdo_answers_a_broadcast_to_its_sender(home: Target) -> None:
    """Who is there, and who has a metering server: asked of everybody, answered by one frame to one node."""
    assert home.meter.link.identity
    own = home.meter.link.identity.eui64
    asked = [  # cluster, what is asked, answer behind the sequence number
        (0x0000, own + b"\0\0", b"\0" + own + own[:2]),
        (0x0005, own[:2], b"\0" + own[:2] + b"\1\1"),
        (0x0006, b"\xfd\xff\x09\x01\x01\x02\x07\x00", b"\0" + own[:2] + b"\1\1"),
    ]
    for who, (cluster, payload, answer) in ((who, step) for who in (CHF, STRANGER) for step in asked):
        request = Data(who, 0, 0, PROFILE_ZDO, cluster, NETWORK_KEY | APS_BROADCAST, b"\x21" + payload)
        (came,) = home.meter.exchange(request).answers
        assert came == Data(who, 0, 0, PROFILE_ZDO, cluster | 0x8000, NETWORK_KEY, b"\x21" + answer)


def test_zdo_does_not_answer_a_broadcast_that_concerns_others(home: Target) -> None:
    """Another node's address, a cluster that the meter has not: whoever has it answers."""
    asked = [
        (0x0000, CHF + b"\0\0"),
        (0x0001, CHF[:2] + b"\0\0"),
        (0x0002, CHF[:2]),
        (0x0005, CHF[:2]),
        (0x0006, b"\xfd\xff\x09\x01\x01\x05\x07\x00"),
    ]
    for cluster, payload in asked:
        request = Data(CHF, 0, 0, PROFILE_ZDO, cluster, NETWORK_KEY | APS_BROADCAST, b"\x22" + payload)
        assert home.meter.exchange(request).answers == [], f"{cluster:04X}"
