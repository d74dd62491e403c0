# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Storage that fails while the meter runs, on what a life (tape.py) left. A command that must keep answers C0, or 89
# from a full one, and has changed nothing, now and behind a restart; what needs no flash goes on; and when storage
# works again 81AE is in the Event Log. An operation that does nothing and says nothing counts as one that failed.
# MicroPython.
#
# Standard input: one line, JSON: block_size, blocks, word, path of the tape;
#   every      operations from one image to the next
#   most_bad   ends when so many are bad; without it, never
# Standard output: one line, JSON: what it counted.

import json
import sys

import kept
import tape
from commands import CHANGES, MESSAGES, NON_VOLATILE_MEMORY, NOW, event, is_logged, prepare, reads_are_answered
from flash import DONE, EIO, ENOSPC, HALF_DONE, NOT_DONE, Failing
from sweep import Bench, Enough

_SUCCESS = 0x00
_STATUS = {EIO: 0xC0, ENOSPC: 0x89}
_FOR_EVER = 1 << 30
_TRIES_S = 5

# (name, attributes of a flash that fails from an operation on)
# With reads that fail a record may be whole, though nobody can tell, and nothing can be done about it before a start.
_UNPROVED = ("all fail and reads too", lambda at: {"failing": Failing(at, _FOR_EVER, how=NOT_DONE, reads=True)})
_FAULTS = (
    ("one fails", lambda at: {"failing": Failing(at, at + 1)}),
    ("one fails half way", lambda at: {"failing": Failing(at, at + 1, how=HALF_DONE)}),
    ("one is done and fails", lambda at: {"failing": Failing(at, at + 1, how=DONE)}),
    ("one is ignored", lambda at: {"ignored": (at,)}),
    ("all fail", lambda at: {"failing": Failing(at, _FOR_EVER)}),
    ("all fail half way", lambda at: {"failing": Failing(at, _FOR_EVER, how=HALF_DONE)}),
    _UNPROVED,
    ("full", lambda at: {"failing": Failing(at, _FOR_EVER, ENOSPC)}),
)


