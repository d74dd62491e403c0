# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What every sweep does at a cut: starts a fresh meter on what the cut left, and judges it. MicroPython.

import time

import damage
import journal
import kept
from flash import Flash
from meter import Meter, Watched

_STARTS = 0
_RUNNING = 1
_UTC = 2
_COUNT = 3
_REGISTER = 4
_MOST_UNKEPT_DM3 = 12
_MOST_UNKEPT_S = 1900
_MOST_RESERVED = 16
_MOST_TOLD = 5
_SLOW_US = 200000


# So much was bad that the rest need not be looked at.
class Enough(Exception):
    pass


# Flash contents that are rolled forward along a tape, and a copy of them for each cut.
class Bench:
    def __init__(self, block_size, blocks, word):
        self.block_size = block_size
        self.word = word
        self.image = bytearray(b"\xff" * (block_size * blocks))
        self.trial = bytearray(len(self.image))
        self._left = bytearray(len(self.image))  # the trial before a start
        self._flash = None
        self.reader = journal.Reader(block_size, word)
        self.cuts = 0
        self.bad = []  # texts
        self.count_bad = 0
        self.most_bad = 1 << 30
        self.longest_us = 0  # a start
        self.device_class = Watched

    def copy(self):
        self.trial[:] = self.image

    # Where an operation takes place, in the image or the trial.
    def place(self, image, operation):
        block, offset, data = operation
        start = block * self.block_size + offset
        return memoryview(image)[start : start + (self.block_size if data is None else len(data))]

    def do(self, image, operation):
        view = self.place(image, operation)
        if operation[2] is None:
            damage.erase(view)
        else:
            damage.program(view, operation[2])

    # A part of it.
    def tear(self, image, operation, done, tail, seed):
        view = self.place(image, operation)
        if operation[2] is None:
            damage.tear_erase(view, done, tail, seed)
        else:
            damage.tear_program(view, operation[2], self.word, done, tail, seed)

    # A start on the trial, with a flash that is given these attributes. A slow one is tried again: it may have been the
    # host that had something else to do.
    def start(self, **attributes):
        self._left[:] = self.trial
        took_us, meter = self._timed_start(attributes)
        if took_us > _SLOW_US and "log" not in attributes:
            self.trial[:] = self._left
            again_us, meter = self._timed_start(attributes)
            took_us = min(took_us, again_us)
        self.longest_us = max(self.longest_us, took_us)
        return meter

    def _timed_start(self, attributes):
        if self._flash:
            self._flash.dead = True
        self._flash = Flash(self.trial, self.block_size, self.word)
        for name, value in attributes.items():
            setattr(self._flash, name, value)
        began = time.ticks_us()
        meter = Meter(self._flash, device_class=self.device_class)
        return time.ticks_diff(time.ticks_us(), began), meter

    def counts(self):
        return {
            "cuts": self.cuts,
            "bad": self.count_bad,
            "first_bad": self.bad,
            "longest_start_ms": self.longest_us // 1000,
        }

    # Starts on the trial and judges what is found: it is what one of the notes says. anchored: the chain is looked at
    # before that too, for a start writes a new anchor.
    def judge(self, where, notes, anchored=False):
        self.cuts += 1
        try:
            fault = anchored and self.chain_fault() or self._fault(notes)
        except Exception as error:  # noqa: BLE001  whatever it is
            fault = repr(error)
        if fault:
            self.count_bad += 1
            if len(self.bad) < _MOST_TOLD:
                self.bad.append("%s: %s" % (where, fault))
            if self.count_bad >= self.most_bad:
                raise Enough

    def _fault(self, notes):
        meter = self.start()
        device = meter.device
        found = [note for note in notes if note.digest == device.found]
        if not found:
            return " and ".join([", ".join(kept.differing(note.digest, device.found)) for note in notes]) + " differ"
        return (
            _growing_fault(notes, found, device.found_growing)
            or _service_fault(meter)
            or self.chain_fault()
            or ("nothing can be kept" if device.store.status() else "")
            or ("rules of the flash" if self._flash.wrong else "")
        )

    # What is wrong with the chain of the Security Log in the trial; empty if it holds.
    def chain_fault(self):
        return self.reader.fault(self.trial)


# It answers, and does not raise a false alarm, which it would do after a second.
def _service_fault(meter):
    device = meter.device
    entries = device.logs.event.next
    meter.sync()
    register = meter.register()
    meter.wait(1)
    if register is None or int.from_bytes(register, "little") != device.found_growing[_REGISTER]:
        return "the register is answered by %r" % register
    return "" if device.logs.event.next == entries else "an event without a cause"


# found: the notes whose digest was found.
def _growing_fault(notes, found, growing):
    least = notes[0].growing
    most = notes[-1].growing
    if not [note for note in found if growing[_STARTS] == note.growing[_STARTS]]:
        return "starts %d" % growing[_STARTS]
    if not [note for note in found if 0 <= note.growing[_REGISTER] - growing[_REGISTER] <= _MOST_UNKEPT_DM3]:
        return "register %d" % growing[_REGISTER]
    if not least[_RUNNING] - _MOST_UNKEPT_S <= growing[_RUNNING] <= most[_RUNNING]:
        return "running time %d" % growing[_RUNNING]
    if growing[_UTC] > most[_UTC]:
        return "utc %d" % growing[_UTC]
    if not least[_COUNT] <= growing[_COUNT] <= most[_COUNT] + _MOST_RESERVED:
        return "counter %d" % growing[_COUNT]
    return ""
