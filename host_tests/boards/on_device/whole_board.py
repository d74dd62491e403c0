# ruff: noqa: D100, INP001
# mypy: ignore-errors
# One board's own files, from boot.py to the end of the application, on stand-ins for its chip. MicroPython.
#
# Standard input: the name of the board, the cause of the last reset, and what still runs. Standard output: a line a
# fact, for the host.

import sys

import chip_modules
import machine

NAME, CAUSE, RUNS = sys.stdin.readline().split()
NRF = NAME == "nrf52840dk"


class Board:  # the module that the nRF's port has of that name
    pass


def tell(name, value):
    print(name, "=", value)


def start():
    machine.cause = getattr(machine, CAUSE)
    machine.starts_at_once = not NRF
    if NRF and RUNS == "watchdog":  # of the run before: 8 s
        machine.mem32[0x40010504] = 8 * 32768 - 1
        machine.mem32[0x40010000] = 1
    chip_modules.stand_in()
    if NRF:
        sys.modules["board"] = Board
    __import__("boot")
    tell("timers at boot", len(machine.timers))
    return __import__("board")


def contract(board):
    made = board.Board()
    tell("name", made.name.decode())
    tell("eui64s", " ".join([e.hex() for e in (made.eui64, made.chf_eui64, made.gpf_eui64)]))
    tell("word", made.flash_word)
    tell("blocks", "%d of %d" % (made.flash.ioctl(4, 0), made.flash.ioctl(5, 0)))
    tell("watchdog bit", made.watchdog_bit)
    key = bytes(range(16))
    tell("aes", made.aes(key).encrypt(bytes([17 * i for i in range(16)])).hex())
    tell("random", len(made.random(20)))
    tell("provision", made.provision())
    return made


def lamp(made, pin):
    for on in (True, False):
        if made.led:
            made.led(on)
            tell("level, lit" if on else "level, dark", machine.pins[pin].level)


def pulses(made, pin):
    contact = machine.pins[pin]
    first = made.pulses()
    for _ in range(3):
        contact.closed(contact)
    tell("pulses", "%d %d %d" % (first, made.pulses(), made.pulses()))


def running():
    return bool(machine.mem32.wdt.runs) if NRF else bool(machine.watchdogs)


def watchdog(board, made):
    if RUNS == "nothing":
        tell("watched before the loop", running())
    for _ in range(3):
        made.feed()
        machine.mem32.wdt.pass_ms(7000)
    tell("watched in the loop", running())
    tell("timers in the loop", len(machine.timers))
    tell("second stream in the loop", sys.modules["os"].second)
    board.end(2)
    tell("second stream in the REPL", sys.modules["os"].second)
    for _ in range(4):  # while the REPL has the line
        machine.mem32.wdt.pass_ms(7000)
        for callback in machine.timers.values():
            callback(None)
    tell("timers in the REPL", len(machine.timers))
    tell("resets", machine.mem32.wdt.resets)
    machine.mem32.wdt.pass_ms(9000)
    tell("resets without the timer", machine.mem32.wdt.resets)


def restart(board):
    try:
        board.end(1)
    except machine.Reset:
        tell("restart", True)


def serve(made):
    device = __import__("gsme.device").device.Gsme(made)
    for _ in range(20):
        device.turn()
    tell("starts", device.starts)


def main():
    board = start()
    made = contract(board)
    serve(made)
    config = __import__("board_config")
    pulses(made, config.PULSE)
    lamp(made, config.LED)
    watchdog(board, made)
    restart(board)


main()
