# The unix port as a board that mpremote deploys to: the link shares the REPL's stream, flash lies in files of the host.
# What of it is not the application's is in image/.

import os
import time

import cryptolib  # type: ignore[import-not-found,unused-ignore]  # ports without it are other boards
import flash  # type: ignore[import-not-found,unused-ignore]  # of image/
import machine
import micropython
from micropython import const

from board_parts import identity, provision_file
from board_parts import way_back as way
from board_parts.repl_line import ReplLine

_ECB = const(1)  # mode of cryptolib.aes
_PROVISION = "provision.bin"
_CTRL_C = const(3)
_REBOOT = const(1)

_line = ReplLine()  # one for the way back and the link: what the first has read is the second's


class Board:
    name = b"virtual"
    led = None
    flash_word = 4
    ticks = time  # ticks_ms(), ticks_diff(a, b)
    eui64 = identity.GSME
    given_eui64 = None
    chf_eui64 = identity.CHF
    gpf_eui64 = identity.GPF
    needs_provision = True

    def __init__(self):
        self.port = _line
        self.flash = flash.journal
        self.watchdog_bit = machine.reset_cause() == machine.WDT_RESET
        self._watchdog = None  # a start that fails must leave the REPL alone: from the first feed() on
        self.wait = _line.wait  # wait(timeout_ms) returns when a byte has come, at the latest after that time

    # Nothing is measured here.
    def pulses(self):
        return 0

    # AES-128: .encrypt(16 bytes) -> 16 bytes
    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    def random(self, count):
        return os.urandom(count)

    # The loop is alive. It is watched from the first time on.
    def feed(self):
        if self._watchdog is None:
            self._watchdog = machine.WDT(timeout=8000)
        self._watchdog.feed()

    def provision(self):
        return provision_file.read(_PROVISION)


def way_back():
    return way.wanted(_line, time)


# How the application ends. To leave is to return: the REPL follows.
def end(ending):
    if ending == _REBOOT:
        machine.reset()
    machine.leave_unwatched()  # type: ignore[attr-defined,unused-ignore]  # of image/
    micropython.kbd_intr(_CTRL_C)
