"""MP078 on another maker's meter: what a test house can see from the HAN, without a bench cluster.

Source: clauses MP078-603-1 to -3, -17, -19, -20 and -26, and MP078-604-1 and -2. By default the simulated meter is
asked. For a meter behind a port, which has IHD, PPMID, CAD and CHF in its Device Log and something in both logs:

    python -m pytest host_tests/test_other_makers_meter.py --port URL --without-bench --ihd EUI64 --ppmid EUI64 ...

Passed is what the texts leave open: 7E, 8B, 01 or silence instead of the Security Log, any status but SUCCESS for the
refusal of GCS20r, any order of entries. Nothing is written or cleared. What a pass does not prove: that a refusal does
not depend on what the log holds, nor how the meter answers through the tunnel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from gsme_host.bench import Behaviour, Fault
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, NETWORK_KEY, SECURITY_NONE
from gsme_host.zcl import SERVER_TO_CLIENT, Cluster, Frame, Status
from host_tests.judges.event_list import SECURITY_CODES
from host_tests.support import ports
from host_tests.support.event_logs import get_log
from host_tests.support.other_makers import OtherMeter, answers_of, gcs20r_faults, leaks, options, refusal_faults
from host_tests.support.target import Target

DISPLAYS: Final = [("MP078_603_1", "ihd"), ("MP078_603_2", "ppmid"), ("MP078_603_3", "cad")]
displays = pytest.mark.parametrize("node", [d[1] for d in DISPLAYS], ids=[f"{d[0]} {d[1]}" for d in DISPLAYS])
IN_LOGS: Final = (0x8F1B, 0x8183, 0x8F70)
SHORT_QUIET_S: Final = 0.1
NEEDS_BENCH: Final = "needs a simulated meter or another one with the bench cluster"

READS: Final = [  # of the Security Log
    ("minimal information", "01 31 00 04 0000 00000000 FFFFFFFF 00 0000"),
    ("full information", "01 32 00 14 0000 00000000 FFFFFFFF 00 0000"),
    ("one code", "01 33 00 04 3E8F 00000000 FFFFFFFF 00 0000"),
    ("the newest", "01 34 00 14 0000 00000000 FEFFFFFF 01 0000"),
    ("behind the first", "01 35 00 04 0000 00000000 FFFFFFFF 00 0100"),
    ("Default Response disabled", "11 36 00 04 0000 00000000 FFFFFFFF 00 0000"),
    ("the hub's copy", "01 37 00 07 0000 00000000 FFFFFFFF 00 0000"),
]
NOT_HELD: Final = [  # reads of configurations that no gas meter has
    ("a critical code", "09 41 05 3E8F"),
    ("the group of critical codes", "09 42 05 FF8F"),
    ("a group that there is not", "09 43 05 FF82"),
    ("event 0000", "09 44 05 0000"),
    ("Default Response disabled", "19 45 05 FF82"),
]
READ_CODE: Final = "09 46 05 0D81"
EVENT_LOG: Final = "01 51 00 03 0000 00000000 FFFFFFFF 00 0000"
SECURITY_LOG: Final = READS[0][1]


@pytest.fixture
def other(request: pytest.FixtureRequest) -> Iterator[OtherMeter]:
    """The meter under test: a stranger's behind the port, else one with a bench, which fills its logs."""
    chosen = options(request.config)
    if not chosen.without_bench:
        home: Target = request.getfixturevalue("home")
        for code in IN_LOGS:
            home.bench.raise_event(code)
        yield OtherMeter(home.meter, chosen)
        return
    device = ports.mine(request.config)
    assert device, "--without-bench is for a meter behind a port: --port URL"
    with Link(device.url, baud=device.baud) as link:
        link.sync()
        yield OtherMeter(Meter(link, barrier=False, quiet_s=chosen.quiet_s), chosen)


def test_the_hub_reads_both_logs(other: OtherMeter) -> None:
    """The control: without something in the Security Log that the CHF can read, no refusal below would say much."""
    assert leaks(other.ask(SECURITY_LOG, Cluster.EVENTS, "chf"))
    assert answers_of(EVENT_LOG, other.ask(EVENT_LOG, Cluster.EVENTS, "chf"))


@displays
def test_a_display_gets_nothing_of_the_security_log(other: OtherMeter, node: str) -> None:
    for action, frame in READS:
        assert refusal_faults(frame, other.ask(frame, Cluster.EVENTS, node)) == [], action