class _Faults:
    def __init__(self, given):
        self._given = given
        self._bench = Bench(given["block_size"], given["blocks"], given["word"])
        self._prepared = bytearray(len(self._bench.image))
        self._left = bytearray(len(self._bench.image))  # by a command that failed
        self._events = 0  # that are raised before a command
        self.counts = {"images": 0, "trials": 0, "refused": 0, "unreadable": 0, "bad": 0, "first_bad": []}

    def run(self):
        try:
            self._fail_all()
        except Enough:
            pass
        return self.counts

    def _fail_all(self):
        number = 0
        with open(self._given["path"], "rb") as f:
            for _, operations in tape.read(f):
                for operation in operations:
                    self._bench.do(self._bench.image, operation)
                    number += 1
                    if number % self._given["every"] == 0:
                        self._on_image()

    def _on_image(self):
        self.counts["images"] += 1
        self._bench.copy()
        prepare(self._bench.start())
        self._prepared[:] = self._bench.trial
        self._events = 0
        for name, command in CHANGES:
            self._each_fault(name, command)
        self._events = self._events_that_fit()
        self._each_fault("event in a new segment", event)
        self._events = 0
        for name, command, answer in MESSAGES:
            for fault in _FAULTS[4:]:
                self._guard("%s, %s" % (name, fault[0]), self._message, command, answer, fault)
        for block in range(-1, self._given["blocks"]):
            self._guard("block %d unreadable" % block, self._unreadable, block)

    def _each_fault(self, name, command):
        clean, operations = self._clean(command)
        for fault in _FAULTS:
            for at in range(operations):
                self._guard("%s, %s at %d" % (name, fault[0], at), self._change, command, clean, fault, at)

    # So many events can be raised before another segment is opened.
    def _events_that_fit(self):
        meter = self._start()
        erases = meter.flash.erases
        count = 0
        while True:
            event(meter)
            if meter.flash.erases != erases:
                return count
            count += 1

    def _guard(self, name, trial, *arguments):
        self.counts["trials"] += 1
        try:
            fault = trial(*arguments)
        except Exception as error:  # noqa: BLE001  whatever it is
            fault = repr(error)
        if fault:
            self.counts["bad"] += 1
            if len(self.counts["first_bad"]) < 8:
                self.counts["first_bad"].append("%s: %s" % (name, fault))
            if self.counts["bad"] >= self._given.get("most_bad", _FOR_EVER):
                raise Enough

    def _start(self, **attributes):
        self._bench.trial[:] = self._prepared
        meter = self._bench.start(**attributes)
        meter.sync()
        meter.give_time(NOW)
        for _ in range(self._events):
            event(meter)
        return meter

    # What a command makes of the state, and with how many operations, when nothing fails.
    def _clean(self, command):
        meter = self._start()
        before = meter.flash.operations
        if command(meter) != _SUCCESS:
            raise ValueError("no success")
        return kept.digest(meter.device), meter.flash.operations - before

    # Does the command with the fault. Returns meter, state before, answer.
    def _try(self, command, fault, at):
        meter = self._start()
        before = kept.digest(meter.device)
        for name, value in fault[1](meter.flash.operations + at).items():
            setattr(meter.flash, name, value)
        return meter, before, command(meter)

    def _change(self, command, clean, fault, at):
        meter, before, answer = self._try(command, fault, at)
        state = kept.digest(meter.device)
        if answer == _SUCCESS:
            wrong = kept.differing(state, clean)
        else:
            self.counts["refused"] += 1
            if answer != self._status(meter):
                return "answered by %r" % answer
            wrong = kept.differing(state, before)
        if wrong:
            return "answered by %02X with other %s" % (answer, wrong)
        found = (state, clean) if fault is _UNPROVED else (state,)
        return self._afterwards(meter, found, answer != _SUCCESS)

    def _status(self, meter):
        return _STATUS[meter.flash.failing.number if meter.flash.failing else EIO]

    def _message(self, command, expected, fault):
        meter, before, answer = self._try(command, fault, 0)
        state = kept.digest(meter.device)
        if answer != (self._status(meter) if expected is None else expected):
            return "answered by %r" % answer
        wrong = kept.differing(kept.with_facts(state, before), before)
        if wrong:
            return "refused with other %s" % wrong
        return self._afterwards(meter, (kept.with_facts(state, before),), True)

    # The meter goes on; when storage works again it tells, and a start later finds what it then holds. A start on what
    # was there before finds one of the states.
    def _afterwards(self, meter, states, is_told):
        if not reads_are_answered(meter):
            return "no answer to a read"
        self._left[:] = self._bench.trial
        meter.flash.failing = None
        meter.flash.ignored = ()
        _pass(meter)
        if is_told and not _is_told(meter.device):
            return "81AE is not in the log"
        again = kept.digest(meter.device)
        wrong = kept.differing(self._bench.start().device.found, again)
        if wrong:
            return "a restart later has other %s" % wrong
        self._bench.trial[:] = self._left
        found = self._bench.start().device.found
        wrong = [kept.differing(found, state) for state in states if found != state]
        return "a restart has other %s" % wrong if len(wrong) == len(states) else self._bench.chain_fault()

    # One block from the start on, or with -1 all of them. What is lost is told: 81AE, where its configuration is there.
    def _unreadable(self, block):
        self.counts["unreadable"] += 1
        self._bench.trial[:] = self._prepared
        whole = self._bench.start().device.found
        self._bench.trial[:] = self._prepared
        blocks = (block,) if block >= 0 else range(self._given["blocks"])
        meter = self._bench.start(unreadable=blocks)
        meter.sync()
        if meter.register() is None:
            return "no answer"
        if block < 0 or not kept.differing(meter.device.found, whole):
            return ""
        _pass(meter)
        device = meter.device
        told = _is_told(device) or not is_logged(device, NON_VOLATILE_MEMORY)
        return "" if told else "81AE is not in the log"


# Some seconds, in which the meter tries again what failed.
def _pass(meter):
    for _ in range(_TRIES_S):
        meter.wait(1)
        meter.settle()


def _is_told(device):
    log = device.logs.event
    newest = [bytes(log.entry(number % 100)[1:3]) for number in range(max(log.first, log.next - 3), log.next)]
    return NON_VOLATILE_MEMORY in newest


print(json.dumps(_Faults(json.loads(sys.stdin.readline())).run()))
