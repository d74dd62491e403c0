"""Deterministic ECDSA of the device: RFC 6979's examples, and what another implementation makes of its signatures."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from gsme_host.gbcs import protection
from host_tests.unit.cryptography_calls import FALSE, TRUE, Call, N, P, call, octets, public
from host_tests.unit.script import Scripts

SECRET: Final = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
EXAMPLES: Final = {  # RFC 6979 A.2.5, P-256 with SHA-256
    b"sample": "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    b"test": "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
    "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
}


def test_published_examples(scripts: Scripts) -> None:
    calls: list[Call] = [("sign", octets(SECRET), sha256(text).digest()) for text in EXAMPLES]
    assert call(scripts, calls) == list(EXAMPLES.values())


def test_signatures_hold_elsewhere(scripts: Scripts) -> None:
    """Secrets and digests at their edges: the other implementation takes each signature."""
    secrets = (1, 2, N - 1, N - 2, 2**255, SECRET)
    digests = (bytes(32), b"\xff" * 32, octets(N), octets(N - 1), octets(1), sha256(b"").digest())
    pairs = [(secret, digest) for secret in secrets for digest in digests]
    results = call(scripts, [("sign", octets(secret), digest) for secret, digest in pairs])
    for (secret, digest), line in zip(pairs, results, strict=True):
        signature = bytes.fromhex(line)
        encoded = utils.encode_dss_signature(
            *(int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        )
        key = ec.derive_private_key(secret, protection.CURVE).public_key()
        key.verify(encoded, digest, ec.ECDSA(utils.Prehashed(SHA256())))
    assert len(set(results)) == len(pairs) - len(secrets), "a digest of n is one of zero"


def test_verification(scripts: Scripts) -> None:
    """A right one, the other s, and what is out of range or of somebody else."""
    digest = sha256(b"sample").digest()
    r, s = (int(EXAMPLES[b"sample"][at : at + 64], 16) for at in (0, 64))
    own = public(SECRET)
    cases = {
        "as published": (own, digest, r, s, True),
        "the other s": (own, digest, r, N - s, True),
        "another digest": (own, sha256(b"test").digest(), r, s, False),
        "another key": (public(SECRET - 1), digest, r, s, False),
        "no key": (bytes(64), digest, r, s, False),
        "r = 0": (own, digest, 0, s, False),
        "s = 0": (own, digest, r, 0, False),
        "r = n": (own, digest, N, s, False),
        "s = n": (own, digest, r, N, False),
        "r = p": (own, digest, P, s, False),
        "r and s changed about": (own, digest, s, r, False),
        "r = n - 1": (own, digest, N - 1, s, False),
        "s = n - 1": (own, digest, r, N - 1, False),
        "all ones": (own, digest, 2**256 - 1, 2**256 - 1, False),
        "both 1": (own, digest, 1, 1, False),
    }
    calls: list[Call] = [("verify", key, made, octets(a) + octets(b)) for key, made, a, b, _ in cases.values()]
    results = dict(zip(cases, call(scripts, calls), strict=True))
    assert results == {name: TRUE if case[4] else FALSE for name, case in cases.items()}
