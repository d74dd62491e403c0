# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Cuts the power of a life while it is lived, and compares what is left with what the tape of a whole life (tape.py)
# says of that cut: the sweeps cut tapes, which is the same and takes a hundredth of the time. What goes on behind the
# cut writes nothing. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, seed, path of the tape; cuts: operations
# Standard output: one line, JSON: what it counted.

import json
import sys

import tape
from damage import NOISE
from flash import Cut
from sweep import Bench

from life import Life


# What is left of a life that is cut there.
def _live(given, number, how):
    image = bytearray(b"\xff" * (given["block_size"] * given["blocks"]))
    done = [0]

    def on_operation(block, offset, data):
        if done[0] == number:
            life.flash.cut_at = life.flash.operations
            life.flash.cut_how = how
        done[0] += 1

    life = Life(
        image, given["block_size"], given["word"], on_operation, lambda name, digest, growing: None, given["seed"]
    )
    try:
        life.live()
    except Cut:
        return bytes(image) if _is_dead(life.flash) else b""
    return b""


def _is_dead(flash):
    for operation in (lambda: flash.ioctl(6, 0), lambda: flash.writeblocks(2, bytes(16), 0)):
        try:
            operation()
            return False
        except Cut:
            pass
    return True


def _by_tape(given, number, how):
    bench = Bench(given["block_size"], given["blocks"], given["word"])
    with open(given["path"], "rb") as f:
        for _, operations in tape.read(f):
            for operation in operations:
                if number == 0:
                    bench.tear(bench.image, operation, *how)
                    return bench.image
                bench.do(bench.image, operation)
                number -= 1
    return None


def _run(given):
    bad = 0
    for number in given["cuts"]:
        how = (3, NOISE, number)
        bad += _live(given, number, how) != _by_tape(given, number, how)
    print(json.dumps({"cuts": len(given["cuts"]), "bad": bad, "first_bad": []}))


_run(json.loads(sys.stdin.readline()))
