# Identify (0x0003), server: the device shows which one it is, where the board has a LED.

from micropython import const

from .. import access
from ..zcl import frame, status, types
from ..zcl.cluster import NETWORK_KEY, READ, VOLATILE, WRITE, Attributes, Cluster

ID = const(0x0003)
_TIME = const(0x0000)
_QUERY_RESPONSE = const(0x00)  # sent s->c: time u16

# id, type, access, right, factory value
_ATTRIBUTES = ((_TIME, types.UINT16, READ | WRITE | VOLATILE, access.READ_OPEN, b"\x00\x00"),)  # IdentifyTime, seconds


class Identify:
    # led(on): shows it; None where there is none
    def __init__(self, led):
        self._led = led
        self._lit = False
        self.attributes = Attributes(_ATTRIBUTES, access.READ_OPEN)
        self._time = self.attributes.row(_TIME)

    def seconds_left(self):
        return self._time.value[0] | self._time.value[1] << 8

    def set(self, seconds):
        self._time.value[0] = seconds & 255
        self._time.value[1] = seconds >> 8

    # Call it once a second.
    def tick(self, seconds):
        left = self.seconds_left()
        self._show(left > 0 and not self._lit)
        if left:
            self.set(max(left - seconds, 0))

    def _show(self, on):
        if self._led and on != self._lit:
            self._led(on)
        self._lit = on


# Identify: time u16
def _identify(identify, request, p):
    identify.set(p[0] | p[1] << 8)
    return status.SUCCESS


# Identify Query: answered while the device identifies itself, else the Default Response is all there is.
def _query(identify, request, p):
    left = identify.seconds_left()
    if not left:
        return status.SUCCESS
    request.begin(frame.CLUSTER, _QUERY_RESPONSE).u16(left)
    request.send()
    return status.ANSWERED


# command received c->s: shortest payload, right, handler
_COMMANDS = {
    0x00: (2, access.WRITE_OPEN, _identify),
    0x01: (0, access.READ_OPEN, _query),
}


def cluster(identify):
    return Cluster(ID, 0, identify.attributes, _COMMANDS, identify, (_QUERY_RESPONSE,), NETWORK_KEY)
