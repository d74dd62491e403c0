# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Model of the nRF52840's registers that the boards' drivers use, as machine.mem32. MicroPython.
#
# Written from the nRF52840 Product Specification (ECB, RNG, WDT; POWER: Reset behavior). A place that is no register of
# these, and whatever is undefined there, is an error.

import cryptolib

_ECB = 0x4000E000
_RNG = 0x4000D000
_WDT = 0x40010000
_RELOAD = 0x6E524635


# An AES core that CCM and AAR have before ECB.
class Ecb:
    def __init__(self):
        self.memory = {}  # address -> bytearray: RAM
        self.busy = 0  # so many operations find the core taken
        self.hang = 0  # so many operations end with no event
        self.polls = 3  # that an operation lasts
        self.done = 0
        self._left = 0  # polls until the running operation ends
        self._waited = 0  # polls since an operation was given up
        self._pointer = None
        self._events = {0x100: 0, 0x104: 0}

    def write(self, at, value):
        if at == 0x000 and value == 1:
            self._start()
        elif at == 0x004 and value == 1:
            self._stop()
        elif at in self._events and value == 0:
            self._events[at] = 0
        elif at == 0x504:
            self._pointer = value
        else:
            raise ValueError("ECB: no such write")

    def read(self, at):
        if at == 0x504:
            return self._pointer
        if self._left > 0:
            self._left -= 1
            if not self._left:
                self._finish()
        elif self._events[0x104]:
            self._waited += 1
            if self._waited > 10:
                raise ValueError("ECB: waits for what cannot come")
        return self._events[at]

    def _start(self):
        self._waited = 0
        if self._pointer not in self.memory:
            raise ValueError("ECB: the pointer is not in RAM")
        if self.busy or self._left:
            self.busy = max(0, self.busy - 1)
            self._events[0x104] = 1
        elif self.hang:
            self.hang -= 1
            self._left = -1
        else:
            self._left = self.polls

    def _stop(self):
        if self._left:
            self._left = 0
            self._events[0x104] = 1

    def _finish(self):
        data = self.memory[self._pointer]
        data[32:48] = cryptolib.aes(data[0:16], 1).encrypt(data[16:32])
        self._events[0x100] = 1
        self.done += 1


class Rng:
    def __init__(self):
        self.values = list(range(7, 256, 3))
        self.dead = False
        self.runs = False
        self.corrected = 0
        self._ready = 0

    def write(self, at, value):
        if at in (0x000, 0x004) and value == 1:
            self.runs = at == 0
        elif at == 0x100 and value == 0:
            self._ready = 0
        elif at == 0x504:
            self.corrected = value
        else:
            raise ValueError("RNG: no such write")

    def read(self, at):
        if at == 0x100:
            self._ready = 1 if self.runs and not self.dead else 0
            return self._ready
        if at == 0x508 and self.runs:
            return self.values.pop(0)
        raise ValueError("RNG: no such read")


# What it is set to cannot be changed once it runs, and only its own reset, the pin or a loss of power stops it.
class Wdt:
    def __init__(self):
        self._registers = {0x504: 0xFFFFFFFF, 0x508: 1, 0x50C: 1}
        self.runs = 0
        self.resets = 0
        self._left = 0

    def write(self, at, value):
        if at == 0x000 and value == 1:
            if not self.runs:
                self.runs = 1
                self._left = self._registers[0x504] + 1
        elif at == 0x600:
            if value == _RELOAD and self.runs:
                self._left = self._registers[0x504] + 1
        elif at in self._registers:
            if not self.runs:
                self._registers[at] = value
        else:
            raise ValueError("WDT: no such write")

    def read(self, at):
        return self.runs if at == 0x400 else self._registers[at]

    def pass_ms(self, time_ms):
        if self.runs:
            self._left -= time_ms * 32768 // 1000
            if self._left <= 0:
                self.runs = 0
                self.resets += 1


class Mem32:
    def __init__(self):
        self.ecb = Ecb()
        self.rng = Rng()
        self.wdt = Wdt()
        self._at = {_ECB: self.ecb, _RNG: self.rng, _WDT: self.wdt}

    def __getitem__(self, address):
        return self._at[address & ~0xFFF].read(address & 0xFFF)

    def __setitem__(self, address, value):
        if not 0 <= value < 1 << 32:
            raise ValueError("a register has 32 bits")
        self._at[address & ~0xFFF].write(address & 0xFFF, value)
