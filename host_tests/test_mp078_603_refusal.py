"""MP078-603: IHD, PPMID and CAD, and every other node but the hub's two, are refused the Security Log.

Source: clauses MP078-603-1 to -3 and -33; the refusal is NOT_AUTHORIZED for any request that names log 4,
whatever else it says and whatever the log holds. Before MP078 (behaviours 0 and 1) the displays may read it. What a
pass does not prove: the same of the ESME, the GPF and the CHF (-4 to -12), whose firmware is not built.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from gsme_host.bench import Behaviour, Bench, DeviceType
from gsme_host.eui64 import CAD, ESME, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.event_list import EVENT_LOG, SECURITY_LOG
from host_tests.support.event_logs import (
    ALL_LOGS,
    ENTRIES,
    INVALID_FIELD,
    NOT_AUTHORIZED,
    NOT_FOUND,
    OPEN_END,
    Entry,
    answer,
    entry,
    get_log,
    published,
)
from host_tests.support.target import Target

OTHER_METER: Final = EUI64.parse("00DB1234567890A8")
BARRED: Final = (
    ("MP078_603_1 IHD", IHD),
    ("MP078_603_2 PPMID", PPMID),
    ("MP078_603_3 CAD", CAD),
    ("MP078_603_33 ESME", ESME),
    ("MP078_603_33 HCALCS", HCALCS),
    ("MP078_603_33 another GSME", OTHER_METER),
)
DISPLAYS: Final = (IHD, PPMID, CAD)
COPY_OF_SECURITY_LOG: Final = 7
HIGHEST_LOG: Final = 7
UNAUTHORISED: Final = 0x8F3E
IN_SECURITY_LOG: Final = 0x8F1B
IN_EVENT_LOG: Final = 0x8183

REQUESTS: Final = [  # action, a request that names the Security Log; 7E is the answer to each
    ("minimal information", "01 01 00 04 0000 00000000 FFFFFFFF 00 0000"),
    ("full information", "01 01 00 14 0000 00000000 FFFFFFFF 00 0000"),
    ("an event control that is reserved", "01 01 00 24 0000 00000000 FFFFFFFF 00 0000"),
    ("the highest event control", "01 01 00 F4 0000 00000000 FFFFFFFF 00 0000"),
    ("Default Response disabled", "11 01 00 04 0000 00000000 FFFFFFFF 00 0000"),
    ("a code that is there", "01 01 00 04 1B8F 00000000 FFFFFFFF 00 0000"),
    ("a code that never is there", "01 01 00 04 8381 00000000 FFFFFFFF 00 0000"),
    ("a window that ends before it starts", "01 01 00 04 0000 02000000 01000000 00 0000"),
    ("one entry", "01 01 00 04 0000 00000000 FFFFFFFF 01 0000"),
    ("an offset behind the last", "01 01 00 04 0000 00000000 FFFFFFFF 00 FFFF"),
    ("a later revision's longer request", "01 01 00 04 0000 00000000 FFFFFFFF 00 0000 AA"),
    ("the GPF's copy of it", "01 01 00 07 0000 00000000 FFFFFFFF 00 0000"),
]


def raise_times(bench: Bench, code: int, times: int) -> list[Entry]:
    """Raises an event so many times; returns the entries that it leaves."""
    for _ in range(times):
        bench.raise_event(code)
    return [entry(code)] * times


def log_of(meter: Meter, log: int) -> list[bytes]:
    """What the CHF, which may, gets of a log."""
    return meter.ask(get_log(log), cluster=Cluster.EVENTS)


@pytest.mark.parametrize("who", [b[1] for b in BARRED], ids=[b[0] for b in BARRED])
def test_refused_whatever_the_log_holds(home: Target, who: EUI64) -> None:
    """With the log empty, with one entry and with a hundred: one Default Response, the same twelve bytes each time."""
    meter, asked = home.meter, 0
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    for more in (0, 1, ENTRIES):
        raise_times(home.bench, IN_SECURITY_LOG, more)
        for action, frame in REQUESTS:
            assert meter.ask(frame, cluster=Cluster.EVENTS, who=who) == [NOT_AUTHORIZED], f"{action}, {more} more"
            asked += 1
    assert asked == 3 * len(REQUESTS)


@pytest.mark.parametrize("who", [b[1] for b in BARRED], ids=[b[0] for b in BARRED])
def test_refused_for_every_value_of_every_field(home: Target, who: EUI64) -> None:
    """All event controls, with edges of each other field: 16 * 4 * 2 * 3 * 2 * 2 requests that name log 4."""
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    raise_times(home.bench, IN_SECURITY_LOG, 3)
    swept = 0
    fields = product(range(16), (0, IN_SECURITY_LOG, 0x8FFF, 0xFFFF), (0, OPEN_END), (0, 1, OPEN_END), (0, 2), (0, 1))
    for control, event, start, end, number, offset in fields:
        asked = get_log(control << 4 | SECURITY_LOG, event, start, end, number, offset)
        assert home.meter.ask(asked, cluster=Cluster.EVENTS, who=who) == [NOT_AUTHORIZED], asked.hex(" ")
        swept += 1
    assert swept == 16 * 4 * 2 * 3 * 2 * 2


def expected_of_display(control_and_log: int, entries: list[Entry]) -> list[bytes]:
    """What a display gets for the first byte of Get Event Log. Access is looked at before the field's range."""
    control, log = control_and_log >> 4, control_and_log & 0x0F
    if log in (SECURITY_LOG, COPY_OF_SECURITY_LOG):
        return [NOT_AUTHORIZED]
    if control > 1 or log > HIGHEST_LOG:
        return [INVALID_FIELD]
    return answer(entries, log) if log in (ALL_LOGS, EVENT_LOG) else [NOT_FOUND]


