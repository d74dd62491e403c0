# The envelope of a GBCS message (GBCS 7.2): General-Ciphering, which carries a MAC, around General-Signing.
#
#   MAC header   DD 00 00 00 00 00 00 | length | 11 00 00 00 00
#   G            DF 09 | CRA u8 | originator counter u64 | 08 originator u64 | 08 recipient u64
#                date-time: 00, or 0C and 12 octets | length, other information | length, content
#                signature: 00, or 40 and 64 octets
#   MAC          12 octets
#
# Integers are big-endian. Other information: message code u16, then nothing, or the id of a supplementary remote party,
# or with it its counter, or with both a supplementary originator counter, 8 octets each; behind that there may be a
# certificate.

from micropython import const

from . import ber

COMMAND = const(1)  # CRA
RESPONSE = const(2)
ALERT = const(3)

MAC = const(12)
_CIPHERING = const(0xDD)
_CIPHERING_HEADER = b"\xdd\x00\x00\x00\x00\x00\x00"
SECURITY_HEADER = b"\x11\x00\x00\x00\x00"
_SIGNING_HEADER = b"\xdf\x09"
_CRA = const(2)
_COUNTER = const(3)
_ORIGINATOR = const(12)
_RECIPIENT = const(21)
_DATE_TIME = const(29)
_ID = const(8)
_DATE_TIME_LENGTH = const(12)
_SIGNATURE = const(64)

_CODE = const(2)
_OTHER_LENGTHS = (2, 10, 18, 26)  # without a certificate
_CERTIFICATE = b"\x30\x82"  # how one begins: a DER sequence with a length of two octets
_CERTIFICATE_HEADER = const(4)

# Octets that may stand before the content of what is built here: of a response without certificate
BEFORE = const(80)
BEHIND = const(13)  # no signature, MAC


class Envelope:
    # Takes a whole message apart; False where it is not one. Views stay into m.
    def parse(self, m):
        self.mac = None
        if len(m) and m[0] == _CIPHERING:
            m = self._open(m)
        return m is not None and self._parse_signing(m)

    # Behind the MAC header, up to the MAC.
    def _open(self, m):
        at = len(_CIPHERING_HEADER)
        size = ber.size(m, at)
        start = at + size + len(SECURITY_HEADER)
        if not size or m[0:at] != _CIPHERING_HEADER or m[at + size : start] != SECURITY_HEADER:
            return None
        end = len(m) - MAC
        if end < start or at + size + ber.value(m, at) != len(m):
            return None
        self.mac = m[end:]
        return m[start:end]

    def _parse_signing(self, g):
        if len(g) <= _DATE_TIME or g[0:_CRA] != _SIGNING_HEADER:
            return False
        if g[_ORIGINATOR - 1] != _ID or g[_RECIPIENT - 1] != _ID:
            return False
        self.g = g
        self.cra = g[_CRA]
        self.counter = bytes(g[_COUNTER : _COUNTER + _ID])
        self.originator = bytes(g[_ORIGINATOR : _ORIGINATOR + _ID])
        self.recipient = bytes(g[_RECIPIENT : _RECIPIENT + _ID])
        if g[_DATE_TIME] not in (0, _DATE_TIME_LENGTH):
            return False
        at = _DATE_TIME + 1 + g[_DATE_TIME]
        other = self._counted(g, at)
        if other is None or not self._parse_other(other):
            return False
        at = self._end
        self.content = self._counted(g, at)
        if self.content is None or self._end >= len(g):
            return False
        at = self._end
        self.signature = g[at + 1 :]
        return g[at] in (0, _SIGNATURE) and len(self.signature) == g[at]

    # The octets behind the length at g[at:], which end at self._end.
    def _counted(self, g, at):
        size = ber.size(g, at)
        if not size:
            return None
        start = at + size
        self._end = start + ber.value(g, at)
        return g[start : self._end] if self._end <= len(g) else None

    def _parse_other(self, other):
        for length in _OTHER_LENGTHS:
            if len(other) == length or len(other) > length and _is_certificate(other[length:]):
                self.code = other[0] << 8 | other[1]
                self.other = bytes(other[0:length])
                return True
        return False


def _is_certificate(p):
    if len(p) < _CERTIFICATE_HEADER or p[0:2] != _CERTIFICATE:
        return False
    return len(p) == _CERTIFICATE_HEADER + (p[2] << 8 | p[3])


# G of a message up to its content.
def head(cra, counter, originator, recipient, other, length):
    return b"".join(
        (
            _SIGNING_HEADER,
            bytes((cra,)),
            counter,
            bytes((_ID,)),
            originator,
            bytes((_ID,)),
            recipient,
            bytes((0, len(other))),
            other,
            ber.image(length),
        )
    )


# What goes before a G of that length that gets a MAC.
def mac_head(length):
    return _CIPHERING_HEADER + ber.image(len(SECURITY_HEADER) + length + MAC) + SECURITY_HEADER
