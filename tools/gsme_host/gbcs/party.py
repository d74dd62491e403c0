"""Parties and their keys: what a head end holds to speak with one device.

The file form, JSON: {"entities": {NAME: 16 digits}, "shared_secrets": {"NAME-DEVICE": 64 digits}}; names are those of
`ROLE_OF`, DEVICE is any one name of `entities`. Other members are not looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from ..eui64 import EUI64, GSME
from . import GbcsError, protection
from .use_cases import Role

ROLE_OF: Final = {"SUPPLIER": Role.SUPPLIER, "NETWORK_OPERATOR": Role.NETWORK_OPERATOR, "ACB": Role.BROKER}
SECRET_LENGTH: Final = 32

# Entity ids of a head end that makes its keys on the spot.
OWN_IDS: Final = {
    "SUPPLIER": EUI64.parse("00A5A5A500000001"),
    "NETWORK_OPERATOR": EUI64.parse("00A5A5A500000002"),
    "ACB": EUI64.parse("00A5A5A500000004"),
}


@dataclass
class Party:
    """A remote party. It has a private key, or a secret of 32 octets that it shares with the device."""

    entity: EUI64
    role: Role
    private: ec.EllipticCurvePrivateKey | None = None
    secret: bytes | None = None

    def meet(self, agreement_key: bytes) -> None:
        """Makes the shared secret out of the device's public key, 64 octets."""
        if self.private:
            self.secret = protection.agree(self.private, agreement_key)

    @property
    def z(self) -> bytes:
        """The shared secret; GbcsError where there is none yet."""
        if self.secret is None:
            raise GbcsError(f"{self.entity} shares no secret with the device")
        return self.secret


def make_parties() -> dict[Role, Party]:
    """A party of each role with a new private key."""
    return {
        role: Party(OWN_IDS[name], role, private=ec.generate_private_key(protection.CURVE))
        for name, role in ROLE_OF.items()
    }


def load_parties(path: Path) -> dict[Role, Party]:
    """The parties of a file whose secrets are in it; GbcsError where it is no such file."""
    return load(path)[1]


def load(path: Path) -> tuple[EUI64, dict[Role, Party]]:
    """The device of a file, and the parties whose secrets with it are in it; GbcsError where it is no such file."""
    keys = _json(path)
    try:
        entities = {name: EUI64.parse(digits) for name, digits in keys["entities"].items()}
        secrets = {name.split("-")[0]: bytes.fromhex(digits) for name, digits in keys["shared_secrets"].items()}
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise GbcsError(f"{path}: {error!r}: not a file of keys") from error
    parties = {
        role: Party(entities[name], role, secret=secrets[name])
        for name, role in ROLE_OF.items()
        if name in entities and name in secrets
    }
    for party in parties.values():
        if len(party.z) != SECRET_LENGTH:
            raise GbcsError(f"{path}: the secret of {party.entity} has {len(party.z)} octets, not {SECRET_LENGTH}")
    return entities.get("GSME", GSME), parties


def _json(path: Path) -> dict[str, Any]:
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise GbcsError(f"{path}: {error}") from error
    if not isinstance(keys, dict):
        raise GbcsError(f"{path}: not a file of keys")
    return keys
