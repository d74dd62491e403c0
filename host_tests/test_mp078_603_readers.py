"""MP078-603: who read before the modification and is not meant by it still reads.

Source: clauses MP078-603-13, -14 and -17 as far as the HAN goes. The hub's two functions read the whole Security Log,
the GPF is told of every entry for its copy, and the displays keep the Event Log and the metering data. What a pass
does not prove: reads by remote parties (CS10b, in GBCS messages: -13, -15, -16) and a PPMID's top-up (PCS01, PCS02).
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.bench import Attr, Behaviour, DeviceType
from gsme_host.eui64 import CAD, CHF, EUI64, GPF, IHD, PPMID
from gsme_host.meter import Exchange, Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.access_table import Row
from host_tests.judges.event_list import BY_CODE, EVENT_LOG, EVENTS, HAN_BIT, SECURITY_CODES, SECURITY_LOG
from host_tests.judges.meter_map import METERING, Side, attributes
from host_tests.support.event_logs import (
    ALL_LOGS,
    ENTRIES,
    FIRST_TIME,
    FULL,
    NOT_AUTHORIZED,
    OPEN_END,
    Entry,
    entry,
    get_log,
    published,
)
from host_tests.support.target import Target

HUB: Final = (("CHF", CHF), ("GPF", GPF))
DISPLAYS: Final = (("IHD", IHD), ("PPMID", PPMID), ("CAD", CAD))
READABLE: Final = [one.id for one in attributes(METERING, Side.SERVER) if one.row is Row.METERING]
CUSTOMER: Final = [one.id for one in attributes(METERING, Side.SERVER) if one.row is Row.CUSTOMER]
MANY_CODES: Final = (SECURITY_CODES * ENTRIES)[: ENTRIES + 5]
START: Final = 0x2F000000  # a time in 2024: what the clock is set to
IN_EVENT_LOG: Final = 0x8183
WITH_DATA: Final = (0x8154, bytes.fromhex("0062"))


def ask(meter: Meter, who: EUI64, frame: bytes) -> Exchange:
    """Asks the cluster Events; the exchange has what went elsewhere too."""
    return meter.exchange(Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, frame))


@pytest.mark.parametrize("who", [h[1] for h in HUB], ids=[h[0] for h in HUB])
def test_MP078_603_14_the_hub_reads_the_whole_log(home: Target, who: EUI64) -> None:
    """A full log of 100 entries, older ones overwritten: in twelve commands, the newest first, nothing elsewhere."""
    for code in MANY_CODES:
        home.bench.raise_event(code)
    entries = [entry(code) for code in reversed(MANY_CODES[-ENTRIES:])]
    exchange = ask(home.meter, who, get_log(SECURITY_LOG))
    assert exchange.to_requester() == published(entries)
    assert len(exchange.to_requester()) == 12
    assert exchange.others() == []


QUERIES: Final = [  # what is asked of the Security Log, event, number, offset
    ("all of it", 0, 0, 0),
    ("the newest two", 0, 2, 0),
    ("the three behind the first", 0, 3, 1),
    ("one code", 0x8F1B, 0, 0),
    ("one code, the older of two", 0x8F1B, 1, 1),
    ("behind the last", 0, 0, 5),
    ("a code that is not there", 0x8F3F, 0, 0),
]


@pytest.mark.parametrize("who", [h[1] for h in HUB], ids=[h[0] for h in HUB])
def test_MP078_603_14_the_hub_reads_it_by_every_filter(home: Target, who: EUI64) -> None:
    codes = (0x8F1B, 0x8F70, 0x8F1B, 0x8F74, 0x8F49)
    for code in codes:
        home.bench.raise_event(code)
    for asked, event, number, offset in QUERIES:
        matching = [entry(code) for code in reversed(codes) if event in (0, code)]
        for control in (0, FULL):
            frame = get_log(control | SECURITY_LOG, event, number=number, offset=offset)
            expected = published(matching, number=number, offset=offset)
            assert ask(home.meter, who, frame).to_requester() == expected, asked


def test_MP078_603_14_the_gpf_is_told_of_every_entry(home: Target) -> None:
    """Publish Event of each security code, with log 4, the time, no HAN bit and no data; to the GPF and nobody else."""
    for code in SECURITY_CODES:
        home.bench.raise_event(code, b"\xaa\xbb")
        assert home.bench.last is not None
        (push,) = home.bench.last.others()
        assert (push.peer, push.own_endpoint, push.cluster, push.security) == (GPF, 1, Cluster.EVENTS, LINK_KEY)
        fields = bytes((SECURITY_LOG,)) + BY_CODE[code].image + FIRST_TIME + bytes((BY_CODE[code].control,)) + b"\x00"
        assert push.asdu[:1] + push.asdu[2:] == b"\x09\x00" + fields, f"{code:04X}"
    assert len(SECURITY_CODES) == sum(event.log == SECURITY_LOG for event in EVENTS) > 0
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == len(SECURITY_CODES)


def test_MP078_603_14_the_copy_can_be_made_from_the_pushes(home: Target) -> None:
    """What the GPF was told, newest first, is byte for byte what it then reads, times included."""
    home.bench.set_clock(START)
    told = []
    for code in SECURITY_CODES:
        home.bench.raise_event(code)
        assert home.bench.last is not None
        (push,) = home.bench.last.others()
        log, event, time = push.asdu[3], int.from_bytes(push.asdu[4:6], "little"), push.asdu[6:10]
        assert START <= int.from_bytes(time, "little") < OPEN_END
        told.append(Entry(log, event, time=time))
    assert ask(home.meter, GPF, get_log(SECURITY_LOG)).to_requester() == published(told[::-1])


def test_MP078_603_14_a_gpf_enrolled_later_takes_over(home: Target) -> None:
    """The pushes go to whatever nodes the Device Log calls GPF, from the next event on."""
    home.bench.remove(GPF)
    home.bench.raise_event(0x8F1B)
    assert home.bench.last is not None
    assert home.bench.last.others() == []
    home.bench.enrol(CAD, DeviceType.GPF)
    home.bench.raise_event(0x8F1B)
    assert [push.peer for push in home.bench.last.others()] == [CAD]


@pytest.mark.parametrize("who", [d[1] for d in DISPLAYS], ids=[d[0] for d in DISPLAYS])
def test_MP078_603_17_displays_keep_the_event_log(home: Target, who: EUI64) -> None:
    """Log 3 and all logs, minimal and full: the bytes that the CHF gets of log 3, data included."""
    for _ in range(20):
        home.bench.raise_event(IN_EVENT_LOG)
    for log in (EVENT_LOG, ALL_LOGS):
        for control in (0, FULL):
            came = ask(home.meter, who, get_log(control | log)).to_requester()
            assert came == published([entry(IN_EVENT_LOG)] * 20)
            assert came == ask(home.meter, CHF, get_log(control | EVENT_LOG)).to_requester()
    code, data = WITH_DATA
    home.bench.raise_event(code, data)
    newest = [Entry(EVENT_LOG, code, data)]
    came = ask(home.meter, who, get_log(FULL | EVENT_LOG, code)).to_requester()
    assert came == published(newest, full=True)
    assert ask(home.meter, who, get_log(EVENT_LOG, code)).to_requester() == published(newest)


@pytest.mark.parametrize("behaviour", Behaviour, ids=[behaviour.name for behaviour in Behaviour])
@pytest.mark.parametrize("who", [d[1] for d in DISPLAYS], ids=[d[0] for d in DISPLAYS])
def test_MP078_603_17_displays_keep_the_metering_data(home: Target, who: EUI64, behaviour: Behaviour) -> None:
    """Every metering attribute, the CHF's bytes; SiteID and CustomerIDNumber were never theirs."""
    home.bench.set_behaviour(behaviour)
    for attribute in READABLE:
        frame = zcl.read_attributes(attribute)
        (came,) = home.meter.ask(frame, cluster=Cluster.METERING, who=who)
        assert came[:6] == b"\x08\x00\x01" + attribute.to_bytes(2, "little") + b"\x00", f"{attribute:04X}"
        assert [came] == home.meter.ask(frame, cluster=Cluster.METERING, who=CHF)
    for attribute in CUSTOMER:
        assert home.meter.ask(zcl.read_attributes(attribute), cluster=Cluster.METERING, who=who) == [
            bytes.fromhex("08 00 0B 00 7E")
        ]
    assert (len(READABLE), len(CUSTOMER)) == (22, 2)


def test_MP078_603_17_displays_keep_their_pushes(home: Target) -> None:
    """A configurable code with the HAN bit still goes to GPF, PPMID, IHD and CAD; without it to the GPF if logged."""
    nodes = {"GPF": GPF, **dict(DISPLAYS)}
    told = 0
    for event in EVENTS:
        if event.configuration is None:
            continue
        home.bench.raise_event(event.code)
        assert home.bench.last is not None
        logged = [GPF] if event.log == EVENT_LOG else []
        wanted = sorted(nodes.values()) if event.configuration & HAN_BIT else logged
        assert sorted(push.peer for push in home.bench.last.others()) == wanted, f"{event.code:04X}"
        told += 1
    assert told == 44


def test_MP078_603_17_a_refused_display_is_served_at_once(home: Target) -> None:
    """A refusal costs a display nothing else: its next request is answered."""
    home.bench.raise_event(IN_EVENT_LOG)
    for _, who in DISPLAYS:
        assert ask(home.meter, who, get_log(SECURITY_LOG)).to_requester() == [NOT_AUTHORIZED]
        assert ask(home.meter, who, get_log(EVENT_LOG)).to_requester() == published([entry(IN_EVENT_LOG)])
