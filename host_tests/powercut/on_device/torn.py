# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Cuts one record of every kind of a life (tape.py) at each of its bytes: what is behind the cut is as it was, clear, or
# noise. So it does with a segment's header and an anchor. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, path of the tape;
#   each       so many records of each kind
#   shuffled   so often each of them is cut with its words out of order
#   most_bad   ends when so many are bad; without it, never
# Standard output: one line, JSON: what it counted, and the kinds.

import json
import sys

import journal
import tape
from damage import AS_WAS, NOISE, SHUFFLED, ZERO
from sweep import Bench, Enough

_HEADER = "header"
_ANCHOR = "anchor"


# What an operation writes.
def _kinds(operation):
    block, offset, data = operation
    if data is None:
        return ()
    if block < journal.FIRST_BLOCK:
        return (_ANCHOR,)
    return journal.kinds_of(block, offset, data) or (_HEADER,)


class _Torn:
    def __init__(self, given):
        self._given = given
        self._bench = Bench(given["block_size"], given["blocks"], given["word"])
        self._bench.most_bad = given.get("most_bad", self._bench.most_bad)
        self._seen = {}  # kind: records
        self._bytes = 0

    def run(self):
        try:
            self._cut_all()
        except Enough:
            pass
        counts = self._bench.counts()
        counts["kinds"] = sorted([str(kind) for kind in self._seen])
        counts["bytes"] = self._bytes
        return counts

    def _cut_all(self):
        with open(self._given["path"], "rb") as f:
            for notes, operations in tape.read(f):
                for operation in operations:
                    if notes[0] and self._is_wanted(operation):
                        self._cut(operation, notes)
                    self._bench.do(self._bench.image, operation)

    def _is_wanted(self, operation):
        wanted = False
        for kind in _kinds(operation):
            if self._seen.get(kind, 0) < self._given["each"]:
                self._seen[kind] = self._seen.get(kind, 0) + 1
                wanted = True
        return wanted

    def _cut(self, operation, notes):
        size = len(operation[2])
        self._bytes += size
        for done in range(size):
            for tail in (AS_WAS, ZERO, NOISE):
                self._try((done, tail, done), operation, notes)
        for seed in range(self._given["shuffled"]):
            self._try((1 + seed % size, SHUFFLED, seed), operation, notes)

    def _try(self, how, operation, notes):
        bench = self._bench
        bench.copy()
        bench.tear(bench.trial, operation, *how)
        anchored = operation[0] < journal.FIRST_BLOCK
        bench.judge("%s of %r torn %d %d" % (notes[-1].name, _kinds(operation), how[0], how[1]), notes, anchored)


print(json.dumps(_Torn(json.loads(sys.stdin.readline())).run()))
