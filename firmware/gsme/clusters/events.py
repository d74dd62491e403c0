# Events (0x0709), server: the two logs, read and cleared, and what is published of them (ZSE; GBCS CS10a, CS10b, CS11).

from micropython import const

from .. import access
from ..events import catalogue
from ..events.logs import MINIMAL, Query
from ..zcl import frame, status
from ..zcl.cluster import Attributes, Cluster

ID = const(0x0709)

# Sent s->c
_PUBLISH_EVENT = const(0x00)  # log id u8, event id u16, time UTC, event control u8, data octstr
_PUBLISH_EVENT_LOG = const(0x01)  # total u16, index u8, commands u8, payload control u8, entries
_CLEAR_EVENT_LOG_RESPONSE = const(0x02)  # cleared logs map8

# Get Event Log: event control and log id u8, event id u16, start UTC, end UTC, number u8, offset u16
_GET_LENGTH = const(14)
_EVENT_ID = const(1)
_START = const(3)
_END = const(7)
_NUMBER = const(11)
_OFFSET = const(12)

# Log id, the low nibble
_LOG_ID = const(0x0F)
_ALL_LOGS = const(0)
_COPY_OF_SECURITY_LOG = const(7)  # on the GPF; the meter has none, and refuses it as it refuses its own
_HIGHEST_LOG = const(7)

# Event control, the high nibble
_FULL = const(1)

_HEADER = const(3)
_PUBLISH_FIXED = const(5)
_EVENT_LOG_CLEARED = const(1 << 3)
_NOT_CLEARED = const(0)

_NOTHING = b"\x00"  # an octet string of no octets


class EventLogs:
    # logs: Logs; recorder: Recorder; behaviour_now: Behaviour
    def __init__(self, logs, recorder, behaviour_now):
        self.logs = logs
        self.recorder = recorder
        self.behaviour = behaviour_now

    # The logs that an id names, as this requester may know of them. None for an id of no log.
    def named(self, log_id, column):
        logs = self.logs
        if log_id == _ALL_LOGS:
            if access.may(column, self.behaviour.security_log_right):
                return (logs.event, logs.security)
            return (logs.event,)  # MP078-603-19, -20: as if the Security Log did not exist
        if log_id == catalogue.EVENT_LOG:
            return (logs.event,)
        return (logs.security,) if log_id == catalogue.SECURITY_LOG else None


# --- Get Event Log


# Naming the Security Log, or the GPF's copy of it, is asking for it whatever else is said (MP078-603-1, -24).
def _right_to_read(events, p):
    if p[0] & _LOG_ID in (catalogue.SECURITY_LOG, _COPY_OF_SECURITY_LOG):
        return events.behaviour.security_log_right
    return access.READ_EVENT_LOG


def _get_event_log(events, request, p):
    control = p[0] >> 4
    log_id = p[0] & _LOG_ID
    if control > _FULL or log_id > _HIGHEST_LOG:
        return status.INVALID_FIELD
    logs = events.named(log_id, request.requester.column)
    if logs is None:
        return status.NOT_FOUND
    failure = events.logs.status(logs)
    if failure:
        return failure
    query = Query(p[_EVENT_ID], p[_EVENT_ID + 1], p[_START:_END], p[_END:_NUMBER], request.remote)
    total = events.logs.search(logs, query)
    first = p[_OFFSET] | p[_OFFSET + 1] << 8
    end = min(total, first + p[_NUMBER]) if p[_NUMBER] else total  # number 0: all that come behind the offset
    if first >= end:
        return status.NOT_FOUND
    _publish_log(request, events.logs, total, first, end, control == _FULL)
    return status.ANSWERED


# As many commands as it takes, each filled before the next begins; no entry is divided.
def _publish_log(request, logs, total, first, end, full):
    room = request.limit - _HEADER - _PUBLISH_FIXED
    commands = _commands(logs, first, end, room, full)
    for index in range(commands):
        following = _fit(logs, first, end, room, full)
        out = request.begin(frame.CLUSTER | frame.DISABLE_DEFAULT_RESPONSE, _PUBLISH_EVENT_LOG)
        out.u16(total)
        out.u8(index)
        out.u8(commands)
        out.u8(0 if request.remote else (following - first) << 4)  # payload control: 00 inside GBCS messages
        for i in range(first, following):
            _put_entry(out, logs.found(i), full)
        request.send()
        first = following


def _put_entry(out, entry, full):
    if full:
        out.put(entry)
    else:
        out.put(entry[0 : MINIMAL - 1])
        out.put(_NOTHING)


def _commands(logs, first, end, room, full):
    count = 0
    while first < end:
        first = _fit(logs, first, end, room, full)
        count += 1
    return count


# Where the entries end that have room in one command, from first on.
def _fit(logs, first, end, room, full):
    while first < end:
        room -= len(logs.found(first)) if full else MINIMAL
        if room < 0:
            break
        first += 1
    return first


# --- Clear Event Log: log id u8


def _clear_event_log(events, request, p):
    cleared = p[0] == catalogue.EVENT_LOG and events.recorder.clear_event_log()
    out = request.begin(frame.CLUSTER, _CLEAR_EVENT_LOG_RESPONSE)
    out.u8(_EVENT_LOG_CLEARED if cleared else _NOT_CLEARED)
    request.send()
    return status.ANSWERED


# --- Publish Event


class Publisher:
    # nodes: DeviceLog; han: Han
    def __init__(self, nodes, han):
        self._nodes = nodes
        self._han = han

    # Tells each node that may be told. control: event control, bit 0 the HAN bit.
    def publish(self, log_id, low, high, utc, control, data):
        right = _right_to_take(log_id, control)
        if right is None:
            return
        for node in self._nodes.nodes.values():
            if access.may(node.column, right):
                self._tell(node, log_id, low, high, utc, control, data)

    def _tell(self, node, log_id, low, high, utc, control, data):
        out = self._han.tell(node, ID, frame.CLUSTER | frame.SERVER_TO_CLIENT, _PUBLISH_EVENT)
        out.u8(log_id)
        out.u8(low)
        out.u8(high)
        out.put(utc)
        out.u8(control)
        out.u8(len(data))
        out.put(data)
        self._han.send()


# MP078-603-22: what goes to the Security Log is nobody's but the GPF's, whatever the HAN bit.
def _right_to_take(log_id, control):
    if log_id == catalogue.SECURITY_LOG:
        return access.TAKE_SECURITY_EVENT
    if control & 1:
        return access.TAKE_HAN_EVENT
    return access.TAKE_EVENT if log_id else None


# command received c->s: shortest payload, right, handler
_COMMANDS = {
    0x00: (_GET_LENGTH, _right_to_read, _get_event_log),
    0x01: (1, access.CLEAR_EVENT_LOG, _clear_event_log),
}
_GENERATED = (_PUBLISH_EVENT, _PUBLISH_EVENT_LOG, _CLEAR_EVENT_LOG_RESPONSE)


def server(events):
    return Cluster(ID, 0, Attributes((), access.READ_EVENT_LOG), _COMMANDS, events, _GENERATED)