@pytest.mark.parametrize("who", [b[1] for b in BARRED], ids=[b[0] for b in BARRED])
def test_every_control_and_log_byte(home: Target, who: EUI64) -> None:
    """All 256: a display gets the Event Log and is refused logs 4 and 7, another meter is refused them all."""
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    raise_times(home.bench, IN_SECURITY_LOG, 3)
    entries = raise_times(home.bench, IN_EVENT_LOG, 2)
    swept = 0
    for byte in range(256):
        expected = expected_of_display(byte, entries) if who in DISPLAYS else [NOT_AUTHORIZED]
        assert home.meter.ask(get_log(byte), cluster=Cluster.EVENTS, who=who) == expected, f"{byte:02X}"
        swept += 1
    assert swept == 256


def test_MP078_603_1_the_first_refusal_is_told_to_the_gpf_alone(home: Target) -> None:
    """8F3E goes to the Security Log and, by Publish Event, to the GPF; the second refusal leaves no trace."""
    ask = Data(IHD, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, get_log(SECURITY_LOG))
    (push,) = home.meter.exchange(ask).others()
    assert (push.peer, push.cluster, push.security) == (GPF, Cluster.EVENTS, LINK_KEY)
    assert push.asdu[:1] + push.asdu[2:] == bytes.fromhex("09 00 04 3E8F 804A371C 02 00")
    assert home.meter.exchange(ask).others() == []
    assert log_of(home.meter, SECURITY_LOG) == published([entry(UNAUTHORISED)])


@pytest.mark.parametrize("behaviour", [Behaviour.GBCS_4_0, Behaviour.IRP550_DRAFT], ids=["GBCS 4.0", "IRP550 draft"])
def test_MP078_603_1_2_3_before_mp078_displays_read_it(home: Target, behaviour: Behaviour) -> None:
    """The defect on demand: log 4, log id 0 and an event id filter are open to displays, and to no other node."""
    home.bench.set_behaviour(behaviour)
    entries = raise_times(home.bench, IN_SECURITY_LOG, 2)
    requests = [get_log(SECURITY_LOG), get_log(ALL_LOGS), get_log(ALL_LOGS, IN_SECURITY_LOG)]
    for who, frame in product(DISPLAYS, requests):
        assert home.meter.ask(frame, cluster=Cluster.EVENTS, who=who) == published(entries), str(who)
    for who, frame in product((ESME, HCALCS, STRANGER), requests):
        assert home.meter.ask(frame, cluster=Cluster.EVENTS, who=who) == [NOT_AUTHORIZED], str(who)
    home.bench.set_behaviour(Behaviour.MP078)
    for who in DISPLAYS:
        assert home.meter.ask(requests[0], cluster=Cluster.EVENTS, who=who) == [NOT_AUTHORIZED]
