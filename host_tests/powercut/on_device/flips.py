# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Starts on what a life (tape.py) left while a bit of it reads wrong: the meter starts and serves, and what is lost is
# told: by 81AE, or by the chain of the Security Log. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, path of the tape;
#   every   operations from one image to the next
#   flips   of each image, one at a time
# Standard output: one line, JSON: what it counted: "lost" was told; "silent" was not, and "like_a_cut" was not either,
# but it hit the last record or the header of a segment, which a cut leaves so too; "not_logged" is where 81AE is
# configured to reach no log.

import json
import sys

import kept
import tape
from commands import NON_VOLATILE_MEMORY, is_logged
from damage import Noise
from sweep import Bench


class _Flips:
    def __init__(self, given):
        self._given = given
        self._bench = Bench(given["block_size"], given["blocks"], given["word"])
        self._noise = Noise(given["block_size"] + given["word"])
        self._counts = {
            "flips": 0,
            "harmless": 0,
            "lost": 0,
            "like_a_cut": 0,
            "not_logged": 0,
            "silent": 0,
            "bad": 0,
            "first_bad": [],
        }

    def run(self):
        number = 0
        with open(self._given["path"], "rb") as f:
            for notes, operations in tape.read(f):
                for operation in operations:
                    self._bench.do(self._bench.image, operation)
                    number += 1
                    if number % self._given["every"] == 0 and operation is operations[-1]:
                        self._flip_each(notes[-1])
        return self._counts

    def _flip_each(self, note):
        for _ in range(self._given["flips"]):
            place = self._place()
            self._counts["flips"] += 1
            try:
                self._counts[self._outcome(place, 1 << self._noise.below(8), note)] += 1
            except Exception as error:  # noqa: BLE001  whatever it is
                self._counts["bad"] += 1
                self._counts["first_bad"].append("%s at %d: %r" % (note.name, place, error))

    # Where something was programmed.
    def _place(self):
        while True:
            place = self._noise.below(len(self._bench.image))
            if self._bench.image[place] != 0xFF:
                return place

    def _outcome(self, place, bits, note):
        bench = self._bench
        bench.copy()
        meter = bench.start(flips={place: bits})
        found = meter.device.found
        if meter.sync() is None or meter.register() is None:
            raise ValueError("no answer")
        meter.wait(1)
        meter.settle()
        bench.trial[place] ^= bits
        if found == note.digest:
            return "harmless"
        if self._is_told(meter.device) or bench.chain_fault():
            return "lost"
        if bench.reader.is_like_a_cut(bench.image, place):
            return "like_a_cut"
        if not is_logged(meter.device, NON_VOLATILE_MEMORY):
            return "not_logged"
        self._counts["first_bad"].append("%s at %d: %r" % (note.name, place, kept.differing(found, note.digest)))
        return "silent"

    def _is_told(self, device):
        log = device.logs.event
        return bytes(log.entry((log.next - 1) % 100)[1:3]) == NON_VOLATILE_MEMORY


print(json.dumps(_Flips(json.loads(sys.stdin.readline())).run()))
