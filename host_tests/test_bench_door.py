"""Who reaches the bench cluster, and what its attributes say.

Source: the bench cluster of the serial HAN link, version 1: cluster FC00 on endpoint F0, profile 0109, manufacturer
code FFF1, for the peer EUI64 0 alone, under any security; to any other peer endpoint F0 does not exist, and ZDO does
not show it. A manufacturer code other than the bench's gets 84 for every global command and 83 for every cluster
command. Attributes that are not built answer 86. Its commands are in test_bench_cluster.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Behaviour, Bench, Command
from gsme_host.eui64 import BENCH, CHF, EUI64, GPF, IHD, STRANGER
from gsme_host.meter import BENCH_ENDPOINT, BENCH_MANUFACTURER, Meter, bench_data
from gsme_host.wire import LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import PROFILE_SE, PROFILE_ZDO, Cluster, Frame, Global, Status, u16
from host_tests.judges.meter_map import BENCH_ATTRIBUTES
from host_tests.support.target import Target

READ: Final = Frame(0x04, 1, Global.READ, u16(Attr.BEHAVIOUR), BENCH_MANUFACTURER)
TELLS: Final = bytes.fromhex("0C F1FF 01 01 0300 00 20 02")
SET_BEHAVIOUR: Final = Frame(0x05, 1, Command.SET_BEHAVIOUR, b"\x00", BENCH_MANUFACTURER)
DONE: Final = bytes.fromhex("0C F1FF 01 0B 05 00")
NEAR_PEERS: Final = tuple(EUI64((1 << bit).to_bytes(8, "little")) for bit in (0, 8, 31, 32, 63))
OTHER_PEERS: Final = (*NEAR_PEERS, CHF, GPF, IHD, STRANGER)
OTHER_ENDPOINTS: Final = tuple(n for n in range(2, 255) if n != BENCH_ENDPOINT)
OTHER_CODES: Final = (0x0000, 0x0001, 0x10F2, 0xFFF0, 0xF1FF, 0xFFFF)
OWN: Final = range(Attr.STORAGE_BYTES, Attr.EVENTS_DROPPED + 1)  # beyond what every meter's bench has
MAY_BE_UNBUILT: Final = [*range(Attr.AGREEMENT_KEY, Attr.STARTS), *OWN]  # keys, flash, alerts, the tunnel
LAST_ATTRIBUTE: Final = Attr.GBCS_VERSION

ODD_FRAMES: Final = [  # what, frame to cluster FC00 on endpoint F0, its answer
    ("a command without the code", "01 01 05 00", "08 01 0B 05 81"),
    ("an unknown one without it", "01 01 E0", "08 01 0B E0 81"),
    ("a read without it", "00 01 00 0300", "08 01 01 0300 86"),
    ("an unknown global command without it", "00 01 E0", "08 01 0B E0 82"),
    ("an unknown global command", "04 F1FF 01 E0", "0C F1FF 01 0B E0 84"),
    ("an unknown command", "05 F1FF 01 E0", "0C F1FF 01 0B E0 83"),
    ("a read cut short", "04 F1FF 01 00 03", "0C F1FF 01 0B 00 80"),
    ("a write", "04 F1FF 01 02 0300 20 00", "0C F1FF 01 04 88 0300"),
    ("a write of what it has not", "04 F1FF 01 02 00FF 20 00", "0C F1FF 01 04 86 00FF"),
    ("a command to the client side", "0D F1FF 01 05 00", "04 F1FF 01 0B 05 C3"),
    ("a read of the client side", "0C F1FF 01 00 0300", "04 F1FF 01 0B 00 C3"),
    ("a read of two", "04 F1FF 01 00 0200 0300", "0C F1FF 01 01 0200 00 20 00 0300 00 20 02"),
    ("a read of what it has not", "04 F1FF 01 00 1500 FFFF", "0C F1FF 01 01 1500 86 FFFF 86"),
]


def answers(meter: Meter, request: Data) -> list[bytes]:
    """What comes back to the requester."""
    return meter.exchange(request).to_requester()


@pytest.mark.parametrize("security", [SECURITY_NONE, NETWORK_KEY, LINK_KEY])
def test_it_is_open_under_any_security(meter: Meter, bench: Bench, security: int) -> None:
    for frame, answer in ((READ, TELLS), (SET_BEHAVIOUR, DONE)):
        assert answers(meter, replace(bench_data(frame), aps=security)) == [answer]
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.GBCS_4_0
    elsewhere = replace(bench_data(READ), aps=security, cluster=Cluster.METERING)
    assert answers(meter, elsewhere) == [bytes.fromhex("0C F1FF 01 0B 00 C3")], "no other cluster is there"


def test_to_any_other_peer_the_endpoint_does_not_exist(home: Target) -> None:
    for peer in OTHER_PEERS:
        for cluster in (Cluster.BENCH, Cluster.BASIC, Cluster.METERING):
            for frame in (READ, SET_BEHAVIOUR, Frame(0x00, 1, Global.READ, b"\0\0")):
                request = replace(bench_data(frame), peer=peer, cluster=cluster)
                assert home.meter.exchange(request).answers == [], f"{peer} {cluster:04X}"
    assert home.bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0, "not even a refusal"


def test_it_is_on_no_other_endpoint_and_profile(meter: Meter, bench: Bench) -> None:
    for endpoint in OTHER_ENDPOINTS:
        assert answers(meter, replace(bench_data(SET_BEHAVIOUR), own_endpoint=endpoint)) == [], f"{endpoint:02X}"
    for profile in (PROFILE_ZDO, 0x0104, 0x0901, 0xC05E, 0xFFFF):
        assert answers(meter, replace(bench_data(SET_BEHAVIOUR), profile=profile)) == [], f"{profile:04X}"
    on_every_endpoint = replace(bench_data(SET_BEHAVIOUR), own_endpoint=0xFF)
    assert answers(meter, on_every_endpoint) == [], "FF stands for endpoint 1"
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078
    assert len(OTHER_ENDPOINTS) == 252


def test_on_endpoint_1_it_is_a_cluster_that_there_is_not(meter: Meter, bench: Bench) -> None:
    for peer, status in ((CHF, Status.UNSUPPORTED_CLUSTER), (BENCH, Status.NOT_AUTHORIZED)):
        for frame in (READ, SET_BEHAVIOUR):
            refusal = bytes.fromhex("0C F1FF 01 0B") + bytes((frame.command, status))
            request = replace(bench_data(frame), peer=peer, own_endpoint=1)
            assert answers(meter, request) == [refusal], "the bench's peer is a stranger there"
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078


@pytest.mark.parametrize("code", OTHER_CODES, ids="{:04X}".format)
def test_another_manufacturer_code(meter: Meter, bench: Bench, code: int) -> None:
    """Whatever the command, known or not: 84 for the global ones that are requests, 83 for the cluster's own."""
    head = u16(code) + b"\x01"
    for command in range(256):
        refusal = b"\x0c" + head + b"\x0b" + bytes((command, Status.UNSUP_MANUF_CLUSTER_COMMAND))
        assert answers(meter, bench_data(Frame(0x05, 1, command, b"\x00", code))) == [refusal], f"{command:02X}"
    for command in (0x00, 0x02, 0x03, 0x06, 0x08, 0x0C, 0x0E, 0x0F, 0x11, 0x13, 0x15, 0xE0):
        refusal = b"\x0c" + head + b"\x0b" + bytes((command, Status.UNSUP_MANUF_GENERAL_COMMAND))
        assert answers(meter, bench_data(Frame(0x04, 1, command, b"\x03\x00", code))) == [refusal], f"{command:02X}"
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078


