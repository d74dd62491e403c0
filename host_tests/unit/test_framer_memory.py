"""The framer allocates nothing: receiving, checking, acknowledging, sending and sending again run with the heap locked.

MicroPython raises where something allocates under a locked heap, and the step's bytes would be missing. Only raising an
exception is not seen by that. What a frame is worth to the layers above is not part of it; what a whole exchange may
allocate is test_exchange_memory.py's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pytest

from gsme_host import wire
from gsme_host.wire import Ack, Kind
from host_tests.support.line import READ
from host_tests.unit.script import Scripts

OWN: Final = bytes.fromhex("A19078563412DB00")
MODULE: Final = "framer"
LONG: Final = READ.encode() + bytes(1600 - len(READ.encode()))
FULL_BLOCK: Final = READ.encode() + b"\x77" * 600


def frame(kind: int, seq: int, payload: bytes = b"") -> bytes:
    return wire.coded(wire.body(kind, seq, payload))


def ack(seq: int, status: int = Ack.ACCEPTED) -> bytes:
    return frame(Kind.ACK, seq, bytes((status,)))


SYNC_ACK: Final = frame(Kind.ACK, 0, bytes((Ack.ACCEPTED, wire.VERSION)) + wire.MAX_PAYLOAD.to_bytes(2, "little") + OWN)
OTHER_VERSION: Final = frame(
    Kind.ACK, 7, bytes((Ack.NOT_UNDERSTOOD, wire.VERSION)) + wire.MAX_PAYLOAD.to_bytes(2, "little") + OWN
)
ANSWER: Final = frame(Kind.DATA, 1, READ.encode())
SECOND: Final = frame(Kind.DATA, 2, LONG)
THIRD: Final = frame(Kind.DATA, 3, FULL_BLOCK)
BAD: Final = bytes((9,)) + frame(Kind.DATA, 4, READ.encode())[1:]

STEPS: Final = [  # what happens, its bytes, in words, what the device writes
    ("feed", frame(Kind.SYNC, 0, b"\x01"), "SYNC", SYNC_ACK),
    ("feed", frame(Kind.SYNC, 7, b"\x02"), "SYNC of another version", OTHER_VERSION),
    ("feed", frame(Kind.DATA, 1, READ.encode()), "DATA", ack(1)),
    ("feed", frame(Kind.DATA, 1, READ.encode()), "the same again", ack(1, Ack.REPEATED)),
    ("feed", frame(Kind.DATA, 2, b"short"), "a header cut short", ack(2, Ack.NOT_UNDERSTOOD)),
    ("feed", frame(Kind.DATA, 2, READ.encode()[:14] + b"\x03"), "a reserved aps", ack(2, Ack.NOT_UNDERSTOOD)),
    ("feed", frame(Kind.DATA, 2, LONG), "the longest frame", ack(2)),
    ("feed", frame(Kind.DATA, 3, FULL_BLOCK), "blocks without a zero", ack(3)),
    ("feed", BAD, "damage", b""),
    ("feed", b"\x55" * 5000 + b"\x00", "too long for a frame", b""),
    ("feed", frame(Kind.TEXT, 0, b"text"), "TEXT", b""),
    ("feed", b"\x00\x00\x00", "empty frames", b""),
    ("feed", frame(9, 0), "an unknown kind", b""),
    ("send", READ.encode(), "the device sends", ANSWER),
    ("tick", b"\x00\xc8", "200 ms without an ACK: again", ANSWER),
    ("feed", ack(1, Ack.NO_ROOM), "no room", b""),
    ("tick", b"\x00\x32", "50 ms later: again", ANSWER),
    ("feed", ack(1), "accepted", b""),
    ("send", LONG, "the longest", SECOND),
    ("feed", ack(2, Ack.NOT_UNDERSTOOD), "not understood", b""),
    ("send", FULL_BLOCK, "blocks without a zero", THIRD),
    ("feed", ack(3), "accepted", b""),
]


def given(steps: Iterable[tuple[str, bytes]]) -> str:
    return "".join(f"{name} {data.hex()}\n" for name, data in steps)


def test_the_framer_allocates_nothing(scripts: Scripts) -> None:
    written = scripts.run(MODULE, given(step[:2] for step in STEPS))
    assert len(written) == len(STEPS)
    for (name, _, words, expected), line in zip(STEPS, written, strict=True):
        assert line == expected.hex(), f"{name}: {words}"


def test_the_lock_is_a_lock(scripts: Scripts) -> None:
    """A second frame while the first waits for its ACK has to be kept, and so to be allocated."""
    kept = [("feed", frame(Kind.SYNC, 0, b"\x01")), ("send", READ.encode()), ("send", READ.encode())]
    with pytest.raises(AssertionError, match="MemoryError"):
        scripts.run(MODULE, given(kept))
