# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A hub that may have bad manners, and whose answers may be damaged on their way. MicroPython.

from hub import Hub
from meter import METERING, TIME

# Manners of a hub
_TUNNEL_STATUS = 0x07
_NO_TIME = 0x08
_TAKES_NOTHING = 0x10
_REFUSES_CLOSE = 0x20
_IS_AWAY = 0x40
_TIME_IS_OFF = 0x80
_REFUSES_ALL = 7  # as tunnel status: a Default Response is all that it has, but as a mirror

# What is done to an answer of the hub's; 6 is one bit turned
_DROP = 0
_CUT = 1
_CHANGE = 2
_LENGTHEN = 3
_REPEAT = 4
_DELAY = 5


class Manners(Hub):
    def __init__(self):
        super().__init__()
        self.utc = 0
        self.off_s = 0
        self.behave(0, ())

    # damages: (number of the answer, what is done to it, where, value)
    def behave(self, manners, damages):
        self.tunnel_status = manners & _TUNNEL_STATUS
        self.takes = 0 if manners & _TAKES_NOTHING else 999
        self.close_status = 1 if manners & _REFUSES_CLOSE else 0
        self.refuses = manners & _TUNNEL_STATUS == _REFUSES_ALL
        self.tells_time = not manners & _NO_TIME
        self.is_away = manners & _IS_AWAY
        self.off_s = 60 if manners & _TIME_IS_OFF else (self.off_s + 1) % 3
        self.utc = (self.utc + self.off_s) & 0xFFFFFFFF
        self._damages = damages
        self._answer = 0

    # (seconds to wait before, frame) *
    def answers(self, cluster, frame):
        if self.is_away or cluster == TIME and not self.tells_time:
            return
        refused = self.refuses and cluster != METERING
        for answer in (_refusal(frame),) if refused else self._answers(cluster, frame):
            wait_s, copies, frame_then = self._fate(answer)
            for _ in range(copies):
                yield wait_s, frame_then

    # What becomes of the next answer: seconds to wait before, how often it comes, and as what.
    def _fate(self, answer):
        wait_s = 0
        copies = 1
        for number, what, at, value in self._damages:
            if number != self._answer:
                continue
            if what == _DROP:
                copies = 0
            elif what == _REPEAT:
                copies = 2
            elif what == _DELAY:
                wait_s = value % 16
            else:
                answer = _damaged(answer, what, at, value)
        self._answer += 1
        return wait_s, copies, answer


def _refusal(frame):
    return bytes((0x10 | ~frame[0] & 8, frame[1], 0x0B, frame[2], 0x82))


def _damaged(frame, what, at, value):
    if what == _CUT:
        return frame[: at % (len(frame) + 1)]
    if what == _LENGTHEN:
        return frame + bytes((value,)) * (at % 32)
    if not frame:
        return frame
    at %= len(frame)
    changed = value if what == _CHANGE else frame[at] ^ 1 << value % 8
    return frame[:at] + bytes((changed,)) + frame[at + 1 :]
