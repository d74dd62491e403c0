# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# The meter's mailbox, given messages as the tunnel gives them. MicroPython.
#
# Standard input, a line a step; standard output, a line a step:
#   party ID ROLES KIND KEY   enrols a remote party; the status
#   clock UTC                 sets the clock; four bytes as they are sent
#   raise CODE DATA           raises an event; the status
#   fault MAP                 as the bench's Inject Fault
#   storage N                 1: the flash fails from now on; 0: it works
#   behaviour N               as the bench's Set Behaviour
#   set CLUSTER ATTR VALUE    gives an attribute a value
#   take MESSAGE              the messages that the hub is then given, in order, each taken; - for none
#   refuse MESSAGE            the same, and the hub takes nothing: what it was offered first
#   state                     a checksum of all that is kept but for the logs and what belongs to recording
#   recorded                  event codes in the Security Log, oldest first
#   logged                    the same of the Event Log
#   restart                   a new start on the same flash
#   reset                     a Factory Reset
#   programs                  how often the flash was programmed since the start, decimal
#   keys                      own public keys: key agreement, signing
# Numbers are hex; - stands for no bytes.

import gc
import sys
from binascii import crc32

import memory

from gsme.device import Gsme
from gsme.store import parts, remote

# Kinds of what is kept: starts, logs, marks, alerts, the logs' bounds and key, the clock
_LOGS = (0x01, 0x04, 0x05, 0x08, 0x0D, 0x10, 0x11, 0x12)


_PARTIES = 0x0A


class _Board(memory.Board):
    def __init__(self, flash):
        super().__init__()
        self.flash = flash


def _bytes(text):
    return b"" if text == "-" else bytes.fromhex(text)


def _codes(log):
    slots = [log.slot(number) for number in range(log.first, log.next)]
    return " ".join(["%02X%02X" % (log.entry(slot)[2], log.entry(slot)[1]) for slot in slots])


class _Steps:
    def __init__(self):
        self._flash = memory.Flash()
        self.restart()

    def restart(self):
        self._device = self._mailbox = None
        gc.collect()
        self._device = Gsme(_Board(self._flash))
        self._mailbox = self._device.mailbox

    def party(self, entity, roles, kind, key):
        enrol = self._mailbox.enrol
        party = (_bytes(entity), int(roles, 16), int(kind, 16), _bytes(key))
        return "%02X" % self._device.store.keep(_PARTIES, None, enrol, *party)

    def clock(self, utc):
        self._device.clock.set(_bytes(utc))

    def event(self, code, data):
        return "%02X" % self._device.recorder.raise_event(int(code, 16) & 255, int(code, 16) >> 8, _bytes(data))

    def fault(self, faults):
        self._device.inject(int(faults, 16))

    def storage(self, fails):
        self._flash.fails = fails == "1"
        self._device.store.retry()

    def behaviour(self, number):
        self._device.behaviour.set(int(number))

    def value(self, cluster, attribute, value):
        self._device.attribute(int(cluster, 16), int(attribute, 16))[1].set(_bytes(value))

    def _work(self):
        while self._mailbox.has_work():
            self._mailbox.poll()
        while self._device.store.due:
            self._device.store.poll()

    def take(self, message):
        self._mailbox.take(memoryview(_bytes(message)))
        came = []
        self._work()
        while self._mailbox.waiting():
            came.append(bytes(self._mailbox.waiting()).hex())
            self._mailbox.delivered()
            self._work()
        return " ".join(came) or "-"

    def refuse(self, message):
        self._mailbox.take(memoryview(_bytes(message)))
        self._work()
        waiting = self._mailbox.waiting()
        return bytes(waiting).hex() if waiting else "-"

    def state(self):
        checksum = 0
        for kind, keys, dump, _ in parts.ALL + remote.ALL:
            for key in keys(self._device) if kind not in _LOGS else ():
                checksum = crc32(dump(self._device, key), checksum)
        return "%08X" % checksum

    def recorded(self):
        return _codes(self._device.logs.security)

    def logged(self):
        return _codes(self._device.logs.event)

    def reset(self):
        self._device.factory_reset()

    def programs(self):
        return self._device.store.flash.programs

    def keys(self):
        return " ".join([self._mailbox.own_keys.public(use).hex() for use in (0, 1)])


def _serve():
    steps = _Steps()
    names = {"raise": "event", "set": "value"}
    for line in sys.stdin:
        name, *words = line.split()
        told = getattr(steps, names.get(name, name))(*words)
        print("" if told is None else told)


_serve()