def test_odd_frames(meter: Meter, bench: Bench) -> None:
    for what, sent, answer in ODD_FRAMES:
        request = Data(BENCH, 1, BENCH_ENDPOINT, PROFILE_SE, Cluster.BENCH, LINK_KEY, bytes.fromhex(sent))
        assert answers(meter, request) == [bytes.fromhex(answer)], what
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078
    assert bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0


def test_zdo_does_not_show_it(meter: Meter) -> None:
    """Active endpoints, the simple descriptor of F0, and a match of its cluster on either side."""
    steps = {
        0x0005: ("01 A190", "01 00 A190 01 01"),
        0x0004: ("01 A190 F0", "01 83 A190 00"),
        0x0006: ("01 A190 0901 01 00FC 01 00FC", "01 00 A190 00"),
    }
    for who in (CHF, BENCH):
        for cluster, (sent, answer) in steps.items():
            came = meter.ask(sent, cluster=cluster, endpoint=0, profile=PROFILE_ZDO, who=who)
            assert came == [bytes.fromhex(answer)], f"{cluster:04X}"


def test_every_attribute_has_its_type(bench: Bench) -> None:
    built = 0
    for attribute, kind in BENCH_ATTRIBUTES.items():
        record = bench.read_record(attribute)
        if record.status != Status.SUCCESS:
            assert record.status == Status.UNSUPPORTED_ATTRIBUTE
            assert attribute in MAY_BE_UNBUILT, f"{attribute:04X}"
            continue
        assert record.type == kind, f"{attribute:04X}"
        built += 1
    assert set(BENCH_ATTRIBUTES) == set(Attr)
    assert built >= len(Attr) - len(MAY_BE_UNBUILT)
    for beyond in (LAST_ATTRIBUTE + 1, 0x00FF, 0x0100, 0x1000, 0xFFFD, 0xFFFF):
        assert bench.read_record(beyond).status == Status.UNSUPPORTED_ATTRIBUTE


