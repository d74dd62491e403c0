# Tunneling (0x0704), client: the way of GBCS messages between the hub and the meter (ZSE D.6; GBCS 10.2.3).
#
# Octets of a transfer: 01 GET · 02 nn message GET-RESPONSE, nn more wait · 02 00 nothing waits · 03 message PUT

from micropython import const

from .. import access
from ..cycle import GET, PROOF, TUNNEL
from ..device_log import CHF_TYPE
from ..events import catalogue
from ..store.names import TUNNEL as TUNNEL_ID
from ..zcl import frame, status
from ..zcl.cluster import Attributes, Cluster
from ..zcl.dispatch import unasked

ID = const(0x0704)

# Sent c->s
_REQUEST_TUNNEL = const(0x00)  # protocol u8, manufacturer u16, flow control bool, largest transfer u16
_CLOSE_TUNNEL = const(0x01)  # tunnel id u16
_TRANSFER_DATA = const(0x02)  # tunnel id u16, data

_GB_HRGP = b"\x06\xff\xff\x00\xdc\x05"  # protocol 6, no manufacturer, no flow control, 1500 octets

# Status of a Request Tunnel Response
_OPEN = const(0)
_NO_MORE_IDS = const(2)

_GET = b"\x01"
_GET_RESPONSE = const(0x02)
_PUT = b"\x03"

# Places in what comes in, behind the tunnel id
_ID_LENGTH = const(2)
_STATUS = const(2)
_LARGEST = const(3)
_KIND = const(2)
_MORE = const(3)
_MESSAGE = const(4)


class Tunnel:
    # nodes: DeviceLog; han: Han; raise_code(code); store: Store
    def __init__(self, nodes, han, raise_code, store):
        self._store = store
        self._nodes = nodes
        self._han = han
        self.raise_code = raise_code
        self.cycle = None
        self.id = None  # of the tunnel that is open, two octets as they are sent
        self.stale = None  # of one that the hub may still hold
        self.largest = 0  # transfer that the hub takes
        self.tsn = 0  # of the request
        self.taken = 0  # messages

    def present(self):
        self._hub = self._nodes.first(CHF_TYPE)
        return self._hub is not None

    def request(self):
        self.lose()
        self._tell(frame.CLUSTER, _REQUEST_TUNNEL, _GB_HRGP)
        self.tsn = self._han.tsn
        self._ask(self._not_requested)

    # A Default Response to the request: the hub does not do it at all.
    def _not_requested(self, request):
        if self.cycle.state == TUNNEL and request.payload[1]:
            self.refused(False)

    def refused(self, no_ids):
        self.raise_code(catalogue.REQUEST_TUNNEL_REJECTED)
        self.cycle.tunnel_refused(no_ids)

    def opened(self, tunnel_id, largest):
        self.id = tunnel_id
        self.stale = None
        self.largest = largest
        self._store.note(TUNNEL_ID)
        self.cycle.tunnel_opened()

    # Closes the tunnel that the hub may still hold. False when none is known.
    def close_stale(self):
        if self.stale is None:
            return False
        self._tell(frame.CLUSTER, _CLOSE_TUNNEL, self.stale)
        self.stale = None
        self._store.note(TUNNEL_ID)
        self._ask(self._closed)
        return True

    def _closed(self, request):
        if request.payload[1]:
            self.raise_code(catalogue.CLOSE_TUNNEL_REJECTED)
        self.cycle.tunnel_closed()

    # Whether a command is for the tunnel that is open, and for this device alone.
    def is_its_own(self, request, p):
        return p[0:_ID_LENGTH] == self.id and request.is_unicast()

    # The tunnel answers no more.
    def lose(self):
        if self.id is not None:
            self.stale = self.id
            self.id = None

    def get(self):
        self._tell(frame.CLUSTER | frame.DISABLE_DEFAULT_RESPONSE, _TRANSFER_DATA, self.id).put(_GET)
        self._han.send()

    def put(self, message):
        out = self._tell(frame.CLUSTER, _TRANSFER_DATA, self.id)
        out.put(_PUT)
        out.put(message)
        self._ask(self._put_answered)

    def _put_answered(self, request):
        self.cycle.put_answered(request.payload[1] == status.SUCCESS)

    def _tell(self, frame_control, command, payload):
        out = self._han.tell(self._hub, ID, frame_control, command)
        out.put(payload)
        return out

    def _ask(self, on_answer):
        self._han.ask(self._hub, ID, access.ANSWER_TUNNEL, on_answer)


# --- what the hub sends


# Request Tunnel Response: tunnel id u16, status u8, largest transfer u16
def _answered(tunnel, request, p):
    if tunnel.cycle.state != TUNNEL or request.tsn != tunnel.tsn or not request.is_unicast():
        return unasked(request)
    if p[_STATUS] == _OPEN:
        tunnel.opened(bytes(p[0:_ID_LENGTH]), p[_LARGEST] | p[_LARGEST + 1] << 8)
    else:
        tunnel.refused(p[_STATUS] == _NO_MORE_IDS)
    return status.SUCCESS


# Transfer Data: tunnel id u16, data
def _transferred(tunnel, request, p):
    if tunnel.cycle.state not in (GET, PROOF) or not tunnel.is_its_own(request, p):
        return unasked(request)
    if p[_KIND] != _GET_RESPONSE or len(p) <= _MORE:
        return status.MALFORMED_COMMAND
    message = p[_MESSAGE:]
    if len(message):
        tunnel.taken += 1
    tunnel.cycle.got(message, p[_MORE])
    return status.SUCCESS


# Transfer Data Error: tunnel id u16, status u8; Tunnel Closure Notification: tunnel id u16
def _lost(tunnel, request, p):
    if not tunnel.is_its_own(request, p):
        return unasked(request)
    tunnel.id = None
    tunnel.cycle.tunnel_lost()
    return status.SUCCESS


# command received s->c: shortest payload, right, handler
_COMMANDS = {
    0x00: (5, access.ANSWER_TUNNEL, _answered),
    0x01: (3, access.ANSWER_TUNNEL, _transferred),
    0x02: (3, access.ANSWER_TUNNEL, _lost),
    0x06: (2, access.ANSWER_TUNNEL, _lost),
}
_GENERATED = (_REQUEST_TUNNEL, _CLOSE_TUNNEL, _TRANSFER_DATA)


def client(tunnel):
    attributes = Attributes((), access.ANSWER_TUNNEL)
    return Cluster(ID, frame.SERVER_TO_CLIENT, attributes, _COMMANDS, tunnel, _GENERATED)
