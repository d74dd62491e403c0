# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Whether starts on what a life (tape.py) left can restore it in so much heap: the rest of it is taken away before, and
# given back behind. What stays of it for good is in it. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, path of the tape; every: operations from start to start;
#   free   bytes
# Standard output: one line, JSON: starts, those that had too little, the most that stays, in bytes.

import gc
import json
import sys

import tape
from meter import Watched
from sweep import Bench

_given = json.loads(sys.stdin.readline())
_SIZES = (4096, 512, 64, 32)  # of what is taken


# Takes all heap but one piece of so many bytes.
def _ballast(free):
    taken = []
    piece = bytearray(free)
    for size in _SIZES:
        try:
            while True:
                taken = (bytearray(size), taken)
        except MemoryError:
            pass
    del piece
    return taken


class _Starved(Watched):
    stays = 0

    def _restore(self):
        ballast = _ballast(_given["free"])
        gc.collect()
        before = gc.mem_alloc()
        super()._restore()
        gc.collect()
        _Starved.stays = max(_Starved.stays, gc.mem_alloc() - before)
        del ballast


def _restores(bench):
    bench.copy()
    try:
        bench.start()
    except MemoryError:
        return False
    return True


def _run(given):
    bench = Bench(given["block_size"], given["blocks"], given["word"])
    bench.device_class = _Starved
    number = starts = failed = 0
    with open(given["path"], "rb") as f:
        for _, operations in tape.read(f):
            for operation in operations:
                if number % given["every"] == given["every"] - 1:
                    starts += 1
                    failed += not _restores(bench)
                bench.do(bench.image, operation)
                number += 1
    print(json.dumps({"starts": starts, "failed": failed, "stays": _Starved.stays}))


_run(_given)
