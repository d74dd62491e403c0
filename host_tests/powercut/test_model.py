"""A meter beside a model of what it has to remember: whatever is done to it, and whenever its power is cut.

Source: what an answer promises: what was acknowledged is kept, whole, in order and once; what was not is there whole or
not at all. Every answer and everything that others are told is compared with bytes made from the model, and after each
cut or restart all that the meter keeps. Runs of fixed seeds are the same each time; more are made by a random one. What
a pass does not prove: that power may be cut at each program and erase of a flash; a process is killed, and what it has
given to its system stays.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import SystemRandom
from typing import Final

import pytest

from host_tests.conftest import MAIN, RUN_FOLDER
from host_tests.powercut.state_machine import run
from host_tests.support import ports, record

RUNS: Final = 20  # by a seed
STEPS: Final = 50  # in a run
SEEDS: Final = (14, 20, 23, 51)  # by which every kind of step is made
MADE: Final = {  # by fixed seeds at the least
    *("raise", "raise many", "clock", "configure", "device", "attribute", "read log", "visit", "read", "reset"),
    *("clear", "site id", "replay", "clear within", "site id within", "cut within", "cut", "reboot", "cut, said"),
}

pytestmark = pytest.mark.simulated


@pytest.fixture(autouse=True)
def _needs_no_board(request: pytest.FixtureRequest) -> None:
    if ports.mine(request.config):
        pytest.skip("needs a simulated meter")


def steps_by(seed: int) -> Counter[str]:
    """Makes the runs of a seed; returns how often each kind of step was made."""
    counts = run(seed, runs=RUNS, steps=STEPS)
    told = ", ".join(f"{what} {number}" for what, number in counts.most_common())
    print(f"again: python -m host_tests.powercut.soak_model --seed {seed} --runs {RUNS} --steps {STEPS}\n{told}")
    cuts = sum(number for what, number in counts.items() if what.startswith("cut, "))
    judged = Counter({"steps beside the model": counts["steps"], "cuts within a command beside it": cuts})
    record.store(Path(os.environ[RUN_FOLDER]), os.environ.get("PYTEST_XDIST_WORKER", MAIN), judged)
    return counts


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_of_a_fixed_seed(seed: int) -> None:
    counts = steps_by(seed)
    assert counts["steps"] >= RUNS * STEPS
    assert set(counts) >= MADE


def test_runs_of_a_random_seed() -> None:
    assert steps_by(SystemRandom().randrange(2**32))["steps"] >= RUNS * STEPS
