# make() and absorb() of ghash.py in native code. Numbers of 32 bits, whatever the width of the processor's.

from array import array

import micropython

from .ghash import REDUCTION


def make(h):
    table = array("I", bytes(256))
    _fill(table, h)  # type: ignore[arg-type]
    return table


@micropython.viper
def _fill(table: ptr32, h: ptr8):
    v = ptr32(bytearray(16))
    for i in range(4):
        v[i] = h[4 * i] << 24 | h[4 * i + 1] << 16 | h[4 * i + 2] << 8 | h[4 * i + 3]
    entry = 8
    while entry:
        carry = 0
        for i in range(4):
            word = v[i]
            table[4 * entry + i] = word
            v[i] = (word >> 1) & 0x3FFFFFFF | ((word >> 31) & 1) << 30 | carry << 31
            carry = word & 1
        v[0] = v[0] ^ (carry * 0xE1) << 24
        entry = entry >> 1
    for entry in range(3, 16):
        lowest = entry & (0 - entry)
        rest = entry ^ lowest
        for i in range(4):
            table[4 * entry + i] = table[4 * lowest + i] ^ table[4 * rest + i]


@micropython.viper
def absorb(table: ptr32, y: ptr8, p: ptr8, length: int):
    reduction = ptr16(REDUCTION)
    at = 0
    while at < length:
        end = length - at
        if end > 16:
            end = 16
        for i in range(end):
            y[i] = y[i] ^ p[at + i]
        z0 = z1 = z2 = z3 = 0
        i = 15
        while i >= 0:
            byte = y[i]
            for _ in range(2):
                out = z3 & 15
                entry = (byte & 15) << 2
                byte = byte >> 4
                z3 = (z3 >> 4) & 0x0FFFFFFF ^ (z2 & 15) << 28 ^ table[entry + 3]
                z2 = (z2 >> 4) & 0x0FFFFFFF ^ (z1 & 15) << 28 ^ table[entry + 2]
                z1 = (z1 >> 4) & 0x0FFFFFFF ^ (z0 & 15) << 28 ^ table[entry + 1]
                z0 = (z0 >> 4) & 0x0FFFFFFF ^ reduction[out] << 16 ^ table[entry]
            i -= 1
        for i in range(4):
            y[i] = z0 >> (24 - 8 * i)
            y[4 + i] = z1 >> (24 - 8 * i)
            y[8 + i] = z2 >> (24 - 8 * i)
            y[12 + i] = z3 >> (24 - 8 * i)
        at += 16
