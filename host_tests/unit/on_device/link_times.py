# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Two frames of the device's and a host that does not take the first, ms by ms. MicroPython.
#
# Standard input, one line: START MS_A_BYTE STEP SYNC ACK. START: ticks at the beginning. STEP: ms between polls, 0 for
# as many as the link says. SYNC, ACK: the host's frames, hex; the ACK after each transmission, - for none.
# Standard output: the ms of each transmission of the first frame, a line each; the number of frames given up; the ms
# at which the second one left.

import sys

from memory import Port, Ticks

from gsme.link import Link

_PAYLOAD = 3  # where a DATA payload begins in link.out
_FRAME = b"\x11" * 15
_ENOUGH_MS = 10000
_SECOND = 2  # its sequence number


def _receive(view, start, end):
    pass


def _on_sync():
    pass


def _link(ticks, port):
    link = Link(port, ticks)
    link.eui64 = bytes(8)
    link.receive = _receive
    link.on_sync = _on_sync
    return link


def _feed(link, port, frame):
    port.frame = frame
    return link.poll()


# Sequence numbers of the DATA frames in what was written; none of them has a zero in its header.
def _sent(port):
    return [frame[2] for frame in port.take().split(b"\x00") if frame]


def _run(start, ms_a_byte, step, sync, ack):
    ticks, port = Ticks(start), Port(ms_a_byte)
    link = _link(ticks, port)
    _feed(link, port, sync)
    port.take()
    for _ in range(2):
        link.out[_PAYLOAD : _PAYLOAD + len(_FRAME)] = _FRAME
        link.send(_PAYLOAD + len(_FRAME))
    while ticks.elapsed < _ENOUGH_MS:
        due = link.poll()
        sent = _sent(port)
        while sent:
            if sent[0] == _SECOND:
                print(link.dropped)
                print(ticks.elapsed)
                return
            print(ticks.elapsed)
            if ack:
                due = _feed(link, port, ack)
            sent = _sent(port)
        ticks.elapsed += step or due


_words = sys.stdin.readline().split()
_run(*[int(word) for word in _words[:3]], bytes.fromhex(_words[3]), _words[4] != "-" and bytes.fromhex(_words[4]))
