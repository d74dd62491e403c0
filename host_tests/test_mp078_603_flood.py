"""MP078-603-27: a flood of refusals does not flush the Security Log.

Source: clause MP078-603-27 and what is recorded of a refusal: 8F3E, one a requester and UTC day, one a day for all
strangers together. Ten thousand refusals leave seven entries, and every earlier entry is where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench, DeviceType
from gsme_host.eui64 import CAD, CHF, ESME, EUI64, GPF, HCALCS, IHD, PPMID
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, NETWORK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster
from host_tests.judges.event_list import SECURITY_CODES, SECURITY_LOG
from host_tests.support import target as devices
from host_tests.support.event_logs import ENTRIES, NOT_AUTHORIZED, Entry, get_log, published
from host_tests.support.target import Target

FLOOD: Final = 10_000
WAIT_S: Final = 5.0
DAY_S: Final = 86_400
NOON: Final = 10_000 * DAY_S + DAY_S // 2  # of a day in 2027, in seconds since 2000: no test runs into midnight
LATE_NOON: Final = 48_500 * DAY_S + DAY_S // 2  # a day near the end of what UTC can say
PUBLISH_EVENT: Final = 0x09  # its frame control
UNAUTHORISED: Final = 0x8F3E
OTHER_METER: Final = EUI64.parse("00DB1234567890A8")
ENROLLED: Final = (IHD, PPMID, CAD, ESME, HCALCS, OTHER_METER)
REQUESTERS: Final = len(ENROLLED) + 1  # and all strangers together
EARLIER: Final = (SECURITY_CODES * ENTRIES)[: ENTRIES - REQUESTERS - 1]  # room for one more than may come

WAYS: Final = [  # other requests that a display is refused: cluster, frame, security
    (Cluster.EVENTS, "01 01 01 03", LINK_KEY),
    (Cluster.EVENTS, "01 01 00 13 0000 00000000 FFFFFFFF 00 0000", NETWORK_KEY),
    (Cluster.DEVICE_MANAGEMENT, "09 01 05 FF81", LINK_KEY),
    (Cluster.DEVICE_MANAGEMENT, "08 01 00 0D81", LINK_KEY),
    (Cluster.DEVICE_MANAGEMENT, "08 01 0C 0000 10", LINK_KEY),
    (Cluster.METERING, "00 01 00 0703", LINK_KEY),
    (Cluster.METERING, "00 01 02 0000 25 000000000000", LINK_KEY),
    (Cluster.METERING, "00 01 06 00 0000 25 0100 3C00 010000000000", LINK_KEY),
    (Cluster.BASIC, "00 01 02 1000 42 01 41", LINK_KEY),
]


def stranger(number: int) -> EUI64:
    """One of many nodes that are not in the Device Log."""
    return EUI64((0xFFDB000000000000 + number).to_bytes(8, "little"))


def crowd() -> Iterator[EUI64]:
    """Every enrolled node in turn, and after each round another stranger."""
    for number in range(FLOOD):
        yield from ENROLLED
        yield stranger(number)


def refuse(meter: Meter, who: EUI64) -> list[bytes]:
    """Asks for the Security Log; does not prove that the first answer is all."""
    request = Data(who, 1, 1, PROFILE_SE, Cluster.EVENTS, LINK_KEY, get_log(SECURITY_LOG))
    return meter.exchange_until_answer(request, WAIT_S).to_requester()


def flood(meter: Meter, requests: int) -> None:
    """That many refused reads; beside the refusals the meter sends one push each entry, to the GPF."""
    for who in islice(crowd(), requests):
        assert refuse(meter, who) == [NOT_AUTHORIZED]
    meter.settle()


def security_log(meter: Meter) -> list[tuple[int, int]]:
    """Code and day of each entry, as the CHF reads them, the oldest first."""
    rows = [frame[8:] for frame in meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS)]
    entries = [row[at : at + 8] for row in rows for at in range(0, len(row), 8)]
    codes = [int.from_bytes(one[1:3], "little") for one in entries]
    days = [int.from_bytes(one[3:7], "little") // DAY_S for one in entries]
    return list(zip(codes, days, strict=True))[::-1]


def fill(target: Target) -> list[tuple[int, int]]:
    """All kinds of nodes enrolled, the clock set to noon, and a log that the flood must not flush."""
    target.bench.enrol(OTHER_METER, DeviceType.GSME)
    target.bench.set_clock(NOON)
    for code in EARLIER:
        target.bench.raise_event(code)
    return [(code, NOON // DAY_S) for code in EARLIER]


def told_beside_the_refusals(meter: Meter) -> list[EUI64]:
    """Who was sent Publish Event, in order, since the meter was there."""
    sent = [one for exchange in meter.journal for one in exchange.answers] + meter.unasked
    return [one.peer for one in sent if one.cluster == Cluster.EVENTS and one.asdu[0] == PUBLISH_EVENT]


def test_MP078_603_27_ten_thousand_refusals_leave_seven_entries(home: Target) -> None:
    """And on the next day seven more, where the oldest of a full log give way to them as to any entry."""
    earlier = fill(home)
    flood(home.meter, FLOOD)
    today = [(UNAUTHORISED, NOON // DAY_S)] * REQUESTERS
    assert security_log(home.meter) == earlier + today
    assert told_beside_the_refusals(home.meter)[-REQUESTERS:] == [GPF] * REQUESTERS
    assert len(told_beside_the_refusals(home.meter)) == len(earlier) + REQUESTERS
    home.bench.set_clock(NOON + DAY_S)
    flood(home.meter, FLOOD // 10)
    tomorrow = [(UNAUTHORISED, NOON // DAY_S + 1)] * REQUESTERS
    assert security_log(home.meter) == (earlier + today + tomorrow)[-ENTRIES:]


def test_MP078_603_27_the_first_refusal_of_each_is_there_at_once(home: Target) -> None:
    """One more entry at each requester's first refusal, none at the second, nor for a second stranger's first."""
    home.bench.enrol(OTHER_METER, DeviceType.GSME)
    counts = []
    for who in (*ENROLLED, stranger(1), stranger(2)):
        refuse(home.meter, who)
        refuse(home.meter, who)
        counts.append(home.bench.read_int(Attr.SECURITY_LOG_ENTRIES))
    assert counts == [1, 2, 3, 4, 5, 6, 7, 7]


def test_MP078_603_27_one_entry_for_all_kinds_of_refusal(home: Target) -> None:
    """Whatever a display is refused, and however often: it is the same day's one entry."""
    for cluster, frame, security in islice(cycle(WAYS), 3 * len(WAYS)):
        came = home.meter.ask(frame, cluster=cluster, who=IHD, security=security)
        assert [(one[2], one[-1]) for one in came] == [(0x0B, 0x7E)], frame
    assert home.meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS) == published(
        [Entry(SECURITY_LOG, UNAUTHORISED)]
    )


