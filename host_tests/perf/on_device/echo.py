# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Answers as many zeros to as many bytes on the meter's own port: what line and interpreter cost. MicroPython.
#
#   echo REQUEST LAST ANSWER    lengths in bytes: the answer follows the request, nothing follows the last ones

import sys

from board import Board

_CHUNK = 256
_WAIT_MS = 200


def _write(port, answer):
    at = 0
    while at < len(answer):
        at += port.write(answer, at, len(answer) - at) or 0


def _serve(board, request, last, answer):
    chunk = bytearray(_CHUNK)
    missing = request  # bytes until the answer is due
    while True:
        missing -= board.port.readinto(chunk) or 0
        if missing <= 0:
            missing += last + request
            _write(board.port, answer)
        board.wait(_WAIT_MS)


_serve(Board(), int(sys.argv[1]), int(sys.argv[2]), bytes(int(sys.argv[3])))
