"""P-256 of the device on edge cases, each named, against the `cryptography` package.

Sources: FIPS 186-4 D.1.2.3 (the curve), NIST SP 800-56A 5.6.2.3 (what is no public key), 5.7.1.2 (ECDH).
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from gsme_host.gbcs import protection
from host_tests.unit.cryptography_calls import FALSE, NONE, TRUE, B, Call, N, P, call, octets, point_at, public, root
from host_tests.unit.script import Scripts

EDGE_CASES: Final = 318
REFUSALS: Final = 38
OTHER: Final = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
POINTS_WANTED: Final = 60


def scalars() -> dict[str, int]:
    """Secrets in 1 .. n - 1 that a careless multiplication gets wrong."""
    named = {str(number): number for number in range(1, 20)}
    named |= {f"n - {number}": N - number for number in range(1, 20)}
    named |= {f"(n {sign} 1) / 2": (N + step) // 2 for sign, step in (("+", 1), ("-", -1))}
    for power in (*range(5, 256, 7), 128, 192, 224, 252, 255):
        named |= {f"2**{power}": 2**power, f"2**{power} - 1": 2**power - 1, f"2**{power} + 1": 2**power + 1}
    named |= {f"nibbles {nibble:X}": int(f"{nibble:X}" * 64, 16) for nibble in range(1, 15)}
    named |= {f"one nibble at {place}": 0xF << 4 * place for place in range(6, 60, 6)}
    named |= {"32-bit limbs of ones and zeros": int("FFFFFFFF00000000" * 3, 16), "alternating bits": int("A" * 63, 16)}
    return {name: number for name, number in named.items() if 0 < number < N}


def points() -> dict[str, bytes]:
    """Public keys at the edges of the field, and multiples of the base point."""
    named: dict[str, bytes] = {}
    for name, start, step in (("small x", 0, 1), ("x near p", P - 1, -1)):
        x = start
        while sum(one.startswith(name) for one in named) < POINTS_WANTED:
            found = point_at(x)
            if found:
                named[f"{name}: {x - (P if step < 0 else 0)}"] = found
                named[f"{name}: {x - (P if step < 0 else 0)}, the other y"] = found[:32] + octets(
                    P - int.from_bytes(found[32:], "big")
                )
            x += step
    return named | {f"{number} G": public(number) for number in (1, 2, 3, 4, 5, 15, 16, 17, N - 1, N - 2)}


def refused() -> dict[str, bytes]:
    """What is no public key."""
    good = public(OTHER)
    x, y = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
    twist = next(number for number in range(1000) if root((number**3 - 3 * number + B) % P) is None)
    named = {
        "zero": bytes(64),
        "infinity as 0, 1": octets(0) + octets(1),
        "swapped": good[32:] + good[:32],
        "y of the twist": octets(twist) + octets(root((-(twist**3) + 3 * twist - B) % P) or 0),
        "x = p": octets(P) + good[32:],
        "y = p": good[:32] + octets(P),
        "x beyond p": octets(P + 1) + good[32:],
        "all ones": b"\xff" * 64,
        "y = 0": good[:32] + octets(0),
        "no octets": b"",
        "an octet less": good[:-1],
        "an octet more": good + b"\0",
        "compressed": b"\x02" + good[:32],
        "with 04 in front": b"\x04" + good,
    }
    small = [number for number in range(20) if point_at(number)]
    named |= {f"x = p + {number}": octets(P + number) + (point_at(number) or b"")[32:] for number in small}
    for bit in range(0, 256, 32):
        named |= {
            f"bit {bit} of x": octets(x ^ 1 << bit) + good[32:],
            f"bit {bit} of y": good[:32] + octets(y ^ 1 << bit),
        }
    return named


def test_edge_cases(sources: Scripts) -> None:
    """Public keys of all scalars, agreement with all points, and refusals: as the other implementation has it."""
    secrets, keys = scalars(), points()
    calls: list[Call] = [("public", octets(number)) for number in secrets.values()]
    calls += [("agree", octets(OTHER), key) for key in keys.values()]
    expected = [public(number).hex() for number in secrets.values()]
    own = ec.derive_private_key(OTHER, protection.CURVE)
    expected += [protection.agree(own, key).hex() for key in keys.values()]
    results = call(sources, calls)
    for name, result, right in zip((*secrets, *keys), results, expected, strict=True):
        assert result == right, name
    print(f"{len(secrets)} scalars and {len(keys)} points")
    assert len(results) == EDGE_CASES


def test_what_is_refused(scripts: Scripts) -> None:
    """No public key, and nothing is agreed with it."""
    bad = refused()
    calls: list[Call] = [("valid", key) for key in bad.values()]
    calls += [("agree", octets(OTHER), key) for key in bad.values()]
    results = call(scripts, calls)
    assert dict(zip(bad, results, strict=False)) == dict.fromkeys(bad, FALSE)
    assert results[len(bad) :] == [NONE] * len(bad)
    assert len(set(bad.values())) == len(bad) == REFUSALS


def test_what_is_taken(scripts: Scripts) -> None:
    """Every point of the edge cases is a public key."""
    keys = points()
    assert dict(zip(keys, call(scripts, [("valid", key) for key in keys.values()]), strict=True)) == dict.fromkeys(
        keys, TRUE
    )


def test_a_secret_of_zero_has_no_public_key(scripts: Scripts) -> None:
    """Nor has one of n: both are infinity."""
    assert call(scripts, [("public", octets(0)), ("public", octets(N))]) == [NONE, NONE]
