"""Ports at which there is no meter: terminals with something else at the other end, and names of nothing."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gsme_host import wire
from gsme_host.wire import Ack, Kind

Speaker = Callable[[bytes], bytes | None]  # what it says to what it heard; None: it hangs up

CHUNK: Final = 1024
NONSENSE: Final = bytes(range(256)) * 4  # frames' ends and the codes of frames among it
FIRST_SEQS: Final = range(4)  # of a host's first SYNC among them


def silent(_: bytes) -> bytes:
    """Takes everything, says nothing."""
    return b""


def echo(heard: bytes) -> bytes:
    """A terminal with local echo, or a wire bridge between RX and TX."""
    return heard


def nonsense(_: bytes) -> bytes:
    """Something else that speaks: the log of another device."""
    return NONSENSE


def empty_frames(heard: bytes) -> bytes:
    """Ends of frames without frames."""
    return bytes(len(heard))


def short_identity(_: bytes) -> bytes:
    """Answers a SYNC as this link does, but with half an identity."""
    return _acknowledge(bytes((Ack.ACCEPTED, wire.VERSION)))


def other_version(_: bytes) -> bytes:
    """A meter that speaks another version of the link: it does not understand the SYNC."""
    return _acknowledge(bytes((Ack.NOT_UNDERSTOOD,)))


def hang_up(_: bytes) -> None:
    """An adapter that is unplugged as soon as it is spoken to."""


def _acknowledge(payload: bytes) -> bytes:
    return b"".join(wire.coded(wire.body(Kind.ACK, seq, payload)) for seq in FIRST_SEQS)


@contextmanager
def terminal(speaker: Speaker) -> Iterator[str]:
    """A pseudo-terminal with that speaker at its other end; its path."""
    master, slave = os.openpty()
    tty.setraw(slave)
    stop_reads, stop = os.pipe()
    thread = threading.Thread(target=_serve, args=(speaker, master, stop_reads), daemon=True)
    thread.start()
    path = os.ttyname(slave)
    if speaker is hang_up:
        os.close(slave)
    try:
        yield path
    finally:
        os.close(stop)
        thread.join()
        for descriptor in (stop_reads, *(() if speaker is hang_up else (slave,))):
            os.close(descriptor)


def _serve(speaker: Speaker, master: int, stop: int) -> None:
    os.set_blocking(master, False)
    while True:
        ready = select.select([master, stop], [], [])[0]
        if stop in ready:
            break
        try:
            said = speaker(os.read(master, CHUNK))
            if said is None:
                break
            os.write(master, said)
        except BlockingIOError:  # nobody reads
            continue
        except OSError:  # nobody has it open: not yet, or no more
            if stop in select.select([stop], [], [], 0.01)[0]:
                break
    os.close(master)
