"""Zigbee Device Objects: who the meter is, as a host that interviews it learns it, and the announce of a start.

Source: Zigbee 2.4.3 and 2.4.4 (ZDP); the descriptors of a sleepy metering device, and of a network address made of the
EUI64's last two bytes, are the project's. ZDO is answered under any security (test_access_security.py) and broadcasts
where the answer is the meter's (test_broadcast.py). What a pass does not prove: that the network layer of a radio has
that address.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.eui64 import BROADCAST, CHF, EUI64, IHD, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, Data
from gsme_host.zcl import PROFILE_SE, PROFILE_ZDO
from host_tests.judges.meter_map import BENCH_ENDPOINT, DEVICE_ID, ENDPOINT, IN_CLUSTERS, OUT_CLUSTERS, PROFILE

RESPONSE: Final = 0x8000
NWK_ADDRESS, IEEE_ADDRESS, NODE, SIMPLE, ACTIVE, MATCH = 0x0000, 0x0001, 0x0002, 0x0004, 0x0005, 0x0006
DEVICE_ANNOUNCE: Final = 0x0013
SLEEPY: Final = b"\x80"  # MAC capabilities: the receiver is off when idle, an address is wanted
NODE_DESCRIPTOR: Final = bytes.fromhex("02 40 80 F1FF 52 DC05 0000 DC05 00")
SIMPLE_DESCRIPTOR: Final = bytes.fromhex("01 0901 0105 00 04 0000 0300 0207 0907 04 0A00 0207 0407 0807")
TSN: Final = 0x2A

# Requests of the specification that are not built: descriptors that a meter does not have, binding, management.
NOT_BUILT: Final = (
    *(0x0003, 0x0011, 0x0012, 0x0014, 0x0015, 0x0016, 0x0017, 0x0019, 0x001A, 0x001B, 0x001C, 0x001D, 0x001E, 0x001F),
    *(0x0020, 0x0021, 0x0022, 0x0031, 0x0032, 0x0033, 0x0034, 0x0036, 0x0038),
)


@pytest.fixture
def own(meter: Meter) -> EUI64:
    """The meter's own EUI64."""
    assert meter.link.identity
    return meter.link.identity.eui64


def ask(meter: Meter, cluster: int, payload: bytes, who: EUI64 = CHF, tsn: int = TSN) -> bytes:
    """The one answer, behind its sequence number; it goes back the way that the request came."""
    request = Data(who, 0, 0, PROFILE_ZDO, cluster, NETWORK_KEY, bytes((tsn,)) + payload)
    (answer,) = meter.exchange(request).answers
    assert answer == Data(who, 0, 0, PROFILE_ZDO, cluster | RESPONSE, NETWORK_KEY, answer.asdu)
    assert answer.asdu[0] == tsn
    return answer.asdu[1:]


@pytest.mark.parametrize("who", [CHF, IHD, STRANGER], ids=["CHF", "IHD, not enrolled", "stranger"])
def test_an_interview(meter: Meter, own: EUI64, who: EUI64) -> None:
    """Addresses, node descriptor, endpoints and the simple descriptor, byte for byte."""
    nwk = own[:2]
    for cluster, asked, answer in (
        (NWK_ADDRESS, own + b"\0\0", b"\0" + own + nwk),
        (IEEE_ADDRESS, nwk + b"\0\0", b"\0" + own + nwk),
        (NODE, nwk, b"\0" + nwk + NODE_DESCRIPTOR),
        (ACTIVE, nwk, b"\0" + nwk + b"\x01\x01"),
        (SIMPLE, nwk + b"\x01", b"\0" + nwk + bytes((len(SIMPLE_DESCRIPTOR),)) + SIMPLE_DESCRIPTOR),
    ):
        assert ask(meter, cluster, asked, who) == answer, f"{cluster:04X}"


