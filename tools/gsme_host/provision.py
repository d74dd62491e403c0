"""The provisioning file: who a meter is, and the nodes and remote parties that it knows. Made from TOML.

    eui64 = "00DB1234567890B1"

    [[device]]
    eui64 = "00DB1234567890B2"
    type = "CHF"

    [[party]]
    entity_id = "00A5A5A500000001"
    roles = ["supplier"]
    public_key = "<x, then y: 128 digits>"      # or shared_secret = "<64 digits>"

The binary form is firmware/gsme/provision.py's; a payload is as the bench's command of that name has it.
"""

from __future__ import annotations

import binascii
import tomllib
from collections.abc import Iterable, Iterator
from enum import IntEnum
from string import hexdigits
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from .bench import DeviceType, KeyKind
from .eui64 import BENCH, BROADCAST, EUI64

HEAD: Final = b"GSMP\x01"
ROLES: Final = {"supplier": 1, "network operator": 2, "access control broker": 4}
TYPES: Final = {kind.name: kind for kind in DeviceType}
KEYS: Final = {"shared_secret": (KeyKind.SHARED_SECRET, 32), "public_key": (KeyKind.PUBLIC_KEY, 64)}
MOST_DEVICES: Final = 32
MOST_PARTIES: Final = 8
UNCOMPRESSED: Final = b"\x04"


class Kind(IntEnum):
    """What a record says."""

    IDENTITY = 1
    DEVICE = 2
    PARTY = 3


class ProvisionError(Exception):
    """Something that a meter cannot be told; the message is one line for people."""


def make(text: str) -> bytes:
    """The provisioning file of a TOML text; ProvisionError where that says too much, too little or something wrong."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProvisionError(str(error)) from error
    _only(given, ("eui64", "device", "party"), "the file")
    own = _eui64(given, "eui64", "the file")
    devices = _list(given, "device", MOST_DEVICES)
    parties = _list(given, "party", MOST_PARTIES)
    records = [(Kind.IDENTITY, bytes(own))]
    records += [(Kind.DEVICE, payload) for payload in _devices(devices, own)]
    records += [(Kind.PARTY, payload) for payload in _parties(parties)]
    return encode(records)


def encode(records: Iterable[tuple[int, bytes]]) -> bytes:
    """The file of these records, whatever they say."""
    body = HEAD + b"".join(bytes((kind, len(payload))) + payload for kind, payload in records)
    return body + binascii.crc32(body).to_bytes(4, "little")


def _devices(rows: list[dict[str, Any]], own: EUI64) -> Iterator[bytes]:
    seen = {own}
    for number, row in enumerate(rows, 1):
        where = f"device {number}"
        _only(row, ("eui64", "type"), where)
        device = _eui64(row, "eui64", where)
        if device in seen:
            raise ProvisionError(f"{where}: {device} is there already")
        seen.add(device)
        kind = row.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            raise ProvisionError(f"{where}: type is one of {', '.join(TYPES)}")
        yield device + bytes((TYPES[kind],))


def _parties(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    seen: set[EUI64] = set()
    brokers = 0
    for number, row in enumerate(rows, 1):
        where = f"party {number}"
        _only(row, ("entity_id", "roles", *KEYS), where)
        entity = _eui64(row, "entity_id", where)
        if entity in seen:
            raise ProvisionError(f"{where}: {entity} is there already")
        seen.add(entity)
        roles = _roles(row.get("roles"), where)
        brokers += bool(roles & ROLES["access control broker"])
        if brokers > 1:
            raise ProvisionError(f"{where}: there is one access control broker")
        kind, key = _key(row, where)
        yield entity + bytes((roles, kind, len(key))) + key


def _roles(given: object, where: str) -> int:
    if not isinstance(given, list) or not given or not all(isinstance(role, str) and role in ROLES for role in given):
        raise ProvisionError(f"{where}: roles is a list of {', '.join(ROLES)}")
    return sum({ROLES[role] for role in given})


def _key(row: dict[str, Any], where: str) -> tuple[int, bytes]:
    names = [name for name in KEYS if name in row]
    if len(names) != 1:
        raise ProvisionError(f"{where}: it has one of {' and '.join(KEYS)}")
    kind, size = KEYS[names[0]]
    key = _hex(row[names[0]], size, f"{where}: {names[0]}")
    if kind == KeyKind.PUBLIC_KEY:
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), UNCOMPRESSED + key)
        except ValueError:
            raise ProvisionError(f"{where}: public_key is no point of P-256") from None
    return kind, key


def _hex(given: object, size: int, where: str) -> bytes:
    if not isinstance(given, str) or len(given) != 2 * size or not set(given) <= set(hexdigits):
        raise ProvisionError(f"{where} has {2 * size} hexadecimal digits")
    return bytes.fromhex(given)


def _eui64(row: dict[str, Any], name: str, where: str) -> EUI64:
    if name not in row:
        raise ProvisionError(f"{where}: {name} is missing")
    eui64 = EUI64(_hex(row[name], 8, f"{where}: {name}")[::-1])
    if eui64 in (BENCH, BROADCAST):
        raise ProvisionError(f"{where}: {eui64} is nobody's")
    return eui64


def _list(given: dict[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    rows = given.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProvisionError(f"{name}: write [[{name}]] above each")
    if len(rows) > most:
        raise ProvisionError(f"{name}: a meter knows {most} at most")
    return rows


def _only(row: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    if unknown := [name for name in row if name not in names]:
        raise ProvisionError(f"{where}: {unknown[0]} says nothing to a meter")
