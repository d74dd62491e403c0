# AES-128-GCM (NIST SP 800-38D) over the board's AES, for what GBCS does with it: short messages, 96-bit IVs.
#
# cipher: .encrypt(16 bytes) -> 16 bytes

from micropython import const

from . import ghash

_BLOCK = const(16)
_ZEROS = b"\x00" * 16
_FIRST = const(1)  # counter block of the tag; those of the text follow


# The tag of no text, over the additional data prefix + view, which are not joined. prefix: at most 16 octets.
def mac(cipher, iv, prefix, view):
    return _tag(cipher, iv, prefix, view, b"")


# Ciphertext, then its tag.
def seal(cipher, iv, aad, plain):
    text = _crypt(cipher, iv, plain)
    return text + _tag(cipher, iv, aad, b"", text)


# The plaintext; None where the tag, whole or the first octets of it, is another.
def unseal(cipher, iv, aad, text, tag):
    if not equal(_tag(cipher, iv, aad, b"", text)[: len(tag)], tag):
        return None
    return _crypt(cipher, iv, text)


# Whether two strings of one length are equal, in a time that does not tell where they differ.
def equal(a, b):
    difference = 0
    for i in range(len(a)):
        difference |= a[i] ^ b[i]
    return not difference


def _tag(cipher, iv, prefix, view, text):
    table = ghash.make(cipher.encrypt(_ZEROS))
    y = bytearray(_BLOCK)
    block = bytearray(_BLOCK)
    joint = min(_BLOCK - len(prefix), len(view))
    block[: len(prefix)] = prefix
    block[len(prefix) : len(prefix) + joint] = view[:joint]
    ghash.absorb(table, y, block, len(prefix) + joint)
    ghash.absorb(table, y, view[joint:], len(view) - joint)
    ghash.absorb(table, y, text, len(text))
    lengths = _bits(len(prefix) + len(view)) + _bits(len(text))
    ghash.absorb(table, y, lengths, _BLOCK)
    mask = cipher.encrypt(_counter(iv, _FIRST))
    return bytes([y[i] ^ mask[i] for i in range(_BLOCK)])


def _bits(octets):
    return (8 * octets).to_bytes(8, "big")


def _counter(iv, n):
    return iv + n.to_bytes(4, "big")


def _crypt(cipher, iv, text):
    out = bytearray(len(text))
    for at in range(0, len(text), _BLOCK):
        mask = cipher.encrypt(_counter(iv, _FIRST + 1 + at // _BLOCK))
        for i in range(at, min(at + _BLOCK, len(text))):
            out[i] = text[i] ^ mask[i - at]
    return bytes(out)
