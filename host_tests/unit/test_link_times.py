"""When the device sends again, and when it gives up, with a clock of the test's own: also where its ticks wrap.

Source: the link's specification, rule 2 (200 ms and the frame's own time on the wire, 5 transmissions in all) and ACK
02 (again after 50 ms, given up after 2 s). The board's ticks are MicroPython's: they wrap at 2**30. `when due` polls
only when the link says that it is due: whoever sleeps so long must not be late.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pytest

from gsme_host import wire
from gsme_host.wire import Ack, Kind
from host_tests.unit.script import Scripts

MODULE: Final = "link_times"
TICKS: Final = 1 << 30  # where ticks wrap
STARTS: Final = {"0": 0, "before the wrap": TICKS - 500, "at the last tick": TICKS - 1, "half way": TICKS // 2 - 500}
EVERY_MS: Final = 1
WHEN_DUE: Final = 0
FRAME_BYTES: Final = 23  # on the wire: code, kind, sequence number, payload 15, CRC 4, zero
ACK_WAIT_MS: Final = 200
TRANSMISSIONS: Final = 5
AGAIN_MS: Final = 50
NO_ROOM_LIMIT_MS: Final = 2000
SYNC: Final = wire.coded(wire.body(Kind.SYNC, 0, bytes((wire.VERSION,)))).hex()
NO_ROOM: Final = wire.coded(wire.body(Kind.ACK, 1, bytes((Ack.NO_ROOM,)))).hex()


@dataclass(frozen=True)
class Run:
    """When the first frame was sent, how many were given up, when the second one was sent."""

    sent: list[int]
    dropped: int
    next_sent: int


def run(scripts: Scripts, start: int, step: int, ack: str, ms_a_byte: int = 0) -> Run:
    *sent, dropped, next_sent = map(int, scripts.run(MODULE, f"{start} {ms_a_byte} {step} {SYNC} {ack}\n"))
    return Run(sent, dropped, next_sent)


steps = pytest.mark.parametrize("step", [EVERY_MS, WHEN_DUE], ids=["every ms", "when due"])
starts = pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)


@steps
@starts
@pytest.mark.parametrize("ms_a_byte", [0, 1, 10])
def test_rule_2_five_transmissions_200_ms_and_the_frames_time_apart(
    sources: Scripts, start: int, step: int, ms_a_byte: int
) -> None:
    wait = ACK_WAIT_MS + FRAME_BYTES * ms_a_byte
    found = run(sources, start, step, "-", ms_a_byte)
    assert found.sent == [n * wait for n in range(TRANSMISSIONS)]
    assert (found.dropped, found.next_sent) == (1, TRANSMISSIONS * wait)


@steps
@starts
def test_ack_02_again_every_50_ms_and_given_up_after_2_s(sources: Scripts, start: int, step: int) -> None:
    """The last transmission is the one at two seconds, or the one before."""
    found = run(sources, start, step, NO_ROOM)
    assert {later - earlier for earlier, later in pairwise(found.sent)} == {AGAIN_MS}
    assert NO_ROOM_LIMIT_MS - AGAIN_MS <= found.sent[-1] <= NO_ROOM_LIMIT_MS
    assert found.dropped == 1
    assert found.sent[-1] <= found.next_sent <= NO_ROOM_LIMIT_MS + AGAIN_MS
