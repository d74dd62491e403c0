# The device on the Home Area Network: which node asks, for which endpoint, under which key; and what the device
# sends of its own accord. Header of a DATA frame (LINK: kinds): peer EUI64 8, peer endpoint, own endpoint, profile 2,
# cluster 2, aps.

from micropython import const

from . import access
from .device_log import stranger
from .link import HEADER, PAYLOAD
from .zcl import frame

PROFILE = const(0x0109)  # Smart Energy
_PEER_ENDPOINT = const(8)
_OWN_ENDPOINT = const(9)
_PROFILE = const(10)
_CLUSTER = const(12)
_APS = const(14)

_SECURITY = const(0x03)
_LINK_KEY = const(0x02)
_BROADCAST = const(0x04)

ZDO_ENDPOINT = const(0)
OWN_ENDPOINT = const(1)
EVERY_ENDPOINT = const(0xFF)
_ZDO_PROFILE = const(0x0000)

_OWN = b"\x01\x09\x01"  # own endpoint, profile


class Han:
    # link: Link; nodes: DeviceLog
    def __init__(self, link, nodes):
        self._link = link
        self._nodes = nodes
        self._stranger = stranger()
        self._writer = frame.Writer()
        self._header = bytearray(HEADER)  # of the answers to the request at hand
        self._peer = memoryview(self._header)[0:_PEER_ENDPOINT]
        self._request = frame.Request(self, frame.HAN_LIMIT)
        self.tsn = 0  # of the last frame that the device has begun of its own accord
        self._frame_control = 0  # its frame control and command
        self._command = 0
        self._pending = {}  # cluster: the device's own question, see ask()
        self.endpoint = None  # Endpoint that the nodes reach
        self.zdo = None
        self.bench = None  # clusters.bench.Bench, where there is one
        link.receive = self._receive

    # --- what comes in

    def _receive(self, view, start, end):
        header = self._header
        header[:] = view[start : start + HEADER]
        profile = header[_PROFILE] | header[_PROFILE + 1] << 8
        asdu = view[start + HEADER : end]
        if profile == PROFILE:
            self._serve(header, asdu)
        elif profile == _ZDO_PROFILE and header[_OWN_ENDPOINT] == ZDO_ENDPOINT:
            self.zdo.serve(header, asdu)

    def _serve(self, header, asdu):
        request = self._request
        own = header[_OWN_ENDPOINT]
        peer = bytes(self._peer)
        if own in (OWN_ENDPOINT, EVERY_ENDPOINT):
            request.requester = self._requester(peer, header)
            request.security = header[_APS] & _SECURITY
            request.silence = _silence(own, header[_APS])
            endpoint = self.endpoint
        elif self.bench and own == self.bench.number and peer == self.bench.eui64:
            request.requester = self.bench
            request.security = _LINK_KEY  # it is asked for none: whoever holds the line is the bench
            request.silence = frame.SAY_ALL
            endpoint = self.bench.endpoint
        else:
            return
        request.cluster = header[_CLUSTER] | header[_CLUSTER + 1] << 8
        header[_APS] &= _SECURITY
        if own == EVERY_ENDPOINT:
            header[_OWN_ENDPOINT] = OWN_ENDPOINT
        endpoint.serve(request, asdu)

    def _requester(self, peer, header):
        node = self._nodes.find(peer)
        if node is None:
            return self._stranger
        node.endpoint = header[_PEER_ENDPOINT]
        return node

    # --- what goes out

    def _begin(self, header):
        out = self._writer
        out.buf = self._link.out
        out.buf[PAYLOAD : PAYLOAD + HEADER] = header
        out.at = PAYLOAD + HEADER
        out.end = PAYLOAD + HEADER + frame.HAN_LIMIT
        return out

    # Carrier of the answers (frame.Request).
    def open(self, request):
        return self._begin(self._header)

    # Sends what has been written.
    def send(self):
        self._link.send(self._writer.at)

    # --- what the device sends of its own accord

    # Begins a frame to a node under the link key, to the endpoint that last spoke if none is given. Returns the writer
    # behind the ZCL header.
    def tell(self, node, cluster_id, frame_control, command, endpoint=None):
        self.tsn = (self.tsn + 1) & 255
        self._frame_control = frame_control
        self._command = command
        peer = bytes((node.endpoint if endpoint is None else endpoint,))
        out = self._begin(node.eui64 + peer + _OWN + bytes((cluster_id & 255, cluster_id >> 8, _LINK_KEY)))
        out.u8(frame_control)
        out.u8(self.tsn)
        out.u8(command)
        return out

    # Sends the request just written and hands the global answer to it to on_answer(request), if the node then still has
    # that right. One question a cluster.
    def ask(self, node, cluster_id, right, on_answer):
        self._pending[cluster_id] = (node.eui64, self.tsn, self._frame_control, self._command, right, on_answer)
        self.send()

    # Gives up the question that has not been answered.
    def forget(self, cluster_id):
        self._pending.pop(cluster_id, None)

    # A global answer or report has come: to a question of the device's own, or to nothing that concerns it.
    def take_answer(self, request):
        pending = self._pending.get(request.cluster)
        if pending is None or request.security != _LINK_KEY or not request.is_unicast():
            return
        eui64, tsn, frame_control, command, right, on_answer = pending
        if request.requester.eui64 != eui64 or not access.may(request.requester.column, right):
            return
        if request.tsn == tsn and _answers(request, frame_control, command):
            self.forget(request.cluster)
            on_answer(request)


# A Default Response that names the question, or the Read Attributes Response to a read; in the other direction.
def _answers(request, frame_control, command):
    if request.side() == frame_control & frame.SERVER_TO_CLIENT or request.manufacturer is not None:
        return False
    if request.command == frame.DEFAULT_RESPONSE:
        return len(request.payload) > 1 and request.payload[0] == command
    return request.command == frame.READ_ATTRIBUTES_RESPONSE and not frame_control & frame.CLUSTER


def _silence(own, aps):
    if aps & _BROADCAST:
        return frame.SAY_NOTHING
    return frame.NO_ERRORS if own == EVERY_ENDPOINT else frame.SAY_ALL
