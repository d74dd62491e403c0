"""Every command cut, extended and with counts that lie; every id that there is not: a clear answer or a counted drop.

After each frame: its answer, and the next frame served; after each batch of at most 256: nothing changed, but for what
a meter writes down of refusals. What is sent is made from the tables of the specification, and so is the number of
cases, which the end of a run prints. Sources: ZCL 2.4 and 2.5, ZSE D.9 and D.10; order of checks 3, 4 and 6; odd
frames. Answers are compared byte by byte where the texts say what they are; elsewhere one that does not call the frame
malformed will do.

Not proved: that a frame does not change what a later one of its batch changes back; no frame here is made for that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.meter import Exchange
from host_tests.judges import mutations
from host_tests.judges.mutations import Case, Expect, samples
from host_tests.judges.outcome import complaint
from host_tests.judges.predictions import GENERATORS, predicted_count
from host_tests.support.sweeper import (
    MALFORMED_AN_HOUR,
    MANY_MALFORMED,
    REFUSED,
    allowed_pushes,
    answer_head,
    ask_all,
    batches,
    chunk,
    default_response,
    furnish,
    state_of,
    status_of,
    to_meter,
)
from host_tests.support.target import Target

Generator = Callable[[], Iterator[Case]]

CHUNK: Final = 4096  # cases that one meter gets
CHUNKS: Final = [(generator, n) for generator in GENERATORS for n in range(ceil(predicted_count(generator) / CHUNK))]
CAPTURED: Final = (mutations.cuts, mutations.extensions, mutations.counts, mutations.string_lengths)
REFUSALS: Final = (Expect.STATUS, Expect.DROPPED, Expect.SILENT)
WRITTEN: Final = bytes((zcl.Global.WRITE_RESPONSE, zcl.Status.SUCCESS))
TOLD: Final = 5  # complaints


@pytest.mark.parametrize(("generator", "number"), CHUNKS, ids=[f"{g.__name__}-{n}" for g, n in CHUNKS])
def test_bad_frames(
    generator: Generator, number: int, request: pytest.FixtureRequest, tally: Callable[[str, int], None]
) -> None:
    """First what has to be refused, from the state that the factory left; then what is served, from a settled one."""
    cases = chunk(generator(), number, CHUNK)
    assert len(cases) == min(CHUNK, predicted_count(generator) - number * CHUNK)
    captured = generator in CAPTURED
    sweep = Sweep(request.getfixturevalue("target" if captured else "uncaptured"), 64 if captured else 256)
    sweep.run([case for case in cases if _refused(case)])
    sweep.settle()
    sweep.run([case for case in cases if not _refused(case)])
    sweep.check_records()
    assert sweep.swept == len(cases)
    tally("distinct bad frames", sweep.swept)


def _refused(case: Case) -> bool:
    return case.expect in REFUSALS or (case.expect is Expect.RECORD and case.status != zcl.Status.SUCCESS)


class Sweep:
    """One meter and what it has been sent."""

    def __init__(self, target: Target, size: int) -> None:
        """`size`: frames in a batch, each with a sequence number of its own."""
        self.target = target
        self._size = size
        self.swept = 0
        self._malformed = 0  # frames dropped, or answered 80
        self._refused = 0  # frames answered 7E
        furnish(target)
        self._state = state_of(target.meter)

    def settle(self) -> None:
        """Sends every valid command, so that each of them changes nothing from now on."""
        valid = [Case("", "", s.cluster, s.side, s.asdu(s.command.sample), Expect.CLEAR) for s in samples()]
        for batch in batches(valid, self._size):
            self._send(batch)
        self._state = state_of(self.target.meter)

    def run(self, cases: Sequence[Case]) -> None:
        """Sends all, batch by batch; AssertionError names what was answered wrongly, or did change something."""
        for batch in batches(cases, self._size):
            bases = self._bases(batch)
            exchanges = self._send(batch)
            self._malformed += sum(case.expect is Expect.DROPPED for case in batch)
            faults = list(filter(None, map(_fault, batch, exchanges, bases)))
            assert not faults, f"{len(faults)} of {len(batch)}\n" + "\n".join(faults[:TOLD])
            self._compare(batch, exchanges)
            self.swept += len(batch)

    def check_records(self) -> None:
        """What was written down of refusals, and told to the GPF, is what there was reason for; each of it once."""
        expected = [REFUSED] * (self._refused > 0) + [MANY_MALFORMED] * (self._malformed > MALFORMED_AN_HOUR)
        assert sorted(state_of(self.target.meter).recorded) == expected
        assert sorted(allowed_pushes(self.target.meter)) == expected

    def _bases(self, batch: Sequence[Case]) -> list[list[bytes]]:
        """The answers to the frames before they were changed, where a case asks for the same ones."""
        if not any(case.expect is Expect.SAME for case in batch):
            return [[]] * len(batch)
        return [exchange.to_requester() for exchange in self._send([replace(case, asdu=case.base) for case in batch])]

    def _send(self, batch: Sequence[Case]) -> list[Exchange]:
        exchanges = ask_all(self.target.meter, [to_meter(case.cluster, case.asdu) for case in batch])
        self.target.meter.journal += exchanges
        statuses = Counter(status_of(answer) for exchange in exchanges for answer in exchange.to_requester())
        self._malformed += statuses[zcl.Status.MALFORMED_COMMAND]
        self._refused += statuses[zcl.Status.NOT_AUTHORIZED]
        return exchanges

    def _compare(self, batch: Sequence[Case], exchanges: Sequence[Exchange]) -> None:
        """Only a write that reports success changes something, and only where it was written to."""
        state = state_of(self.target.meter)
        changed = {name for name, was in self._state.kept.items() if state.kept[name] != was}
        written = any(answer[-2:] == WRITTEN for exchange in exchanges for answer in exchange.to_requester())
        if changed and not (written and all(name.startswith("0000 ") for name in changed)):
            raise AssertionError(f"{sorted(changed)} changed by {self._culprit(batch) or 'one frame of many'}")
        self._state = state

    def _culprit(self, batch: Sequence[Case]) -> str:
        """The first frame of the batch that changes something by itself."""
        for case in batch:
            before = state_of(self.target.meter).kept
            self._send([case])
            if state_of(self.target.meter).kept != before:
                return f"{case.name} [{case.asdu.hex(' ')}]"
        return ""


def _fault(case: Case, exchange: Exchange, base: Sequence[bytes]) -> str:
    """What is wrong with the answers, one line; empty if nothing is."""
    answers, expected = exchange.to_requester(), _exact(case)
    if expected is None:
        return complaint(case, answers, base)
    if answers == expected:
        return ""
    came, wanted = (" | ".join(frame.hex(" ") for frame in frames) or "nothing" for frames in (answers, expected))
    return f"{case.name} [{case.asdu.hex(' ')}] wants {wanted}, got {came}"


def _exact(case: Case) -> list[bytes] | None:
    """The answers to the byte, where the texts say what they are."""
    if case.expect in (Expect.DROPPED, Expect.SILENT):
        return []
    if case.expect is Expect.STATUS:
        return [default_response(case.asdu, case.status)]
    return [_records(case)] if case.expect is Expect.RECORD else None


def _records(case: Case) -> bytes:
    """Read Attributes Response in which every attribute has the status, or Write Attributes Response to one record."""
    frame, status = zcl.Frame.parse(case.asdu), bytes((case.status,))
    ids = [frame.payload[at : at + 2] for at in range(0, len(frame.payload), 2)]
    if frame.command == zcl.Global.READ:
        return answer_head(case.asdu, zcl.Global.READ_RESPONSE) + b"".join(name + status for name in ids)
    return answer_head(case.asdu, zcl.Global.WRITE_RESPONSE) + status + (ids[0] if case.status else b"")
