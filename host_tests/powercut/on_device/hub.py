# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What the hub says in a meter's half hour: CHF with time and tunnel, GPF with the mirror (GBCS 10.2, 10.3; ZSE D.3,
# D.6). MicroPython.

from meter import CHF, GPF, METERING, TIME, TUNNELING

_COMPLETE = b"\xfe\xff\x30\x01"
_PENDING = b"\x00\x00\x20\x00"
_NONE = bytes(4)
_OPEN = 0


class Hub:
    def __init__(self):
        self.utc = None  # what it says the time is
        self.messages = []  # for the meter
        self.puts = []  # what the meter has handed over
        self.tunnel_status = _OPEN
        self.close_status = 0
        self.takes = 999  # so many PUTs; the others get no answer
        self.tunnel = 1  # id of the one that it opens next
        self._is_there = {CHF: True, GPF: True}

    def leave(self, gone):
        self._is_there = {CHF: not gone, GPF: not gone}

    # Answers what the meter has said, until it is quiet.
    def serve(self, meter, heard):
        waiting = list(heard)
        while waiting:
            peer, cluster, frame = waiting.pop(0)
            if self._is_there.get(peer):
                for answer in self._answers(cluster, frame):
                    waiting.extend(meter.say(peer, cluster, answer))

    def _answers(self, cluster, frame):
        if cluster == TIME:
            return self._time(frame)
        if cluster == METERING:
            return self._mirror(frame)
        return self._tunnelled(frame) if cluster == TUNNELING else ()

    def _time(self, frame):
        if self.utc is None:
            return ()
        utc = self.utc.to_bytes(4, "little")
        return (b"\x18" + frame[1:2] + b"\x01\x00\x00\x00\xe2" + utc + b"\x01\x00\x00\x18\x01",)

    def _mirror(self, frame):
        control, command = frame[0], frame[2]
        if control & 1:
            if command == 0x01:
                return (b"\x11" + frame[1:2] + b"\x01\x02\x00",)
            return (_done(frame, 0),) if command == 0x08 else ()
        if command == 0x0A and frame[-4:] == _COMPLETE:
            words = (_PENDING if self.messages else _NONE) + bytes(16)
            return (b"\x11" + frame[1:2] + b"\x09\x02" + words,)
        return ()

    def _tunnelled(self, frame):
        command = frame[2]
        if not frame[0] & 1:
            return ()
        if command == 0x00:
            if not self.tunnel_status:
                self.tunnel += 1
            return (b"\x09" + frame[1:2] + b"\x00" + self._id() + bytes((self.tunnel_status,)) + b"\xdc\x05",)
        if command == 0x01:
            return (_done(frame, self.close_status),)
        return self._transferred(frame, frame[5:]) if command == 0x02 else ()

    def _id(self):
        return bytes((self.tunnel & 255, self.tunnel >> 8))

    def _transferred(self, frame, data):
        if data[0] == 1:
            return (b"\x19" + frame[1:2] + b"\x01" + self._id() + b"\x02" + self._next(),)
        self.takes -= 1
        if self.takes < 0:
            return ()
        self.puts.append(data[1:])
        return (_done(frame, 0),)

    def _next(self):
        if not self.messages:
            return b"\x00"
        message = self.messages.pop(0)
        return bytes((len(self.messages),)) + message


# Default Response to a command of the meter's.
def _done(frame, status):
    return bytes((0x10 | ~frame[0] & 8, frame[1], 0x0B, frame[2], status))
