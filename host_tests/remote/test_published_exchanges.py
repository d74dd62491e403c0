"""The published commands, sent to the meter through the hub's tunnel: the published responses come back, MAC included.

The state that the data assumes is set up by public means. Of what MP078 corrects the derived messages are the expected
ones: the published refusal of GCS20r is what the IRP550 draft sends.
"""

from __future__ import annotations

import pytest

from gsme_host.bench import Attr, Behaviour, Fault
from gsme_host.gbcs import gbz
from gsme_host.gbcs.envelope import Message
from gsme_host.zcl import Cluster, Status
from host_tests.judges.zcl_types import ENUM8, MAP8, OCTSTR, UINT16
from host_tests.support import rtds
from host_tests.support.remote_parties import Remote

LAST_KNOWN_UTC = 0x1C374A80  # 2015-01-01
REFUSED = "GCS20r_6.2.10_ERROR"


def exchange(remote: Remote, name: str) -> list[bytes]:
    """What comes back on the published command of that name."""
    return remote.send(rtds.vectors()[f"{name}_COMMAND"])


def first_frame(name: str, kind: str) -> bytes:
    """The ZCL frame of the first component of a published message."""
    return gbz.parse(Message.parse(rtds.vectors()[f"{name}_{kind}"]).content)[0].frame


def set_published_configuration(remote: Remote) -> None:
    """The event configuration that the published answer shows, code by code."""
    rows = first_frame("GCS20r_6.2.10_SUCCESS", "RESPONSE")[5:]
    assert len(rows) == 44 * 3
    for at in range(0, len(rows), 3):
        code = int.from_bytes(rows[at : at + 2], "little")
        remote.target.bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, 0, MAP8, rows[at + 2 : at + 3])


def set_published_log(remote: Remote, name: str) -> None:
    """Raises the events of the published answer, each at its time."""
    bench = remote.target.bench
    entries = first_frame(name, "RESPONSE")[3 + 5 :]
    at = 0
    while at < len(entries):
        code, utc = (
            int.from_bytes(entries[at + place : at + place + size], "little") for place, size in ((1, 2), (3, 4))
        )
        size = entries[at + 7]
        bench.set_clock(utc)
        bench.raise_event(code, entries[at + 8 : at + 8 + size])
        at += 8 + size


def test_GCS20r(published: Remote) -> None:
    """All 44 codes, in the published order."""
    set_published_configuration(published)
    assert exchange(published, "GCS20r_6.2.10_SUCCESS") == [rtds.vectors()["GCS20r_6.2.10_SUCCESS_RESPONSE"]]


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (Behaviour.GBCS_4_0, None),
        (Behaviour.IRP550_DRAFT, f"{REFUSED}_RESPONSE"),
        (Behaviour.MP078, "DERIVED_GCS20r_ALT_FC00_HARDWARE_FAILURE"),
    ],
    ids=["GBCS 4.0", "IRP550 draft", "MP078"],
)
def test_MP078_550_2_GCS20r_without_an_answer(published: Remote, behaviour: Behaviour, expected: str | None) -> None:
    """Silence; the published refusal, whose direction is wrong; and the corrected one (MP078-604-1)."""
    published.target.bench.set_behaviour(behaviour)
    published.target.bench.inject_fault(Fault.EVENT_CONFIGURATION)
    assert exchange(published, REFUSED) == ([rtds.vectors()[expected]] if expected else [])


def test_MP078_604_1_GCS20r_of_a_meter_that_holds_nothing(published: Remote) -> None:
    set_published_configuration(published)
    for code in (event for event in range(0x8100, 0x81FF)):
        published.target.bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.NOT_FOUND, check=False)
    assert exchange(published, REFUSED) == [rtds.vectors()["DERIVED_GCS20r_ALT_FC00_NOT_FOUND"]]


def test_MP078_604_1_GCS20r_of_a_store_that_fails(published: Remote) -> None:
    published.target.bench.set_attribute(Cluster.DEVICE_MANAGEMENT, 0x810E, Status.FAILURE)
    assert exchange(published, REFUSED) == [rtds.vectors()["DERIVED_GCS20r_ALT_FC00_FAILURE"]]


