# CRC-32/ISO-HDLC, appended little-endian to a frame's body (LINK: Wire).
#
# The register never becomes a number: above 2**30 that would be a heap object on a 32-bit board.

from micropython import const

_ONES = const(0xFFFF)
_LENGTH = const(4)
_RESIDUE = b"\x1c\xdf\x44\x21"  # check value of anything that ends in its own check value

_POLYNOMIAL_LOW = const(0x8320)  # EDB88320, reflected
_POLYNOMIAL_HIGH = const(0xEDB8)


# Leaves the check value of buf[start:end] in value[0:4], little-endian.
def run_bytecode(buf, start, end, value):
    low = high = _ONES
    for i in range(start, end):
        low ^= buf[i]
        for _ in range(8):
            carry = low & 1
            low = low >> 1 | (high & 1) << 15
            high >>= 1
            if carry:
                low ^= _POLYNOMIAL_LOW
                high ^= _POLYNOMIAL_HIGH
    low ^= _ONES
    high ^= _ONES
    value[0] = low & 255
    value[1] = low >> 8
    value[2] = high & 255
    value[3] = high >> 8


try:
    from .crc32_viper import run
except Exception:  # no native code on this board, or .mpy files made for another one
    run = run_bytecode

_value = bytearray(_LENGTH)


# Writes the check value of buf[start:end] at buf[end:end + 4].
def append(buf, start, end):
    run(buf, start, end, _value)  # type: ignore[arg-type]
    buf[end : end + _LENGTH] = _value


# True when buf[start:end] ends in its own check value.
def holds(buf, start, end):
    run(buf, start, end, _value)  # type: ignore[arg-type]
    return _value == _RESIDUE
