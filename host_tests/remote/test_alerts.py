"""Alerts: an event that pushes to the WAN becomes a GBCS alert to the Supplier (GBCS 16; MP078-550, -603: codes only).

Critical codes are signed, others have a MAC; each has the meter's own counter, which never comes twice. They wait until
the hub has taken them. Which codes alert is said by the event table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from gsme_host.bench import Attr, Fault, KeyKind
from gsme_host.eui64 import EUI64
from gsme_host.gbcs import GbcsError, commands, gbz
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.gbz import Alert
from gsme_host.gbcs.party import Party
from gsme_host.gbcs.use_cases import Role
from gsme_host.zcl import Cluster
from host_tests.judges.event_list import EVENTS
from host_tests.support.remote_parties import NOW, Remote
from host_tests.support.target import Target

MOST_WAITING: Final = 16
SLACK_S: Final = 30
FIRMWARE_VERIFIED: Final = {0x8F1C, 0x8F72}
FUTURE_DATED: Final = {0x8F66, 0x8F67}
BILLING_DATA_LOG: Final = 0x8F0A  # its own form, an encrypted snapshot, is not built: it goes out as a generic one
INTEGRITY: Final = 0x81A0
TAMPER: Final = 0x8F3F
CREDIT_ADDED: Final = 0x810E
GENERIC_CRITICAL: Final = 0x1000
GENERIC: Final = 0x1001


@pytest.fixture
def alerting(remote: Remote) -> Remote:
    """The head end knows the meter's signing key."""
    remote.head_end.signing_key = remote.target.bench.read(Attr.SIGNING_KEY)
    return remote


def taken(remote: Remote) -> list[tuple[Message, Alert]]:
    """What the hub is given in a cycle: alerts, each proved."""
    messages = [remote.head_end.alert(data) for data in remote.hub.exchange()]
    return [(message, Alert.parse(message.content)) for message in messages]


def expected_code(code: int, *, critical: bool) -> int:
    """The message code of an alert."""
    if code in FIRMWARE_VERIFIED | FUTURE_DATED:
        return 0x00CF if code in FIRMWARE_VERIFIED else 0x00CD
    if code == INTEGRITY:
        return 0x00F2
    return GENERIC_CRITICAL if critical else GENERIC


def test_every_code(alerting: Remote) -> None:
    """Each of the 85: an alert of its own kind, addressed to the Supplier, or none."""
    supplier = alerting.head_end.party(Role.SUPPLIER).entity
    alerted = 0
    for event in EVENTS:
        if event.code == BILLING_DATA_LOG:
            continue
        alerting.target.bench.raise_event(event.code)
        came = taken(alerting)
        if not event.wan_alert:
            assert came == [], f"{event.code:04X}"
            continue
        ((message, alert),) = came
        assert message.code == expected_code(event.code, critical=event.critical), f"{event.code:04X}"
        assert (message.cra, message.recipient, message.date_time) == (Cra.ALERT, supplier, b"")
        assert (message.mac is None, bool(message.signature)) == (signed(message.code), signed(message.code))
        assert alert.code == event.code
        assert 0 <= alert.utc - NOW <= SLACK_S
        alerted += 1
    assert alerted == sum(event.wan_alert for event in EVENTS) - 1 == 66


def signed(code: int) -> bool:
    """Whether alerts of that message code are signed; the others have a MAC."""
    return code in (GENERIC_CRITICAL, 0x00CD, 0x00CF)


def test_a_configuration_says_whether_there_is_one(alerting: Remote) -> None:
    """The WAN bit of 81A4, set and taken away by GCS20."""
    for byte, expected in ((0x08, [0x81A4]), (0x13, []), (0x5B, [0x81A4])):
        alerting.ask("GCS20", commands.set_event_configuration(0, {byte: [0x81A4]}))
        alerting.target.bench.raise_event(0x81A4)
        assert [alert.code for _, alert in taken(alerting)] == expected


def test_contents(alerting: Remote) -> None:
    """Of a future-dated command and of an integrity issue: what the event's data say, zeros where they say nothing."""
    command = bytes(range(14))
    for code, data, content in (
        (0x8F66, command, b"\x0e" + command),
        (0x8F67, b"", b"\x0e" + bytes(14)),
        (0x8F66, command[:13], b"\x0e" + bytes(14)),
        (INTEGRITY, b"\x00\x07", b"\x00\x07"),
        (INTEGRITY, b"", b"\x00\x00"),
        (0x8F72, b"", b"\x09\x20" + bytes(32)),
        (TAMPER, b"", b""),
    ):
        alerting.target.bench.raise_event(code, data)
        ((_, alert),) = taken(alerting)
        assert alert.content == content, f"{code:04X}"