def test_GCS20(published: Remote) -> None:
    """Four components set eleven codes, and what is read then shows it."""
    assert exchange(published, "GCS20_6.22_SUCCESS") == [rtds.vectors()["GCS20_6.22_SUCCESS_RESPONSE"]]
    command = Message.parse(rtds.vectors()["GCS20_6.22_SUCCESS_COMMAND"])
    checked = 0
    for component in gbz.parse(command.content):
        payload = component.zcl.payload
        for at in range(11, 11 + 2 * payload[10], 2):
            came = published.target.meter.ask(b"\x09\x00\x05" + payload[at : at + 2], cluster=Cluster.DEVICE_MANAGEMENT)
            assert came == [b"\x01\x00\x04\x00\x01" + payload[at : at + 2] + payload[8:9]]
            checked += 1
    assert checked == 11


@pytest.mark.parametrize("name", ["CS10a_6.13_NOT_FOUND", "CS10b_6.13_NOT_FOUND"])
def test_logs_without_entries(published: Remote, name: str) -> None:
    assert exchange(published, name) == [rtds.vectors()[f"{name}_RESPONSE"]]


@pytest.mark.parametrize("name", ["CS10a_6.13_SUCCESS", "CS10b_6.13_SUCCESS"])
def test_logs_with_entries(published: Remote, name: str) -> None:
    """32 entries, oldest first, the first at the start of the window."""
    set_published_log(published, name)
    published.target.bench.set_clock(0x2F00A700)
    assert rtds.vectors()[f"{name}_RESPONSE"] in exchange(published, name)


def test_CS11(published: Remote) -> None:
    """Cleared; 8F52 in the Security Log becomes an alert, which leaves behind the response."""
    published.target.bench.raise_event(0x8145)
    response, alert = exchange(published, "CS11_3.3_SUCCESS")
    assert response == rtds.vectors()["CS11_3.3_SUCCESS_RESPONSE"]
    assert gbz.Alert.parse(Message.parse(alert).content).code == 0x8F52
    assert published.target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 1, "8154 is what was done since"


def test_GCS38(published: Remote) -> None:
    value = b"\x04\x01\x23\xab\xcd"
    published.target.bench.set_attribute(Cluster.METERING, 0x0206, 0, OCTSTR, value)
    assert exchange(published, "GCS38_11.2_SUCCESS") == [rtds.vectors()["GCS38_11.2_SUCCESS_RESPONSE"]]


def test_GCS33(published: Remote) -> None:
    published.target.bench.set_attribute(Cluster.METERING, 0x0205, 0, UINT16, b"\x64\x00")
    published.target.bench.set_attribute(Cluster.METERING, 0x0014, 0, ENUM8, b"\x02")
    assert exchange(published, "GCS33_7.4_SUCCESS") == [rtds.vectors()["GCS33_7.4_SUCCESS_RESPONSE"]]


def test_GCS41(published: Remote) -> None:
    """Answered, and SiteID is what the command says; the same command again is a replay: silence."""
    assert exchange(published, "GCS41_6.20.1_SUCCESS") == [rtds.vectors()["GCS41_6.20.1_SUCCESS_RESPONSE"]]
    read = published.target.meter.ask("00 00 00 0703", cluster=Cluster.METERING)
    assert read == [bytes.fromhex("08 00 01 0703 00 41") + first_frame("GCS41_6.20.1_SUCCESS", "COMMAND")[15:]]
    assert exchange(published, "GCS41_6.20.1_SUCCESS") == []


def test_the_alert(published: Remote) -> None:
    """810E at the published time: the published alert, but for its counter and so its MAC."""
    expected = Message.parse(rtds.vectors()["GNCA-ZigBee_NA_810E_ALERT"])
    published.target.bench.set_clock(LAST_KNOWN_UTC)
    published.target.bench.raise_event(0x810E)
    (came,) = published.hub.exchange()
    alert = published.head_end.alert(came)
    assert (alert.content, alert.code, alert.recipient) == (expected.content, expected.code, expected.recipient)
    assert (alert.supplementary, alert.date_time, alert.signature) == ((), b"", b"")
