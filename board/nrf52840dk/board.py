# The nRF52840 DK (PCA10056), on an unchanged image of MicroPython's. On the board this file is nrf52840dk/board.py: a
# module of the port's has its name, and boot.py puts this one in its place.

import os
import select
import time

import machine
import micropython
import nrf
import uctypes
from micropython import const

import board_config as config
from board_parts import identity, nrf_watchdog, provision_file
from board_parts import way_back as way
from board_parts.nrf_ecb import Ecb
from board_parts.nrf_rng import Rng
from board_parts.pulses import Pulses
from board_parts.repl_line import ReplLine

_PROVISION = "/flash/provision.bin"
_BLOCKS = const(24)
_BLOCK_SIZE = const(4096)
_ECB_DATA = const(48)
_WATCHDOG_MS = const(8000)
_CTRL_C = const(3)
_REBOOT = const(1)

_port = ReplLine()  # one for the way back and the link: what the first has read is the second's
_uart = []  # the REPL's second stream, while the link has the first


# The stock image gives the REPL the UART of the interface chip too, and there each byte waits for that chip to take it
# (CTS). Nobody may hold up the link: until the application ends the REPL's stream is USB alone.
def _leave_uart():
    _uart[:] = [os.dupterm(None)]


def _rejoin_uart():
    for uart in _uart:
        os.dupterm(uart)


# LED 1 is lit by a low level; the port has no machine.Signal of a pin's number.
class _Lamp:
    def __init__(self, number):
        self._pin = machine.Pin(number, machine.Pin.OUT, value=1)

    def __call__(self, on):
        self._pin(not on)


# The blocks of the journal: the end of the flash that neither the image nor a file system has. The image grows from the
# other side, so another version finds them in the same place.
def _journal():
    length = nrf.unused_flash_length()
    size = _BLOCKS * _BLOCK_SIZE
    if length < size:
        raise OSError("no flash left for the journal: this image is too large")
    return nrf.Flash(start=nrf.unused_flash_start() + length - size, len=size)


class Board:
    name = b"nrf52840dk"
    flash_word = 4
    ticks = time  # ticks_ms(), ticks_diff(a, b)
    eui64 = identity.GSME
    given_eui64 = None
    chf_eui64 = identity.CHF
    gpf_eui64 = identity.GPF
    needs_provision = True

    def __init__(self):
        self._watchdog = nrf_watchdog.Watchdog(machine.mem32)
        # The port tells the cause until the next reset of another kind; the watchdog's own reset stops the watchdog.
        self.watchdog_bit = machine.reset_cause() == machine.WDT_RESET and not self._watchdog.runs()
        self._watched = False
        self.port = _port
        self.flash = _journal()
        data = bytearray(_ECB_DATA)
        self._ecb = Ecb(machine.mem32, data, uctypes.addressof(data))
        self._rng = Rng(machine.mem32)
        self.led = _Lamp(config.LED)
        contact = machine.Pin(config.PULSE, machine.Pin.IN, machine.Pin.PULL_UP)
        self._pulses = Pulses(contact, machine.Pin.IRQ_FALLING, config.PULSE_DM3)
        self._input = select.poll()
        self._input.register(_port.stream, select.POLLIN)
        _leave_uart()

    # Litres of gas since the last call.
    def pulses(self):
        return self._pulses.volume_dm3()

    # AES-128: .encrypt(16 bytes) -> 16 bytes
    def aes(self, key):
        return self._ecb.cipher(key)

    def random(self, count):
        return self._rng.random(count)

    # The loop is alive. It is watched from the first time on: a start that fails must leave the REPL alone.
    def feed(self):
        if not self._watched:
            self._watched = True
            nrf_watchdog.stop_feeding()
            self._watchdog.start(_WATCHDOG_MS)
        self._watchdog.feed()

    # Returns when a byte has come, at the latest after that time.
    def wait(self, timeout_ms):
        self._input.poll(timeout_ms)

    def provision(self):
        return provision_file.read(_PROVISION)


def way_back():
    return way.wanted(_port, time)


# How the application ends. To leave is to return: the REPL follows.
def end(ending):
    if ending == _REBOOT:
        machine.reset()
    nrf_watchdog.keep_fed()
    _rejoin_uart()
    micropython.kbd_intr(_CTRL_C)
