# A machine of QEMU's as a board, whichever processor it has: the module emulator is its hardware.

import sys

import cryptolib  # type: ignore[import-not-found,unused-ignore]  # in C here; ports without it are other boards
import emulator  # type: ignore[import-not-found]  # of board/qemu/port

from board_parts import identity

_ECB = 1  # mode of cryptolib.aes
_REBOOT = 1  # Gsme.REBOOT


# What the host sends is in the UART at once: the line has no speed.
class _Port:
    readinto = staticmethod(emulator.receive)
    write = staticmethod(emulator.send)

    def wire_ms(self, count):
        return 0


class Board:
    name = sys.platform.encode()
    led = None
    flash_word = 4
    ticks = emulator  # ticks_ms(), ticks_diff(a, b)
    flash = emulator  # readblocks(), writeblocks(), ioctl(): RAM that outlives a restart
    watchdog_bit = False
    given_eui64 = None
    eui64 = identity.GSME
    chf_eui64 = identity.CHF
    gpf_eui64 = identity.GPF
    needs_provision = False  # it serves under the bench's identity, in production too

    def __init__(self):
        self.port = _Port()
        self.random = emulator.random
        self.wait = emulator.wait

    def pulses(self):
        return 0

    # AES-128: .encrypt(16 bytes) -> 16 bytes
    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    # There is no watchdog to feed.
    def feed(self):
        pass

    def provision(self):
        return None


# Whoever wants the REPL asks for it by the bench's Leave: there is nothing here that a reset could not undo.
def way_back():
    return False


def end(ending):
    if ending == _REBOOT:
        sys.exit()
