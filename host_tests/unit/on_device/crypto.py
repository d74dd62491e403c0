# ruff: noqa: D100, D103, INP001
# mypy: ignore-errors
# The device's cryptography. MicroPython.
#
# Standard input, a line a call; standard output, a line a call: the result, or none, or true or false.
#   seal KEY IV AAD PLAIN          ciphertext and tag
#   unseal KEY IV AAD TEXT TAG     plaintext
#   mac KEY IV PREFIX VIEW         tag over both
#   ghash H DATA                   by native code where there is some, and by bytecode
#   twins                          whether there is native code
#   component Z ORIGINATOR COUNTER READER NUMBER FRAME   the body of an encrypted component
#   opened KEY ORIGINATOR BODY     the ZCL frame of one, from its frame control on
#   kdf Z OTHER                    key
#   valid PUBLIC                   whether it is a public key
#   public SECRET                  its public key
#   agree SECRET PUBLIC            Z
#   sign SECRET DIGEST             signature
#   verify PUBLIC DIGEST SIGNATURE
# All in hex, - for no bytes.

import sys

import cryptolib

from gsme.crypto import ecdh, ecdsa, gcm, ghash, keys, p256
from gsme.gbcs import gbz, protection

_ECB = 1
_COMPONENT = 4  # what a key is for, GBCS 8.2


def _done(task):
    while not task.poll():
        pass
    return task.result


def _cipher(key):
    return cryptolib.aes(key, _ECB)


def seal(key, iv, aad, plain):
    return gcm.seal(_cipher(key), iv, aad, plain)


def unseal(key, iv, aad, text, tag):
    return gcm.unseal(_cipher(key), iv, aad, text, tag)


def mac(key, iv, prefix, view):
    return gcm.mac(_cipher(key), iv, prefix, memoryview(view))


def ghash_twins(h, data):
    results = bytearray()
    for make, absorb in ((ghash.make, ghash.absorb), (ghash.make_bytecode, ghash.absorb_bytecode)):
        y = bytearray(16)
        absorb(make(h), y, data, len(data))
        results.extend(y)
    return results


def twins():
    return ghash.make is not ghash.make_bytecode


def component(z, originator, counter, reader, number, frame):
    cipher = protection.Protection(_cipher).cipher(z, _COMPONENT, originator, counter, reader)
    return gbz.seal(cipher, originator, number[0], frame)


def opened(key, originator, body):
    return gbz.unseal(_cipher(key), originator, body)


def public(secret):
    return _done(ecdh.OwnPublic(secret))


def agree(secret, other):
    return _done(ecdh.Agreement(secret, other))


def sign(secret, digest):
    return _done(ecdsa.Signing(secret, digest))


def verify(other, digest, signature):
    return _done(ecdsa.Verification(other, digest, signature))


_CALLS = {
    "seal": seal,
    "unseal": unseal,
    "mac": mac,
    "ghash": ghash_twins,
    "twins": twins,
    "component": component,
    "opened": opened,
    "kdf": keys.kdf,
    "valid": p256.valid,
    "public": public,
    "agree": agree,
    "sign": sign,
    "verify": verify,
}

for line in sys.stdin:
    name, *words = line.split()
    result = _CALLS[name](*[b"" if word == "-" else bytes.fromhex(word) for word in words])
    if result is None or isinstance(result, bool):
        print(str(result).lower())
    else:
        print(bytes(result).hex() or "-")
