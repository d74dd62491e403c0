"""The nRF52840's AES peripheral: the driver against a model of its registers.

Source: nRF52840 Product Specification, "ECB - AES electronic codebook mode encryption": 48 bytes of key, cleartext and
ciphertext; a core that CCM and AAR share and have first; ERRORECB. The model's AES is not the driver's. Not proved:
that the model is the chip.
"""

from __future__ import annotations

import random
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from host_tests.boards.script import run

# FIPS 197, appendix B and appendix C.1
EXAMPLES: Final = [
    ("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32"),
    ("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"),
]
TRIES: Final = 10
RUNNING: Final = 9  # instead of a number of conflicts: an operation was left running


def _encrypt(*blocks: tuple[int, int, str, str]) -> list[list[str]]:
    lines = run("ecb", "nrf52840dk", "".join(f"{busy} {hang} {key} {block}\n" for busy, hang, key, block in blocks))
    assert len(lines) == len(blocks)
    return [line.split() for line in lines]


def test_the_published_examples() -> None:
    answers = _encrypt(*[(0, 0, key, plain) for key, plain, _ in EXAMPLES])
    assert answers == [[cipher, "1"] for _, _, cipher in EXAMPLES]


def test_many_keys_and_blocks_agree_with_another_implementation() -> None:
    source = random.Random(0)  # noqa: S311  # the same every time
    pairs = [(source.randbytes(16), source.randbytes(16)) for _ in range(100)]
    expected = []
    for key, plain in pairs:
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # what the peripheral does
        expected.append([(encryptor.update(plain) + encryptor.finalize()).hex(), "1"])
    assert _encrypt(*[(0, 0, key.hex(), plain.hex()) for key, plain in pairs]) == expected


def test_a_core_that_is_taken_is_asked_again() -> None:
    """By CCM or AAR (ERRORECB), or by an operation that was left running, which is stopped."""
    key, plain, cipher = EXAMPLES[0]
    for busy in (1, 5, TRIES - 2, RUNNING):
        assert _encrypt((busy, 0, key, plain)) == [[cipher, "1"]], busy


def test_an_operation_without_an_end_is_started_again() -> None:
    key, plain, cipher = EXAMPLES[1]
    assert _encrypt((0, 1, key, plain), (0, 3, key, plain), (2, 2, key, plain)) == [[cipher, "1"]] * 3


def test_what_never_ends_is_an_error_and_the_next_block_is_right() -> None:
    """No ciphertext of before, and none of zeros, goes for an answer."""
    key, plain, cipher = EXAMPLES[0]
    answers = _encrypt((0, 0, key, plain), (8, 4, key, plain), (0, TRIES, key, plain), (0, 0, key, plain))
    assert answers == [[cipher, "1"], ["OSError", "0"], ["OSError", "0"], [cipher, "1"]]


def test_wrong_lengths_are_refused() -> None:
    key, plain, _ = EXAMPLES[0]
    for bad in ((0, 0, key[2:], plain), (0, 0, key * 2, plain), (0, 0, key, plain[2:]), (0, 0, key, plain + "00")):
        assert _encrypt(bad) == [["ValueError", "0"]]
