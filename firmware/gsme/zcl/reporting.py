# Reporting (ZCL 2.5.7 to 2.5.11): its configuration, and the reports that follow from it.

from micropython import const

from .. import access
from . import frame, status, types
from .cluster import REPORT

_CONFIGURE_RESPONSE = const(0x07)
_READ_CONFIGURATION_RESPONSE = const(0x09)

# Direction of a configuration record
_SENDS = const(0x00)  # the device sends reports: attribute u16, type u8, min u16, max u16, change if analogue
_RECEIVES = const(0x01)  # the device is sent reports: attribute u16, timeout u16

_NAME = const(3)  # direction, attribute
_RECEIVES_RECORD = const(5)
_SENDS_RECORD = const(8)  # without the reportable change
_TYPE = const(3)
_MIN = const(4)
_MAX = const(6)
_CHANGE = const(8)

_NEVER = const(0xFFFF)  # as maximum interval: no reports
_MOST = const(16)  # configurations at a time
_FAILURE_RECORD = const(4)
_REPORT_RECORD = const(3)


# --- Configure Reporting


# Length of the record at p[at:], 0 when it is cut short. A record whose direction or type is not defined has an
# end that nobody knows: the rest of the frame is taken for it.
def _record_length(p, at):
    left = len(p) - at
    if left < _NAME:
        return 0
    if p[at] == _RECEIVES:
        return _RECEIVES_RECORD if left >= _RECEIVES_RECORD else 0
    if p[at] != _SENDS:
        return left
    if left < _SENDS_RECORD:
        return 0
    if not types.analogue(p[at + _TYPE]):
        return _SENDS_RECORD
    n = _SENDS_RECORD + types.length(p[at + _TYPE], p, at + _CHANGE)
    return n if n >= _SENDS_RECORD else 0


def _records_well_formed(p):
    at = 0
    while at < len(p):
        n = _record_length(p, at)
        if not n:
            return False
        at += n
    return at > 0


# (direction, attribute)*
def _names_well_formed(p):
    return len(p) >= _NAME and not len(p) % _NAME


def _u16(p, at):
    return p[at] | p[at + 1] << 8


# Configuring reports is the hub's, for what it may read.
def _may_configure(request, attributes):
    p = request.payload
    column = request.requester.column
    if not access.may(column, access.CONFIGURE_REPORTING):
        return False
    at = 0
    step = _NAME if request.command == 0x08 else 0
    while at < len(p):
        if not access.may(column, attributes.right_of(_u16(p, at + 1))):
            return False
        at += step or _record_length(p, at)
    return True


# Why reports of the attribute cannot be set up; SUCCESS when they can.
def _obstacle(direction, attribute):
    if direction > _RECEIVES:
        return status.INVALID_FIELD
    if attribute is None or direction == _RECEIVES:
        return status.UNSUPPORTED_ATTRIBUTE
    if not attribute.access & REPORT:
        return status.UNREPORTABLE_ATTRIBUTE
    return status.SUCCESS


def _configure_one(request, c, attribute, p, at):
    failure = _obstacle(p[at], attribute)
    if failure:
        return failure
    if p[at + _TYPE] != attribute.type:
        return status.INVALID_DATA_TYPE
    shortest = _u16(p, at + _MIN)
    longest = _u16(p, at + _MAX)
    if longest and shortest > longest:
        return status.INVALID_VALUE
    change = p[at + _CHANGE : at + _record_length(p, at)]
    return c.reports.configure(request.requester, c, attribute, shortest, longest, change)


# Answers with SUCCESS, or (status u8, direction u8, attribute u16)* of what failed.
def _configure(request, c, attributes):
    p = request.payload
    failures = []
    at = 0
    while at < len(p):
        failure = _configure_one(request, c, attributes.find(_u16(p, at + 1)), p, at)
        if failure:
            failures.append((failure, at))
        at += _record_length(p, at)
    failure = c.store.commit()
    return failure or _configured(request, failures)


def _configured(request, failures):
    p = request.payload
    out = request.begin(frame.GLOBAL, _CONFIGURE_RESPONSE)
    if not failures:
        out.u8(status.SUCCESS)
    for failure, at in failures:
        if out.room() < _FAILURE_RECORD:
            break
        out.u8(failure)
        out.put(p[at : at + _NAME])
    request.send()
    return status.ANSWERED


