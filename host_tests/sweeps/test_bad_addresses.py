"""Frames for nobody, under the wrong key, to everybody: silence or one refusal, nothing changed, the next frame served.

Sources: rule 6 of the link (unknown endpoint or profile: taken in, not answered); order of checks 1 (a broadcast is
never answered) and 2 (link key for all but Basic and Identify, which take the network key: 7E, whatever else is wrong);
odd frames (endpoint FF: as endpoint 1, without answering errors). 7E for a missing key is a choice: ZSE has 01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.meter import BENCH_ENDPOINT, Exchange
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE, Data
from gsme_host.zcl import Cluster
from host_tests.judges.meter_map import OPEN_CLUSTERS
from host_tests.judges.mutations import Case, Expect, Sample, counts, cuts, samples
from host_tests.judges.predictions import predicted_count
from host_tests.judges.sweeps import frame_controls, unknown_commands
from host_tests.support.sweeper import (
    MALFORMED_AN_HOUR,
    MANY_MALFORMED,
    REFUSED,
    allowed_pushes,
    ask_all,
    batches,
    default_response,
    furnish,
    state_of,
    to_meter,
)
from host_tests.support.target import Target

BATCH: Final = 256
EVERY_ENDPOINT: Final = 0xFF
HOME: Final = (1, EVERY_ENDPOINT)  # endpoints at which the meter answers
NAMED_PROFILES: Final = frozenset((0x0000, 0x0104, 0x0901, 0xA1E0, 0xC05E, 0xFFFF))
ONE_BIT_AWAY: Final = frozenset(zcl.PROFILE_SE ^ 1 << bit for bit in range(16))
EVERY_251ST: Final = frozenset(range(0, 0x10000, 251))  # a prime: each value of both bytes comes up
PROFILES: Final = sorted((NAMED_PROFILES | ONE_BIT_AWAY | EVERY_251ST) - {zcl.PROFILE_SE})
ASKED: Final = (  # cluster, frame control, command and payload of a request that endpoint 1 answers
    (Cluster.BASIC, b"\x00", b"\x00\x00\x00"),
    (Cluster.METERING, b"\x00", b"\x00\x00\x03"),
    (Cluster.DEVICE_MANAGEMENT, b"\x09", b"\x05\x0d\x81"),
)
BAD: Final = (cuts, counts, unknown_commands, frame_controls)
ERRORS: Final = (Expect.STATUS, Expect.DROPPED, Expect.SILENT)
NEVER_ANSWERED: Final = (Expect.DROPPED, Expect.SILENT)


class Watched:
    """A meter with something to lose; `check` proves that it has lost nothing."""

    def __init__(self, target: Target) -> None:
        self.meter = target.meter
        furnish(target)
        self._state = state_of(target.meter)
        self._malformed = 0
        self.swept = 0

    def sweep(self, cases: Iterable[Case], frame: Callable[[Case], Data], wants: Callable[[Case], list[bytes]]) -> None:
        """Sends each case as `frame` makes it; AssertionError where the answers are not what `wants` says."""
        for batch in batches(list(cases), BATCH):
            exchanges = ask_all(self.meter, map(frame, batch))
            wrong = [_told(c, e) for c, e in zip(batch, exchanges, strict=True) if e.to_requester() != wants(c)]
            assert not wrong, "\n".join(wrong[:5])
            self._malformed += sum(case.expect is Expect.DROPPED for case in batch)
            self.swept += len(batch)

    def check(self, *, refused: bool) -> None:
        """Nothing has changed, but for what is written down of refusals and malformed frames, and told to the GPF."""
        state = state_of(self.meter)
        assert state.kept == self._state.kept
        expected = [REFUSED] * refused + [MANY_MALFORMED] * (self._malformed > MALFORMED_AN_HOUR)
        assert sorted(state.recorded) == expected
        assert sorted(allowed_pushes(self.meter)) == expected


def _told(case: Case, exchange: Exchange) -> str:
    came = " | ".join(answer.hex(" ") for answer in exchange.to_requester()) or "nothing"
    return f"{case.name} [{exchange.request}] got {came}"


@pytest.fixture
def watched(uncaptured: Target) -> Watched:
    return Watched(uncaptured)


def _bad(*expects: Expect) -> list[Case]:
    return [case for generator in BAD for case in generator() if not expects or case.expect in expects]


def _frame(case: Case) -> Data:
    return to_meter(case.cluster, case.asdu)


def _nothing(case: Case) -> list[bytes]:
    return []


# --- for nobody


@pytest.mark.parametrize(("cluster", "control", "rest"), ASKED, ids=[asked[0].name for asked in ASKED])
def test_rule_6_every_unknown_endpoint_is_silent(watched: Watched, cluster: int, control: bytes, rest: bytes) -> None:
    """The bench's among them: to anybody but the bench it does not exist. The other two answer."""
    exchanges = ask_all(watched.meter, [_to(endpoint, cluster, control, rest) for endpoint in range(256)])
    answered = [exchange.request.own_endpoint for exchange in exchanges if exchange.answers]
    assert answered == list(HOME)
    assert BENCH_ENDPOINT not in HOME
    watched.check(refused=False)


