"""The second after a start: Ctrl-C reaches the REPL, and 03 inside a frame does not.

Source: the serial HAN link, rule 8, and its examples; the keys are mpremote's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pytest

from gsme_host import wire
from gsme_host.wire import Kind
from host_tests.virtual_board import parts

SYNC: Final = bytes.fromhex("01 01 06 01 84 E9 46 88 00")
ACK: Final = bytes.fromhex("03 02 01 05 3D 3C DE E5 00")
READ: Final = bytes.fromhex("0A 01 01 A2 90 78 56 34 12 DB 09 01 01 09 01 08 07 02 09 08 05 FF 81 EA 5C 53 EB 00")
TO_BENCH: Final = wire.coded(wire.body(Kind.DATA, 3, bytes(8) + bytes.fromhex("01F00901 00FC00 01F1FF0300")))
KEYS_INSIDE: Final = wire.coded(wire.body(Kind.DATA, 3, bytes.fromhex("0D0A0303030D0A03") * 9))
LONG: Final = wire.coded(wire.body(Kind.DATA, 3, b"\x03" * 200))
LIKE_KEYS: Final = wire.coded(wire.body(Kind.TEXT, 0, b"restart?"))  # 02 03 0D ...
SECOND_MS: Final = 1000
PAUSE_MS: Final = 10


class Verdict(NamedTuple):
    """How a start went on: whether to the REPL, after how many ms, and what the link is given."""

    repl: bool
    ms: int
    given: bytes


def starts(all_arrivals: Sequence[Sequence[tuple[int, bytes]]]) -> list[Verdict]:
    lines = (" ".join(f"{ms}:{data.hex()}" for ms, data in arrivals) for arrivals in all_arrivals)
    told = parts.run("second", "".join(f"{line}\n" for line in lines).encode()).decode().splitlines()
    return [_verdict(*line.split(" ")) for line in told]


def _verdict(repl: str, ms: str, back: str) -> Verdict:
    return Verdict(repl == "1", int(ms), bytes.fromhex(back))


def start(*arrivals: tuple[int, bytes]) -> Verdict:
    return starts([arrivals])[0]


def test_nobody_is_waited_for_a_second() -> None:
    assert start() == (False, SECOND_MS, b"")


@pytest.mark.parametrize(
    ("keys", "wait_ms"),
    [
        (b"\x03", PAUSE_MS),
        (b"\x03\x03", 0),
        (b"\r\x03", PAUSE_MS),
        (b"\r\x03\r\x01", 0),
        (b"\x03\r\x01", 0),
        (b"\x03\x01", PAUSE_MS),
        (b"\n\x03", PAUSE_MS),
        (b"\x02\x03", PAUSE_MS),
    ],
)
@pytest.mark.parametrize("at_ms", [0, 1, 500, 980])
def test_ctrl_c_reaches_the_repl(keys: bytes, wait_ms: int, at_ms: int) -> None:
    verdict = start((at_ms, keys))
    assert (verdict.repl, verdict.ms) == (True, at_ms + wait_ms)


def test_ctrl_c_reaches_the_repl_in_the_last_ms() -> None:
    assert start((SECOND_MS - 1, b"\x03")).repl


@pytest.mark.parametrize("noise", [b"\xff", b"hello", b"\x00", b"\xff\x03\x00", b"\x03\x07", READ[:9]])
def test_ctrl_c_reaches_the_repl_behind_noise(noise: bytes) -> None:
    assert start((0, noise), (100, b"\x03")).repl


def test_ctrl_c_reaches_the_repl_behind_a_flood() -> None:
    verdict = start((0, b"\xaa" * 1000), (100, b"\x03"))
    assert verdict.repl


@pytest.mark.parametrize("frame", [SYNC, ACK, READ, TO_BENCH, KEYS_INSIDE, LONG, LIKE_KEYS])
def test_a_frame_ends_the_wait_and_is_the_links(frame: bytes) -> None:
    assert start((70, frame)) == (False, 70, frame)


@pytest.mark.parametrize("frame", [READ, TO_BENCH, KEYS_INSIDE, LONG])
@pytest.mark.parametrize("before", [b"\x00", b"\xff\xfe\x00", b"\r\n"])
def test_a_frame_behind_something_else_is_the_links(frame: bytes, before: bytes) -> None:
    assert start((0, before), (70, frame)) == (False, 70, before + frame)


@pytest.mark.parametrize("frame", [SYNC, ACK, READ, TO_BENCH])
def test_the_end_of_a_frame_is_no_ctrl_c(frame: bytes) -> None:
    """Its beginning was sent before the start. The host's next frame comes, and all of it goes to the link."""
    for cut in range(1, len(frame)):
        end = frame[cut:]
        verdict = start((0, end), (100, SYNC))
        assert not verdict.repl, f"from {cut} on: {end.hex()}"
        assert verdict.given in (end, end + SYNC)


def test_no_frame_of_a_host_is_a_ctrl_c() -> None:
    """SYNCs, ACKs and commands to the bench of every sequence number: all begin with bytes that are keys too."""
    frames = [wire.body(Kind.SYNC, seq, b"\x01") for seq in range(256)]
    frames += [wire.body(Kind.ACK, seq, bytes((status,))) for seq in range(256) for status in range(4)]
    frames += [wire.body(Kind.DATA, seq, bytes(8) + READ[11:25]) for seq in range(256)]
    coded = [wire.coded(frame) for frame in frames]
    assert starts([[(0, frame)] for frame in coded]) == [(False, 0, frame) for frame in coded]


def test_a_frame_that_breaks_off_is_no_ctrl_c() -> None:
    for cut in range(1, len(KEYS_INSIDE)):
        assert start((0, KEYS_INSIDE[:cut]), (100, SYNC)) == (False, 100, KEYS_INSIDE[:cut] + SYNC)


@pytest.mark.parametrize(
    "noise",
    [
        "00 00 FF 00 01 00 55 AA 55 AA 55 AA 55 AA 00 10 00",
        "05 01 AA BB CC DD EE FF 11 22 00",  # a kind, and codes that lead past the end
        "0A 07 AA BB CC DD EE FF 11 22 00",  # codes that lead to it, and no kind
        "06 01 AA BB CC DD 00",  # shorter than any frame
    ],
)
def test_noise_is_not_a_host(noise: str) -> None:
    """Zeros among noise do not shorten the second."""
    assert start((0, bytes.fromhex(noise))) == (False, SECOND_MS, bytes.fromhex(noise))


def test_a_frame_too_long_to_keep_is_dropped() -> None:
    """The host that sent it starts with a SYNC."""
    verdict = start((0, b"\xaa" * 1000 + b"\x00"), (200, SYNC))
    assert not verdict.repl
    assert verdict.ms == 200
    assert verdict.given.endswith(SYNC)
    assert len(verdict.given) <= 256 + len(SYNC)
