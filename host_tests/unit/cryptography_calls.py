"""Calls of on_device/crypto.py, and the curve's numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from gsme_host.gbcs import protection
from host_tests.unit.script import Scripts

P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
NONE: Final = "none"
TRUE: Final = "true"
FALSE: Final = "false"

Call = tuple[str, *tuple[bytes, ...]]


def call(scripts: Scripts, calls: Iterable[Call]) -> list[str]:
    """What comes of each call: hex, `-` for no bytes, none, true or false."""
    lines = [" ".join([name, *(data.hex() or "-" for data in given)]) for name, *given in calls]
    results = scripts.run("crypto", "\n".join(lines) + "\n")
    assert len(results) == len(lines)
    return results


def octets(number: int) -> bytes:
    """32 octets."""
    return number.to_bytes(32, "big")


def public(secret: int) -> bytes:
    """The public key of a scalar, by `cryptography`."""
    return protection.public_octets(ec.derive_private_key(secret, protection.CURVE))


def root(square: int) -> int | None:
    """A square root in the field; None where there is none. P is 3 modulo 4."""
    found = pow(square, (P + 1) // 4, P)
    return found if found * found % P == square % P else None


def point_at(x: int) -> bytes | None:
    """The point with that x and its even or odd y; None where the curve has none there."""
    y = root((x**3 - 3 * x + B) % P)
    return None if y is None else octets(x) + octets(y)