def test_the_counter_never_comes_twice(alerting: Remote) -> None:
    """Over alerts of both kinds, restarts, a change of parties and a factory reset it only grows."""
    bench = alerting.target.bench
    counters = []
    for turn in range(6):
        bench.raise_event(CREDIT_ADDED)
        bench.raise_event(TAMPER)
        if turn == 1:
            bench.reboot()
            bench.set_clock(NOW)
        counters += [message.counter for message, _ in taken(alerting)]
        if turn == 3:
            bench.factory_reset()
            for role, party in alerting.head_end.parties.items():
                bench.enrol_party(party.entity, role.value, KeyKind.SHARED_SECRET, party.z)
            alerting.head_end.signing_key = bench.read(Attr.SIGNING_KEY)
    assert len(counters) == 12
    assert counters == sorted(set(counters))


def test_a_signature_covers_all_of_it(alerting: Remote) -> None:
    """Any octet of the message changed, and it is not the meter's signature any more."""
    alerting.target.bench.raise_event(TAMPER)
    ((message, _),) = taken(alerting)
    changes = (
        replace(message, counter=message.counter + 1),
        replace(message, content=message.content[:-1] + bytes((message.content[-1] ^ 1,))),
        replace(message, signature=message.signature[:-1] + bytes((message.signature[-1] ^ 1,))),
        replace(message, recipient=EUI64(bytes(8))),
    )
    for changed in changes:
        with pytest.raises(GbcsError):
            alerting.head_end.alert(changed.encode())


def test_responses_leave_before_alerts(alerting: Remote) -> None:
    alerting.target.bench.raise_event(TAMPER)
    command = alerting.head_end.command("GCS20r", commands.get_event_configuration())
    kinds = [Message.parse(data).cra for data in alerting.send(command)]
    assert kinds == [Cra.RESPONSE, Cra.ALERT]


def test_the_queue_is_bounded(alerting: Remote) -> None:
    """Sixteen wait, oldest first, also over a restart; what does not fit is counted."""
    bench = alerting.target.bench
    codes = [event.code for event in EVENTS if event.wan_alert and not event.critical][: MOST_WAITING + 4]
    for code in codes:
        bench.raise_event(code)
    assert (bench.read_int(Attr.ALERTS_WAITING), bench.read_int(Attr.ALERTS_DROPPED)) == (MOST_WAITING, 4)
    bench.reboot()
    assert (bench.read_int(Attr.ALERTS_WAITING), bench.read_int(Attr.ALERTS_DROPPED)) == (MOST_WAITING, 4)
    assert [alert.code for _, alert in taken(alerting)] == codes[:MOST_WAITING]
    assert (bench.read_int(Attr.ALERTS_WAITING), bench.read_int(Attr.ALERTS_DROPPED)) == (0, 4)


def test_without_a_supplier_none_waits(target: Target) -> None:
    target.bench.raise_event(TAMPER)
    assert target.bench.read_int(Attr.ALERTS_WAITING) == 0


def test_of_two_suppliers_the_first_gets_them(alerting: Remote) -> None:
    """And the other one when the first is a Supplier no more."""
    bench, head_end = alerting.target.bench, alerting.head_end
    first = head_end.party(Role.SUPPLIER)
    second = Party(EUI64.parse("00A5A5A500000011"), Role.SUPPLIER, secret=bytes(range(32)))
    bench.enrol_party(second.entity, Role.SUPPLIER.value, KeyKind.SHARED_SECRET, second.z)
    bench.raise_event(CREDIT_ADDED)
    assert [message.recipient for message, _ in taken(alerting)] == [first.entity]
    bench.enrol_party(first.entity, Role.NETWORK_OPERATOR.value, KeyKind.SHARED_SECRET, first.z)
    head_end.parties[Role.SUPPLIER] = second
    bench.raise_event(CREDIT_ADDED)
    assert [message.recipient for message, _ in taken(alerting)] == [second.entity]


def test_a_store_that_refuses_makes_no_alert(alerting: Remote) -> None:
    """A counter is kept before it is used: with fault b3 none is, and what waits leaves once the store writes again."""
    bench = alerting.target.bench
    bench.raise_event(TAMPER)
    waited = bench.read_int(Attr.ALERTS_WAITING)
    bench.inject_fault(Fault.WRITES)
    bench.raise_event(CREDIT_ADDED, check=False)
    bench.inject_fault(0)
    assert (waited, [alert.code for _, alert in taken(alerting)]) == (1, [TAMPER])


def test_8154_with_the_wan_bit_alerts_after_the_response(alerting: Remote) -> None:
    """What a GCS20 does to the configuration holds for the event that it raises itself."""
    command = alerting.head_end.command("GCS20", commands.set_event_configuration(0, {0x0B: [0x8154]}))
    response, alert = alerting.send(command)
    assert gbz.parse(alerting.head_end.response(command, response).content)[0].frame == bytes.fromhex("00 00 0B 04 00")
    assert Alert.parse(alerting.head_end.alert(alert).content).code == 0x8154
    assert alerting.target.meter.ask("09 00 05 5481", cluster=Cluster.DEVICE_MANAGEMENT)[0][-1] == 0x0B
