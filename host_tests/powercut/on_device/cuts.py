# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Cuts the power at every operation of a life (tape.py), and now and then once more at every operation of the start
# that follows. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, path of the tape;
#   part, parts     of the operations: every parts-th one, from part on
#   torn            ways in which each of them is torn
#   second          each so many of them gets second cuts; 0 for none
#   second_torn     ways in which each operation of the start is torn
#   most_bad        ends when so many are bad; without it, never
# Standard output: one line, JSON: what it counted.

import json
import sys

import journal
import kept
import tape
from damage import AS_WAS, NOISE, SHUFFLED, ZERO, Noise
from sweep import Bench, Enough

_TAILS = (AS_WAS, ZERO, NOISE, SHUFFLED)


class _Cuts:
    def __init__(self, given):
        self._given = given
        self._bench = Bench(given["block_size"], given["blocks"], given["word"])
        self._bench.most_bad = given.get("most_bad", self._bench.most_bad)
        self._number = 0  # of the operation
        self.pairs = 0
        self.operations = 0

    def run(self):
        try:
            self._cut_all(self._given)
        except Enough:
            pass
        return self._counts()

    def _cut_all(self, given):
        with open(given["path"], "rb") as f:
            for notes, operations in tape.read(f):
                for operation in operations:
                    if self._number % given["parts"] == given["part"] and notes[0]:
                        self._cut_at(operation, notes)
                    self._bench.do(self._bench.image, operation)
                    self._number += 1

    # Not begun; then torn in several ways. Done, and nothing after it, is the next one not begun.
    def _cut_at(self, operation, notes):
        self.operations += 1
        where = "operation %d of %s" % (self._number, notes[-1].name)
        self._try(None, operation, where, notes)
        for way in range(self._given["torn"]):
            noise = Noise(self._number * 64 + way)
            size = len(self._bench.place(self._bench.image, operation))
            how = (1 + noise.below(size - 1), _TAILS[(way + self._number) % 4], self._number)
            self._try(how, operation, "%s torn %d %d" % ((where,) + how[0:2]), notes)

    def _try(self, how, operation, where, notes):
        bench = self._bench
        self._leave(how, operation)
        bench.judge(where, notes, operation[0] < journal.FIRST_BLOCK)
        second = self._given["second"]
        if second and (self.operations % second == 0):
            self._second_cuts(how, operation, where)

    def _leave(self, how, operation):
        self._bench.copy()
        if how:
            self._bench.tear(self._bench.trial, operation, *how)

    # The start that follows is recorded, then cut at each of its operations. The next one finds what it found, or what
    # it made of that.
    def _second_cuts(self, how, operation, where):
        bench = self._bench
        recovery = []
        self._leave(how, operation)
        device = bench.start(log=lambda *operation: recovery.append(operation)).device
        notes = (
            tape.Note(device.found_growing, device.found, "found"),
            tape.Note(kept.growing(device), kept.digest(device), "started"),
        )
        for number in range(len(recovery)):
            for way in range(1 + self._given["second_torn"]):
                self._leave(how, operation)
                for done in recovery[:number]:
                    bench.do(bench.trial, done)
                self._tear_again(recovery[number], way)
                self.pairs += 1
                bench.judge("%s, %d of the start %d" % (where, number, way), notes)

    def _tear_again(self, operation, way):
        if way:
            noise = Noise(self._number * 64 + way)
            size = len(self._bench.place(self._bench.trial, operation))
            self._bench.tear(self._bench.trial, operation, 1 + noise.below(size - 1), _TAILS[noise.below(4)], way)

    def _counts(self):
        counts = self._bench.counts()
        counts["operations"] = self.operations
        counts["pairs"] = self.pairs
        counts["cuts"] -= self.pairs
        return counts


print(json.dumps(_Cuts(json.loads(sys.stdin.readline())).run()))
