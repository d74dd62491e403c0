# The module micropython, whose kbd_intr here sets the terminal: with none, 03 is a byte like any other.

import termios

from micropython import *  # noqa: F403  # all that it has

_LFLAG = 3  # places in what tcgetattr gives
_CC = 6
_ISIG = 0x01
_NOFLSH = 0x80  # what was typed before Ctrl-C stays
_INTERRUPT = 0  # keys of the terminal
_QUIT = 1
_SUSPEND = 10
_OFF = b"\x00"


# code: of the key that interrupts, -1 for none
def kbd_intr(code):
    mode = termios.tcgetattr(0)
    mode[_LFLAG] = 0 if code < 0 else _ISIG | _NOFLSH
    keys = mode[_CC]
    keys[_QUIT] = keys[_SUSPEND] = _OFF
    keys[_INTERRUPT] = _OFF if code < 0 else bytes((code,))
    termios.tcsetattr(0, termios.TCSANOW, mode)