@displays
def test_MP078_603_19_20_nor_does_it_by_a_side_door(other: OtherMeter, node: str) -> None:
    """All logs, and every security code as a filter of log ids that are not the Security Log's: no entry of it."""
    for log in (0x00, 0x10, 0x03, 0x06):
        assert leaks(other.ask(get_log(log), Cluster.EVENTS, node)) == [], f"log id byte {log:02X}"
    for code in SECURITY_CODES if not other.options.without_bench else SECURITY_CODES[:3]:
        assert leaks(other.ask(get_log(0, code), Cluster.EVENTS, node)) == [], f"filter {code:04X}"


@displays
def test_MP078_603_17_it_keeps_the_event_log(other: OtherMeter, node: str) -> None:
    """Entries, or that there are none."""
    answers = answers_of(EVENT_LOG, other.ask(EVENT_LOG, Cluster.EVENTS, node))
    assert answers
    assert {one.default_response for one in answers} <= {None, (0x00, Status.NOT_FOUND)}


@pytest.mark.parametrize(
    ("node", "security"),
    [("stranger", LINK_KEY), ("ihd", NETWORK_KEY), ("chf", NETWORK_KEY), ("chf", SECURITY_NONE)],
)
def test_MP078_603_26_without_right_or_key_nobody_gets_anything(other: OtherMeter, node: str, security: int) -> None:
    for action, frame in (*READS, ("the Event Log", EVENT_LOG)):
        assert refusal_faults(frame, other.ask(frame, Cluster.EVENTS, node, security)) == [], action


@pytest.mark.parametrize(("action", "frame"), NOT_HELD, ids=[step[0] for step in NOT_HELD])
def test_MP078_604_1_what_is_not_held_is_refused_client_to_server(other: OtherMeter, action: str, frame: str) -> None:
    assert gcs20r_faults(frame, other.ask(frame, Cluster.DEVICE_MANAGEMENT, "chf")) == [], action


def test_MP078_604_2_nothing_of_device_management_comes_from_a_server(other: OtherMeter) -> None:
    """Reports of one code and of the group: what the meter sends as client has the direction bit clear."""
    for frame in (READ_CODE, "09 47 05 FF81"):
        answers = answers_of(frame, other.ask(frame, Cluster.DEVICE_MANAGEMENT, "chf"))
        assert answers, frame
        assert not any(one.fc & SERVER_TO_CLIENT for one in answers), frame


DEFECTS: Final = [Behaviour.GBCS_4_0, Behaviour.IRP550_DRAFT]


@pytest.mark.parametrize("behaviour", DEFECTS, ids=[defect.name for defect in DEFECTS])
def test_the_meter_before_the_modification_fails(request: pytest.FixtureRequest, behaviour: Behaviour) -> None:
    """The defects on demand: the judges above find fault with each read that the old behaviours answer, or do not."""
    if options(request.config).without_bench:
        pytest.skip(NEEDS_BENCH)
    other: OtherMeter = request.getfixturevalue("other")
    home: Target = request.getfixturevalue("home")
    home.bench.set_behaviour(behaviour)
    for node in ("ihd", "ppmid", "cad"):
        assert refusal_faults(SECURITY_LOG, other.ask(SECURITY_LOG, Cluster.EVENTS, node))
        assert leaks(other.ask(get_log(0), Cluster.EVENTS, node))
    for _, frame in NOT_HELD:
        assert gcs20r_faults(frame, other.ask(frame, Cluster.DEVICE_MANAGEMENT, "chf"))
    home.bench.inject_fault(Fault.EVENT_CONFIGURATION)
    assert gcs20r_faults(READ_CODE, other.ask(READ_CODE, Cluster.DEVICE_MANAGEMENT, "chf"))


def test_silence_is_told_without_the_bench(request: pytest.FixtureRequest) -> None:
    """A quiet time stands for the bench's barrier: the same answers, a push between them or not."""
    if options(request.config).without_bench:
        pytest.skip(NEEDS_BENCH)
    other: OtherMeter = request.getfixturevalue("other")
    patient = OtherMeter(Meter(other.meter.link, barrier=False, quiet_s=SHORT_QUIET_S), other.options)
    (refused,) = answers_of(SECURITY_LOG, patient.ask(SECURITY_LOG, Cluster.EVENTS, "ihd"))
    assert refused.default_response == (0x00, Status.NOT_AUTHORIZED)
    came = patient.ask(SECURITY_LOG, Cluster.EVENTS, "chf")
    assert [Frame.parse(data.asdu) for data in came] == answers_of(SECURITY_LOG, came)
    assert leaks(came)
