# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Encrypts with the ECB driver on a model of the peripheral. MicroPython.
#
# Standard input, a line a block: BUSY HANG KEY BLOCK, how many operations the core is taken or never ends before.
# Standard output: the ciphertext, or what was raised, and how many operations came to an end.

import sys

import uctypes
from nrf52840 import Mem32

from board_parts.nrf_ecb import STARTECB, Ecb


def _serve():
    mem32 = Mem32()
    data = bytearray(48)
    address = uctypes.addressof(data) & 0xFFFFFFFF
    mem32.ecb.memory[address] = data
    ecb = Ecb(mem32, data, address)
    for line in sys.stdin:
        busy, hang, key, block = line.split()
        mem32.ecb.busy = int(busy)
        mem32.ecb.hang = int(hang)
        if busy == "9":  # an operation of somebody else's that is still running when this one begins
            mem32.ecb.busy = 0
            mem32[0x4000E504] = address
            mem32[STARTECB] = 1
        before = mem32.ecb.done
        try:
            answer = ecb.cipher(bytes.fromhex(key)).encrypt(bytes.fromhex(block)).hex()
        except (OSError, ValueError) as error:
            answer = type(error).__name__
        print(answer, mem32.ecb.done - before)


_serve()
