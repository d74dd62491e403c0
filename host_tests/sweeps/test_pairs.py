"""Every ordered pair of commands, sent without waiting for the answer to the first: each is answered as if alone.

The pairs are neighbours in a sequence that has each of them once, so no command waits for the one before it to be done:
what a command leaves behind in the meter (buffers, the request, a direction) would show in the next one's bytes. The
state is settled first: every valid command has been sent once, so that none changes anything. Source: the link's rules
1 and 6; ZCL 2.4 (an answer repeats its request's sequence number). Not proved: pairs of different requesters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import Final

import pytest

from gsme_host.meter import Meter
from gsme_host.wire import Data
from host_tests.judges.mutations import Sample, samples
from host_tests.judges.predictions import predicted_count
from host_tests.judges.sweeps import ordered_pairs
from host_tests.support.sweeper import allowed_pushes, ask_all, state_of, to_meter
from host_tests.support.target import Target

BATCH: Final = 256
CHUNKS: Final = 4
SAMPLES: Final = list(samples())
PAIRS: Final = predicted_count(ordered_pairs)


def neighbours() -> Iterator[int]:
    """Numbers of samples, each ordered pair of them once side by side: a circle, so the first comes last again."""
    count = len(SAMPLES)
    for first in range(count):
        yield first
        for second in range(first + 1, count):
            yield from (first, second)
    yield 0


def test_the_sequence_has_every_pair_once() -> None:
    pairs = list(pairwise(neighbours()))
    assert len(pairs) == PAIRS
    assert set(pairs) == set(product(range(len(SAMPLES)), repeat=2))


@pytest.mark.parametrize("number", range(CHUNKS))
def test_ordered_pairs(uncaptured: Target, number: int, tally: Callable[[str, int], None]) -> None:
    """One part of the sequence; it begins with the last command of the part before it."""
    meter = uncaptured.meter
    _alone(meter)
    alone = _alone(meter)
    before = state_of(meter).kept
    size = -(-PAIRS // CHUNKS)
    part = list(neighbours())[number * size : (number + 1) * size + 1]
    for at in range(0, len(part) - 1, BATCH - 1):
        _check(meter, part[at : at + BATCH], alone)
    assert state_of(meter).kept == before
    allowed_pushes(meter)
    tally("ordered pairs", len(part) - 1)


def _alone(meter: Meter) -> list[list[bytes]]:
    """What answers each command when nothing else is sent, under sequence number 0."""
    return [ask_all(meter, [_frame(sample, 0)])[0].to_requester() for sample in SAMPLES]


def _frame(sample: Sample, tsn: int) -> Data:
    return to_meter(sample.cluster, _numbered(sample.asdu(sample.command.sample), tsn))


def _numbered(asdu: bytes, tsn: int) -> bytes:
    return asdu[:1] + bytes((tsn,)) + asdu[2:]


def _check(meter: Meter, numbers: Sequence[int], alone: Sequence[Sequence[bytes]]) -> None:
    """Sends one command after the other; the answers differ from those `alone` in the sequence number only."""
    exchanges = ask_all(meter, [_frame(SAMPLES[number], tsn) for tsn, number in enumerate(numbers)])
    for tsn, (number, exchange) in enumerate(zip(numbers, exchanges, strict=True)):
        expected = [_numbered(answer, tsn) for answer in alone[number]]
        told = f"{SAMPLES[number].command.title} behind {SAMPLES[numbers[tsn - 1]].command.title}"
        assert exchange.to_requester() == expected, told
