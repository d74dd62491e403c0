"""MP078-603-29: the event configuration cannot open the Security Log.

Source: clause MP078-603-29; GBCS GCS20; ZSE D.9 for the four ways to say which events. A Set that names a critical
code, or the Security Log, is refused whole and changes nothing: neither a configuration nor a log nor a push.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.bench import Behaviour
from gsme_host.eui64 import CHF, EUI64, GPF, IHD
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Type
from host_tests.judges.event_list import CRITICAL, SECURITY_LOG
from host_tests.support.event_logs import NOT_AUTHORIZED, entry, get_log, published
from host_tests.support.target import Target

HUB: Final = pytest.mark.parametrize("who", [CHF, GPF], ids=["CHF", "GPF"])
NOT_FOUND: Final = "8B"
INVALID_VALUE: Final = "87"
SECURITY_CODE: Final = 0x8F1B

STEPS: Final = [  # action, control and what follows it, configuration byte, status
    ("a critical code in a list", "00 01 1B8F", "1B", NOT_FOUND),
    ("a critical code behind a good one", "00 02 0D81 1B8F", "1B", NOT_FOUND),
    ("a critical code before a good one", "00 02 1B8F 0D81", "1B", NOT_FOUND),
    ("a critical code, to be silent", "00 01 3E8F", "00", NOT_FOUND),
    ("the critical group in a list", "00 01 FF8F", "1B", NOT_FOUND),
    ("the critical group", "01 FF8F", "1B", NOT_FOUND),
    ("a critical code as a group", "01 1B8F", "1B", NOT_FOUND),
    ("ZSE's group of security events", "01 FF04", "1B", NOT_FOUND),
    ("what is in the Security Log", "02 04", "1B", NOT_FOUND),
    ("what is in the Security Log, to be silent", "02 04", "00", NOT_FOUND),
    ("what has the byte of log 4", "03 04", "1B", NOT_FOUND),
    ("what has the byte of log 4 and a push", "03 14", "1B", NOT_FOUND),
    ("one code into the Security Log", "00 01 0D81", "04", INVALID_VALUE),
    ("one code into the Security Log and pushed", "00 01 0D81", "1C", INVALID_VALUE),
    ("the group into the Security Log", "01 FF81", "04", INVALID_VALUE),
    ("every group into the Security Log", "01 FFFF", "14", INVALID_VALUE),
    ("the Event Log's into the Security Log", "02 03", "04", INVALID_VALUE),
    ("those alike into the Security Log", "03 0B", "0C", INVALID_VALUE),
    ("a critical code into the Security Log", "00 01 1B8F", "14", INVALID_VALUE),
]


def manage(target: Target, frame: str | bytes, who: EUI64 = CHF) -> list[bytes]:
    """Asks Device Management."""
    return target.meter.ask(frame, cluster=Cluster.DEVICE_MANAGEMENT, who=who)


def configuration(target: Target) -> list[bytes]:
    """All 44, as reported."""
    return manage(target, "09 01 05 FF81")


def door_is_shut(target: Target) -> bool:
    """A security event is told to the GPF alone, and a display that asks for it is refused."""
    target.bench.raise_event(SECURITY_CODE)
    assert target.bench.last is not None
    request = Data(IHD, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, get_log(SECURITY_LOG))
    refused = target.meter.exchange(request).to_requester() == [NOT_AUTHORIZED]
    return refused and [push.peer for push in target.bench.last.others()] == [GPF]


@HUB
@pytest.mark.parametrize(("action", "applies_to", "byte", "status"), STEPS, ids=[step[0] for step in STEPS])
def test_MP078_603_29_steps(home: Target, who: EUI64, action: str, applies_to: str, byte: str, status: str) -> None:
    before = configuration(home)
    came = manage(home, f"09 05 04 00000000 00000000 {byte} {applies_to}", who)
    assert came == [bytes.fromhex(f"00 05 0B 04 {status}")], action
    assert configuration(home) == before
    assert door_is_shut(home)


def test_MP078_603_29_every_critical_code_is_refused(home: Target) -> None:
    """All 41, each alone in a list: not there to be set, to be read, nor as an attribute to be read or written."""
    before = configuration(home)
    for event in CRITICAL:
        code = event.image
        assert manage(home, bytes.fromhex("09 01 04 00000000 00000000 1B 00 01") + code) == [
            bytes.fromhex("00 01 0B 04 8B")
        ]
        assert manage(home, b"\x09\x01\x05" + code) == [bytes.fromhex("00 01 0B 05 8B")]
        assert manage(home, b"\x08\x01\x00" + code) == [b"\x00\x01\x01" + code + b"\x86"]
        assert manage(home, b"\x08\x01\x02" + code + b"\x18\x1b") == [b"\x00\x01\x04\x86" + code]
    assert configuration(home) == before
    assert door_is_shut(home)
    assert len(CRITICAL) == 41


def test_MP078_603_29_no_byte_means_the_security_log(home: Target) -> None:
    """All 256 bytes for one code: those that name log 4 are refused, and the code never gets into it."""
    refused = 0
    for byte in range(256):
        (came,) = manage(home, bytes.fromhex("09 01 04 00000000 00000000") + bytes((byte,)) + b"\x00\x01\x0d\x81")
        if byte & 0x07 == SECURITY_LOG:
            assert came == bytes.fromhex("00 01 0B 04 87"), f"{byte:02X}"
            refused += 1
        if byte & 0x07 == SECURITY_LOG or came[-1] == 0:
            home.bench.raise_event(0x810D)
    home.bench.raise_event(SECURITY_CODE)
    assert refused == 32
    assert home.meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS) == published([entry(SECURITY_CODE)])


def test_MP078_603_29_every_group_means_the_configurable_ones(home: Target) -> None:
    """FFFF is not the critical codes: after setting all to pushed, the door is as shut as before."""
    came = manage(home, "09 01 04 00000000 00000000 1B 01 FFFF")
    assert came == [bytes.fromhex("00 01 0B 04 00")]
    assert sum(len(frame) - 5 for frame in configuration(home)) == 44 * 3
    assert {byte for frame in configuration(home) for byte in frame[7::3]} == {0x1B}
    assert door_is_shut(home)


@pytest.mark.parametrize("behaviour", Behaviour, ids=[behaviour.name for behaviour in Behaviour])
def test_MP078_603_29_displays_set_nothing(home: Target, behaviour: Behaviour) -> None:
    """Whatever they name and however: refused, as are a read and a write of a configuration as an attribute."""
    home.bench.set_behaviour(behaviour)
    before = configuration(home)
    for _, applies_to, byte, _ in STEPS:
        came = manage(home, f"09 05 04 00000000 00000000 {byte} {applies_to}", IHD)
        assert came == [bytes.fromhex("00 05 0B 04 7E")], applies_to
    read = zcl.read_attributes(0x810D, fc=zcl.GLOBAL_TO_CLIENT)
    write = b"\x08\x00\x02\x0d\x81" + bytes((Type.MAP8, 0x1B))
    assert [manage(home, frame, IHD) for frame in (read, write)] == [
        [bytes.fromhex("00 00 0B 00 7E")],
        [bytes.fromhex("00 00 0B 02 7E")],
    ]
    assert configuration(home) == before
