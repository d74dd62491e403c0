# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A meter in its own loop, which is given inputs over its serial line and tells what it said to each. MicroPython, on an
# instrumented copy of the firmware.
#
# Argument: how many lines are marked. Standard input, binary, numbers big-endian:
#   batch    size u32 | input *; a size of 0 ends it
#   input    length u16 | how u8 | bytes of the line, or what a hub has: see inputs.py
# Standard output, for each input:
#   restarts u8 | said u32 | heard u32 | marks u16 | bytes of said | bytes of heard | mark u16 *
#   said: what was put on the line; heard: what the meter wrote; marks: lines that no input before has reached.
# or, and then it is over: FF | length u16 | a traceback

import builtins
import gc
import io
import sys

import memory
from line import DATA, HEADER, SYNC, Line, Ticks, sealed

hits = builtins._hits = bytearray(int(sys.argv[1]))
caught = []
builtins._caught = caught.append

from damage import Noise, program  # noqa: E402
from manners import Manners  # noqa: E402

from gsme.device import Gsme  # noqa: E402

_ERASED = b"\xff" * memory.Flash.BLOCK_SIZE
_ASLEEP = 0  # states of the meter's cycle; a build has numbers for names
_WORK = 1
_MOST_TURNS = 5000  # until all is said that follows from an input
_MOST_WAITS = 100  # for acknowledgements: there may be a report each second, and it never ends
_TIMES_S = (0, 1, 11, 61, 601, 1801, 7 * 3600, 25 * 3600)
_HALF_HOUR_MS = 1801 * 1000
_HUB = 0x80
_BENCH = bytes(8) + b"\x01\xf0\x09\x01\x00\xfc\x02"
_WAKE = b"\x05\xf1\xff\x01\x09"
_LINK_KEY = b"\x02"
_ANSWER_S = 10  # that the meter waits for a hub
_FIRST_SEQ = 0xE2  # of the script's own frames


# All blocks take memory from the start, so that what is free says something.
class Flash(memory.Flash):
    def __init__(self):
        self.fails = False
        self._blocks = [memoryview(bytearray(_ERASED)) for _ in range(self.BLOCKS)]

    def readblocks(self, block, buf, offset):
        buf[:] = self._blocks[block][offset : offset + len(buf)]

    def writeblocks(self, block, buf, offset):
        program(self._blocks[block][offset : offset + len(buf)], buf)

    def ioctl(self, operation, argument):
        if operation != 6:
            return super().ioctl(operation, argument)
        self._blocks[argument][:] = _ERASED
        return 0


class Board(memory.Board):
    def __init__(self, ticks, line, flash, noise):
        self.ticks = ticks
        self.port = line
        self.flash = flash
        self.random = noise.octets
        self.wait = None
        self.led = bool  # takes a state and does nothing

    # Gas flows as long as time does.
    def pulses(self):
        return 1


class Fuzzed:
    def __init__(self):
        self._ticks = Ticks()
        self._line = Line(self._ticks)
        self._flash = Flash()
        self._noise = Noise(1)
        self._hub = Manners()
        self._seen = bytearray(len(hits))
        self._seq = _FIRST_SEQ
        self._restarts = 0
        self._turns = self._waits = 0
        self._session = self._inputs()
        self._device = None

    def run(self):
        try:
            while True:
                self._start()
                self._device.run()
                self._restarts += 1
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told
            _fail(error)

    def _start(self):
        self._device = None
        gc.collect()
        board = Board(self._ticks, self._line, self._flash, self._noise)
        board.wait = self._wait
        self._device = Gsme(board)
        self._unsynced = 1 + bool(self._restarts)

    # The meter has nothing to do at once: time passes, or the next input comes.
    def _wait(self, timeout_ms):
        device = self._device
        if not self._line.idle() or not timeout_ms:
            self._turns += 1
            if self._turns > _MOST_TURNS:
                raise RuntimeError("the meter does not come to rest")
        elif not device.link.idle() or device.cycle.state == _WORK:
            self._ticks.elapsed += timeout_ms
            self._waits += 1
            if self._waits == _MOST_WAITS:
                self._line.mend()
        elif self._unsynced:
            self._synchronise()
        else:
            self._turns = self._waits = 0
            next(self._session)

    # After a restart the host is slow: what the meter says in the half hour before is lost.
    def _synchronise(self):
        self._unsynced -= 1
        if self._unsynced:
            self._ticks.elapsed += _HALF_HOUR_MS
        else:
            self._line.put(sealed(SYNC, 0, b"\x01"))

    # --- the inputs; each yield is until all is done that can be

    def _inputs(self):
        while True:
            size = int.from_bytes(sys.stdin.buffer.read(4), "big")
            if not size:
                return
            batch = memoryview(sys.stdin.buffer.read(size))
            at = 0
            while at < size:
                end = at + 2 + (batch[at] << 8 | batch[at + 1])
                yield from self._input(batch[at + 2], batch[at + 3 : end])
                self._tell()
                at = end

    def _input(self, how, rest):
        self._restarts = 0
        self._line.begin(how & 3, how >> 5 & 3)
        if how & _HUB:
            yield from self._fetch(rest)
        else:
            self._line.put(rest)
            yield
        passes_s = _TIMES_S[how >> 2 & 7]
        if passes_s:
            self._ticks.elapsed += passes_s * 1000
            yield

    # A cycle of the meter's, with a hub that has messages for it.
    def _fetch(self, rest):
        hub = self._hub
        hub.utc = int.from_bytes(self._device.clock.utc, "little")
        count = rest[1]
        at = 2 + 4 * count
        hub.behave(rest[0], [tuple(rest[i : i + 4]) for i in range(2, at, 4)])
        while at < len(rest):
            end = at + 2 + (rest[at] << 8 | rest[at + 1])
            hub.messages.append(bytes(rest[at + 2 : end]))
            at = end
        for _ in range(5):
            if self._device.cycle.state == _ASLEEP:
                break
            self._ticks.elapsed += _ANSWER_S * 1000
            yield
        self._line.listens = True
        self._say(_BENCH + _WAKE)
        yield
        while self._line.frames:
            payload = self._line.frames.pop(0)
            for wait_s, answer in hub.answers(payload[12] | payload[13] << 8, payload[HEADER:]):
                self._ticks.elapsed += wait_s * 1000
                self._say(payload[0 : HEADER - 1] + _LINK_KEY + answer)
                yield
        self._line.listens = False
        hub.messages.clear()
        hub.puts.clear()

    def _say(self, payload):
        self._seq = _FIRST_SEQ if self._seq == 0xFF else self._seq + 1
        self._line.put(sealed(DATA, self._seq, payload))

    # --- what came of it

    def _tell(self):
        if caught:
            _fail(caught[0])
        marks = b""
        if hits != self._seen:
            marks = b"".join([i.to_bytes(2, "big") for i in range(len(hits)) if hits[i] != self._seen[i]])
            self._seen[:] = hits
        said = self._line.said
        heard = self._line.heard
        head = bytes((self._restarts,)) + len(said).to_bytes(4, "big") + len(heard).to_bytes(4, "big")
        write = sys.stdout.buffer.write
        write(head + (len(marks) // 2).to_bytes(2, "big"))
        write(said.view(len(said)))
        write(heard.view(len(heard)))
        write(marks)


def _fail(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    trace = text.getvalue().encode()
    sys.stdout.buffer.write(b"\xff" + len(trace).to_bytes(2, "big") + trace)
    sys.exit(1)


gc.collect()
gc.threshold(-1)
Fuzzed().run()
