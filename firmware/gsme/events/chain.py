# The chain of the Security Log: each entry has a tag over itself and the tag before, so that none can be changed, left
# out or moved without the key.
#
#   tag = HMAC-SHA-256(key, tag before | number u32 LE | order u32 LE | entry), first 8 octets     RFC 2104

from hashlib import sha256

from micropython import const

KEY = const(16)  # octets of a key
TAG = const(8)
_BLOCK = const(64)  # octets that SHA-256 takes at a time


class Chain:
    def __init__(self):
        self.give_key(bytes(KEY))

    def give_key(self, key):
        self.key = key
        padded = key + bytes(_BLOCK - len(key))
        self._inner = bytes(octet ^ 0x36 for octet in padded)
        self._outer = bytes(octet ^ 0x5C for octet in padded)

    # head: number and order
    def tag(self, before, head, entry):
        inner = sha256(self._inner)
        inner.update(before)
        inner.update(head)
        inner.update(entry)
        outer = sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()[0:TAG]
