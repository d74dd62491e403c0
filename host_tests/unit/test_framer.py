"""The framer's parts against others' code: CRC-32 against zlib, COBS against the package cobs, on the same bytes.

Source: the link's specification, "Wire" (CRC-32/ISO-HDLC, COBS) and rule 5 (both ways to end a block of 254 bytes). The
check value is computed in native code where there is some, and in bytecode: both are run here. A pass does not prove
what other processors' native code does.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from typing import Final

from cobs import cobs

from host_tests.unit.script import Scripts

SEED: Final = 0x6D703738
BLOCK: Final = 254  # bytes without a zero that one code covers
LONGEST: Final = 1606  # a body of the link: kind, sequence number, 1600 bytes, CRC
ALL_VALUES: Final = bytes(range(256))
EDGES: Final = (1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, LONGEST)
GARBAGE: Final = 2000


def _bodies() -> Iterator[bytes]:
    """Around every length of a block, with a zero nowhere, at every edge, everywhere; and at random."""
    source = random.Random(SEED)  # noqa: S311  # it has to be repeatable
    for length in EDGES:
        run = bytes(1 + n % 255 for n in range(length))
        yield run
        yield from (run[:at] + b"\0" + run[at:] for at in (0, 1, length - 1, length, *range(BLOCK - 2, BLOCK + 3)))
        yield bytes(length)
    yield from (source.randbytes(source.randrange(1, LONGEST)) for _ in range(100))
    yield from (ALL_VALUES[n:] + ALL_VALUES[:n] for n in range(0, 256, 15))


BODIES: Final = [body for body in _bodies() if len(body) <= LONGEST]


# --- CRC-32


def test_crc32_has_two_ways_on_this_port(scripts: Scripts) -> None:
    """Native code is live: otherwise the comparison below would compare bytecode with itself."""
    assert scripts.call(("two", b"", 0)) == [(1, b"")]


def test_crc32_native_and_bytecode_are_zlibs(scripts: Scripts) -> None:
    wanted = [(1, zlib.crc32(body).to_bytes(4, "little")) for body in BODIES]
    for name in ("crc", "crc_bytecode"):
        assert scripts.call(*((name, body, 0) for body in BODIES)) == wanted, name


def test_crc32_begins_where_it_is_told(scripts: Scripts) -> None:
    offsets = range(len(ALL_VALUES) + 1)
    wanted = [(1, zlib.crc32(ALL_VALUES[offset:]).to_bytes(4, "little")) for offset in offsets]
    for name in ("crc", "crc_bytecode"):
        assert scripts.call(*((name, ALL_VALUES, offset) for offset in offsets)) == wanted, name


def test_crc32_is_appended_little_endian(scripts: Scripts) -> None:
    wanted = [(1, body + zlib.crc32(body).to_bytes(4, "little")) for body in BODIES]
    assert scripts.call(*(("append", body, 0) for body in BODIES)) == wanted


def test_crc32_holds_and_no_flipped_bit_does(scripts: Scripts) -> None:
    whole = ALL_VALUES[:40] + zlib.crc32(ALL_VALUES[:40]).to_bytes(4, "little")
    flipped = [(int.from_bytes(whole, "big") ^ 1 << bit).to_bytes(len(whole), "big") for bit in range(8 * len(whole))]
    assert scripts.call(("holds", whole, 0)) == [(1, b"")]
    assert scripts.call(*(("holds", one, 0) for one in flipped)) == [(0, b"")] * 8 * len(whole)


# --- COBS


def test_cobs_encodes_as_the_package_does(scripts: Scripts) -> None:
    wanted = [(1, cobs.encode(body) + b"\0") for body in BODIES]
    assert scripts.call(*(("encode", body, 0) for body in BODIES)) == wanted


def test_cobs_decodes_what_the_package_encodes(scripts: Scripts) -> None:
    assert scripts.call(*(("decode", cobs.encode(body), 0) for body in BODIES)) == [(1, body) for body in BODIES]


def test_cobs_decodes_the_other_ending_of_a_full_block(scripts: Scripts) -> None:
    """A code of its own, 01, behind a block that the frame ends with: other encoders send it."""
    ends = [(body, len(body.rpartition(b"\0")[2])) for body in BODIES]  # bytes behind the last zero
    full = [body for body, run in ends if run and run % BLOCK == 0]
    assert {len(body) for body in full} >= {BLOCK, 2 * BLOCK}
    frames = [cobs.encode(body) + b"\1" for body in full]
    assert [cobs.decode(frame) for frame in frames] == full
    assert scripts.call(*(("decode", frame, 0) for frame in frames)) == [(1, body) for body in full]


def test_cobs_refuses_what_the_package_refuses(scripts: Scripts) -> None:
    """Noise without zeros, and good frames cut short."""
    source = random.Random(SEED)  # noqa: S311  # it has to be repeatable
    frames = [bytes(source.randrange(1, 256) for _ in range(source.randrange(1, 40))) for _ in range(GARBAGE)]
    frames += [bytes((source.choice((1, 2, 3, 255)),)) * n for n in range(1, 600, 7)]
    frames += [cobs.encode(ALL_VALUES * 3)[:length] for length in range(1, 774)]
    wanted = [_decoded(frame) for frame in frames]
    assert scripts.call(*(("decode", frame, 0) for frame in frames)) == wanted
    assert {number for number, _ in wanted} == {1, -1}, "both kinds were among them"


def _decoded(frame: bytes) -> tuple[int, bytes]:
    try:
        return 1, cobs.decode(frame)
    except cobs.DecodeError:
        return -1, b""
