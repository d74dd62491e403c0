# ruff: noqa: D100, D101, D102, D103, INP001
# mypy: ignore-errors
# The meter's mailbox: a message in, its response out, as fast as it goes; and what its keys cost. MicroPython.
#
#   mailbox VECTORS WRITTEN PASSES MEASURE
#
# VECTORS: set-up: parties u8, for each entity id 8, roles u8, secret 32; then messages, a length u16 LE before each.
# WRITTEN: gets the responses of the first pass, for the host to compare.
# PASSES:  how many more there are; each ends with the seconds of processor time on standard output.
# MEASURE: time; none, for a profiler; heap: the most bytes that one message of the first pass takes, nothing collected;
#          keys: milliseconds of one key agreement, one signature, and the longest slice of each.

import gc
import os
import sys
import time

gc.threshold(2048)  # as the firmware has it while it boots

from board_in_memory import Board, Still  # noqa: E402

from gsme.crypto import ecdh, ecdsa  # noqa: E402
from gsme.device import Gsme  # noqa: E402

_SECRET = 32
_ID = 8


class _Port:
    def readinto(self, buf):
        return 0

    def write(self, buf, offset, count):
        return count

    def wire_ms(self, count):
        return 0


def _load(path, mailbox):
    with open(path, "rb") as file:
        for _ in range(file.read(1)[0]):
            entity = file.read(_ID)
            mailbox.enrol(entity, file.read(1)[0], 0, file.read(_SECRET))
        messages = []
        while True:
            head = file.read(2)
            if not head:
                return messages
            messages.append(memoryview(file.read(head[0] | head[1] << 8)))


def _answer(mailbox, message):
    mailbox.take(message)
    while mailbox.has_work():
        mailbox.poll()
    return mailbox.waiting()


def _pass(mailbox, messages):
    for message in messages:
        _answer(mailbox, message)
        mailbox.delivered()


def _first_pass(mailbox, messages, written):
    with open(written, "wb") as file:
        for message in messages:
            response = _answer(mailbox, message)
            file.write(bytes((len(response) & 255, len(response) >> 8)))
            file.write(response)
            mailbox.delivered()


def _most_heap(mailbox, messages):
    most = 0
    for message in messages:
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        _answer(mailbox, message)
        mailbox.delivered()
        most = max(most, gc.mem_alloc() - before)
        gc.enable()
    print(most)


# Milliseconds of a task, and of its longest slice.
def _time(task):
    longest_us = 0
    start = time.ticks_us()
    done = False
    while not done:
        before = time.ticks_us()
        done = task.poll()
        longest_us = max(longest_us, time.ticks_diff(time.ticks_us(), before))
    print(time.ticks_diff(time.ticks_us(), start) / 1000, longest_us / 1000)


def _keys():
    secret = os.urandom(31) + b"\x01"
    own = ecdh.OwnPublic(secret)
    while not own.poll():
        pass
    _time(ecdh.Agreement(secret, own.result))
    _time(ecdsa.Signing(secret, bytes(32)))


def _run(vectors, written, passes, measure):
    mailbox = Gsme(Board(Still(), _Port())).mailbox
    messages = _load(vectors, mailbox)
    gc.threshold(-1)
    _first_pass(mailbox, messages, written)
    if measure == "keys":
        _keys()
        return
    if measure == "heap":
        _most_heap(mailbox, messages)
        return
    for _ in range(int(passes)):
        print(time.clock())
        _pass(mailbox, messages)
    print(time.clock())


_run(*sys.argv[1:])