@pytest.mark.parametrize("noon", [NOON, LATE_NOON], ids=["2027", "2132"])
def test_MP078_603_27_neither_a_change_of_type_nor_a_restart_begins_a_new_day(home: Target, noon: int) -> None:
    """The day's mark belongs to the EUI64 and is kept; enrolled nodes do not count as strangers nor the reverse."""
    home.bench.set_clock(noon)
    counts = []
    steps: tuple[Callable[[Bench], int], ...] = (
        lambda bench: bench.enrol(IHD, DeviceType.PPMID),
        lambda bench: bench.reboot(),
        lambda bench: bench.set_clock(noon + DAY_S // 4),
        lambda bench: bench.remove(IHD),
        lambda bench: bench.enrol(IHD, DeviceType.ESME),
        lambda bench: bench.set_clock(noon + DAY_S),
    )
    refuse(home.meter, IHD)
    for step in steps:
        step(home.bench)
        refuse(home.meter, IHD)
        counts.append(home.bench.read_int(Attr.SECURITY_LOG_ENTRIES))
    assert counts == [1, 1, 1, 2, 2, 3]


@pytest.mark.simulated
def test_MP078_603_27_refusals_that_leave_no_entry_write_nothing(tmp_path: Path) -> None:
    """Once each requester has its entry of the day, a thousand more refusals leave the storage as it is."""
    with devices.simulated(None, state=tmp_path) as target:
        target.enrol_home_area()
        fill(target)
        flood(target.meter, REQUESTERS)
        target.meter.settle()  # what was answered before is written by now
        before = storage(tmp_path)
        flood(target.meter, FLOOD // 10)
        assert storage(tmp_path) == before
        assert security_log_entries(target.bench) == len(EARLIER) + REQUESTERS
        assert storage(tmp_path), "there is something that could have been written"


def storage(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file: when it was last written, which file it is, and what it holds."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files}


def security_log_entries(bench: Bench) -> int:
    """How many entries the bench says there are."""
    return bench.read_int(Attr.SECURITY_LOG_ENTRIES)


def test_MP078_603_27_the_hub_itself_may_be_refused(meter: Meter, bench: Bench) -> None:
    """A refusal of the CHF, for lack of the link key, is one entry too; it goes on reading with it."""
    for _ in range(3):
        assert meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS, who=CHF, security=NETWORK_KEY) == [
            NOT_AUTHORIZED
        ]
    assert meter.ask(get_log(SECURITY_LOG), cluster=Cluster.EVENTS) == published([Entry(SECURITY_LOG, UNAUTHORISED)])
    assert security_log_entries(bench) == 1
