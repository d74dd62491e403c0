# ruff: noqa: D100, INP001
# mypy: ignore-errors
# The whole meter of this image, given a message where its tunnel gives it. Run in the machine's REPL, in a heap of its
# own, behind PARTIES = ((entity id, roles, secret), ...); then take(message) says what the host has to know.

import gc

gc.threshold(2048)  # as main.py has it

import board  # noqa: E402
from gsme.device import Gsme  # noqa: E402

mailbox = Gsme(board.Board()).mailbox
for party in PARTIES:  # noqa: F821
    mailbox.enrol(party[0], party[1], 0, party[2])
gc.threshold(-1)


# Bytes of heap in use before the message's arrival and when its response is gone, nothing collected; and the response.
def take(message):
    given = memoryview(message)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    mailbox.take(given)
    while mailbox.has_work():
        mailbox.poll()
    response = mailbox.waiting()
    mailbox.delivered()
    after = gc.mem_alloc()
    gc.enable()
    return before, after, bytes(response)
