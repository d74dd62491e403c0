# The ZCL frame (ZCL 2.4): header, the request that is being served, the writer of its answers.

from micropython import const

# Frame control
GLOBAL = const(0x00)
CLUSTER = const(0x01)
_TYPE = const(0x03)
MANUFACTURER = const(0x04)
SERVER_TO_CLIENT = const(0x08)  # direction bit; clear: client to server
DISABLE_DEFAULT_RESPONSE = const(0x10)

# Global commands (ZCL 2.5)
READ_ATTRIBUTES = const(0x00)
READ_ATTRIBUTES_RESPONSE = const(0x01)
WRITE_ATTRIBUTES_NO_RESPONSE = const(0x05)
REPORT_ATTRIBUTES = const(0x0A)
DEFAULT_RESPONSE = const(0x0B)

_SHORTEST = const(3)
_SHORTEST_MANUFACTURER = const(5)

# What of the answers is kept back
SAY_ALL = const(0)
NO_ERRORS = const(1)  # own endpoint FF
SAY_NOTHING = const(2)  # broadcast, Write Attributes No Response

# Largest ZCL frame: of an answer on the HAN, and inside a GBCS message
HAN_LIMIT = const(80)
TUNNEL_LIMIT = const(1500)


# Writes a frame into a buffer that a carrier owns and has set.
class Writer:
    def __init__(self):
        self.buf = None
        self.at = 0  # where the next byte goes
        self.end = 0  # where the frame must end at the latest

    def room(self):
        return self.end - self.at

    def u8(self, v):
        self.buf[self.at] = v
        self.at += 1

    def u16(self, v):
        at = self.at
        self.buf[at] = v & 255
        self.buf[at + 1] = v >> 8
        self.at = at + 2

    def put(self, image):
        at = self.at
        end = at + len(image)
        self.buf[at:end] = image
        self.at = end


# One request on its way through the device. One object serves all requests of one line.
class Request:
    # carrier: open(request) -> Writer behind the carrier's own header; send() sends what was written
    def __init__(self, carrier, limit):
        self._carrier = carrier
        self.limit = limit
        self.remote = limit == TUNNEL_LIMIT  # asked inside a GBCS message
        self.requester = None  # who asks: has .column, see access
        self.security = 0  # APS: 0 none, 1 network key, 2 link key
        self.cluster = 0
        self.silence = SAY_ALL
        self.frame_control = 0
        self.direction = 0  # direction bit of the answers: the inverse of the request's
        self.manufacturer = None
        self.tsn = 0
        self.command = 0
        self.payload = None

    # Reads the header. False for a frame that is no request at all: too short, or of a reserved type.
    def parse(self, asdu):
        n = len(asdu)
        if n < _SHORTEST or asdu[0] & _TYPE > CLUSTER:
            return False
        self.frame_control = asdu[0]
        self.direction = ~asdu[0] & SERVER_TO_CLIENT
        if asdu[0] & MANUFACTURER:
            if n < _SHORTEST_MANUFACTURER:
                return False
            self.manufacturer = asdu[1] | asdu[2] << 8
            at = 3
        else:
            self.manufacturer = None
            at = 1
        self.tsn = asdu[at]
        self.command = asdu[at + 1]
        self.payload = asdu[at + 2 :]
        return True

    def is_global(self):
        return not self.frame_control & _TYPE

    # The side of the cluster that the frame is for: 0 its server, SERVER_TO_CLIENT its client.
    def side(self):
        return self.frame_control & SERVER_TO_CLIENT

    # An answer to the device's own question is sent to it alone.
    def is_unicast(self):
        return self.silence != SAY_NOTHING

    def wants_default_response(self):
        return not self.frame_control & DISABLE_DEFAULT_RESPONSE

    # Begins an answer: TSN and manufacturer code are the request's.
    # kind: GLOBAL or CLUSTER, with DISABLE_DEFAULT_RESPONSE where the template has it.
    def begin(self, kind, command):
        out = self._carrier.open(self)
        buf = out.buf
        at = out.at
        buf[at] = kind | self.direction
        if self.manufacturer is not None:
            buf[at] |= MANUFACTURER
            buf[at + 1] = self.manufacturer & 255
            buf[at + 2] = self.manufacturer >> 8
            at += 2
        buf[at + 1] = self.tsn
        buf[at + 2] = command
        out.at = at + 3
        return out

    def send(self):
        if self.silence != SAY_NOTHING:
            self._carrier.send()

    # THE rule of Default Responses (ZCL 2.5.12; MP078 IRP604): it travels against the request, whatever the cluster.
    def default_response(self, status):
        out = self.begin(GLOBAL, DEFAULT_RESPONSE)
        out.u16(self.command | status << 8)
        self.send()
