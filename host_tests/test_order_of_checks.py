"""The order of checks: a frame that is wrong in two ways gets the answer of the earlier step.

Source: ZCL 2.5.12 and 2.6.3 for the statuses; the order is the project's choice where no text has one: 1 broadcast ·
2 security level, Device Log (7E) · 3 cluster (C3), then manufacturer and command (83, 84; 81, 82) · 4 well-formed (80)
· 5 access (7E) · 6 values (87, 85), then a store that cannot be read or an attribute's own failure, then nothing there
(8B), last a store that refuses the write (C0). Each step below names the two that it sets against each other.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench, Fault
from gsme_host.eui64 import CAD, CHF, ESME, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE
from gsme_host.zcl import Cluster, Status
from host_tests.support.requesters import ask_as, frame_from
from host_tests.support.sweeper import default_response
from host_tests.support.target import Target

BASIC, IDENTIFY, METERING, PREPAYMENT = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING, Cluster.PREPAYMENT
MANAGEMENT, EVENTS, TIME = Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS, Cluster.TIME
ALL_FAULTS: Final = Fault.EVENT_CONFIGURATION | Fault.EVENT_LOG | Fault.SECURITY_LOG | Fault.WRITES
STORES: Final = Fault.EVENT_CONFIGURATION | Fault.EVENT_LOG | Fault.SECURITY_LOG
SET: Final = "09 01 04 00000000 00000000 "  # Set Event Configuration, from now on
OWN_FAILURE: Final = 0x94  # TIMEOUT: a status that nothing else here has

BROADCAST_FIRST: Final = [  # 1 before each other step: what else is wrong, cluster, sender, aps, frame
    ("2 a stranger", METERING, STRANGER, LINK_KEY, "00 01 00 0003"),
    ("2 without the link key", METERING, CHF, NETWORK_KEY, "00 01 00 0003"),
    ("2 without any key", BASIC, CHF, SECURITY_NONE, "00 01 00 0000"),
    ("3 a cluster that is not there", PREPAYMENT, CHF, LINK_KEY, "00 01 00 0000"),
    ("3 a side that is not there", MANAGEMENT, CHF, LINK_KEY, "01 01 05"),
    ("3 a cluster command that is not there", EVENTS, CHF, LINK_KEY, "01 01 E0"),
    ("3 a global command that is not there", EVENTS, CHF, LINK_KEY, "00 01 E0"),
    ("3 another manufacturer", EVENTS, CHF, LINK_KEY, "05 3412 01 00"),
    ("4 a command cut short", MANAGEMENT, CHF, LINK_KEY, "09 01 05 FF"),
    ("4 half an attribute id", BASIC, CHF, LINK_KEY, "00 01 00 00"),
    ("5 no right to the log", EVENTS, IHD, LINK_KEY, "01 01 00 14 0000 00000000 FFFFFFFF 00 0000"),
    ("5 no right to the attribute", METERING, IHD, LINK_KEY, "00 01 00 0703"),
    ("6 a value out of range", MANAGEMENT, CHF, LINK_KEY, SET + "20 00 01 0D81"),
    ("6 reserved content", EVENTS, CHF, LINK_KEY, "01 01 00 2F 0000 00000000 FFFFFFFF 00 0000"),
    ("6 nothing there", MANAGEMENT, CHF, LINK_KEY, "09 01 05 0082"),
]

Step = tuple[str, int, EUI64, int, str, int]  # what is wrong, cluster, sender, security, frame, status of the answer

STEPS: Final[list[Step]] = [
    ("2 before 3: stranger, no such cluster", PREPAYMENT, STRANGER, LINK_KEY, "00 01 00 0000", 0x7E),
    ("2 before 3: network key, no such cluster", PREPAYMENT, CHF, NETWORK_KEY, "01 01 00", 0x7E),
    ("2 before 3: stranger, no such side", MANAGEMENT, STRANGER, LINK_KEY, "01 01 05", 0x7E),
    ("2 before 3: stranger, no such command", EVENTS, STRANGER, LINK_KEY, "01 01 E0", 0x7E),
    ("2 before 3: no key, no such global command", BASIC, CHF, SECURITY_NONE, "00 01 E0", 0x7E),
    ("2 before 3: network key, another manufacturer", METERING, GPF, NETWORK_KEY, "04 3412 01 00 0003", 0x7E),
    ("2 before 4: stranger, cut short", MANAGEMENT, STRANGER, LINK_KEY, "09 01 05", 0x7E),
    ("2 before 4: no key, half an id", BASIC, CHF, SECURITY_NONE, "00 01 00 00", 0x7E),
    ("3 before 4: no such cluster, half an id", PREPAYMENT, CHF, LINK_KEY, "00 01 00 00", 0xC3),
    ("3 before 4: no such side, half an id", EVENTS, CHF, LINK_KEY, "08 01 00 00", 0xC3),
    ("3 before 4: no such side, cut short", MANAGEMENT, CHF, LINK_KEY, "01 01 04 00", 0xC3),
    ("3 before 4: another manufacturer, half an id", METERING, CHF, LINK_KEY, "04 3412 01 00 00", 0x84),
    ("3 before 4: another manufacturer, cut short", MANAGEMENT, CHF, LINK_KEY, "0D 3412 01 05 FF", 0x83),
    ("3 before 5: no such cluster, no rights", PREPAYMENT, ESME, LINK_KEY, "00 01 00 0000", 0xC3),
    ("3 before 5: no such side, no rights", MANAGEMENT, IHD, LINK_KEY, "01 01 05", 0xC3),
    ("3 before 5: no such command, no rights", MANAGEMENT, IHD, LINK_KEY, "09 01 E0", 0x81),
    ("3 before 5: no such global command, no rights", MANAGEMENT, HCALCS, LINK_KEY, "08 01 E0", 0x82),
    ("3 before 5: another manufacturer, no rights", EVENTS, ESME, LINK_KEY, "05 3412 01 00", 0x83),
    ("3 before 5: global of another manufacturer", TIME, ESME, LINK_KEY, "0C 3412 01 00 0000", 0x84),
    ("3: the cluster before its command", PREPAYMENT, CHF, LINK_KEY, "01 01 E0", 0xC3),
    ("3: the cluster before a global command", PREPAYMENT, CHF, LINK_KEY, "00 01 E0", 0xC3),
    ("3: the cluster before the manufacturer", PREPAYMENT, CHF, LINK_KEY, "05 3412 01 00", 0xC3),
    ("3: the side before the manufacturer", EVENTS, CHF, LINK_KEY, "0C 3412 01 00 0000", 0xC3),
    ("3: the manufacturer before an unknown command", EVENTS, CHF, LINK_KEY, "05 3412 01 E0", 0x83),
    ("3: and before an unknown global one", EVENTS, CHF, LINK_KEY, "04 3412 01 E0", 0x84),
    ("4 before 5: Get Event Configuration cut", MANAGEMENT, IHD, LINK_KEY, "09 01 05 FF", 0x80),
    ("4 before 5: Set with a count of 0", MANAGEMENT, PPMID, LINK_KEY, SET + "18 00 00", 0x80),
    ("4 before 5: Get Event Log cut", EVENTS, IHD, LINK_KEY, "01 01 00 14 0000 00000000 FFFFFFFF 00 00", 0x80),
    ("4 before 5: Clear without a log", EVENTS, IHD, LINK_KEY, "01 01 01", 0x80),
    ("4 before 5: a mirror's answer cut", METERING, CHF, LINK_KEY, "01 01 01 02", 0x80),
    ("4 before 5: Identify cut", IDENTIFY, CAD, LINK_KEY, "01 01 00 00", 0x80),
    ("4 before 5: half an id", METERING, ESME, LINK_KEY, "00 01 00 0003 07", 0x80),
    ("4 before 5: a write cut", BASIC, IHD, LINK_KEY, "00 01 02 1000 42 05 4142", 0x80),
    ("4 before 5: a report's configuration cut", METERING, IHD, LINK_KEY, "00 01 06 00 0000 25 0000 0000 01", 0x80),
    ("4 before 5: half a name of a report", METERING, IHD, LINK_KEY, "00 01 08 00 00", 0x80),
    ("4 before 5: a discovery without its maximum", MANAGEMENT, IHD, LINK_KEY, "08 01 0C 0000", 0x80),
    ("5 before 6: a byte out of range", MANAGEMENT, IHD, LINK_KEY, SET + "A4 00 01 0D81", 0x7E),
    ("5 before 6: a control out of range", MANAGEMENT, IHD, LINK_KEY, SET + "18 04 FF", 0x7E),
    ("5 before 6: a reserved event control", EVENTS, IHD, LINK_KEY, "01 01 00 24 0000 00000000 FFFFFFFF 00 0000", 0x7E),
    ("5 before 6: a reserved log", EVENTS, ESME, LINK_KEY, "01 01 00 19 0000 00000000 FFFFFFFF 00 0000", 0x7E),
    ("5 before 6: a code that there is not", MANAGEMENT, IHD, LINK_KEY, "09 01 05 0082", 0x7E),
    ("5 before 6: a log without entries", EVENTS, ESME, LINK_KEY, "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", 0x7E),
    ("5 before 6: an attribute not held", METERING, ESME, LINK_KEY, "00 01 00 FEFE", 0x7E),
    ("5 before 6: an attribute written as another type", BASIC, IHD, LINK_KEY, "00 01 02 1100 20 01", 0x7E),
    (
        "5 before 6: a report of what cannot be reported",
        METERING,
        PPMID,
        LINK_KEY,
        "00 01 06 00 0003 30 0000 0000",
        0x7E,
    ),
]
STRANGER_LEARNS: Final[list[Step]] = [  # on Basic and Identify a stranger passes step 2, and is told what is wrong
    ("3: no such command", BASIC, STRANGER, NETWORK_KEY, "01 01 00", 0x81),
    ("3 before 5: no such global command", IDENTIFY, STRANGER, NETWORK_KEY, "00 01 E0", 0x82),
    ("3 before 4: another manufacturer", IDENTIFY, STRANGER, NETWORK_KEY, "05 3412 01 00 00", 0x83),
    ("4 before 5: Identify cut", IDENTIFY, STRANGER, NETWORK_KEY, "01 01 00 00", 0x80),
    ("5: Identify", IDENTIFY, STRANGER, NETWORK_KEY, "01 01 00 0A00", 0x7E),
    ("5 before 6: written as another type", BASIC, STRANGER, LINK_KEY, "00 01 02 1100 20 01", 0x7E),
]


def test_1_a_broadcast_is_not_answered_whatever_else_is_wrong(home: Target) -> None:
    """Nor does a frame go elsewhere: what is not answered is not recorded as refused."""
    for wrong, cluster, who, security, sent in BROADCAST_FIRST:
        request = frame_from(who, cluster, bytes.fromhex(sent), security | APS_BROADCAST)
        assert home.meter.exchange(request).answers == [], wrong


@pytest.mark.parametrize("steps", [STEPS, STRANGER_LEARNS], ids=["all clusters", "a stranger's two clusters"])
def test_2_to_6_the_earlier_step_answers(home: Target, steps: list[Step]) -> None:
    for wrong, cluster, who, security, sent, status in steps:
        expected = default_response(bytes.fromhex(sent), status)
        assert ask_as(home.meter, who, cluster, sent, security) == [expected], wrong


def test_2_to_5_before_6_with_every_store_failing(home: Target) -> None:
    """The same frames once more: no store is looked at before the sender's right to it."""
    home.bench.inject_fault(ALL_FAULTS)
    for wrong, cluster, who, security, sent, status in STEPS:
        expected = default_response(bytes.fromhex(sent), status)
        assert ask_as(home.meter, who, cluster, sent, security) == [expected], wrong


