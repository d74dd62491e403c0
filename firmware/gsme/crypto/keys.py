# Keys out of secrets, secrets out of randomness.

from hashlib import sha256

from micropython import const

from . import p256

_ONE_BLOCK = b"\x00\x00\x00\x01"
_KEY = const(16)


# The key of 16 octets for a purpose that other_info names (NIST SP 800-56A 5.8.1, one block of SHA-256).
def kdf(z, other_info):
    return sha256(b"".join((_ONE_BLOCK, z, other_info))).digest()[:_KEY]


# A secret key in 1 .. n - 1, 32 octets (FIPS 186-4 B.4.2). random(n) -> n octets
def new_secret(random):
    while True:
        secret = random(p256.OCTETS)
        if 0 < int.from_bytes(secret, "big") < p256.N:
            return secret
