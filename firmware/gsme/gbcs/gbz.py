# The GBZ payload (GBCS 7.2.10): ZCL frames as components of a message.
#
#   0109 | number of components u8 | component *
#   component  control u8 | cluster u16 | length u16 | body
#   body       [from-date-time u32] [00 | frame counter u8, if encrypted] FC TSN command payload
#   encrypted  ... FC TSN command | ciphered length u16 | 31 00000000 | ciphertext | tag 12
#
# Integers are big-endian, but for those inside the ZCL frame.

from micropython import const

from ..crypto import gcm
from . import protection

PROFILE = b"\x01\x09"
HEADER = const(3)
COUNT = const(2)

# Control of a component
LAST = const(0x01)
ENCRYPTED = const(0x02)
FROM_DATE_TIME = const(0x10)
_DEFINED = const(0x13)

COMPONENT_HEADER = const(5)
_FROM_DATE_TIME_LENGTH = const(4)
_ENCRYPTION_HEADER = const(2)  # 00, frame counter
_ZCL_HEADER = const(3)  # FC, TSN, command
_CIPHERED_LENGTH = const(2)
_CIPHERED_HEADER = b"\x31\x00\x00\x00\x00"
_AAD = b"\x31"
_TAG = const(12)


# A component: its place in p, and what is in front of its ZCL frame.
class Component:
    # Reads the component at p[at:]. False where it is cut short or says what is not defined.
    def parse(self, p, at):
        start = at + COMPONENT_HEADER
        if start > len(p) or p[at] & ~_DEFINED:
            return False
        self.control = p[at]
        self.cluster = p[at + 1] << 8 | p[at + 2]
        self.end = start + (p[at + 3] << 8 | p[at + 4])
        if self.control & FROM_DATE_TIME:
            start += _FROM_DATE_TIME_LENGTH
        if self.control & ENCRYPTED:
            start += _ENCRYPTION_HEADER
        self.frame = p[start : self.end]
        return start + _ZCL_HEADER <= self.end <= len(p)


# True for a payload of at least one component, of as many as it says, the last and only the last marked as such.
def well_formed(p, component):
    if len(p) < HEADER or p[0:COUNT] != PROFILE or not p[COUNT]:
        return False
    at = HEADER
    for left in range(p[COUNT] - 1, -1, -1):
        if not component.parse(p, at) or component.control & LAST == (left > 0):
            return False
        at = component.end
    return at == len(p)


# Control, cluster and length of a component, which go before its body.
def put_header(out, at, control, cluster, length):
    out[at] = control
    out[at + 1] = cluster >> 8
    out[at + 2] = cluster & 255
    out[at + 3] = length >> 8
    out[at + 4] = length & 255


# The body of an encrypted component: only the ZCL payload is hidden. number: of encrypted components before it.
def seal(cipher, originator, number, frame):
    sealed = gcm.seal(cipher, protection.initial_vector(originator), _AAD, frame[_ZCL_HEADER:])
    text = sealed[: len(frame) - _ZCL_HEADER + _TAG]
    length = len(_CIPHERED_HEADER) + len(text)
    head = bytes((0, number)) + bytes(frame[:_ZCL_HEADER]) + bytes((length >> 8, length & 255))
    return head + _CIPHERED_HEADER + text


# The ZCL frame of an encrypted component; None where the tag or a length is wrong.
def unseal(cipher, originator, frame):
    start = _ZCL_HEADER + _CIPHERED_LENGTH + len(_CIPHERED_HEADER)
    end = len(frame) - _TAG
    if end < start or frame[_ZCL_HEADER] << 8 | frame[_ZCL_HEADER + 1] != len(frame) - _ZCL_HEADER - _CIPHERED_LENGTH:
        return None
    if frame[start - len(_CIPHERED_HEADER) : start] != _CIPHERED_HEADER:
        return None
    iv = protection.initial_vector(originator)
    plain = gcm.unseal(cipher, iv, _AAD, frame[start:end], frame[end:])
    return None if plain is None else bytes(frame[:_ZCL_HEADER]) + plain
