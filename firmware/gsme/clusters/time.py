# Time (0x000A), client: once a cycle the meter asks the hub for the time (design: ten seconds are adjusted).

from micropython import const

from .. import access
from ..clock import INVALID_UTC
from ..device_log import CHF_TYPE
from ..events import catalogue
from ..zcl import frame, types
from ..zcl.cluster import Attributes, Cluster

ID = const(0x000A)
_TIME = const(0x0000)
_STATUS = const(0x0001)
_TRUSTED = const(0x03)  # Time Status: master, synchronised

_ANSWER_S = const(10)
_TOLERANCE_S = const(10)

_RECORD = const(3)  # attribute u16, status u8; if that is SUCCESS type u8, value


class TimeClient:
    # clock: Clock; nodes: DeviceLog; han: Han; raise_code(code); touch(): the clock is another
    def __init__(self, clock, nodes, han, raise_code):
        self._clock = clock
        self._nodes = nodes
        self._han = han
        self._raise = raise_code
        self._asked_s = 0
        self.asked = False

    # Call it once a second.
    def poll(self):
        if self.asked and self._clock.running_s - self._asked_s >= _ANSWER_S:
            self._han.forget(ID)
            self.asked = False

    def wake(self):
        self._asked_s = self._clock.running_s
        hub = self._nodes.first(CHF_TYPE)
        if hub is None:
            return
        out = self._han.tell(hub, ID, frame.GLOBAL, frame.READ_ATTRIBUTES)
        out.u16(_TIME)
        out.u16(_STATUS)
        self.asked = True
        self._han.ask(hub, ID, access.ANSWER_TIME, self._answered)

    def _answered(self, request):
        self.asked = False
        if request.command != frame.READ_ATTRIBUTES_RESPONSE:
            return
        utc = _value(request.payload, _TIME, types.UTC)
        time_status = _value(request.payload, _STATUS, types.MAP8)
        if utc is None or time_status is None or not time_status[0] & _TRUSTED or utc == INVALID_UTC:
            return
        self._adjust(utc)

    def _adjust(self, utc):
        if self._clock.valid:
            difference_s = int.from_bytes(utc, "little") - int.from_bytes(self._clock.utc, "little")
            if difference_s == 0:
                return
            if abs(difference_s) > _TOLERANCE_S:
                self._raise(catalogue.CLOCK_NOT_ADJUSTED)
                return
        self._clock.set(utc)
        self._raise(catalogue.CLOCK_ADJUSTED)


# The value of an attribute in a Read Attributes Response; None when it is not there.
def _value(p, attribute_id, type_id):
    at = 0
    while at + _RECORD < len(p):
        found = p[at] | p[at + 1] << 8
        if p[at + 2]:
            at += _RECORD
            continue
        n = types.length(p[at + _RECORD], p, at + _RECORD + 1)
        if n < 0:
            return None
        start = at + _RECORD + 1
        if found == attribute_id and p[at + _RECORD] == type_id:
            return bytes(p[start : start + n])
        at = start + n
    return None


def client():
    return Cluster(ID, frame.SERVER_TO_CLIENT, Attributes((), access.ANSWER_TIME), {})
