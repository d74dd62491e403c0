# The device on the Home Area Network: which node asks, for which endpoint, under which key; and what the device
# sends of its own accord. Header of a DATA frame (LINK: kinds): peer EUI64 8, peer endpoint, own endpoint, profile 2,
# cluster 2, aps.

from micropython import const

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

_READ = b"\x00"  # frame.READ_ATTRIBUTES, as a Default Response names it
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
        self._tsn = 0
        self._pending = None  # (node, cluster, tsn) of the device's own request
        self._on_answer = None
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

    # Begins a frame to a node under the link key. Returns the writer behind the ZCL header.
    def tell(self, node, cluster_id, frame_control, command):
        self._tsn = (self._tsn + 1) & 255
        out = self._begin(
            node.eui64 + bytes((node.endpoint,)) + _OWN + bytes((cluster_id & 255, cluster_id >> 8, _LINK_KEY))
        )
        out.u8(frame_control)
        out.u8(self._tsn)
        out.u8(command)
        return out

    # Sends the request just written and hands what answers it to on_answer(request). One at a time.
    def ask(self, node, cluster_id, on_answer):
        self._pending = (node.eui64, cluster_id, self._tsn)
        self._on_answer = on_answer
        self.send()

    # Gives up the question that has not been answered.
    def forget(self):
        self._pending = None

    # A global answer or report has come: to the device's own question, or to nothing that concerns it.
    def take_answer(self, request):
        if self._pending is None or request.security != _LINK_KEY or request.silence == frame.SAY_NOTHING:
            return
        if request.command != frame.READ_ATTRIBUTES_RESPONSE and not _refuses_read(request):
            return
        eui64, cluster_id, tsn = self._pending
        if request.requester.eui64 != eui64 or request.cluster != cluster_id or request.tsn != tsn:
            return
        if request.side() == frame.SERVER_TO_CLIENT and request.manufacturer is None:
            self._pending = None
            self._on_answer(request)


# A Default Response to a read.
def _refuses_read(request):
    return request.command == frame.DEFAULT_RESPONSE and request.payload[0:1] == _READ


def _silence(own, aps):
    if aps & _BROADCAST:
        return frame.SAY_NOTHING
    return frame.NO_ERRORS if own == EVERY_ENDPOINT else frame.SAY_ALL
