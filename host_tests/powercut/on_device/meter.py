# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A meter on a flash and a serial line made of memory: frames go in over the line, and what it says is kept.
# MicroPython.

from binascii import crc32

import cryptolib
import kept
from damage import Noise

from gsme import cobs
from gsme.crypto import ecdsa
from gsme.device import Gsme

CHF = bytes.fromhex("A29078563412DB00")
GPF = bytes.fromhex("A39078563412DB00")
OWN = bytes.fromhex("A19078563412DB00")
BENCH = bytes(8)

METERING = 0x0702
MANAGEMENT = 0x0708
TUNNELING = 0x0704
EVENTS = 0x0709
TIME = 0x000A
_BENCH_CLUSTER = 0xFC00
_BENCH_CODE = b"\xf1\xff"

_SYNC = 0
_DATA = 1
_ACK = 2
_LINK_KEY = 2
_HEADER = 15  # of a DATA frame's payload
_MOST_TURNS = 2000
_SECOND_MS = 1000


class Ticks:
    def __init__(self):
        self.elapsed = 0

    def ticks_ms(self):
        return self.elapsed

    def ticks_diff(self, a, b):
        return a - b


# Both ends of a serial line. The other end acknowledges at once.
class Line:
    def __init__(self):
        self.heard = []  # payloads of DATA frames that the meter has sent
        self.on_data = None  # on_data(payload), when one leaves
        self._to_meter = b""
        self._seq = 0

    def readinto(self, buf):
        n = min(len(buf), len(self._to_meter))
        buf[0:n] = self._to_meter[0:n]
        self._to_meter = self._to_meter[n:]
        return n

    def write(self, buf, offset, count):
        frame = bytearray(buf[offset : offset + count])
        if count > 3:
            end = cobs.decode(frame, 0, count - 1)
            if frame[1] == _DATA:
                self._take(bytes(frame[3 : end - 4]), frame[2])
        return count

    def _take(self, payload, seq):
        self.heard.append(payload)
        if self.on_data:
            self.on_data(payload)
        self._put(_ACK, seq, b"\x00")

    def wire_ms(self, count):
        return 0

    def idle(self):
        return not self._to_meter

    def _put(self, kind, seq, payload):
        body = bytes((kind, seq)) + payload
        frame = bytearray(b"\x00" + body + crc32(body).to_bytes(4, "little") + bytes(len(body) // 200 + 2))
        end = cobs.encode(frame, 0, len(body) + 5)
        self._to_meter += frame[0:end]

    def sync(self):
        self._put(_SYNC, 0, b"\x01")

    def say(self, payload):
        self._seq = self._seq % 255 + 1
        self._put(_DATA, self._seq, payload)


class Board:
    name = b"memory"
    led = None
    eui64 = OWN
    given_eui64 = None
    chf_eui64 = CHF
    gpf_eui64 = GPF
    watchdog_bit = False

    def __init__(self, flash, seed):
        self.flash = flash
        self.flash_word = flash.word
        self.ticks = Ticks()
        self.port = Line()
        self.volume_dm3 = 0  # gas since it was last asked
        self._noise = Noise(seed)

    def feed(self):
        pass

    def pulses(self):
        volume_dm3 = self.volume_dm3
        self.volume_dm3 = 0
        return volume_dm3

    def wait(self, timeout_ms):
        pass

    def aes(self, key):
        return cryptolib.aes(key, 1)

    def provision(self):
        return None

    def random(self, count):
        return self._noise.octets(count)


# Stands for a signature, whose half second of arithmetic is not what is tested here.
class _Signing:
    def __init__(self, secret, digest):
        self.result = None
        self._digest = digest

    def poll(self):
        self.result = self._digest + self._digest
        return True


ecdsa.Signing = _Signing


# Looks at what has been restored before anything is made of it.
class Watched(Gsme):
    def _start(self):
        self.found = kept.digest(self)
        self.found_growing = kept.growing(self)
        super()._start()


# One start of a meter.
class Meter:
    def __init__(self, flash, seed=1, device_class=Watched):
        self.flash = flash
        self.board = Board(flash, seed)
        self.line = self.board.port
        self.device = device_class(self.board)
        self._tsn = 0

    # Opens the line. Returns what the meter says to that.
    def sync(self):
        self.line.sync()
        return self.settle()

    # Turns until there is nothing left to do at once. Returns what the meter has said: (peer, cluster, frame) each.
    def settle(self):
        for _ in range(_MOST_TURNS):
            self.device.turn()
            if self.line.idle() and not self._is_busy():
                break
        heard = [(p[0:8], p[12] | p[13] << 8, p[_HEADER:]) for p in self.line.heard]
        self.line.heard.clear()
        return heard

    def _is_busy(self):
        device = self.device
        return device.mailbox.has_work() or device.cycle.state == 1 or device.store.due or not device.link.idle()

    # Lets so many seconds go by at once.
    def wait(self, seconds):
        self.board.ticks.elapsed += seconds * _SECOND_MS
        self.device.turn()

    def tsn(self):
        self._tsn = self._tsn % 255 + 1
        return self._tsn

    # A node says a frame under its link key. Returns what the meter says then.
    def say(self, peer, cluster, frame, own_endpoint=1):
        header = peer + bytes((1, own_endpoint, 0x09, 0x01, cluster & 255, cluster >> 8, _LINK_KEY))
        self.line.say(header + frame)
        return self.settle()

    # The frames that answer: to that peer, with that number.
    def ask(self, peer, cluster, control, command, payload=b""):
        tsn = self.tsn()
        said = self.say(peer, cluster, bytes((control, tsn, command)) + payload)
        return [frame for who, _, frame in said if who == peer and frame[1] == tsn]

    # A command of the bench's; returns the status that answers, None for no answer.
    def bench(self, command, payload=b""):
        tsn = self.tsn()
        frame = b"\x05" + _BENCH_CODE + bytes((tsn, command)) + payload
        for who, _, answer in self.say(BENCH, _BENCH_CLUSTER, frame, 0xF0):
            if who == BENCH and answer[3] == tsn:
                return answer[6]
        return None

    # The value of the register, as a read of the hub's answers it; None for no answer.
    def register(self):
        answers = self.ask(CHF, METERING, 0x00, 0x00, b"\x00\x00")
        return answers[0][7:13] if answers and len(answers[0]) == 13 else None

    def give_time(self, utc):
        return self.bench(0x01, utc.to_bytes(4, "little"))


# The status that a Default Response among the answers tells, None without one.
def status_of(answers):
    for frame in answers:
        if not frame[0] & 3 and frame[2] == 0x0B:
            return frame[4]
    return None
