"""AES-GCM and GHASH of the device against NIST's examples and the `cryptography` package.

Source: NIST SP 800-38D and the examples of its proposal (McGrew and Viega, appendix B).
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from host_tests.unit.cryptography_calls import TRUE, Call, call
from host_tests.unit.script import Scripts

KEY: Final = bytes.fromhex("feffe9928665731c6d6a8f9467308308")
IV: Final = bytes.fromhex("cafebabefacedbaddecaf888")
PLAIN: Final = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
AAD: Final = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
PREFIX: Final = bytes.fromhex("110000000000")
EXAMPLES: Final = [  # key, iv, additional data, plaintext, ciphertext and tag: cases 1 to 3
    (bytes(16), bytes(12), b"", b"", "58e2fccefa7e3061367f1d57a4e7455a"),
    (bytes(16), bytes(12), b"", bytes(16), "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"),
    (
        KEY,
        IV,
        b"",
        PLAIN,
        (
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4"
        ),
    ),
]


def test_published_examples(scripts: Scripts) -> None:
    """Ciphertext and tag as NIST has them."""
    results = call(scripts, [("seal", *example[:4]) for example in EXAMPLES])
    assert results == [example[4] for example in EXAMPLES]


def test_lengths(scripts: Scripts) -> None:
    """Text of 0 to 70 octets, with additional data of 0 to 16."""
    texts = [(PLAIN * 2)[:length] for length in range(71)]
    results = call(scripts, [("seal", KEY, IV, AAD[: len(text) % 17], text) for text in texts])
    assert results == [AESGCM(KEY).encrypt(IV, text, AAD[: len(text) % 17]).hex() for text in texts]


def test_a_mac_over_two_parts(scripts: Scripts) -> None:
    """GMAC over the six octets in front and a view of up to 1,500."""
    views = [bytes(range(256)) * 6] * 2 + [(PLAIN * 3)[:length] for length in range(100)]
    views[1] = views[1][:1500]
    results = call(scripts, [("mac", KEY, IV, PREFIX, view) for view in views])
    assert results == [AESGCM(KEY).encrypt(IV, b"", PREFIX + view).hex() for view in views]


def test_the_twins_of_GHASH_agree(scripts: Scripts) -> None:
    """Native code and bytecode, on every length from 0 to 70 octets and on hash keys of one bit."""
    calls: list[Call] = [("ghash", KEY, (PLAIN * 2)[:length]) for length in range(71)]
    calls += [("ghash", (1 << bit).to_bytes(16, "big"), PLAIN) for bit in range(128)]
    assert call(scripts, [("twins",)]) == [TRUE], "there are two"
    results = call(scripts, calls)
    assert [line[:32] == line[32:] for line in results] == [True] * (71 + 128)
    assert len(set(results)) == len(results), "and each is its own"


def test_what_is_changed_is_not_opened(scripts: Scripts) -> None:
    """Each bit of text and tag, the tag cut to 12 octets; the unchanged one opens."""
    sealed = AESGCM(KEY).encrypt(IV, PLAIN[:20], b"\x31")
    text, tag = sealed[:20], sealed[20:32]
    calls: list[Call] = [("unseal", KEY, IV, b"\x31", text, tag)]
    for bit in range(8 * 32):
        changed = bytearray(text + tag)
        changed[bit // 8] ^= 1 << bit % 8
        calls.append(("unseal", KEY, IV, b"\x31", bytes(changed[:20]), bytes(changed[20:])))
    results = call(scripts, calls)
    assert results[0] == PLAIN[:20].hex()
    assert results[1:] == ["none"] * 256