# Within step 6, from the CHF: what is wrong, faults, cluster, frame, status of the answer.
VALUES_FIRST: Final = [
    ("87 before C0: a byte out of range", STORES, MANAGEMENT, SET + "20 00 01 0D81", 0x87),
    ("87 before C0: a start in the future", STORES, MANAGEMENT, "09 01 04 00000000 FFFFFFFF 18 00 01 0D81", 0x87),
    ("87 before C0: a control above 3", STORES, MANAGEMENT, SET + "18 04", 0x87),
    ("87 before 8B: a byte and a code", 0, MANAGEMENT, SET + "20 00 01 0082", 0x87),
    ("85 before C0: an event control", STORES, EVENTS, "01 01 00 23 0000 00000000 FFFFFFFF 00 0000", 0x85),
    ("85 before C0: a log id", STORES, EVENTS, "01 01 00 18 0000 00000000 FFFFFFFF 00 0000", 0x85),
    ("85 before 8B: an event control, an empty log", 0, EVENTS, "01 01 00 F3 0000 00000000 FFFFFFFF 00 0000", 0x85),
    ("85 before 8B: an event control, no such log", 0, EVENTS, "01 01 00 25 0000 00000000 FFFFFFFF 00 0000", 0x85),
    ("C0 before 8B: Get, a code", STORES, MANAGEMENT, "09 01 05 0082", 0xC0),
    ("C0 before 8B: Get, a group", STORES, MANAGEMENT, "09 01 05 FF82", 0xC0),
    ("C0 before 8B: Set, a code", STORES, MANAGEMENT, SET + "18 00 01 0082", 0xC0),
    ("C0 before 8B: Set, a match that reaches nothing", STORES, MANAGEMENT, SET + "18 03 5B", 0xC0),
    ("C0 before 8B: an empty Event Log", STORES, EVENTS, "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", 0xC0),
    ("C0 before 8B: an empty Security Log", STORES, EVENTS, "01 01 00 14 0000 00000000 FFFFFFFF 00 0000", 0xC0),
    ("C0 before 8B: a window of nothing", STORES, EVENTS, "01 01 00 13 0000 FFFFFFFF 00000000 00 0000", 0xC0),
    ("8B before C0: Set, a code", Fault.WRITES, MANAGEMENT, SET + "18 00 01 0082", 0x8B),
    ("8B before C0: Set, a group", Fault.WRITES, MANAGEMENT, SET + "18 01 FF82", 0x8B),
    ("8B before C0: Set, a log", Fault.WRITES, MANAGEMENT, SET + "18 02 04", 0x8B),
    ("8B before C0: Set, a match", Fault.WRITES, MANAGEMENT, SET + "18 03 5B", 0x8B),
    ("87 before C0: a byte, writes refused", Fault.WRITES, MANAGEMENT, SET + "20 00 01 0D81", 0x87),
    ("80 before C0: a count of 0, writes refused", ALL_FAULTS, MANAGEMENT, SET + "18 00 00", 0x80),
    ("C0: what could be done, writes refused", Fault.WRITES, MANAGEMENT, SET + "18 00 01 0D81", 0xC0),
]


