"""The generators yield what the tables predict, each case once, and the samples that they lie about are valid."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from host_tests.judges.commands import HEADER
from host_tests.judges.layout import Fit
from host_tests.judges.mutations import Case, Expect, counts, cuts, extensions, samples
from host_tests.judges.predictions import GENERATORS, predicted_clusters, predicted_count
from host_tests.judges.sweeps import frame_controls, ordered_pairs, unknown_clusters
from host_tests.judges.zcl_oracle import judge


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: str(generator.__name__))
def test_as_many_cases_as_predicted(generator: Callable[..., Iterator[Case]]) -> None:
    """The number of distinct cases is the predicted one."""
    cases = list(generator())
    assert len(cases) == predicted_count(generator)
    assert len({case.name for case in cases}) == len(cases)


def test_pairs() -> None:
    """Every ordered pair of samples."""
    commands = list(samples())
    assert sum(1 for _ in ordered_pairs(commands)) == predicted_count(ordered_pairs)


@pytest.mark.parametrize("step", [1, 2, 3, 97, 0x708])
def test_steps_through_the_clusters(step: int) -> None:
    """Known clusters are left out wherever the step lands on them."""
    assert sum(1 for _ in unknown_clusters(step)) == predicted_clusters(step)


def test_samples_are_valid() -> None:
    """Each fills its layout to the last byte, and zigpy decodes it to the last byte."""
    judged = 0
    for sample in samples():
        payload = sample.command.sample
        measured = sample.command.layout.measure(payload)
        assert (measured.fit, measured.used) == (Fit.COMPLETE, len(payload)), sample
        if not sample.command.silent:
            judge(sample.cluster, sample.asdu(payload))
            judged += 1
    assert judged


def test_every_byte_is_cut_and_zigpy_agrees_that_it_is_short() -> None:
    """What the layouts call malformed, zigpy cannot decode either, but for a list that has become empty."""
    refused = 0
    for case in cuts():
        if case.expect is Expect.STATUS and len(case.asdu) > HEADER:
            with pytest.raises(AssertionError):
                judge(case.cluster, case.asdu)
            refused += 1
    assert refused


def test_extensions_leave_the_frame_whole() -> None:
    """The longer frame begins with the one that it extends."""
    for case in extensions():
        assert case.asdu.startswith(case.base), case.name


def test_named_cases() -> None:
    """Names as people look for them."""
    names = {case.name for generator in (cuts, counts) for case in generator()}
    assert "0709-SERVER/GET_EVENT_LOG/CUT_AT_3" in names
    assert "0708-CLIENT/SET_EVENT_CONFIGURATION_LIST/COUNT_IS_FF" in names


def test_numbered_keeps_everything_else() -> None:
    """Only the sequence number changes, wherever it stands."""
    for case in frame_controls():
        numbered = case.numbered(0x5A)
        differs: list[Any] = [i for i, (a, b) in enumerate(zip(case.asdu, numbered.asdu, strict=True)) if a != b]
        assert differs == [3 if case.asdu[0] & 4 else 1], case.name
