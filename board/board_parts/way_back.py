# The way back to the REPL on a stream that the link shares with it: for a second after a start a Ctrl-C ends it all.
# One inside of a frame of the link is a byte like any other.

import micropython
from micropython import const

_WAIT_MS = const(1000)
_CTRL_C = const(3)
_NOBODY = -1
_MOST = const(256)
_STARTS = b"\r\n\x03"  # behind these, and at first, a Ctrl-C is meant


# line: ReplLine; ticks: ticks_ms(), ticks_diff(a, b). True where somebody wants the REPL. A frame ends the wait.
def wanted(line, ticks):
    micropython.kbd_intr(_NOBODY)
    began = ticks.ticks_ms()
    came = bytearray()
    one = bytearray(1)
    while ticks.ticks_diff(ticks.ticks_ms(), began) < _WAIT_MS and len(came) < _MOST:
        if not line.readinto(one):
            continue
        if one[0] == _CTRL_C and (not came or came[-1] in _STARTS):
            micropython.kbd_intr(_CTRL_C)
            return True
        came.extend(one)
        if one[0] == 0 and len(came) > 1:
            break
    line.give_back(bytes(came))
    return False
