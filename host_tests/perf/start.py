"""How long a meter takes from the start of its process to its first answer."""

from __future__ import annotations

import statistics
import time
from typing import Final

from gsme_host.wire import Kind

from .exchanges import READ_ONE, Conversation
from .process import Broken, Files, micropython
from .terminal import Terminal

STARTS: Final = 10
MILLISECONDS: Final = 1e3


def milliseconds(files: Files) -> float:
    """The median over several starts, each with nothing in its storage. SYNC waits on the line from the beginning."""
    return statistics.median(_once(files) for _ in range(STARTS)) * MILLISECONDS


def _once(files: Files) -> float:
    conversation = Conversation(READ_ONE)
    sync, announce_ack = conversation.setup()
    start = time.perf_counter()
    with Terminal(files, micropython("main")) as line:
        line.write(sync)
        line.frame(Kind.DATA)
        line.write(announce_ack + conversation.requests()[0])
        answer = line.frame(Kind.DATA)
        took = time.perf_counter() - start
    if not answer.payload.endswith(READ_ONE.answers(0, 0)[0]):
        raise Broken(f"the first answer is {answer.payload.hex(' ')}")
    return took
