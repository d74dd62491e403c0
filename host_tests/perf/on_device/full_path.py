# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# The whole gas meter on a board of memory: link bytes in, link bytes out, as fast as it goes. MicroPython.
#
#   full_path VECTORS WRITTEN PASSES MEASURE
#
# VECTORS: answers a transaction u8, number of the first acknowledgement u8, set-up frames u8; then frames, a length
#          u8 before each: the set-up's, 256 requests, 256 acknowledgements by their sequence number.
# WRITTEN: gets what the meter wrote in the first pass over the requests, for the host to compare. It is not measured.
# PASSES:  how many more there are.
# MEASURE: time: prints the seconds of processor time before the first and after each. heap: prints the bytes that one
#          allocated. none: for a profiler.
#          For the last two time stands still, so that the same work is done in each run, and nothing is collected.

import gc
import sys
import time

gc.threshold(2048)  # as the firmware has it while it boots

from board_in_memory import Board, Still  # noqa: E402

from gsme.device import Gsme  # noqa: E402

_RING = 256


class _Vectors:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.answers, self.first_ack, setup = file.read(3)
            self.setup = _frames(file, setup)
            self.requests = _frames(file, _RING)
            self.acks = _frames(file, _RING)


def _frames(file, count):
    return [file.read(file.read(1)[0]) for _ in range(count)]


# One frame a read.
class _Port:
    def __init__(self):
        self.next = None
        self.written = None

    def readinto(self, buf):
        frame = self.next()
        n = len(frame)
        buf[0:n] = frame
        return n

    def write(self, buf, offset, count):
        if self.written:
            self.written.write(buf[offset : offset + count])
        return count

    def wire_ms(self, count):
        return 0


# Readings of the processor's time, in seconds.
class _Stopwatch:
    def lap(self):
        print(time.clock())


class _Scales:
    def __init__(self):
        self._had = None

    def lap(self):
        if self._had is not None:
            print(gc.mem_alloc() - self._had)
            return
        gc.collect()
        gc.disable()
        self._had = gc.mem_alloc()


class _Nothing:
    def lap(self):
        if gc.isenabled():
            gc.collect()
            gc.disable()


_MEASURES = {"time": _Stopwatch, "heap": _Scales, "none": _Nothing}


# What the host sends. When it ends, the StopIteration ends the meter's loop.
def _traffic(device, vectors, written, passes, measure):
    port = device.board.port
    acks = vectors.acks
    ack = vectors.first_ack
    answers = range(vectors.answers)
    add = device.register.add
    for frame in vectors.setup:
        yield frame
    port.written = written
    for _ in range(passes + 1):
        for request in vectors.requests:
            add(1)
            yield request
            for _ in answers:
                yield acks[ack]
                ack = (ack + 1) & 255
        port.written = None
        measure.lap()


def _run(vectors, written, passes, measure):
    device = Gsme(Board(time if measure == "time" else Still(), _Port()))
    traffic = _traffic(device, _Vectors(vectors), open(written, "wb"), int(passes), _MEASURES[measure]())
    gc.collect()
    gc.threshold(-1)
    device.board.port.next = traffic.__next__
    try:
        device.run()
    except StopIteration:
        pass


_run(*sys.argv[1:])
