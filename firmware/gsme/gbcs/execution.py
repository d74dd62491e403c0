# The components of a message, one after another, through the dispatcher that serves the HAN, and what comes of each.
#
# The first that fails answers with its own status; each later one is not done and answers `FC TSN 0B FF 01` (GBCS;
# zcl 2.3). Nothing to report, 8B in answer to a Get command, is no failure.

from micropython import const

from ..zcl import cluster, frame, status, types
from . import gbz

_FC = const(0)
_COMMAND = const(2)
_DEFAULT_STATUS = const(4)
_CLEARED = const(3)
_CLEAR_EVENT_LOG_RESPONSE = const(0x02)
_RECORDS = const(3)  # of a Read Attributes Response: attribute u16, status u8; if that is SUCCESS type u8, value
_RECORD_STATUS = const(2)
_RECORD_ERROR = const(3)
_RECORD_VALUE = const(4)

_NOT_EXECUTED = const(0xFF)  # the command that a Default Response names then
_RESERVED = const(10)  # for each component to come: its header, a Default Response
_LEAST = const(32)  # a Get command is not tried with less room


class Execution:
    # endpoint: zcl.dispatch.Endpoint
    def __init__(self, endpoint):
        self._endpoint = endpoint
        self._writer = frame.Writer()
        self._request = frame.Request(self, frame.TUNNEL_LIMIT)

    # Does what the well-formed payload p says, for party. Writes the payload of the answer to out[start:end].
    # Returns where it ends, 0 if there is to be none; self.failed then tells whether a component failed.
    # get: whether the commands are Get commands
    def run(self, party, get, p, out, start, end):
        out[start : start + gbz.HEADER] = p[0 : gbz.HEADER]
        self._request.requester = party
        self._get = get
        self._writer.buf = out
        self._writer.end = end - _RESERVED * p[gbz.COUNT]
        self.failed = False
        component = gbz.Component()
        start += gbz.HEADER
        at = gbz.HEADER
        while at < len(p):
            component.parse(p, at)
            self._writer.end += _RESERVED
            self._body = start + gbz.COMPONENT_HEADER
            length = self._answer(component)
            if not length:
                return 0
            gbz.put_header(out, start, component.control & gbz.LAST, component.cluster, length)
            start = self._body + length
            at = component.end
        return start

    # Writes the answer to one component; returns its length, 0 for silence.
    def _answer(self, component):
        p = component.frame
        if self.failed:
            return self._refuse(p, status.FAILURE, _NOT_EXECUTED)
        self._sent = 0
        if not self._get or self._writer.end - self._body >= _LEAST:
            self._serve(component)
            if not self._sent:
                return 0
        if self._sent != 1:  # one component has one answer: what needs more has no room in a message
            self.failed = True
            return self._refuse(p, status.INSUFFICIENT_SPACE, p[_COMMAND])
        self.failed = _failed(self._writer.buf[self._body : self._writer.at], self._get)
        return self._writer.at - self._body

    def _serve(self, component):
        request = self._request
        request.security = cluster.LINK_KEY
        request.silence = frame.SAY_ALL
        request.cluster = component.cluster
        request.limit = self._writer.end - self._body
        self._endpoint.serve(request, component.frame)

    # A Default Response to the frame p, which names that command.
    def _refuse(self, p, result, command):
        request = self._request
        request.parse(p)
        request.command = command
        request.silence = frame.SAY_ALL
        request.default_response(result)
        return self._writer.at - self._body

    # --- carrier of the answers (frame.Request)

    def open(self, request):
        self._writer.at = self._body
        return self._writer

    def send(self):
        self._sent += 1


# Whether that answer says that something was not done.
def _failed(answer, get):
    command = answer[_COMMAND]
    if answer[_FC] & frame.CLUSTER:
        # Clear Event Log Response is the one that can say so.
        return command == _CLEAR_EVENT_LOG_RESPONSE and not answer[_CLEARED]
    if command == frame.DEFAULT_RESPONSE:
        result = answer[_DEFAULT_STATUS]
        return bool(result) and not (get and result == status.NOT_FOUND)
    return _has_error(answer[_RECORDS:])


# Whether a record of a Read Attributes Response has an error status. The records are the device's own.
def _has_error(records):
    at = 0
    while at < len(records):
        if records[at + _RECORD_STATUS]:
            return True
        at += _RECORD_VALUE + types.length(records[at + _RECORD_ERROR], records, at + _RECORD_VALUE)
    return False
