"""The model-based test at length, or once more by a seed: prints a line for each seed, and what was made of all.

    python -m host_tests.powercut.soak_model [--runs 5000] [--steps 100] [--seed N] [--jobs N] [--firmware DIR]

A seed is good for 20 runs; the next ones have the next seeds. Ends with status 1 at the first that fails, whose steps
it prints.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Final

from gsme_host.build import build
from gsme_host.supervisor import FIRMWARE
from host_tests.powercut.state_machine import run
from host_tests.support.target import FIRMWARE_FOLDER

RUNS_A_SEED: Final = 20
Result = tuple[int, Counter[str], str]  # seed, what was made, what was wrong


def main() -> int:
    """The program; returns its exit status."""
    options = _options()
    seed = SystemRandom().randrange(2**31) if options.seed is None else options.seed
    _say(f"--seed {seed} --runs {options.runs} --steps {options.steps}")
    total: Counter[str] = Counter()
    with TemporaryDirectory(prefix="gsme-soak-") as folder:
        build(Path(folder), firmware=options.firmware)
        os.environ[FIRMWARE_FOLDER] = folder
        for number, counts, fault in _results(seed, options):
            total += counts
            _say(f"seed {number}: {counts['runs']} runs, {counts['steps']} steps" + f"\n{fault}" * bool(fault))
            if fault:
                return 1
    _say(", ".join(f"{what} {number}" for what, number in total.most_common()))
    return 0 if total["steps"] >= options.runs * options.steps else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m host_tests.powercut.soak_model", description=__doc__)
    parser.add_argument("--runs", type=int, default=5000, help="how many; each on a meter of its own")
    parser.add_argument("--steps", type=int, default=100, help="in each run")
    parser.add_argument("--seed", type=int, help="of the first 20 runs; a random one otherwise")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="meters at a time")
    parser.add_argument("--firmware", type=Path, default=FIRMWARE, metavar="DIR", help="another copy of firmware/")
    parser.add_argument("--shrink", action="store_true", help="look for fewer steps that fail: takes minutes")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _results(seed: int, options: argparse.Namespace) -> Iterator[Result]:
    """As they come; the rest is not begun where one is not wanted."""
    whole, rest = divmod(options.runs, RUNS_A_SEED)
    sizes = [RUNS_A_SEED] * whole + [rest] * bool(rest)
    with ProcessPoolExecutor(options.jobs) as pool:
        waiting = [
            pool.submit(_make, seed + at, runs, options.steps, shrink=options.shrink) for at, runs in enumerate(sizes)
        ]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _make(seed: int, runs: int, steps: int, *, shrink: bool) -> Result:
    try:
        return seed, run(seed, runs=runs, steps=steps, shrink=shrink), ""
    except Exception:  # noqa: BLE001  # whatever it is, its text is what another process can be told
        return seed, Counter(), traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main())