def test_6_values_then_stores_then_what_is_there_then_writing(home: Target) -> None:
    for wrong, faults, cluster, sent, status in VALUES_FIRST:
        home.bench.inject_fault(faults)
        expected = default_response(bytes.fromhex(sent), status)
        assert ask_as(home.meter, CHF, cluster, sent) == [expected], wrong


def fail_one(bench: Bench) -> None:
    """The store fails with a status of its own on one event's configuration and on PhysicalEnvironment."""
    bench.set_attribute(MANAGEMENT, 0x810D, OWN_FAILURE)
    bench.set_attribute(BASIC, 0x0011, OWN_FAILURE)


OWN_FAILURE_STEPS: Final = [  # what is wrong beside the failure, faults, cluster, frame, answer
    ("before 8B: a list with a code", 0, MANAGEMENT, SET + "18 00 02 0082 0D81", "00 01 0B 04 94"),
    ("before C0: writes refused", Fault.WRITES, MANAGEMENT, SET + "18 00 01 0D81", "00 01 0B 04 94"),
    ("before C0: a write of it", Fault.WRITES, BASIC, "00 01 02 1100 30 01", "08 01 04 94 1100"),
    ("behind 87: a byte out of range", 0, MANAGEMENT, SET + "20 00 01 0D81", "00 01 0B 04 87"),
    ("behind 8D: a write as another type", Fault.WRITES, BASIC, "00 01 02 1100 20 01", "08 01 04 8D 1100"),
    ("behind 88: writing a configuration", Fault.WRITES, MANAGEMENT, "08 01 02 0D81 18 18", "00 01 04 88 0D81"),
]


def test_6_an_attributes_own_failure_comes_where_a_store_that_fails_does(home: Target) -> None:
    fail_one(home.bench)
    for wrong, faults, cluster, sent, answer in OWN_FAILURE_STEPS:
        home.bench.inject_fault(faults)
        assert ask_as(home.meter, CHF, cluster, sent) == [bytes.fromhex(answer)], wrong
    sent = "08 01 00 0D81"
    assert ask_as(home.meter, IHD, MANAGEMENT, sent) == [default_response(bytes.fromhex(sent), Status.NOT_AUTHORIZED)]