def _to(endpoint: int, cluster: int, control: bytes, rest: bytes) -> Data:
    return replace(to_meter(cluster, control + bytes((endpoint,)) + rest), own_endpoint=endpoint)


@pytest.mark.parametrize(("cluster", "control", "rest"), ASKED, ids=[asked[0].name for asked in ASKED])
def test_rule_6_unknown_profiles_are_silent(watched: Watched, cluster: int, control: bytes, rest: bytes) -> None:
    """All that differ from the meter's in one bit, the best known, and every 251st."""
    swept = 0
    for at in range(0, len(PROFILES), BATCH):
        profiles = enumerate(PROFILES[at : at + BATCH])
        requests = [replace(to_meter(cluster, control + bytes((tsn,)) + rest), profile=p) for tsn, p in profiles]
        assert not any(exchange.answers for exchange in ask_all(watched.meter, requests))
        swept += len(requests)
    assert swept == len(PROFILES) > BATCH
    watched.check(refused=False)


# --- under the wrong key


def _valid() -> list[Case]:
    """Every command on every side, as it should be."""
    return [
        Case("VALID", str(n), sample.cluster, sample.side, sample.asdu(sample.command.sample), _expect(sample))
        for n, sample in enumerate(samples())
    ]


def _expect(sample: Sample) -> Expect:
    return Expect.SILENT if sample.command.silent else Expect.CLEAR


def _for_step_2(cases: Iterable[Case], security: int) -> list[Case]:
    """Those that step 2 refuses: all, but for Basic and Identify under the network key."""
    return [case for case in cases if security == SECURITY_NONE or case.cluster not in OPEN_CLUSTERS]


def _not_authorized(case: Case) -> list[bytes]:
    return [] if case.expect in NEVER_ANSWERED else [default_response(case.asdu, zcl.Status.NOT_AUTHORIZED)]


@pytest.mark.parametrize("cases", [_valid, _bad], ids=["valid", "bad"])
@pytest.mark.parametrize("security", [SECURITY_NONE, NETWORK_KEY], ids=["no key", "network key"])
def test_step_2_without_the_link_key_7E(watched: Watched, security: int, cases: Callable[[], list[Case]]) -> None:
    """And nothing else: neither what is wrong with the frame, nor that there is no such cluster or command."""
    refused = _for_step_2(cases(), security)
    watched.sweep(refused, lambda case: replace(_frame(case), aps=security), _not_authorized)
    assert watched.swept == len(refused) > len(cases()) // 2
    watched.check(refused=True)


# --- to everybody


def test_step_1_broadcast_errors_are_silent(watched: Watched) -> None:
    refused = _bad(*ERRORS)
    watched.sweep(refused, lambda case: replace(_frame(case), aps=LINK_KEY | APS_BROADCAST), _nothing)
    assert watched.swept == len(refused)
    watched.check(refused=False)


def test_step_1_broadcast_reads_are_silent(watched: Watched) -> None:
    """What would be answered, if it came to the meter alone."""
    for cluster, control, rest in ASKED:
        frames = [to_meter(cluster, control + bytes((tsn,)) + rest) for tsn in range(BATCH)]
        broadcasts = [replace(frame, aps=LINK_KEY | APS_BROADCAST) for frame in frames]
        assert not any(exchange.answers for exchange in ask_all(watched.meter, broadcasts))
        assert all(exchange.answers for exchange in ask_all(watched.meter, frames))
    watched.check(refused=False)


def test_endpoint_ff_does_not_answer_errors(watched: Watched) -> None:
    refused = _bad(*ERRORS)
    watched.sweep(refused, lambda case: replace(_frame(case), own_endpoint=EVERY_ENDPOINT), _nothing)
    assert watched.swept == len(refused)
    watched.check(refused=False)


def test_the_bad_frames_here_are_as_many_as_the_tables_predict() -> None:
    assert len(_bad()) == sum(predicted_count(generator) for generator in BAD)
