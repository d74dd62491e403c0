"""What is not wholly as its sender protected it does nothing and gets no response; the meter serves the next message.

Sources: GBCS 6.2.4 (checks in their order), 7.2 (envelope); X.690 8.1.3 (lengths: the shortest form alone). What is
recorded of it is 8F53 once a day, and 8F60 once a day where there was much of it; both are alerts to the Supplier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import pytest

from gsme_host.bench import Attr
from gsme_host.eui64 import ESME, STRANGER
from gsme_host.gbcs import commands, gbz, protection
from gsme_host.gbcs.envelope import CIPHERING, Cra, Message, with_mac
from gsme_host.gbcs.use_cases import Role
from gsme_host.zcl import Cluster
from host_tests.support.remote_parties import NOW, Remote

WRONG_MAC: Final = 0x8F53
MUCH_MALFORMED: Final = 0x8F60
WRONG_CONTENTS: Final = 0x8F1E
MOST_EXTRA: Final = 8
SITE_ID: Final = b"4000000001"
SET_ALL: Final = {0x43: [0x8161, 0x8162], 0x0B: [0x81A4]}
NOT_SET: Final = bytes.fromhex("08 00 01 0703 00 41 00")
SET: Final = bytes.fromhex("08 00 01 0703 00 41 0A") + SITE_ID
DONE: Final = bytes.fromhex("00 00 0B 03 00")


def site_id(remote: Remote) -> bytes:
    """What the hub reads of SiteID."""
    (answer,) = remote.target.meter.ask("00 00 00 0703", cluster=Cluster.METERING)
    return answer


def state(remote: Remote) -> tuple[bytes, ...]:
    """All that the messages of these tests might change: SiteID, the configuration, the Event Log."""
    configuration = remote.target.meter.ask("09 00 05 FF81", cluster=Cluster.DEVICE_MANAGEMENT)
    return (site_id(remote), *configuration, remote.target.bench.read(Attr.EVENT_LOG_ENTRIES))


def assert_ignored(remote: Remote, messages: Iterable[bytes], recorded: int = WRONG_MAC) -> int:
    """Hands over all of them in one cycle: nothing but alerts comes back, nothing has changed. How many they were."""
    before = state(remote)
    given = list(messages)
    taken = remote.target.bench.read_int(Attr.TUNNEL_MESSAGES)
    came = [Message.parse(data) for data in remote.hub.exchange(*given)]
    assert {one.cra for one in came} <= {Cra.ALERT}
    assert {gbz.Alert.parse(one.content).code for one in came} <= {recorded, MUCH_MALFORMED}
    assert remote.target.bench.read_int(Attr.TUNNEL_MESSAGES) == taken + len(given)
    assert state(remote) == before
    return len(given)


def commands_of(remote: Remote) -> list[Message]:
    """An update that is protected against replay, an update of two components, and a read."""
    make = remote.head_end.command
    return [
        make("GCS41", commands.update_site_id(NOW, SITE_ID), counter=1000),
        make("GCS20", commands.set_event_configuration(NOW, SET_ALL), counter=1001),
        make("GCS20r", commands.get_event_configuration(), counter=1002),
    ]


def flipped(data: bytes) -> Iterator[bytes]:
    """The message with each bit flipped, one at a time."""
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def test_every_bit_flipped(remote: Remote) -> None:
    """None is acted on; then each command itself is."""
    messages = commands_of(remote)
    count = sum(assert_ignored(remote, flipped(one.encode())) for one in messages)
    assert count == sum(8 * len(one.encode()) for one in messages) > 2000
    assert site_id(remote) == NOT_SET
    assert gbz.parse(remote.head_end.response(messages[0], remote.send(messages[0])[0]).content)[0].frame == DONE
    assert site_id(remote) == SET


def test_cut_at_every_octet_and_extended(remote: Remote) -> None:
    for message in commands_of(remote):
        data = message.encode()
        swept = assert_ignored(remote, (data[:cut] for cut in range(1, len(data))))
        swept += assert_ignored(remote, (data + b"\xa5" * extra for extra in range(1, MOST_EXTRA + 1)))
        assert swept == len(data) - 1 + MOST_EXTRA
    assert len(remote.send(message)) == 1


def lengths_of(message: Message) -> dict[str, int]:
    """Where the length fields of G are; each is of one octet in these messages."""
    content = 33
    return {
        "originator": 11,
        "recipient": 20,
        "date-time": 29,
        "other information": 30,
        "content": content,
        "signature": content + 1 + len(message.content),
    }


def wrong_lengths(message: Message) -> Iterator[bytes]:
    """G with each length field at every other number that a byte can have."""
    g = message.g
    for name, at in lengths_of(message).items():
        right = g[at]
        assert right == len(message.content) if name == "content" else right in (0, 2, 8), name
        yield from (g[:at] + bytes((number,)) + g[at + 1 :] for number in range(256) if number != right)


def longer_forms(message: Message) -> Iterator[bytes]:
    """G with a length in a form that is longer than it needs to be, which BER allows and DER does not."""
    g = message.g
    for name in ("other information", "content"):
        at = lengths_of(message)[name]
        for form in (b"\x81", b"\x82\x00", b"\x83\x00\x00", b"\x84\x00\x00\x00"):
            yield g[:at] + form + g[at:]


def test_every_length_wrong_under_a_right_mac(remote: Remote) -> None:
    """Even where the broker itself has written a wrong length: no action, no response."""
    z = remote.head_end.party(Role.BROKER).z
    for message in commands_of(remote):
        for made, expected in ((wrong_lengths, 6 * 255), (longer_forms, 8)):
            forged = [with_mac(g, protection.mac_over(z, message, g)) for g in made(message)]
            assert assert_ignored(remote, forged, WRONG_CONTENTS) == expected


def test_every_length_of_the_ciphering_wrong(remote: Remote) -> None:
    """The length that is outside the MAC: any other number, and any other form."""
    for message in commands_of(remote):
        data = message.encode()
        at = len(CIPHERING)
        right = data[at]
        assert right == len(data) - at - 1
        forged = [data[:at] + bytes((number,)) + data[at + 1 :] for number in range(256) if number != right]
        forged += [data[:at] + form + data[at:] for form in (b"\x81", b"\x82\x00", b"\x83\x00\x00", b"\x80")]
        assert assert_ignored(remote, forged) == 255 + 4


def wrong_contents(content: bytes) -> Iterator[bytes]:
    """A GBZ payload with its count, the controls and the lengths of its components at every other number."""
    places = [2]
    at = 3
    while at < len(content):
        places += [at, at + 3, at + 4]
        at += 5 + int.from_bytes(content[at + 3 : at + 5], "big")
    for place in places:
        for number in range(256):
            if number != content[place]:
                yield content[:place] + bytes((number,)) + content[place + 1 :]


def test_every_count_and_length_of_the_payload_wrong_under_a_right_mac(remote: Remote) -> None:
    """8F1E once for the Supplier, and nothing is done: not even the components in front of the wrong one."""
    for message, components in zip(commands_of(remote), (1, 2, 1), strict=True):
        forged = [replace(message, content=content) for content in wrong_contents(message.content)]
        protected = [remote.head_end.protect(one).encode() for one in forged]
        assert assert_ignored(remote, protected, WRONG_CONTENTS) == 255 * (1 + 3 * components)


def test_a_mac_of_somebody_else(remote: Remote) -> None:
    """Under the secret of the Supplier or the network operator, or under another counter's or party's key."""
    message = commands_of(remote)[0]
    parties = remote.head_end.parties
    others = [protection.mac(parties[role].z, message) for role in (Role.SUPPLIER, Role.NETWORK_OPERATOR)]
    z = parties[Role.BROKER].z
    others += [
        protection.mac_over(z, replace(message, counter=message.counter + 1), message.g),
        protection.mac_over(z, replace(message, originator=parties[Role.BROKER].entity), message.g),
        protection.mac_over(z, replace(message, cra=Cra.RESPONSE), message.g),
        bytes(12),
    ]
    assert assert_ignored(remote, [replace(message, mac=mac).encode() for mac in others]) == 6
    assert assert_ignored(remote, [message.g, replace(message, mac=b"").g]) == 2, "no MAC at all"


def test_an_originator_that_is_not_enrolled(remote: Remote) -> None:
    """With the broker's MAC: authenticated, and nobody that the meter knows."""
    message = replace(commands_of(remote)[0], originator=STRANGER)
    assert assert_ignored(remote, [remote.head_end.protect(message).encode()]) == 1


def test_a_message_for_another_device(remote: Remote) -> None:
    """Not addressed to this meter: dropped, and nothing is recorded."""
    message = replace(commands_of(remote)[0], recipient=ESME)
    assert remote.hub.exchange(remote.head_end.protect(message).encode()) == []
    assert remote.target.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    assert site_id(remote) == NOT_SET


@pytest.mark.parametrize("cra", [0, 2, 3, 4, 0xFF])
def test_what_is_no_command(remote: Remote, cra: int) -> None:
    """A response or an alert to the meter, under a right MAC, is nothing that it obeys."""
    message = replace(commands_of(remote)[0], cra=cra)
    came = [Message.parse(data) for data in remote.hub.exchange(remote.head_end.protect(message).encode())]
    assert [gbz.Alert.parse(one.content).code for one in came] == [WRONG_CONTENTS]
    assert site_id(remote) == NOT_SET
