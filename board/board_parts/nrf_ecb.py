# AES-128 by the nRF52's ECB peripheral, through its registers.
#
# PS: nRF52840 Product Specification, ECB - AES electronic codebook mode encryption
#
# The peripheral reads 48 bytes of RAM: key, cleartext, ciphertext, each most significant byte first, as FIPS 197 prints
# them. Its AES core is shared with CCM and AAR, which come first: then the operation ends with ERRORECB (PS: Shared
# resources). It has been seen to end with nothing at all, so waiting ends too; either way it is tried again.
#
# A block's 48 bytes must lie in RAM and stay where they are: MicroPython moves nothing while it is held.

from micropython import const

STARTECB = const(0x4000E000)  # tasks: write 1
STOPECB = const(0x4000E004)
ENDECB = const(0x4000E100)  # events: 1 until 0 is written
ERRORECB = const(0x4000E104)
ECBDATAPTR = const(0x4000E504)

_KEY = const(16)  # bytes
_CLEARTEXT = const(16)  # places in the 48 bytes
_CIPHERTEXT = const(32)
_END = const(48)

_POLLS = const(1000)  # an operation takes 17 us at most; looking once takes longer than one
_TRIES = const(10)


# mem32: machine.mem32; data, address: 48 bytes of RAM and where they are. All ciphers share them: the key is written
# anew for each block.
class Ecb:
    def __init__(self, mem32, data, address):
        self._mem32 = mem32
        self._data = data
        self._address = address

    # A cipher as the firmware wants it: encrypt(16 bytes) -> 16 bytes.
    def cipher(self, key):
        if len(key) != _KEY:
            raise ValueError("a key has 16 bytes")
        return _Cipher(self, bytes(key))

    # OSError where the peripheral does not do it however often it is asked.
    def encrypt(self, key, block):
        if len(block) != _KEY:
            raise ValueError("a block has 16 bytes")
        data = self._data
        data[0:_CLEARTEXT] = key
        data[_CLEARTEXT:_CIPHERTEXT] = block
        for _ in range(_TRIES):
            if self._run():
                return bytes(data[_CIPHERTEXT:_END])
        raise OSError(5)

    # One operation from the start: what another one left is stopped and forgotten first. True if it was done.
    def _run(self):
        mem32 = self._mem32
        mem32[STOPECB] = 1
        mem32[ENDECB] = 0
        mem32[ERRORECB] = 0
        mem32[ECBDATAPTR] = self._address
        mem32[STARTECB] = 1
        for _ in range(_POLLS):
            if mem32[ERRORECB]:
                return False
            if mem32[ENDECB]:
                mem32[ENDECB] = 0
                return True
        return False


class _Cipher:
    def __init__(self, ecb, key):
        self._ecb = ecb
        self._key = key

    def encrypt(self, block):
        return self._ecb.encrypt(self._key, block)
