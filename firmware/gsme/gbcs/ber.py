# BER lengths of the envelope (X.690 8.1.3): one octet below 80, else 81 nn or 82 nn nn. The shortest form only: one of
# them is outside the MAC, and no message may be written in two ways.

from micropython import const

_ONE = const(0x80)
_TWO = const(0x81)
_THREE = const(0x82)


# How many octets the length at p[at:] takes; 0 for none that is well formed.
def size(p, at):
    left = len(p) - at
    if left < 1:
        return 0
    if p[at] < _ONE:
        return 1
    if p[at] == _TWO:
        return 2 if left >= 2 and p[at + 1] >= _ONE else 0
    return 3 if p[at] == _THREE and left >= 3 and p[at + 1] else 0


# The length itself, once size() has found it well formed.
def value(p, at):
    if p[at] < _ONE:
        return p[at]
    if p[at] == _TWO:
        return p[at + 1]
    return p[at + 1] << 8 | p[at + 2]


def image(n):
    if n < _ONE:
        return bytes((n,))
    return bytes((_TWO, n)) if n < 0x100 else bytes((_THREE, n >> 8, n & 255))