# Answers with (status u8, direction u8, attribute u16[, type u8, min u16, max u16, change])*
def _read_configuration(request, c, attributes):
    p = request.payload
    out = request.begin(frame.GLOBAL, _READ_CONFIGURATION_RESPONSE)
    for at in range(0, len(p), _NAME):
        attribute = attributes.find(_u16(p, at + 1))
        report = None
        failure = _obstacle(p[at], attribute)
        if not failure:
            report = c.reports.find(request.requester, c, attribute.id)
            failure = status.SUCCESS if report else status.NOT_FOUND
        if out.room() < _FAILURE_RECORD + (5 + len(report.change) if report else 0):
            break
        out.u8(failure)
        out.put(p[at : at + _NAME])
        if report:
            out.u8(attribute.type)
            out.u16(report.shortest_s)
            out.u16(report.longest_s)
            out.put(report.change)
    request.send()
    return status.ANSWERED


# command: well_formed(payload), allowed(request, attributes), handler(request, cluster, attributes) -> status
COMMANDS = {
    0x06: (_records_well_formed, _may_configure, _configure),
    0x08: (_names_well_formed, _may_configure, _read_configuration),
}


# --- the reports


class Report:
    def __init__(self, node_eui64, c, attribute, shortest_s, longest_s, change, now_s):
        self.node_eui64 = node_eui64
        self.cluster = c
        self.attribute = attribute
        self.shortest_s = shortest_s
        self.longest_s = longest_s  # 0: on change only
        self.change = change  # reportable change, empty for a discrete type
        self.sent_s = now_s
        self.sent_value = bytes(attribute.value)

    def due(self, now_s):
        waited_s = now_s - self.sent_s
        if waited_s < self.shortest_s or not self.attribute.held or self.attribute.failure:
            return False
        if self.longest_s and waited_s >= self.longest_s:
            return True
        value = self.attribute.value
        return value != self.sent_value and _distance(value, self.sent_value) >= _number(self.change)

    def sent(self, now_s):
        self.sent_s = now_s
        self.sent_value = bytes(self.attribute.value)


def _number(image):
    return int.from_bytes(image, "little")


# How far apart two values are. The attributes that change and are analogue are all unsigned.
def _distance(a, b):
    return abs(_number(a) - _number(b))


# All reporting configurations of the device.
class Reports:
    # clock: running_s; store: status(), touch_reports(); open_report(node eui64, cluster) -> Writer, or None when the
    # node may no longer be told; send_report()
    def __init__(self, clock, store, open_report, send_report):
        self._clock = clock
        self._store = store
        self._open = open_report
        self._send = send_report
        self.all = []

    def find(self, requester, c, attribute_id):
        for report in self.all:
            if report.node_eui64 == requester.eui64 and report.cluster is c and report.attribute.id == attribute_id:
                return report
        return None

    def configure(self, requester, c, attribute, shortest_s, longest_s, change):
        failure = self._store.status()
        if failure:
            return failure
        old = self.find(requester, c, attribute.id)
        if longest_s != _NEVER and not old and len(self.all) >= _MOST:
            return status.INSUFFICIENT_SPACE
        self._store.touch_reports()
        if old:
            self.all.remove(old)
        if longest_s != _NEVER:
            self.add(requester.eui64, c, attribute, shortest_s, longest_s, change)
        return status.SUCCESS

    def add(self, node_eui64, c, attribute, shortest_s, longest_s, change):
        now_s = self._clock.running_s
        self.all.append(Report(node_eui64, c, attribute, shortest_s, longest_s, bytes(change), now_s))

    # Sends what is due. One report a call, so that the line is served in between; True when there was one.
    def poll(self):
        now_s = self._clock.running_s
        for report in self.all:
            if report.due(now_s):
                self._report(report, now_s)
                return True
        return False

    def _report(self, report, now_s):
        report.sent(now_s)
        attribute = report.attribute
        out = self._open(report.node_eui64, report.cluster, attribute.right)
        if out:
            out.u16(attribute.id)
            out.u8(attribute.type)
            out.put(attribute.value)
            self._send()
