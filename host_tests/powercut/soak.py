"""Power cuts at length, on four geometries: prints what each sweep counted, and what all of them did.

    python -m host_tests.powercut.soak [--seed N] [--parts 8] [--jobs N] [--firmware DIR]

A seed determines the lives; without one they are other lives each time. Ends with status 1 if anything was bad, or if
there was less of it than there should be.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from gsme_host.build import build
from gsme_host.supervisor import FIRMWARE
from host_tests.powercut.sweeps import ESP32, LARGE, NRF, SMALL, Geometry, Options, Outcome, Sweeps

GEOMETRIES: Final = (NRF, ESP32, SMALL, LARGE)
TORN: Final = 11  # ways, beside not begun
SECOND: Final = 10  # so many operations from one that is cut twice to the next
LEAST: Final = {  # in all
    "cuts": 100_000,
    "pairs": 50_000,
    "torn": 50_000,
    "flips": 10_000,
    "faults": 10_000,
}


class Job(NamedTuple):
    """One run of a script."""

    script: str
    geometry: Geometry
    options: Options


def jobs(parts: int) -> Iterator[Job]:
    """All that is run, the longest first."""
    for geometry in GEOMETRIES:
        for part in range(parts):
            options = {"part": part, "parts": parts, "torn": TORN, "second": SECOND, "second_torn": 1}
            yield Job("cuts", geometry, options)
    for geometry in GEOMETRIES:
        yield Job("torn", geometry, {"each": 3, "shuffled": 20})
        yield Job("faults", geometry, {"every": 200})
        yield Job("flips", geometry, {"every": 20, "flips": 25})


def counted(job: Job, outcome: Outcome) -> Counter[str]:
    """What a job adds to the sum."""
    counts = outcome.counts
    cases = {"faults": "trials", "flips": "flips"}.get(job.script, "cuts")
    bad = counts["bad"] + counts["silent"]
    return Counter({job.script: counts[cases], "pairs": counts["pairs"], "bad": bad})


def run(options: argparse.Namespace, seed: int, firmware: Path, tapes: Path) -> Counter[str]:
    """Runs all jobs, so many at a time; prints a line for each."""
    sweeps = Sweeps(firmware, tapes)
    total: Counter[str] = Counter()
    for geometry in GEOMETRIES:
        lived = sweeps.record(geometry, seed)
        _say(f"{geometry.name}: a life of {lived.counts['records']} records, {lived.counts['operations']} operations")
    with ThreadPoolExecutor(options.jobs) as pool:
        started = {
            pool.submit(sweeps.run, job.script, job.geometry, job.options, seed=seed): job
            for job in jobs(options.parts)
        }
        for done in as_completed(started):
            job = started[done]
            outcome = done.result()
            total += counted(job, outcome)
            told = ", ".join(f"{what} {number}" for what, number in outcome.counts.items())
            _say(f"{job.geometry.name}: {job.script}: {told}" + "".join(f"\n  {one}" for one in outcome.first_bad))
    return total


def main() -> int:
    """The program; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m host_tests.powercut.soak", description=__doc__)
    parser.add_argument("--seed", type=int, help="of the lives; a random one otherwise")
    parser.add_argument("--parts", type=int, default=8, help="that the operations of a life are divided into")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="scripts at a time")
    parser.add_argument("--firmware", type=Path, default=FIRMWARE, metavar="DIR", help="another copy of firmware/")
    options = parser.parse_args()
    seed = SystemRandom().randrange(2**31) if options.seed is None else options.seed
    _say(f"--seed {seed}")
    with TemporaryDirectory(prefix="gsme-soak-") as folder:
        build(Path(folder) / "mpy", firmware=options.firmware)
        total = run(options, seed, Path(folder) / "mpy", Path(folder) / "tapes")
    _say(", ".join(f"{what} {total[what]} of {least}" for what, least in LEAST.items()) + f", {total['bad']} bad")
    return 1 if total["bad"] or any(total[what] < least for what, least in LEAST.items()) else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
