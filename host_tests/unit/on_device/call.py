# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Calls functions of the firmware for the host to judge. MicroPython.
#
# Standard input, a line a call: NAME BYTES NUMBER. Standard output, a line an answer: NUMBER BYTES. Bytes are hex.

import sys

from gsme import cobs, crc32
from gsme.zcl import types

_BEFORE = b"\xa5" * 3  # what lies around the bytes must stay as it is
_ROOM = b"\x5a" * 16


# The check value of the bytes, wherever they lie.
def _crc(run):
    def call(data, offset):
        buf = bytearray(_BEFORE + data + _ROOM)
        value = bytearray(4)
        run(buf, len(_BEFORE) + offset, len(_BEFORE) + len(data), value)
        return buf == _BEFORE + data + _ROOM, value

    return call


# The bytes with their check value behind them.
def _append(data, number):
    buf = bytearray(_BEFORE + data + _ROOM)
    crc32.append(buf, len(_BEFORE), len(_BEFORE) + len(data))
    return buf[: len(_BEFORE)] == _BEFORE, buf[len(_BEFORE) : len(_BEFORE) + len(data) + 4]


# 1 when the bytes end in their check value.
def _holds(data, number):
    return crc32.holds(bytearray(_BEFORE + data + _ROOM), len(_BEFORE), len(_BEFORE) + len(data)), b""


# The frame of a body, its zero included.
def _encode(data, number):
    buf = bytearray(_BEFORE + b"\xff" + data + _ROOM)
    end = cobs.encode(buf, len(_BEFORE), len(_BEFORE) + 1 + len(data))
    return buf[: len(_BEFORE)] == _BEFORE, buf[len(_BEFORE) : end]


# The body of a frame without its zero; -1 for a frame that is none.
def _decode(data, number):
    buf = bytearray(_BEFORE + data + _ROOM)
    end = cobs.decode(buf, len(_BEFORE), len(_BEFORE) + len(data))
    if end < 0:
        return end, b""
    return buf[: len(_BEFORE)] == _BEFORE and buf[len(_BEFORE) + len(data) :] == _ROOM, buf[len(_BEFORE) + 1 : end]


# How long a value of type `number` is at the beginning of the bytes.
def _length(data, number):
    at = len(_BEFORE)
    return types.length(number, _BEFORE + data, at), b""


def _analogue(data, number):
    return types.analogue(number), b""


# 1 when the two ways to compute the check value are two.
def _two(data, number):
    return crc32.run is not crc32.run_bytecode, b""


_CALLS = {
    "crc": _crc(crc32.run),
    "crc_bytecode": _crc(crc32.run_bytecode),
    "append": _append,
    "holds": _holds,
    "encode": _encode,
    "decode": _decode,
    "length": _length,
    "analogue": _analogue,
    "two": _two,
}


def _serve():
    for line in sys.stdin:
        name, data, number = line.rstrip("\n").split(" ")
        found, answer = _CALLS[name](bytes.fromhex(data), int(number))
        print(int(found), answer.hex())


_serve()
