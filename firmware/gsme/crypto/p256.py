# The curve P-256 (FIPS 186-4 D.1.2.3) on integers of MicroPython's. Points are projective: X, Y, Z; Z is 0 at infinity.
#
# One complete formula adds any two points (Renes, Costello, Batina 2016, algorithm 4): doubling, infinity and opposites
# are no special cases, so that a multiplication does the same field operations whatever the scalar.

from micropython import const

OCTETS = const(32)
_POINT = const(64)

P = int("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF", 16)
N = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
_B = int("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B", 16)
G = (
    int("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296", 16),
    int("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5", 16),
    1,
)
INFINITY = (0, 1, 0)

_WINDOW = const(4)  # bits of the scalar in one step
_ENTRIES = const(16)
_STEPS = const(64)


def number(octets):
    return int.from_bytes(octets, "big")


def octets(value):
    return value.to_bytes(OCTETS, "big")


# The point that x then y name; None for one that is not on the curve or has a coordinate beyond the field.
def point(image):
    if len(image) != _POINT:
        return None
    x = number(image[:OCTETS])
    y = number(image[OCTETS:])
    if x >= P or y >= P or (y * y - x * x * x + 3 * x - _B) % P:
        return None
    return (x, y, 1)


def valid(image):
    return point(image) is not None


# Algorithm 4 for a = -3, its steps in their order, sums reduced where the next product needs it.
def add(p, q):
    x1, y1, z1 = p
    x2, y2, z2 = q
    t0 = x1 * x2 % P
    t1 = y1 * y2 % P
    t2 = z1 * z2 % P
    t3 = ((x1 + y1) * (x2 + y2) - t0 - t1) % P
    t4 = ((y1 + z1) * (y2 + z2) - t1 - t2) % P
    y3 = ((x1 + z1) * (x2 + z2) - t0 - t2) % P
    x3 = 3 * (y3 - _B * t2) % P
    z3 = t1 - x3
    x3 = t1 + x3
    t2 = 3 * t2
    y3 = 3 * (_B * y3 - t2 - t0) % P
    t0 = 3 * t0 - t2
    return (
        (t3 * x3 - t4 * y3) % P,
        (x3 * z3 + t0 * y3) % P,
        (t4 * z3 + t3 * t0) % P,
    )


# The affine coordinates; None at infinity.
def affine(p):
    if not p[2]:
        return None
    inverse = pow(p[2], P - 2, P)
    return p[0] * inverse % P, p[1] * inverse % P


# A scalar times a point, in slices: poll() does a part of the work and is true when .result, a point, is there.
class Multiplication:
    def __init__(self, scalar, p):
        self._scalar = scalar  # 32 octets
        self._table = [INFINITY, p]
        self._step = 0
        self.result = INFINITY

    def poll(self):
        if len(self._table) < _ENTRIES:
            for _ in range(2):
                self._table.append(add(self._table[-1], self._table[1]))
            return False
        octet = self._scalar[self._step >> 1]
        entry = octet & 15 if self._step & 1 else octet >> 4
        result = self.result
        for _ in range(_WINDOW):
            result = add(result, result)
        self.result = add(result, self._table[entry])
        self._step += 1
        return self._step == _STEPS
