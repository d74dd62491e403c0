# The module machine with what the unix port lacks of it and a board has. The supervisor does what a chip would.

import os
import time

from umachine import *  # type: ignore[import-not-found,unused-ignore]  # noqa: F403  # all that it has

PWRON_RESET = 1  # as VIRTUAL_CAUSE counts
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5

_RESET = b"R"  # to the supervisor
_WATCH = b"W"
_FEED = b"."
_LEAVE_ALONE = b"w"

_control = open(int(os.getenv("VIRTUAL_CONTROL")), "wb", buffering=0)
cause = PWRON_RESET


def reset_cause():
    return cause


def reset():
    _control.write(_RESET)
    while True:
        time.sleep_ms(1000)


def unique_id():
    return b"virtual"


class WDT:
    def __init__(self, id=0, timeout=8000):
        _control.write(_WATCH)

    def feed(self):
        _control.write(_FEED)


# What chips need a timer for: the watchdog lets whoever is at the REPL be.
def leave_unwatched():
    _control.write(_LEAVE_ALONE)
