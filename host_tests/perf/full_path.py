"""The whole meter in MicroPython without a line: runs on_device/full_path.py and proves the bytes that it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from gsme_host.zcl import u8

from .exchanges import RING, Conversation, Exchange, ack
from .process import LARGE_HEAP, MEMORY_HEAP, Broken, Files, micropython, one_core, run

Measure = Literal["time", "heap", "none"]
MODULE: Final = "full_path"
VECTORS: Final = "vectors.bin"
WRITTEN: Final = "written.bin"
LAPS: Final = 2
LAP: Final = 25  # passes, so many that collections take their share and the clock's millisecond does not matter


def transactions_per_second(files: Files, exchange: Exchange) -> float:
    """Link bytes in, answer bytes out, per second of the processor; the best of some laps.

    TSN, sequence numbers and register are others each time.
    """
    readings = _measured(files, exchange, LAPS * LAP, "time", MEMORY_HEAP)[::LAP]
    return LAP * RING / min(after - before for before, after in pairwise(readings))


def heap_bytes(files: Files, exchange: Exchange) -> float:
    """Bytes that an exchange allocates, the mean of every TSN."""
    (allocated,) = _measured(files, exchange, 1, "heap", LARGE_HEAP)
    return allocated / RING


def command(files: Files, exchange: Exchange, passes: int, measure: Measure, heap: str) -> list[str]:
    """The command that measures; writes the vectors that it reads."""
    (files.scratch / VECTORS).write_bytes(_vectors(Conversation(exchange)))
    return micropython(MODULE, VECTORS, WRITTEN, passes, measure, heap=heap)


def check(files: Files, exchange: Exchange) -> None:
    """Compares what the meter wrote with what the specifications want; Broken where they differ."""
    conversation = Conversation(exchange)
    wanted = b"".join(b"".join(conversation.replies(turn, turn + 1)) for turn in range(RING))
    written = (files.scratch / WRITTEN).read_bytes()
    if written != wanted:
        at = next((i for i, pair in enumerate(zip(written, wanted, strict=False)) if pair[0] != pair[1]), len(written))
        raise Broken(
            f"{exchange.name}: {len(written)} bytes written, {len(wanted)} wanted, other from byte {at} on:\n"
            f"  written {written[at : at + 40].hex(' ')}\n  wanted  {wanted[at : at + 40].hex(' ')}"
        )


def _measured(files: Files, exchange: Exchange, passes: int, measure: Measure, heap: str) -> list[float]:
    result = run([*one_core(), *command(files, exchange, passes, measure, heap)], files.scratch, files.environment())
    check(files, exchange)
    return [float(line) for line in result.stdout.splitlines()]


def _vectors(conversation: Conversation) -> bytes:
    """The file whose layout the script describes."""
    setup = conversation.setup()
    head = u8(conversation.answer_count) + u8(conversation.first_ack) + u8(len(setup))
    return head + _counted(setup) + _counted(conversation.requests()) + _counted([ack(seq) for seq in range(RING)])


def _counted(frames: Sequence[bytes]) -> bytes:
    return b"".join(u8(len(frame)) + frame for frame in frames)
