"""MP078-603-22: nothing of the Security Log is pushed to a HAN device, whatever is configured; only the GPF is told.

Source: clause MP078-603-22; ZSE D.10 for Publish Event. Every security code is raised under every way that the
configuration can be set, and in the behaviours before MP078 too. The displays' other pushes show that they would hear.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Attr, Behaviour, DeviceType
from gsme_host.eui64 import CAD, CHF, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.event_list import (
    BY_CODE,
    CONFIGURABLE,
    CRITICAL,
    EVENT_LOG,
    NO_LOG,
    SECURITY_CODES,
    SECURITY_LOG,
    WAN_BIT,
    control_of,
)
from host_tests.support.event_logs import FIRST_TIME, get_log
from host_tests.support.target import Target

PUBLISH_EVENT: Final = 0x00
TO_HAN: Final = 0x10
BYTES: Final = (0x00, 0x03, 0x08, 0x0B, 0x10, 0x13, 0x18, 0x1B, 0x40, 0x43, 0x48, 0x4B, 0x50, 0x53, 0x58, 0x5B)
DISPLAYS: Final = (PPMID, IHD, CAD)
HUB_OF_ALL: Final = (GPF, *DISPLAYS)


def pushes(target: Target, code: int) -> list[Data]:
    """Raises an event; returns all that the meter sent to others than the bench."""
    target.bench.raise_event(code)
    assert target.bench.last is not None
    return target.bench.last.others()


def fields_of(push: Data) -> bytes:
    """A Publish Event without its sequence number, which is the meter's own."""
    return push.asdu[:1] + push.asdu[2:]


def publish_event(code: int, log: int, control: int) -> bytes:
    """The same as it has to be, no data with it."""
    fixed = bytes((0x09, PUBLISH_EVENT, log)) + code.to_bytes(2, "little") + FIRST_TIME
    return fixed + bytes((control, 0))


def set_all(target: Target, byte: int) -> None:
    """Sets the byte of all 44 configurable codes, as the CHF."""
    asked = bytes.fromhex("09 01 04 00000000 00000000") + bytes((byte,)) + bytes.fromhex("01 FF81")
    assert target.meter.ask(asked, cluster=Cluster.DEVICE_MANAGEMENT) == [bytes.fromhex("00 01 0B 04 00")]


@pytest.mark.parametrize("byte", BYTES, ids=[f"{byte:02X}" for byte in BYTES])
def test_MP078_603_22_no_configuration_opens_the_pushes(home: Target, byte: int) -> None:
    """All bytes that GBCS allows: each security code is told to the GPF alone, without the HAN bit."""
    set_all(home, byte)
    for code in SECURITY_CODES:
        (push,) = pushes(home, code)
        assert (push.peer, push.cluster, push.security) == (GPF, Cluster.EVENTS, LINK_KEY)
        assert fields_of(push) == publish_event(code, SECURITY_LOG, BY_CODE[code].control), f"{code:04X}"
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == len(SECURITY_CODES)


@pytest.mark.parametrize("byte", BYTES, ids=[f"{byte:02X}" for byte in BYTES])
def test_MP078_603_22_other_codes_show_that_displays_hear(home: Target, byte: int) -> None:
    """The control: the same byte sends every configurable code to the displays if, and only if, it has the HAN bit."""
    set_all(home, byte)
    log = byte & 0x07
    heard: tuple[EUI64, ...] = (GPF,) if log == EVENT_LOG else ()
    if byte & TO_HAN:
        heard = HUB_OF_ALL
    for event in CONFIGURABLE:
        told = pushes(home, event.code)
        assert sorted(push.peer for push in told) == sorted(heard), f"{event.code:04X}"
        assert {fields_of(push) for push in told} <= {publish_event(event.code, log, control_of(byte))}
    assert len(CONFIGURABLE) == 44
    assert bool(control_of(byte) & 2) == bool(byte & WAN_BIT)


@pytest.mark.parametrize("behaviour", Behaviour, ids=[behaviour.name for behaviour in Behaviour])
def test_MP078_603_22_in_no_behaviour(home: Target, behaviour: Behaviour) -> None:
    """Before MP078 the displays may read the log; it was never sent to them."""
    home.bench.set_behaviour(behaviour)
    set_all(home, 0x1B)
    for code in SECURITY_CODES:
        assert [push.peer for push in pushes(home, code)] == [GPF], f"{code:04X}"


def test_MP078_603_22_critical_codes_outside_the_log_are_no_displays_either(home: Target) -> None:
    """A critical code has no HAN bit: in the Event Log it goes to the GPF, in no log to nobody."""
    told = {event.code: [push.peer for push in pushes(home, event.code)] for event in CRITICAL}
    assert told == {event.code: [] if event.log == NO_LOG else [GPF] for event in CRITICAL}
    assert len(told) == 41


def test_MP078_603_22_refusals_are_told_to_the_gpf_alone(home: Target) -> None:
    """8F3E, raised by each node's own first refusal: of those refused, none hears of it."""
    for who in (*DISPLAYS, HCALCS, STRANGER):
        request = Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, get_log(SECURITY_LOG))
        answers = home.meter.exchange(request).answers
        assert [one.peer for one in answers] == [who, GPF]
        assert fields_of(answers[1]) == publish_event(0x8F3E, SECURITY_LOG, BY_CODE[0x8F3E].control)


def test_MP078_603_22_a_retyped_gpf_hears_no_more(home: Target) -> None:
    """Type by type: only what the Device Log calls GPF is told, and the CHF is not."""
    for kind in DeviceType:
        home.bench.enrol(GPF, kind)
        heard = [push.peer for push in pushes(home, 0x8F1B)]
        assert heard == ([GPF] if kind == DeviceType.GPF else []), kind.name
    home.bench.remove(GPF)
    assert pushes(home, 0x8F1B) == []
    assert home.meter.ask(get_log(SECURITY_LOG, number=1), cluster=Cluster.EVENTS, who=CHF)[0][0] == 0x19


def test_MP078_603_22_nothing_waits_to_be_pushed_later(home: Target) -> None:
    """Neither a HAN cycle nor a change of the configuration brings up what was raised before."""
    for code in SECURITY_CODES:
        home.bench.raise_event(code)
    set_all(home, 0x1B)
    home.bench.wake()
    assert home.bench.last is not None
    assert {one.cluster for one in home.bench.last.others()} <= {Cluster.TIME, Cluster.METERING}
    assert home.meter.settle() == []
