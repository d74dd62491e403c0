# ECDSA on P-256 with SHA-256 (FIPS 186-4 6.4), nonces by RFC 6979; in slices: poll() does a part of the work and is
# true when .result is there.

from hashlib import sha256

from micropython import const

from . import p256

_HASHED = const(64)  # octets that SHA-256 takes at a time
_INNER = const(0x36)
_OUTER = const(0x5C)


def _hmac(key, data):
    padded = key + bytes(_HASHED - len(key))
    inner = sha256(bytes([octet ^ _INNER for octet in padded]) + data).digest()
    return sha256(bytes([octet ^ _OUTER for octet in padded]) + inner).digest()


# The nonces of RFC 6979 3.2 for one secret key and one digest.
class _Nonces:
    def __init__(self, secret, digest):
        seed = secret + p256.octets(p256.number(digest) % p256.N)
        self._key = bytes(p256.OCTETS)
        self._value = b"\x01" * p256.OCTETS
        self._mix(b"\x00" + seed)
        self._mix(b"\x01" + seed)

    def _mix(self, data):
        self._key = _hmac(self._key, self._value + data)
        self._value = _hmac(self._key, self._value)

    def next(self):
        while True:
            self._value = _hmac(self._key, self._value)
            if 0 < p256.number(self._value) < p256.N:
                return self._value
            self._mix(b"\x00")

    # The last one does not do.
    def refuse(self):
        self._mix(b"\x00")


# r then s, 64 octets.
class Signing:
    def __init__(self, secret, digest):
        self._secret = p256.number(secret)
        self._digest = p256.number(digest)
        self._nonces = _Nonces(secret, digest)
        self.result = None
        self._begin()

    def _begin(self):
        self._nonce = self._nonces.next()
        self._work = p256.Multiplication(self._nonce, p256.G)

    def poll(self):
        if not self._work.poll():
            return False
        r = p256.affine(self._work.result)[0] % p256.N
        s = pow(p256.number(self._nonce), p256.N - 2, p256.N) * (self._digest + r * self._secret) % p256.N
        if r and s:
            self.result = p256.octets(r) + p256.octets(s)
            return True
        self._nonces.refuse()
        self._begin()
        return False


# Whether a signature, r then s, of a digest is that of a public key.
class Verification:
    def __init__(self, public, digest, signature):
        self.result = False
        self._r = r = p256.number(signature[: p256.OCTETS])
        s = p256.number(signature[p256.OCTETS :])
        p = p256.point(public)
        self._sum = p256.INFINITY
        self._works = []
        if p is not None and 0 < r < p256.N and 0 < s < p256.N:
            inverse = pow(s, p256.N - 2, p256.N)
            for scalar, base in ((p256.number(digest) * inverse, p256.G), (r * inverse, p)):
                self._works.append(p256.Multiplication(p256.octets(scalar % p256.N), base))

    def poll(self):
        if self._works:
            if self._works[-1].poll():
                self._sum = p256.add(self._sum, self._works.pop().result)
            return False
        found = p256.affine(self._sum)
        self.result = found is not None and found[0] % p256.N == self._r
        return True
