# Runs before main.py, and alone where a host uses the raw REPL. A watchdog that the application started goes on over a
# soft reset: it is fed until the application is there again.

import machine

if machine.reset_cause() == machine.SOFT_RESET:
    from board_parts import esp32_watchdog

    esp32_watchdog.keep_fed()
