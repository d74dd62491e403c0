"""The fuzzer at length, or once more up to an input that failed.

    python -m host_tests.fuzz [--inputs 10000000] [--seed N] [--coverage] [--jobs N] [--firmware DIR]
    python -m host_tests.fuzz --seed N --index I      the life of that input again, judged after each of its last ones
    python -m host_tests.fuzz --input HEX             one input, to a meter that has nodes and parties

Ends with status 1 at the first failure, which it prints; with --coverage also where a line of the parsers was not
reached and unreached.py has no reason for it, or has one for a line that there is not.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Final

from gsme_host.supervisor import FIRMWARE
from host_tests.fuzz import coverage
from host_tests.fuzz.inputs import Input
from host_tests.fuzz.instrument import Instrumented, instrument
from host_tests.fuzz.life import BATCH, INPUTS, Failure, Report, give_one, live
from host_tests.fuzz.run import judge_mean, lives, told

SOAK: Final = 10_000_000
EVERY: Final = 20  # lives: a line


def main() -> int:
    """The program; returns its exit status."""
    options = _options()
    with TemporaryDirectory(prefix="gsme-fuzz-") as folder:
        firmware = instrument(options.firmware.resolve(), Path(folder))
        try:
            if options.input:
                _say(give_one(firmware, Input(bytes.fromhex(options.input))))
            elif options.index is not None:
                _again(firmware, options.seed or 0, options.index)
            else:
                return _run(firmware, options)
        except Failure as failure:
            _say(str(failure))
            return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m host_tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=SOAK, help="how many")
    parser.add_argument("--seed", type=int, help="a random one otherwise")
    parser.add_argument("--coverage", action="store_true", help="list the lines of the parsers that were not reached")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="meters at a time")
    parser.add_argument("--firmware", type=Path, default=FIRMWARE, metavar="DIR", help="another copy of firmware/")
    parser.add_argument("--index", type=int, help="number of an input of that seed to see again")
    parser.add_argument("--input", metavar="HEX", help="one input to be given")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _again(firmware: Instrumented, seed: int, index: int) -> None:
    number, last = divmod(index, INPUTS)
    live(firmware, seed, number, INPUTS, closely_from=max(0, last - BATCH))
    _say("no failure")


def _run(firmware: Instrumented, options: argparse.Namespace) -> int:
    seed = SystemRandom().getrandbits(32) if options.seed is None else options.seed
    _say(f"--seed {seed} --inputs {options.inputs}")
    total, began = Report(), time.monotonic()
    for number, report in enumerate(lives(firmware, seed, options.inputs, options.jobs), 1):
        total.add(report)
        if number % EVERY == 0:
            _say(f"{total.counts['inputs']} inputs, {time.monotonic() - began:.0f} s")
    judge_mean(total)
    _say(f"fuzz: {told(total, len(firmware.lines))}; {time.monotonic() - began:.0f} s")
    return _cover(firmware, total) if options.coverage else 0


def _cover(firmware: Instrumented, total: Report) -> int:
    left = coverage.unreached(firmware.lines, total.reached)
    for line in coverage.told(left):
        _say(line)
    stale = coverage.stale(firmware.lines)
    for reason in stale:
        _say(f"{reason.file} {reason.function}: {reason.text or 'no such function'}\n    A REASON FOR NO LINE")
    bare = sum(not one.why for one in left)
    _say(f"coverage: {len(left)} of {len(firmware.lines)} lines were not reached, {bare} without a reason")
    return 1 if bare or stale else 0


if __name__ == "__main__":
    sys.exit(main())
