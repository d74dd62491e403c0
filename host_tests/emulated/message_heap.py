"""The heap that a message of a remote party takes on an emulated board, as `make bench` has it on unix.

The image's REPL makes the whole meter in a heap of its own and hands the message to its mailbox. Nothing is collected
meanwhile, so the figure is all that was taken from its arrival until its response is gone, in whole blocks, with what
it leaves behind; no peak is higher. The tunnel's frames are not in it.
"""

from __future__ import annotations

from ast import literal_eval
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mpremote.transport_serial import SerialTransport

from gsme_host.deploy.repl import reached
from gsme_host.emulate.image import Image
from gsme_host.emulate.machine import Machine
from gsme_host.gbcs.envelope import Message, entity_id
from gsme_host.gbcs.head_end import HeadEnd
from host_tests.perf import mailbox

SCRIPT: Final = Path(__file__).with_name("on_device") / "message_heap.py"
SHORT: Final = "GCS20r message"
LONG: Final = "GCS20 message of 1458 octets"  # the longest: as many components as a transfer has room for


@dataclass(frozen=True)
class MessageHeap:
    """Bytes that a message took, and that were in use with it: the whole meter's."""

    taken: int
    in_use: int


def measure(image: Image) -> dict[str, MessageHeap]:
    """Of each message, by name; AssertionError where a response is wrong."""
    head_end = mailbox.head_end()
    messages = {SHORT: mailbox.short_messages()[0], LONG: mailbox.long_messages()[0]}
    with Machine(image) as machine, reached(machine.port, print) as board:
        parties = tuple((entity_id(party.entity), role.value, party.z) for role, party in head_end.parties.items())
        board.exec(f"PARTIES = {parties!r}\n" + SCRIPT.read_text(encoding="utf-8"))
        return {name: _take(board, head_end, message) for name, message in messages.items()}


def _take(board: SerialTransport, head_end: HeadEnd, message: Message) -> MessageHeap:
    before, after, response = literal_eval(board.exec(f"print(take({message.encode()!r}))").decode())
    head_end.response(message, response)
    return MessageHeap(after - before, after)
