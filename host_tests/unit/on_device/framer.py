# ruff: noqa: D100, INP001
# mypy: ignore-errors
# Runs the link with the heap locked: whatever allocates raises. MicroPython.
#
# Standard input, a line a step: NAME BYTES. feed: these bytes come from the host. send: the device sends this DATA
# payload. tick: so many ms pass (two bytes, big-endian). Standard output, a line a step: what the device wrote, hex.

import sys

import micropython
from memory import Port, Ticks

from gsme.link import Link

_CHUNK = 256  # the most that the link reads at a time
_PAYLOAD = 3  # where a DATA payload begins in link.out


# Does nothing with a frame, and on a host's first SYNC.
def _receive(view, start, end):
    pass


def _on_sync():
    pass


def _serve():
    port = Port()
    ticks = Ticks()
    link = Link(port, ticks)
    link.eui64 = bytes.fromhex("A19078563412DB00")
    link.receive = _receive
    link.on_sync = _on_sync
    for line in sys.stdin:
        name, data = line.rstrip("\n").split(" ")
        data = bytes.fromhex(data)
        _step(link, port, ticks, name, data)
        print(port.take().hex())


def _step(link, port, ticks, name, data):
    if name == "feed":
        for at in range(0, len(data), _CHUNK):
            port.frame = data[at : at + _CHUNK]
            _poll(link)
    elif name == "send":
        _send(link, data, _PAYLOAD + len(data))
    else:
        ticks.elapsed += data[0] << 8 | data[1]
        _poll(link)


def _poll(link):
    micropython.heap_lock()
    link.poll()
    micropython.heap_unlock()


def _send(link, data, end):
    micropython.heap_lock()
    link.out[_PAYLOAD:end] = data
    link.send(end)
    micropython.heap_unlock()


_serve()
