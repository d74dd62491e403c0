"""100,000 inputs through the link of meters in MicroPython: nothing that arrives is too much for them.

Half of them come of a fixed seed, half of a random one, which is printed and can be given back in GSME_SEED. After
each input: no exception has left the loop or a handler, every frame is whole and acknowledged as it has to be, every
answer fits its request and none is missing, the Security Log went to nobody who may not read it, messages are proved.
After each batch: a known read is answered right, and the link has counted what it had to. After each life: the heap is
what it was. What a pass does not prove: that the answers have the right contents, which other tests are about. Ten
million are `make soak`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from host_tests.conftest import MAIN, RUN_FOLDER
from host_tests.fuzz.coverage import stale
from host_tests.fuzz.instrument import instrument
from host_tests.fuzz.run import run, told
from host_tests.support import record
from host_tests.support.target import SOURCES_FOLDER

INPUTS: Final = 50_000
FIXED_SEED: Final = 0x6D703738
SEED: Final = "GSME_SEED"  # environment: the seed of a former run, to repeat it
MOST_UNREACHED: Final = 80  # lines of the parsers, of about 1500: fewer inputs, fewer lines than in the soak
LIVELY: Final = {  # what the run must have come to, that a silent meter or a broken generator is none
    "requests": INPUTS,
    "answers": INPUTS // 2,
    "messages": INPUTS // 50,
    "responses proved": INPUTS // 250,
    "alerts read": INPUTS // 250,
    "entries of the Security Log": INPUTS // 100,
    "restarts": 10,
}


def _seed(kind: str) -> int:
    return FIXED_SEED if kind == "fixed" else int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))


@pytest.mark.parametrize("kind", ["fixed", "random"])
def test_fuzz(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = _seed(kind)
    firmware = instrument(Path(os.environ[SOURCES_FOLDER]), tmp_path)
    with capsys.disabled():
        print(f"\nfuzz: {SEED}={seed}")
    total = run(firmware, seed, INPUTS)
    with capsys.disabled():
        print(f"fuzz: {told(total, len(firmware.lines))}")
    assert total.counts["inputs"] >= INPUTS
    assert {what for what, least in LIVELY.items() if total.counts[what] < least} == set()
    assert len(firmware.lines) - len(total.reached) <= MOST_UNREACHED
    worker = os.environ.get("PYTEST_XDIST_WORKER", MAIN)
    record.store(Path(os.environ[RUN_FOLDER]), worker, Counter({"fuzz inputs": total.counts["inputs"]}))


def test_every_reason_is_about_a_line_that_there_is(tmp_path: Path) -> None:
    assert stale(instrument(Path(os.environ[SOURCES_FOLDER]), tmp_path).lines) == []
