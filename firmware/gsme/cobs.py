# Consistent Overhead Byte Stuffing, in place: the frames of the serial HAN link (LINK: Wire).
#
# A frame lies in a bytearray as: one byte for the first code, then the body. As long as no run of
# 254 bytes without a zero occurs, each code takes the place of the zero that it stands for, so only
# the zeros are visited and nothing is moved. Nothing here allocates.

from micropython import const

_LONGEST = const(0xFF)  # code of 254 data bytes that no zero follows
_ZERO = b"\x00"


# Undoes buf[start:end], which holds no zero. The body then begins at start + 1.
# Returns the body's end, or -1 when the codes do not add up.
def decode(buf, start, end):
    code = buf[start]
    at = start + code
    while at < end:
        if code == _LONGEST:
            return _decode_long(buf, at, end)
        code = buf[at]
        buf[at] = 0
        at += code
    return end if at == end else -1


# The rest of a frame behind a block of 254 bytes: each such block closes up the bytes behind it by one.
def _decode_long(buf, at, end):
    to = at
    while at < end:
        code = buf[at]
        at += 1
        stop = at + code - 1
        if stop > end:
            return -1
        while at < stop:
            buf[to] = buf[at]
            to += 1
            at += 1
        if code != _LONGEST and at < end:
            buf[to] = 0
            to += 1
    return to


# Stuffs the body in buf[start + 1:end]; buf must have room for one byte more in every 254, and one for the
# zero that ends the frame. Returns the end of the frame, that zero included.
def encode(buf, start, end):
    at = start
    buf[end] = 0  # so that there is a zero to find
    while at < end:
        zero = buf.find(_ZERO, at + 1)
        if zero - at >= _LONGEST:
            buf[at] = _LONGEST
            zero = at + _LONGEST
            if zero < end:
                end = _open_up(buf, zero, end)
        else:
            buf[at] = zero - at
        at = zero
    return end + 1


# Makes room for a code at buf[at]; returns the new end.
def _open_up(buf, at, end):
    for i in range(end + 1, at, -1):
        buf[i] = buf[i - 1]
    return end + 1
