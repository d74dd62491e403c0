# What the boards with an ESP32-C6 or -H2 share. config: the board's board_config.

import os
import select
import time

import cryptolib
import esp32
import machine
import micropython
from micropython import const

from . import esp32_watchdog, identity, provision_file, way_back
from .pulses import Pulses
from .repl_line import ReplLine
from .uart_line import UartLine

_ECB = const(1)  # mode of cryptolib.aes
_PROVISION = "/provision.bin"
_PARTITION = "gsme"  # see partitions.csv
_CTRL_C = const(3)
_REBOOT = const(1)


# The line of the link: the REPL's stream, or a UART of its own, whose buffers hold the longest frame both ways.
def line(config):
    if config.LINK == config.REPL:
        return ReplLine(config.BAUD)
    uart = machine.UART(
        config.UART,
        baudrate=config.UART_BAUD,
        tx=config.UART_TX,
        rx=config.UART_RX,
        rxbuf=config.UART_RXBUF,
        txbuf=config.UART_TXBUF,
        timeout=0,
        timeout_char=0,
    )
    return UartLine(uart, config.UART_BAUD)


# The blocks of the journal, a partition of its own.
def journal():
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA, label=_PARTITION)
    if not found:
        raise OSError("no partition gsme: deploy.md says how to write partitions.bin")
    return found[0]


class Board:
    flash_word = 4
    ticks = time  # ticks_ms(), ticks_diff(a, b)
    eui64 = identity.GSME
    given_eui64 = None
    chf_eui64 = identity.CHF
    gpf_eui64 = identity.GPF
    needs_provision = True

    def __init__(self, name, port, config):
        self.name = name
        self.watchdog_bit = esp32_watchdog.ended_last_run()
        self._watchdog = None  # a start that fails must leave the REPL alone: from the first feed() on
        self.port = port
        self.flash = journal()
        self.led = None if config.LED is None else machine.Pin(config.LED, machine.Pin.OUT)
        contact = machine.Pin(config.PULSE, machine.Pin.IN, machine.Pin.PULL_UP)
        self._pulses = Pulses(contact, machine.Pin.IRQ_FALLING, config.PULSE_DM3)
        self._input = select.poll()
        self._input.register(port.stream, select.POLLIN)

    # Litres of gas since the last call.
    def pulses(self):
        return self._pulses.volume_dm3()

    # AES-128: .encrypt(16 bytes) -> 16 bytes
    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    # The chip's own generator.
    def random(self, count):
        return os.urandom(count)

    # The loop is alive. It is watched from the first time on.
    def feed(self):
        if self._watchdog is None:
            self._watchdog = esp32_watchdog.take_over()
        self._watchdog.feed()

    # Returns when a byte has come, at the latest after that time.
    def wait(self, timeout_ms):
        self._input.poll(timeout_ms)

    def provision(self):
        return provision_file.read(_PROVISION)


# Whether somebody wants the REPL, whose stream this is or is not.
def wants_repl(config, port):
    if config.LINK == config.REPL:
        return way_back.wanted(port, time)
    micropython.kbd_intr(_CTRL_C)
    return False


# How the application ends. To leave is to return: the REPL follows.
def end(ending):
    if ending == _REBOOT:
        machine.reset()
    esp32_watchdog.keep_fed()
    micropython.kbd_intr(_CTRL_C)
