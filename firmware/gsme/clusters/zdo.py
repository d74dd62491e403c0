# Zigbee Device Objects (Zigbee 2.4; LINK: ZDO): who the device is, for a host that interviews it.

from micropython import const

from ..link import HEADER, PAYLOAD

_RESPONSE = const(0x8000)
_DEVICE_ANNOUNCE = const(0x0013)
_ANNOUNCE_HEADER = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x13\x00\x04"
_SLEEPY = const(0x80)  # MAC capabilities: an address is allocated, the receiver is off when idle

_NODE_DESCRIPTOR = b"\x02\x40\x80\xf1\xff\x52\xdc\x05\x00\x00\xdc\x05\x00"

# Status (Zigbee 2.4.5)
_OK = b"\x00"
_MALFORMED = b"\x80"
_INVALID_REQUEST_TYPE = b"\x80"
_DEVICE_NOT_FOUND = b"\x81"
_NOT_ACTIVE = b"\x83"
_NOT_SUPPORTED = b"\x84"

_EVERYBODY_HIGH = const(0xFF)  # high byte of the broadcast addresses
_LISTS = const(4)  # place of the first list in a Match_Desc_req
_DESCRIPTOR_LISTS = const(6)  # and in a simple descriptor: endpoint, profile 2, device 2, version, then the lists

_CLUSTER = const(12)
_APS = const(14)
_BROADCAST = const(0x04)


class Zdo:
    # endpoints: number -> simple descriptor of an active endpoint
    def __init__(self, link, eui64, endpoints):
        self._link = link
        self.eui64 = eui64
        self.nwk = eui64[0:2]  # NWK address
        self.endpoints = endpoints
        self._tsn = 0
        self._at = 0

    # --- writing

    def _open(self, header):
        self._link.out[PAYLOAD : PAYLOAD + HEADER] = header
        self._at = PAYLOAD + HEADER

    def _put(self, image):
        self._link.out[self._at : self._at + len(image)] = image
        self._at += len(image)

    def _send(self):
        self._link.send(self._at)

    # Tells the network that the device is there.
    def announce(self):
        self._tsn = (self._tsn + 1) & 255
        self._open(_ANNOUNCE_HEADER)
        self._put(bytes((self._tsn,)))
        self._put(self.nwk)
        self._put(self.eui64)
        self._put(bytes((_SLEEPY,)))
        self._send()

    # --- serving

    # header, asdu: of the DATA frame; asdu is the transaction number and the request.
    def serve(self, header, asdu):
        cluster = header[_CLUSTER] | header[_CLUSTER + 1] << 8
        if cluster & _RESPONSE or cluster == _DEVICE_ANNOUNCE or not len(asdu):  # nothing that wants an answer
            return
        broadcast = header[_APS] & _BROADCAST
        row = _REQUESTS.get(cluster)
        if row is None:
            answer = _NOT_SUPPORTED
        elif len(asdu) < 1 + row[0]:
            answer = _MALFORMED
        else:
            answer = row[1](self, asdu[1:])
        if answer is None or broadcast and answer[0:1] != _OK:
            return
        self._open(header)
        self._link.out[PAYLOAD + _CLUSTER + 1] |= _RESPONSE >> 8
        self._link.out[PAYLOAD + _APS] = header[_APS] & ~_BROADCAST
        self._put(asdu[0:1])
        self._put(answer)
        self._send()


# --- the answers: status, then what there is to say. p: the request behind its transaction number.


# NWK_addr_req: IEEE address 8, type, start
def _nwk_address(zdo, p):
    if bytes(p[0:8]) != zdo.eui64:
        return _DEVICE_NOT_FOUND
    return _OK + zdo.eui64 + zdo.nwk


# IEEE_addr_req: NWK address 2, type, start
def _ieee_address(zdo, p):
    if bytes(p[0:2]) != zdo.nwk:
        return _DEVICE_NOT_FOUND
    return _OK + zdo.eui64 + zdo.nwk


# An end device knows of nobody but itself.
def _of_another(zdo, p):
    return None if bytes(p[0:2]) == zdo.nwk else _INVALID_REQUEST_TYPE


# Node_Desc_req: NWK address 2
def _node_descriptor(zdo, p):
    return _of_another(zdo, p) or _OK + zdo.nwk + _NODE_DESCRIPTOR


# Simple_Desc_req: NWK address 2, endpoint
def _simple_descriptor(zdo, p):
    descriptor = zdo.endpoints.get(p[2])
    if descriptor is None:
        answer = _NOT_ACTIVE + zdo.nwk + b"\x00"
    else:
        answer = _OK + zdo.nwk + bytes((len(descriptor),)) + descriptor
    return _of_another(zdo, p) or answer


# Active_EP_req: NWK address 2
def _active_endpoints(zdo, p):
    return _of_another(zdo, p) or _OK + zdo.nwk + _counted(bytes(zdo.endpoints))


# Match_Desc_req: NWK address 2 (or that of everybody), profile 2, counted list of clusters in, the same out
def _match(zdo, p):
    lists = _cluster_lists(p)
    if lists is None:
        return _MALFORMED
    found = [e for e, descriptor in zdo.endpoints.items() if _matches(descriptor, p, lists)]
    if p[1] == _EVERYBODY_HIGH:
        return _OK + zdo.nwk + _counted(bytes(found)) if found else _DEVICE_NOT_FOUND
    return _of_another(zdo, p) or _OK + zdo.nwk + _counted(bytes(found))


def _counted(items):
    return bytes((len(items),)) + items


# Where the two lists of a Match_Desc_req lie: (first, end) of each; None when they are cut short.
def _cluster_lists(p):
    first = _LISTS + 1
    middle = first + 2 * p[_LISTS]
    if middle >= len(p):
        return None
    end = middle + 1 + 2 * p[middle]
    return ((first, middle), (middle + 1, end)) if end <= len(p) else None


# True when the endpoint has the profile and one of the clusters on the side where it is sought.
def _matches(descriptor, p, lists):
    if bytes(p[2:4]) != descriptor[1:3]:
        return False
    count_at = _DESCRIPTOR_LISTS
    for first, end in lists:
        count = descriptor[count_at]
        have = descriptor[count_at + 1 : count_at + 1 + 2 * count]
        for i in range(first, end, 2):
            for j in range(0, len(have), 2):
                if have[j] == p[i] and have[j + 1] == p[i + 1]:
                    return True
        count_at += 1 + 2 * count
    return False


# cluster of the request: shortest request behind the transaction number, answer
_REQUESTS = {
    0x0000: (10, _nwk_address),
    0x0001: (4, _ieee_address),
    0x0002: (2, _node_descriptor),
    0x0004: (3, _simple_descriptor),
    0x0005: (2, _active_endpoints),
    0x0006: (6, _match),
}
