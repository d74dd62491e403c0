"""Encrypted components: what the device seals the head end's side deciphers, and the other way round.

Source: GBCS 8.4 and 7.2.9: key with mode 04, additional data the octet 31, only the ZCL payload hidden, a tag of 12
octets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gsme_host.eui64 import GSME
from gsme_host.gbcs import gbz, protection
from gsme_host.gbcs.envelope import Cra, Message, entity_id
from gsme_host.gbcs.gbz import Component
from gsme_host.gbcs.party import OWN_IDS
from gsme_host.zcl import Cluster
from host_tests.unit.cryptography_calls import NONE, Call, call
from host_tests.unit.script import Scripts

Z: Final = bytes(range(32))
FRAME: Final = bytes.fromhex("08 00 01")
SUPPLIER: Final = OWN_IDS["SUPPLIER"]
OTHER: Final = OWN_IDS["NETWORK_OPERATOR"]
NUMBER: Final = 3
AAD: Final = b"\x31"
TAG: Final = 12


def messages() -> list[Message]:
    """Responses of the meter: to the Supplier, to another party through it, and that with a counter of its own."""
    plain = Message(Cra.RESPONSE, 1000, GSME, SUPPLIER, 0x0074, b"")
    third = int.from_bytes(entity_id(OTHER), "big")
    return [plain, replace(plain, supplementary=(third, 7)), replace(plain, supplementary=(third, 7, 55))]


def sealing(message: Message, payload: bytes) -> Call:
    """The call that seals; who may read it and under which counter is in the message's header (GBCS 8.4)."""
    ids = message.supplementary
    reader = ids[0].to_bytes(8, "big") if ids else entity_id(message.recipient)
    counter = ids[2] if len(ids) == 3 else message.counter
    number = bytes((NUMBER,))
    return ("component", Z, entity_id(GSME), counter.to_bytes(8, "big"), reader, number, FRAME + payload)


def test_what_the_device_seals_is_deciphered(scripts: Scripts) -> None:
    """Payloads of 0 to 40 octets, with each form of the header."""
    pairs = [(message, bytes(range(length))) for message in messages() for length in range(41)]
    results = call(scripts, [sealing(message, payload) for message, payload in pairs])
    for (message, payload), line in zip(pairs, results, strict=True):
        body = bytes.fromhex(line)
        head = (
            bytes((gbz.LAST | gbz.ENCRYPTED,)) + int(Cluster.METERING).to_bytes(2, "big") + len(body).to_bytes(2, "big")
        )
        (component,) = gbz.parse(gbz.PROFILE + b"\x01" + head + body)
        assert (component.frame, component.frame_counter) == (FRAME, NUMBER)
        key = protection.component_key(Z, message)
        assert protection.decipher(key, GSME, component.ciphered) == payload


def test_what_another_implementation_seals_the_device_opens(scripts: Scripts) -> None:
    """And nothing of it where one bit is another, or the length is."""
    payload = b"0123456789"
    message = messages()[0]
    key = protection.component_key(Z, message)
    ciphered = AESGCM(key).encrypt(protection.initial_vector(GSME), payload, AAD)[: len(payload) + TAG]
    component = Component(Cluster.METERING, FRAME, frame_counter=NUMBER, ciphered=ciphered)
    body = gbz.encode([component])[len(gbz.PROFILE) + 1 + 5 + 2 :]
    changed = [body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :] for at in range(3, len(body))]
    cuts = [body[:size] for size in range(3, len(body))]
    results = call(scripts, [("opened", key, entity_id(GSME), one) for one in (body, *changed, *cuts)])
    assert results[0] == (FRAME + payload).hex()
    assert results[1:] == [NONE] * (len(changed) + len(cuts))