def test_what_a_meter_from_the_factory_says(target: Target) -> None:
    bench = target.bench
    texts = {attribute: bench.read(attribute).decode() for attribute in (Attr.FIRMWARE_VERSION, Attr.BOARD)}
    assert all(texts.values()), texts
    assert target.sim is None or texts[Attr.BOARD] == "unix"
    assert "MP078" in bench.read(Attr.GBCS_VERSION).decode()
    assert bench.read(Attr.LAST_CRASH) == b""
    numbers = {
        Attr.ROLE: 0,
        Attr.BEHAVIOUR: Behaviour.MP078,
        Attr.UTC: INVALID_UTC,
        Attr.EVENT_LOG_ENTRIES: 0,
        Attr.SECURITY_LOG_ENTRIES: 0,
    }
    assert {attribute: bench.read_int(attribute) for attribute in numbers} == numbers
    assert bench.read_int(Attr.HEAP_FREE) > 0


def test_counters(meter: Meter, bench: Bench) -> None:
    accepted, dropped = bench.read_int(Attr.DATA_ACCEPTED), bench.read_int(Attr.LINK_DROPS)
    for number in range(1, 6):
        meter.ask("00 01 00 0000", cluster=Cluster.BASIC)
        meter.link.send_raw(b"\x03\x01\x02\x00")
        # A round is that read and one of each counter, and behind each of the three the read that ends its exchange.
        assert bench.read_int(Attr.DATA_ACCEPTED) - accepted == 6 * number
        assert bench.read_int(Attr.LINK_DROPS) - dropped == number
    uptime = [bench.read_int(Attr.UPTIME_MS) for _ in range(5)]
    assert uptime == sorted(uptime)
    for log, code in ((Attr.EVENT_LOG_ENTRIES, 0x8183), (Attr.SECURITY_LOG_ENTRIES, 0x8F0C)):
        for number in range(1, 4):
            bench.raise_event(code)
            assert bench.read_int(log) == number
