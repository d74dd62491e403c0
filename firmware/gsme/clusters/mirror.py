# The meter's mirror at the GPF (ZSE D.3, Metering; GBCS 10.2.2): asked for once, reported to in every cycle.

from micropython import const

from .. import access
from ..cycle import MIRROR
from ..device_log import GPF_TYPE
from ..zcl import frame, status
from ..zcl.cluster import REPORT
from ..zcl.dispatch import unasked

_METERING = const(0x0702)
_FROM_SERVER = const(0x09)  # frame control: cluster's, server to client

# Sent s->c
_REQUEST_MIRROR = const(0x01)
_CONFIGURE_MIRROR = const(0x08)  # issuer event u32, reporting interval u24 s, notification bool, scheme u8

_CONFIGURATION = b"\x08\x07\x00\x01\x02"  # 1800 s, notifications, two-way scheme B
_COMPLETE = b"\xfe\xff\x30\x01"  # AttributeReportingStatus: reporting complete
_RECORD = const(3)  # attribute u16, type u8

_REFUSED = b"\xff\xff"
_TUNNEL_MESSAGE_PENDING = const(0x20)  # functional notification flags, bit 21
_FLAGS = const(3)  # its octet, behind the scheme


class Mirror:
    # nodes: DeviceLog; han: Han; clock: .utc; attributes: of Metering
    def __init__(self, nodes, han, clock, attributes):
        self._nodes = nodes
        self._han = han
        self._clock = clock
        self._attributes = attributes
        self.cycle = None
        self.tsn = 0  # of the request
        self.reset()

    def reset(self):
        self.endpoint = None  # of the mirror, once there is one
        self.unanswered = 0  # reports of this cycle

    def present(self):
        self._gpf = self._nodes.first(GPF_TYPE)
        return self._gpf is not None

    def request(self):
        self._tell(_FROM_SERVER, _REQUEST_MIRROR)
        self.tsn = self._han.tsn
        self._han.send()

    def configure(self):
        out = self._tell(_FROM_SERVER, _CONFIGURE_MIRROR)
        out.put(self._clock.utc)
        out.put(_CONFIGURATION)
        self._han.send()

    # All that changes in service, in as many reports as it takes; the last one says that it is the last.
    def report(self):
        self.unanswered = 0
        out = self._next_report()
        for attribute_id in self._attributes.ids():
            attribute = self._attributes.find(attribute_id)
            if attribute is None or attribute.failure or not attribute.access & REPORT:
                continue
            if out.room() < _RECORD + len(attribute.value):
                self._han.send()
                out = self._next_report()
            out.u16(attribute_id)
            out.u8(attribute.type)
            out.put(attribute.value)
        if out.room() < len(_COMPLETE):
            self._han.send()
            out = self._next_report()
        out.put(_COMPLETE)
        self._han.send()

    def _next_report(self):
        self.unanswered += 1
        return self._tell(frame.SERVER_TO_CLIENT, frame.REPORT_ATTRIBUTES)

    def _tell(self, frame_control, command):
        return self._han.tell(self._gpf, _METERING, frame_control, command, self.endpoint)


# --- what the GPF answers


# Request Mirror Response: endpoint u16
def _granted(mirror, request, p):
    if mirror.cycle.state != MIRROR or request.tsn != mirror.tsn or not request.is_unicast():
        return unasked(request)
    if p[0:2] != _REFUSED:
        mirror.endpoint = p[0]
    mirror.cycle.mirror_answered(mirror.endpoint is not None)
    return status.SUCCESS


# Mirror Removed: endpoint u16
def _removed(mirror, request, p):
    if p[0] != mirror.endpoint or not request.is_unicast():
        return unasked(request)
    mirror.endpoint = None
    return status.SUCCESS


# Mirror Report Attribute Response: scheme u8, flags u32 *
def _flags(mirror, request, p):
    if not mirror.unanswered or not request.is_unicast():
        return unasked(request)
    mirror.unanswered -= 1
    mirror.cycle.flagged(len(p) > _FLAGS and bool(p[_FLAGS] & _TUNNEL_MESSAGE_PENDING))
    return status.SUCCESS


# command received c->s: shortest payload, right, handler
COMMANDS = {
    0x01: (2, access.ANSWER_MIRROR, _granted),
    0x02: (2, access.ANSWER_MIRROR, _removed),
    0x09: (1, access.ANSWER_MIRROR, _flags),
}
GENERATED = (_REQUEST_MIRROR, _CONFIGURE_MIRROR)
