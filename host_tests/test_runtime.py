"""Which MicroPython runs the meter, as it says itself through the bench cluster: results of a run name it.

What it should be comes from the interpreter, asked beside the meter; what a board says is only looked at for its form.
"""

from __future__ import annotations

import re
import subprocess
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.interpreter import interpreter
from gsme_host.meter import Meter
from host_tests.support.target import Target

ASK: Final = "import sys; print(sys.implementation[1], sys.implementation[2], sys.maxsize, sep='|')"
RUNTIME: Final = re.compile(r"\w+ \d+\.\d+\.\d+(-[\w.]+)?")
LONGEST_ANSWER: Final = 80


def test_it_names_its_runtime(bench: Bench) -> None:
    assert RUNTIME.fullmatch(bench.read(Attr.RUNTIME).decode())
    assert bench.read(Attr.MACHINE)
    assert bench.read_int(Attr.WORD_BITS) in (32, 64)


@pytest.mark.simulated
def test_a_simulated_meter_says_what_its_interpreter_says(target: Target) -> None:
    asked = subprocess.run([*interpreter(), "-c", ASK], capture_output=True, text=True, check=True)
    version, machine, largest = asked.stdout.strip().split("|")
    numbers = re.findall(r"\d+", version)
    bench = target.bench
    assert bench.read(Attr.RUNTIME).decode().startswith("micropython " + ".".join(numbers))
    assert bench.read(Attr.MACHINE).decode() == machine[:48]
    assert bench.read_int(Attr.WORD_BITS) == int(largest).bit_length() + 1


def test_the_answers_fit_into_a_frame(meter: Meter, bench: Bench) -> None:
    for attribute in (Attr.RUNTIME, Attr.MACHINE):
        bench.read(attribute)
        assert bench.last
        assert len(bench.last.to_requester()[0]) <= LONGEST_ANSWER
