# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# 48 hours of a meter's life on an injected clock: gas, half hours with a hub, events, commands, messages, refusals,
# restarts. It tells each operation of its flash, and in between what it holds, which no power cut may lose.
# MicroPython.
#
#   on_operation(block, offset, data)    data None: an erase
#   on_note(name, digest, growing)       from here on a restart finds at least this: see kept.py
#
# A chore that is whole is one change: of what lies between the notes before and behind it a restart finds nothing.

import kept
from chores import ROUND, flood, remote_parties
from damage import Noise
from flash import Flash
from hub import Hub
from meter import Meter

_HALF_HOURS = 96
_TICKS = 180  # a half hour
_TICK_S = 10
_GAS_EVERY = 6  # ticks
_CHORES = 16  # a half hour
_T0 = 0x2F00A700  # 2025-01: when it begins


class Life:
    def __init__(self, image, block_size, word, on_operation, on_note, seed=1, half_hours=_HALF_HOURS):
        self.image = image
        self._geometry = (block_size, word)
        self._on_operation = on_operation
        self._on_note = on_note
        self.noise = Noise(seed)
        self._half_hours = half_hours
        self.hub = Hub()
        self.utc = self.began_utc = _T0
        self._wrong = 0
        self.counter = 1  # of the remote parties' messages
        self.counts = {}  # by name: chores that were done
        self._whole = True
        self._told = True  # the chore's first answer has left
        self._noted_at = 0  # operation

    # --- starts

    def start(self):
        if self.counts:
            self._wrong += self.flash.wrong
            self.flash.dead = True
        self.flash = Flash(self.image, *self._geometry)
        self.flash.log = self._on_operation
        self.meter = Meter(self.flash, self.noise.below(1 << 30))
        device = self.meter.device
        if not self.counts:
            self._on_note("factory", device.found, device.found_growing)
        self.meter.line.on_data = self._data_leaves
        commit = device.store.commit
        device.store.commit = lambda: self._committed(commit())
        self.entity = bytes(reversed(device.link.eui64))
        self._count("start")
        self.note("start")
        self.meter.sync()

    # Calls that broke the rules of the flash.
    def wrong(self):
        return self._wrong + self.flash.wrong

    # --- notes

    def note(self, name):
        device = self.meter.device
        self._on_note(name, kept.digest(device), kept.growing(device))

    # What is said of a change is said when it is kept.
    def _data_leaves(self, payload):
        if self._whole and not self._told:
            self._told = True
            self.note("told")
        elif payload[12:14] == b"\x04\x07" and payload[15 + 5 : 15 + 6] == b"\x03":
            self.note("put")

    # A chore of several changes: each may be the last one.
    def _committed(self, status):
        operations = self.flash.operations
        if not self._whole and not status and operations != self._noted_at:
            self._noted_at = operations
            self.note("kept")
        return status

    def _count(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    # Does a chore, chore(life).
    def do(self, name, chore, whole):
        self._whole = whole
        self._told = False
        chore(self)
        self._whole = False
        self._count(name)
        self.note(name)

    # --- time

    def live(self):
        self.start()
        self.do("clock", lambda life: life.meter.give_time(life.utc), True)
        remote_parties(self)
        for number in range(self._half_hours):
            self._half_hour()
            for special in _SPECIAL.get(number, ()):
                special(self)
            for _ in range(_CHORES):
                self.do(*ROUND[self.noise.below(len(ROUND))])

    def _half_hour(self):
        self._whole = False
        self.utc += self.noise.below(3)  # the hub is ahead
        for tick in range(_TICKS):
            if tick % _GAS_EVERY == 0:
                self.meter.board.volume_dm3 += 1 + self.noise.below(3)
            self.utc += _TICK_S
            self.hub.utc = self.utc
            self.meter.wait(_TICK_S)
            if self.meter.line.heard:
                self.hub.serve(self.meter, self.meter.settle())
        self._count("half hour")
        self.note("half hour")


# --- what happens once in a while


def _reboot(life):
    life.meter.bench(0x08)
    life.meter.device.run()
    life.note("ending")
    life.start()
    life.do("clock", lambda life: life.meter.give_time(life.utc), True)


def _plug_pulled(life):
    life.start()
    life.do("clock", lambda life: life.meter.give_time(life.utc), True)


def _crash(life):
    life.meter.device.crashed("Traceback: of a crash\nValueError: made up")
    life.note("crash")
    life.start()


def _another_identity(life):
    eui64 = life.noise.octets(8)
    life.do("identity", lambda life: life.meter.bench(0x0C, eui64), True)
    _reboot(life)


def _factory_reset(life):
    life.do("factory reset", lambda life: life.meter.bench(0x07), False)
    remote_parties(life)


def _flood(life):
    life.do("flood", flood, True)


def _hub_gone(life):
    life.hub.leave(True)


def _hub_back(life):
    life.hub.leave(False)


def _no_tunnel(life):
    life.hub.tunnel_status = 2
    life.hub.close_status = 0x01
    life.meter.device.tunnel.lose()


def _tunnel_again(life):
    life.hub.tunnel_status = 0
    life.hub.close_status = 0


_SPECIAL = {
    3: (_plug_pulled,),
    8: (_reboot,),
    12: (_flood,),
    15: (_hub_gone,),
    17: (_hub_back, _no_tunnel),
    19: (_tunnel_again,),
    24: (_crash,),
    30: (_another_identity,),
    36: (_factory_reset,),
    44: (_plug_pulled, _plug_pulled),
    52: (_no_tunnel,),
    54: (_tunnel_again,),
    60: (_flood,),
    66: (_crash, _reboot),
    72: (_hub_gone,),
    75: (_hub_back, _another_identity),
    84: (_plug_pulled,),
    90: (_reboot,),
}
