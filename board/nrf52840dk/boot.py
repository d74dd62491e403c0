# Runs before main.py, and alone where a host uses the raw REPL. A watchdog that the application started goes on over
# machine.reset() and a soft reset: it is fed until the application is there again.

import sys

from board_parts import nrf_watchdog

nrf_watchdog.keep_fed()

# The port has a module of that name, which is found before any file. What has been imported is found before all.
sys.modules["board"] = __import__("nrf52840dk.board").board