def test_the_simple_descriptor_says_what_is_there() -> None:
    """The bytes above are the lists by which every other test goes."""
    clusters = [b"".join(c.to_bytes(2, "little") for c in side) for side in (IN_CLUSTERS, OUT_CLUSTERS)]
    head = bytes((ENDPOINT,)) + PROFILE.to_bytes(2, "little") + DEVICE_ID.to_bytes(2, "little") + b"\0"
    lists = b"".join(bytes((len(one) // 2,)) + one for one in clusters)
    assert head + lists == SIMPLE_DESCRIPTOR


MATCHES: Final = [  # what is sought, profile, count and clusters in, the same out, whether endpoint 1 has it
    ("a metering server", "0901", "01 0207", "00", True),
    ("an event log", "0901", "01 0907", "00", True),
    ("a client of Device Management", "0901", "00", "01 0807", True),
    ("a client of Time", "0901", "00", "01 0A00", True),
    ("one of several in", "0901", "03 0607 0507 0000", "00", True),
    ("one of several, out", "0901", "01 0507", "02 0607 0807", True),
    ("a server of Device Management", "0901", "01 0807", "00", False),
    ("a client of Events", "0901", "00", "01 0907", False),
    ("a tunnel server", "0901", "01 0407", "00", False),
    ("the bench", "0901", "01 00FC", "01 00FC", False),
    ("nothing", "0901", "00", "00", False),
    ("Basic of another profile", "0401", "01 0000", "00", False),
]


def test_match_descriptors(meter: Meter, own: EUI64) -> None:
    """Endpoint 1 where it has the profile and one of the clusters on the side where it is sought, else none."""
    for what, profile, wanted_in, wanted_out, has in MATCHES:
        answer = ask(meter, MATCH, own[:2] + bytes.fromhex(profile + wanted_in + wanted_out))
        assert answer[1:3] == own[:2], what
        assert answer[3:] == (b"\x01\x01" if has else b"\x00"), what
        assert not (has and answer[0]), what


def test_every_other_endpoint_is_inactive(meter: Meter, own: EUI64) -> None:
    """The bench's too, which ZDO does not show."""
    inactive = [endpoint for endpoint in range(1, 0xFF) if endpoint != ENDPOINT]
    for endpoint in inactive:
        assert ask(meter, SIMPLE, own[:2] + bytes((endpoint,))) == b"\x83" + own[:2] + b"\0", f"{endpoint:02X}"
    assert BENCH_ENDPOINT in inactive
    assert len(inactive) == 253


def test_what_is_not_built(meter: Meter, own: EUI64) -> None:
    """Status 84 and no more, whatever is asked and however short it is."""
    for cluster in NOT_BUILT:
        for payload in (b"", own[:2], bytes(32)):
            assert ask(meter, cluster, payload) == b"\x84", f"{cluster:04X}"
    assert len(NOT_BUILT) == len(set(NOT_BUILT)) == 23


def test_what_is_cut_short(meter: Meter, own: EUI64) -> None:
    """Status 80 and no more, wherever a request ends too early; without a sequence number there is nobody to tell."""
    nwk, cuts = own[:2], 0
    whole = {
        NWK_ADDRESS: own + b"\0\0",
        IEEE_ADDRESS: nwk + b"\0\0",
        NODE: nwk,
        SIMPLE: nwk + b"\x01",
        ACTIVE: nwk,
        MATCH: nwk + bytes.fromhex("0901 02 0207 0907 01 0807"),
    }
    for cluster, payload in whole.items():
        assert ask(meter, cluster, payload)[0] == 0
        for length in range(len(payload)):
            assert ask(meter, cluster, payload[:length]) == b"\x80", f"{cluster:04X} cut at {length}"
            cuts += 1
        assert meter.exchange(Data(CHF, 0, 0, PROFILE_ZDO, cluster, NETWORK_KEY, b"")).answers == []
    assert cuts == sum(map(len, whole.values())) == 10 + 4 + 2 + 3 + 2 + 12


def test_other_nodes_are_not_the_meters_to_tell_of(meter: Meter) -> None:
    """An end device answers for itself: a status, and nothing of a descriptor."""
    nwk = CHF[:2]
    for cluster, asked in (
        (NWK_ADDRESS, CHF + b"\0\0"),
        (IEEE_ADDRESS, nwk + b"\0\0"),
        (NODE, nwk),
        (ACTIVE, nwk),
        (SIMPLE, nwk + b"\x01"),
        (MATCH, nwk + bytes.fromhex("0901 01 0207 00")),
    ):
        answer = ask(meter, cluster, asked)
        assert answer[0], f"{cluster:04X}"
        assert not answer[1:].removeprefix(CHF if cluster == NWK_ADDRESS else nwk).strip(b"\0"), answer.hex(" ")


def test_every_sequence_number_is_repeated(meter: Meter, own: EUI64) -> None:
    for tsn in range(256):
        assert ask(meter, ACTIVE, own[:2], tsn=tsn) == b"\0" + own[:2] + b"\x01\x01"


ELSEWHERE: Final = [(1, PROFILE_ZDO), (BENCH_ENDPOINT, PROFILE_ZDO), (0xFF, PROFILE_ZDO), (0, PROFILE_SE), (0, 0x0104)]


def test_only_endpoint_0_of_profile_0_answers(meter: Meter, own: EUI64) -> None:
    for endpoint, profile in ELSEWHERE:
        request = Data(CHF, 0, endpoint, profile, ACTIVE, LINK_KEY, bytes((TSN,)) + own[:2])
        assert meter.exchange(request).answers == [], f"endpoint {endpoint}, profile {profile:04X}"


def test_no_answer_to_an_answer(meter: Meter, own: EUI64) -> None:
    """Nor to a node that announces itself, which is no question."""
    for cluster in (NODE, SIMPLE, ACTIVE, 0x0003, DEVICE_ANNOUNCE):
        request = Data(CHF, 0, 0, PROFILE_ZDO, cluster | RESPONSE, NETWORK_KEY, bytes((TSN, 0)) + own[:2])
        assert meter.exchange(request).answers == [], f"{cluster:04X}"
    announce = bytes((TSN,)) + IHD[:2] + IHD + SLEEPY
    assert meter.exchange(Data(IHD, 0, 0, PROFILE_ZDO, DEVICE_ANNOUNCE, NETWORK_KEY, announce)).answers == []


def test_a_start_is_announced_after_its_first_sync(meter: Meter, bench: Bench, own: EUI64) -> None:
    """First of all and once: a host that synchronises again in the same run of the meter is told nothing."""
    for _ in range(2):
        bench.reboot()
        first, *rest = meter.settle()
        assert rest == []
        assert first == Data(BROADCAST, 0xFF, 0, PROFILE_ZDO, DEVICE_ANNOUNCE, APS_BROADCAST, first.asdu)
        assert first.asdu[1:] == own[:2] + own + SLEEPY
        for _ in range(2):
            meter.link.sync()
            assert meter.settle() == []
