# Keys and MACs of messages (GBCS 4.3, 8.2): one key a message, made from the secret that two parties share.

from micropython import const

from ..crypto import gcm, keys
from .envelope import MAC, SECURITY_HEADER

# What a key is for
OF_COMMAND = const(1)
OF_RESPONSE = const(2)
OF_ALERT = const(3)
OF_COMPONENT = const(4)  # encryption

_ALGORITHM = b"\x60\x85\x74\x06\x08\x03\x00"  # AES-GCM-128
_ENTITY_ID_NEXT = b"\x09"
_MAC_PREFIX = SECURITY_HEADER + b"\x00"
_INVOCATION_FIELD = b"\x00\x00\x00\x00"


# Turns the secret of two parties into the keys of their messages. aes(key) -> cipher, of the board's.
class Protection:
    def __init__(self, aes):
        self._aes = aes

    def cipher(self, z, purpose, originator, counter, recipient):
        other = b"".join((_ALGORITHM, originator, _ENTITY_ID_NEXT, bytes((purpose,)), counter, recipient))
        return self._aes(keys.kdf(z, other))

    # MAC over G.
    def mac(self, z, purpose, originator, counter, recipient, g):
        cipher = self.cipher(z, purpose, originator, counter, recipient)
        return gcm.mac(cipher, initial_vector(originator), _MAC_PREFIX, g)[:MAC]

    def holds(self, z, message):
        made = self.mac(z, message.cra, message.originator, message.counter, message.recipient, message.g)
        return gcm.equal(made, bytes(message.mac))


def initial_vector(originator):
    return originator + _INVOCATION_FIELD
