"""Remote parties, their keys, and the meter's own: enrolled and read through the bench cluster.

Sources: the serial HAN link ("The bench cluster": Enrol Remote Party, attributes 000B and 000C), GBCS 4.3 (shared
secrets), SEC 1 (points of a curve).
"""

from __future__ import annotations

from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gsme_host.bench import Attr, KeyKind
from gsme_host.eui64 import BENCH, BROADCAST, EUI64
from gsme_host.gbcs import commands, protection
from gsme_host.gbcs.party import Party, make_parties
from gsme_host.gbcs.use_cases import Role
from gsme_host.zcl import Status
from host_tests.support.remote_parties import NOW, Remote, enrol
from host_tests.support.target import Target

PRIME: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
SOMEBODY: Final = EUI64.parse("00A5A5A5000000EE")
ALL_ROLES: Final = 7
MOST_PARTIES: Final = 8


def octets(x: int, y: int) -> bytes:
    """A public key of any two numbers."""
    return x.to_bytes(32, "big") + y.to_bytes(32, "big")


def test_public_keys(target: Target) -> None:
    """Parties that are enrolled by their public keys: the same exchange as with secrets."""
    target.bench.set_clock(NOW)
    remote = Remote(target, enrol(target, make_parties()))
    for role in (Role.SUPPLIER, Role.NETWORK_OPERATOR, Role.BROKER):
        assert (
            remote.ask("GCS38", commands.read(*commands.READS["GCS38"]), role).payload.hex()
            == "0602004104" + "0123abcd"
        )


def invalid_keys() -> dict[str, bytes]:
    """What is no public key of P-256."""
    numbers = ec.derive_private_key(7, protection.CURVE).public_key().public_numbers()
    x, y = numbers.x, numbers.y
    return {
        "zero": octets(0, 0),
        "x and y swapped": octets(y, x),
        "x one more": octets(x + 1, y),
        "y one less": octets(x, y - 1),
        "x at the field's prime": octets(PRIME, y),
        "y at the field's prime": octets(x, PRIME),
        "x beyond the prime": octets(PRIME + 5, y),
        "y beyond the prime": octets(x, 2**256 - 1),
        "all ones": b"\xff" * 64,
        "y of another point": octets(x, ec.derive_private_key(8, protection.CURVE).public_key().public_numbers().y),
    }


@pytest.mark.parametrize("what", invalid_keys())
def test_an_invalid_public_key_is_refused(remote: Remote, what: str) -> None:
    """87, and the party that was there keeps its key."""
    bench = remote.target.bench
    supplier = remote.head_end.party(Role.SUPPLIER)
    for entity in (SOMEBODY, supplier.entity):
        status = bench.enrol_party(entity, 1, KeyKind.PUBLIC_KEY, invalid_keys()[what], check=False)
        assert status == Status.INVALID_VALUE
    assert remote.ask("GCS20r", commands.get_event_configuration()).command == 4


@pytest.mark.parametrize(
    ("entity", "roles", "kind", "length", "status"),
    [
        (SOMEBODY, 0, 0, 32, Status.INVALID_VALUE),
        (SOMEBODY, 8, 0, 32, Status.INVALID_VALUE),
        (SOMEBODY, 0xFF, 0, 32, Status.INVALID_VALUE),
        (SOMEBODY, 1, 2, 32, Status.INVALID_VALUE),
        (BENCH, 1, 0, 32, Status.INVALID_VALUE),
        (BROADCAST, 1, 0, 32, Status.INVALID_VALUE),
        (SOMEBODY, 1, 0, 31, Status.MALFORMED_COMMAND),
        (SOMEBODY, 1, 0, 33, Status.MALFORMED_COMMAND),
        (SOMEBODY, 1, 0, 0, Status.MALFORMED_COMMAND),
        (SOMEBODY, 1, 1, 63, Status.MALFORMED_COMMAND),
        (SOMEBODY, 1, 1, 32, Status.MALFORMED_COMMAND),
    ],
)
def test_enrolments_that_make_no_sense(
    remote: Remote, entity: EUI64, roles: int, kind: int, length: int, status: Status
) -> None:
    """Refused at the edge; the exchange goes on as before."""
    assert remote.target.bench.enrol_party(entity, roles, kind, bytes(length), check=False) == status
    assert remote.ask("GCS20r", commands.get_event_configuration()).command == 4


def test_more_parties_than_there_is_room_for(remote: Remote) -> None:
    bench = remote.target.bench
    for number in range(MOST_PARTIES - 3):
        bench.enrol_party(EUI64(bytes((number + 1,)) * 8), 1, KeyKind.SHARED_SECRET, bytes(32))
    for roles in (1, Role.BROKER.value):
        assert bench.enrol_party(SOMEBODY, roles, 0, bytes(32), check=False) == Status.INSUFFICIENT_SPACE
    assert remote.ask("GCS20r", commands.get_event_configuration()).command == 4


def test_a_second_broker_replaces_the_first(remote: Remote) -> None:
    """A command under the former one's MAC is not authentic any more; the Supplier's secret is as it was."""
    content = commands.get_event_configuration()
    former = remote.head_end.command("GCS20r", content)
    broker = Party(SOMEBODY, Role.BROKER, secret=bytes(range(32)))
    remote.target.bench.enrol_party(SOMEBODY, Role.BROKER.value, KeyKind.SHARED_SECRET, broker.z)
    assert [data for data in remote.send(former) if data[0] == 0xDD] == []
    remote.head_end.parties[Role.BROKER] = broker
    assert remote.ask("GCS20r", content).command == 4


def test_one_party_in_all_roles(target: Target) -> None:
    party = Party(SOMEBODY, Role.SUPPLIER, secret=bytes(range(32)))
    target.bench.enrol_party(SOMEBODY, ALL_ROLES, KeyKind.SHARED_SECRET, party.z)
    remote = Remote(target, enrol(target, {}))
    remote.head_end.parties = {Role.SUPPLIER: party, Role.BROKER: party}
    assert remote.ask("GCS20r", commands.get_event_configuration()).command == 4
    assert remote.ask("GCS36", commands.update_cin(0, b"1")).encode() == bytes.fromhex("00 00 0B 06 00")


def test_parties_outlive_a_restart_and_not_a_factory_reset(remote: Remote) -> None:
    bench, content = remote.target.bench, commands.get_event_configuration()
    bench.reboot()
    assert remote.ask("GCS20r", content).command == 4
    bench.factory_reset()
    assert remote.send(remote.head_end.command("GCS20r", content)) == []


def test_own_keys(target: Target) -> None:
    """Two different points of the curve, kept over a restart, new after a factory reset."""
    bench = target.bench

    def keys() -> tuple[bytes, bytes]:
        return bench.read(Attr.AGREEMENT_KEY), bench.read(Attr.SIGNING_KEY)

    first = keys()
    for key in first:
        protection.public_key(key)
    assert first[0] != first[1]
    bench.reboot()
    assert keys() == first
    bench.factory_reset()
    assert not set(keys()) & set(first)
