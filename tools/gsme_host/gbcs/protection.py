"""Keys, MACs, encryption and signatures of messages (GBCS 4.3, 8.2), by the `cryptography` package.

Z = x coordinate of ECDH on P-256; OtherInfo = algorithm | originator | 09 | mode | counter u64 | recipient
K = the first 16 octets of SHA-256(00000001 | Z | OtherInfo); IV = originator | 00000000
MAC = the first 12 octets of the AES-128-GCM tag over 11 00000000 00 | G, without plaintext
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from ..eui64 import EUI64
from .envelope import MAC_LENGTH, MOST_IDS, SECURITY_HEADER, SIGNATURE_LENGTH, Message, entity_id
from .gbz import TAG_LENGTH
from .reader import BYTE_ORDER

ALGORITHM: Final = bytes.fromhex("60 85 74 06 08 03 00")  # AES-GCM-128
ENTITY_ID_NEXT: Final = b"\x09"
KEY_LENGTH: Final = 16
COORDINATE: Final = 32
COMPONENT_AAD: Final = b"\x31"
CURVE: Final = ec.SECP256R1()


class Mode(IntEnum):
    """What a key is for; the first three are the CRA flags of what they protect."""

    COMMAND_MAC = 1
    RESPONSE_MAC = 2
    ALERT_MAC = 3
    COMPONENT = 4


def message_key(z: bytes, mode: int, originator: EUI64, counter: int, recipient: EUI64) -> bytes:
    """The key of one message, 16 octets, from the secret `z` of 32 that two parties share."""
    other = ALGORITHM + entity_id(originator) + ENTITY_ID_NEXT + bytes((mode,))
    other += counter.to_bytes(8, BYTE_ORDER) + entity_id(recipient)
    return hashlib.sha256((1).to_bytes(4, BYTE_ORDER) + z + other).digest()[:KEY_LENGTH]


def initial_vector(originator: EUI64) -> bytes:
    """12 octets."""
    return entity_id(originator) + bytes(4)


def mac(z: bytes, message: Message) -> bytes:
    """The MAC of a message, 12 octets."""
    return mac_over(z, message, message.g)


def mac_over(z: bytes, message: Message, g: bytes) -> bytes:
    """The MAC that a message would have if it were written as `g`."""
    key = message_key(z, message.cra, message.originator, message.counter, message.recipient)
    covered = SECURITY_HEADER + b"\0" + g
    return AESGCM(key).encrypt(initial_vector(message.originator), b"", covered)[:MAC_LENGTH]


def component_key(z: bytes, message: Message) -> bytes:
    """The key of the encrypted components of a response or alert.

    For the supplementary remote party, under its counter, where the header names one.
    """
    supplementary = message.supplementary
    reader = EUI64(bytes(reversed(supplementary[0].to_bytes(8, BYTE_ORDER)))) if supplementary else message.recipient
    counter = supplementary[-1] if len(supplementary) == MOST_IDS else message.counter
    return message_key(z, Mode.COMPONENT, message.originator, counter, reader)


def decipher(key: bytes, originator: EUI64, ciphered: bytes) -> bytes | None:
    """The plaintext of an encrypted component; None where its tag of 12 octets does not hold."""
    text, tag = ciphered[:-TAG_LENGTH], ciphered[-TAG_LENGTH:]
    mode = modes.GCM(initial_vector(originator), tag, min_tag_length=TAG_LENGTH)
    decryptor = Cipher(algorithms.AES(key), mode).decryptor()
    decryptor.authenticate_additional_data(COMPONENT_AAD)
    try:
        return decryptor.update(text) + decryptor.finalize()
    except InvalidTag:
        return None


def agree(own: ec.EllipticCurvePrivateKey, other: bytes) -> bytes:
    """Z: 32 octets out of an own key and the other's public key, 64 octets. ValueError where that is no point."""
    return own.exchange(ec.ECDH(), public_key(other))


def public_key(octets: bytes) -> ec.EllipticCurvePublicKey:
    """A public key from x and y, 64 octets; ValueError where it is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, b"\x04" + octets)


def public_octets(key: ec.EllipticCurvePrivateKey) -> bytes:
    """X and y of the public half, 64 octets."""
    numbers = key.public_key().public_numbers()
    return numbers.x.to_bytes(COORDINATE, BYTE_ORDER) + numbers.y.to_bytes(COORDINATE, BYTE_ORDER)


def sign(own: ec.EllipticCurvePrivateKey, message: Message) -> bytes:
    """The signature of a message: r, then s, 64 octets."""
    r, s = utils.decode_dss_signature(own.sign(message.unsigned[1:], ec.ECDSA(SHA256())))
    return r.to_bytes(COORDINATE, BYTE_ORDER) + s.to_bytes(COORDINATE, BYTE_ORDER)


def signed_by(public: bytes, message: Message) -> bool:
    """Whether the signature is that of the owner of a public key."""
    if len(message.signature) != SIGNATURE_LENGTH:
        return False
    halves = message.signature[:COORDINATE], message.signature[COORDINATE:]
    r, s = (int.from_bytes(half, BYTE_ORDER) for half in halves)
    try:
        public_key(public).verify(utils.encode_dss_signature(r, s), message.unsigned[1:], ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
