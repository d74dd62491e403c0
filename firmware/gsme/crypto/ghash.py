# GHASH (NIST SP 800-38D 6.4): multiplication in GF(2**128), four bits at a time by a table of the key's own (Shoup).
#
#   make(h) -> table                   of the hash key, 16 bytes
#   absorb(table, y, p, length)        y = (y ^ block) * H for each block of p[0:length], the last one filled with zeros

from array import array

from micropython import const

_BLOCK = const(16)
_HALVES = const(8)  # a block as numbers of 16 bits: none becomes an object on a 32-bit board
_POLYNOMIAL = const(0xE100)
# What the four bits that are shifted out bring back, for the highest 16 bits.
REDUCTION = array(
    "H",
    b"\x00\x00\x20\x1c\x40\x38\x60\x24\x80\x70\xa0\x6c\xc0\x48\xe0\x54"
    b"\x00\xe1\x20\xfd\x40\xd9\x60\xc5\x80\x91\xa0\x8d\xc0\xa9\xe0\xb5",
)


def make_bytecode(h):
    table = array("H", bytes(2 * _HALVES * _BLOCK))
    v = [h[i] << 8 | h[i + 1] for i in range(0, _BLOCK, 2)]
    for entry in (8, 4, 2, 1):
        carry = 0
        for i in range(_HALVES):
            table[_HALVES * entry + i] = v[i]
            half = v[i] | carry << 16
            carry = half & 1
            v[i] = half >> 1
        if carry:
            v[0] ^= _POLYNOMIAL
    for entry in range(3, _BLOCK):
        lowest = entry & -entry
        for i in range(_HALVES):
            table[_HALVES * entry + i] = table[_HALVES * lowest + i] ^ table[_HALVES * (entry ^ lowest) + i]
    # an entry of one bit is the sum of itself and of entry 0, which is nothing
    return table


def absorb_bytecode(table, y, p, length):
    z = array("H", bytes(2 * _HALVES))
    for at in range(0, length, _BLOCK):
        for i in range(min(_BLOCK, length - at)):
            y[i] ^= p[at + i]
        for i in range(_HALVES):
            z[i] = 0
        for i in range(_BLOCK - 1, -1, -1):
            _step(table, z, y[i] & 15)
            _step(table, z, y[i] >> 4)
        for i in range(_HALVES):
            y[2 * i] = z[i] >> 8
            y[2 * i + 1] = z[i] & 255


# z = z * x**4 + entry
def _step(table, z, entry):
    out = z[_HALVES - 1] & 15
    for i in range(_HALVES - 1, 0, -1):
        z[i] = z[i] >> 4 | (z[i - 1] & 15) << 12
    z[0] = z[0] >> 4 ^ REDUCTION[out]
    for i in range(_HALVES):
        z[i] ^= table[_HALVES * entry + i]


# Native code, unless this board has none or the .mpy files are made for another one.
def _twins():
    try:
        from . import ghash_viper  # noqa: PLC0415  # it may not be there
    except Exception:
        return make_bytecode, absorb_bytecode
    return ghash_viper.make, ghash_viper.absorb


make, absorb = _twins()
