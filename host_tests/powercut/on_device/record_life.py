# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Lives a life and writes down what its flash was told to do and, in between, what the meter held. MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, seed, path of the file that is written (tape.py);
#   half_hours   a shorter life
# Standard output: one line, JSON: what it counted.

import json
import sys
import time

import tape

from life import Life


def _run(given):
    image = bytearray(b"\xff" * (given["block_size"] * given["blocks"]))
    began = time.ticks_ms()
    with open(given["path"], "wb") as f:
        writer = tape.Writer(f)
        options = (given["seed"], given["half_hours"]) if given.get("half_hours") else (given["seed"],)
        life = Life(image, given["block_size"], given["word"], writer.operation, writer.note, *options)
        life.live()
    counts = {
        "operations": writer.operations,
        "notes": writer.notes,
        "records": writer.records,
        "kinds": sorted(writer.kinds),
        "chores": life.counts,
        "wrong": life.wrong(),
        "simulated_s": life.utc - life.began_utc,
        "took_ms": time.ticks_diff(time.ticks_ms(), began),
    }
    print(json.dumps(counts))


_run(json.loads(sys.stdin.readline()))
