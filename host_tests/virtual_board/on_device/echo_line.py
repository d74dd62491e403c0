# ruff: noqa: D100, INP001
# mypy: ignore-errors
# The link's line on standard input and output, with the heap locked: what comes goes back, until the input ends.
# What is given back first comes first. MicroPython.

import micropython

from board_parts.repl_line import ReplLine

line = ReplLine()
line.give_back(b"given back first")
buf = bytearray(7)


def echo():
    while True:
        n = line.readinto(buf)
        if not n and line.wait(50):  # readable, and nothing to be read: the end
            return
        at = 0
        while at < n:
            at += line.write(buf, at, n - at) or 0


micropython.heap_lock()
echo()
micropython.heap_unlock()
