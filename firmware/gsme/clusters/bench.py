# The test bench's own cluster (LINK: The bench cluster): FC00 on endpoint F0, manufacturer FFF1, for peer EUI64 0 only.
# An open door: a production build leaves this file out, and nothing of it exists.

import gc
import sys

from micropython import const

from .. import access, behaviour, enrolment
from ..clock import INVALID_UTC
from ..events.logs import LONGEST_DATA
from ..store import names
from ..zcl import frame, status, types
from ..zcl.cluster import READ, Attribute, Attributes, Cluster
from ..zcl.dispatch import Endpoint
from . import device_management

ID = const(0xFC00)
MANUFACTURER = const(0xFFF1)
_ANY_SECURITY = const(0)
_EUI64 = const(8)

_EVERY_FAULT = const(0x0F)

# Set Attribute: cluster u16, attribute u16, status u8; if that is SUCCESS type u8, value
_SET_STATUS = const(4)
_SET_TYPE = const(5)
_SET_VALUE = const(6)

# Read Storage
_STORAGE = const(0x40)
_COUNT = const(4)
_MOST_READ = const(64)

_MOST_TEXT = const(48)  # so that an answer fits into a frame

_NOT_HELD = (status.UNSUPPORTED_ATTRIBUTE, status.NOT_FOUND)


# What the nodes' table of requesters has of the bench, and what the Han routes to it.
class Bench:
    column = access.BENCH
    eui64 = b"\x00" * 8
    number = 0xF0  # of the endpoint

    def __init__(self, device):
        self.endpoint = Endpoint((_cluster(device),), self, self.malformed)

    # What goes wrong on the bench's own line, and answers to nothing, are no events of the meter's.
    def malformed(self, request=None):
        pass

    refused = malformed


# --- commands


# event id u16, data octstr
def _raise_event_length(p):
    return 3 + p[2] if len(p) >= 3 and p[2] <= LONGEST_DATA else len(p) + 1


def _raise_event(device, request, p):
    return device.recorder.raise_event(p[0], p[1], bytes(p[3 : 3 + p[2]]))


# UTC u32
def _set_clock(device, request, p):
    utc = bytes(p[0:4])
    if utc == INVALID_UTC:
        return status.INVALID_VALUE
    device.clock.set(utc)
    device.store.note(names.CLOCK)
    return status.SUCCESS


# EUI64, GBCS device type u8
def _enrol_device(device, request, p):
    return enrolment.node_status(p) or device.store.keep(names.DEVICE_LOG, None, enrolment.enrol_node, device, p)


# EUI64
def _remove_device(device, request, p):
    eui64 = bytes(p[0:_EUI64])
    if device.nodes.find(eui64) is None:
        return status.NOT_FOUND
    return device.store.keep(names.DEVICE_LOG, None, device.nodes.remove, eui64)


# entity id, roles map8, kind of key u8, key octstr
def _enrol_party(device, request, p):
    return enrolment.party_status(p) or device.store.keep(names.PARTIES, None, enrolment.enrol_party, device, p)


# behaviour u8
def _set_behaviour(device, request, p):
    if p[0] > behaviour.MP078:
        return status.INVALID_VALUE
    return device.store.keep(names.START, None, device.behaviour.set, p[0])


# faults map8
def _inject_fault(device, request, p):
    if p[0] > _EVERY_FAULT:
        return status.INVALID_VALUE
    device.inject(p[0])
    return status.SUCCESS


# Ends the faults first, so that it is a way out of them.
def _factory_reset(device, request, p):
    return device.factory_reset()


def _reboot(device, request, p):
    device.ending = device.REBOOT
    return status.SUCCESS


def _wake(device, request, p):
    device.cycle.wake()
    return status.SUCCESS


# cluster u16, attribute u16, status u8[, type u8, value]
def _set_attribute_length(p):
    if len(p) <= _SET_STATUS or p[_SET_STATUS]:
        return _SET_TYPE
    if len(p) < _SET_VALUE:
        return _SET_VALUE
    n = types.length(p[_SET_TYPE], p, _SET_VALUE)
    return len(p) + 1 if n == types.CUT_SHORT else _SET_VALUE


def _set_attribute(device, request, p):
    c, attribute = device.attribute(p[0] | p[1] << 8, p[2] | p[3] << 8)
    if attribute is None:
        return status.NOT_FOUND
    kept = (names.ATTRIBUTE, (c, attribute))
    if c.id == device_management.ID:
        kept = (names.EVENT_CONFIGURATION, None)
    if p[_SET_STATUS] in _NOT_HELD:
        return device.store.keep(*kept, attribute.hold, False)
    if p[_SET_STATUS]:
        attribute.fail(p[_SET_STATUS])
        device.store.note(*kept)
        return status.SUCCESS
    if p[_SET_TYPE] != attribute.type:
        return status.INVALID_DATA_TYPE
    value = p[_SET_VALUE : _SET_VALUE + types.length(attribute.type, p, _SET_VALUE)]
    if not attribute.accepts(value):
        return status.INVALID_VALUE
    return device.store.keep(*kept, _give, attribute, value)


def _give(attribute, value):
    attribute.fail(status.SUCCESS)
    attribute.set(value)


def _leave(device, request, p):
    device.ending = device.LEAVE
    return status.SUCCESS


# EUI64; holds from the next start on
def _set_identity(device, request, p):
    return enrolment.identity_status(p) or device.store.keep(names.START, None, enrolment.set_identity, device, p)


# offset u32, count u8; answered by the offset and an octet string
def _read_storage(device, request, p):
    flash = device.store.flash
    at = int.from_bytes(p[0:_COUNT], "little")
    count = p[_COUNT]
    if not 0 < count <= _MOST_READ or at + count > flash.size:
        return status.INVALID_VALUE
    image = bytearray(count)
    flash.read_across(at, memoryview(image))
    out = request.begin(frame.CLUSTER, _STORAGE)
    out.put(p[0:_COUNT])
    out.u8(count)
    out.put(image)
    request.send()
    return status.ANSWERED


# command received c->s: shortest payload, right, handler
_COMMANDS = {
    0x00: (_raise_event_length, access.USE_BENCH, _raise_event),
    0x01: (4, access.USE_BENCH, _set_clock),
    0x02: (9, access.USE_BENCH, _enrol_device),
    0x03: (8, access.USE_BENCH, _remove_device),
    0x04: (enrolment.party_length, access.USE_BENCH, _enrol_party),
    0x05: (1, access.USE_BENCH, _set_behaviour),
    0x06: (1, access.USE_BENCH, _inject_fault),
    0x07: (0, access.USE_BENCH, _factory_reset),
    0x08: (0, access.USE_BENCH, _reboot),
    0x09: (0, access.USE_BENCH, _wake),
    0x0A: (_set_attribute_length, access.USE_BENCH, _set_attribute),
    0x0B: (0, access.USE_BENCH, _leave),
    0x0C: (8, access.USE_BENCH, _set_identity),
    0x40: (5, access.USE_BENCH, _read_storage),
}


# --- attributes: read anew each time


def _heap_free(device):
    gc.collect()
    return gc.mem_free()


# Such as micropython 1.29.0-preview.
def _runtime(device):
    name, version = sys.implementation.name, sys.implementation.version
    text = name + " " + ".".join([str(number) for number in version[0:3]])
    if len(version) > 3 and version[3]:
        text += "-" + version[3]
    return text.encode()[:_MOST_TEXT]


# id: type, value(device), a number or the content of a string
_ATTRIBUTES = {
    0x0000: (types.STRING, lambda d: d.FIRMWARE_VERSION),
    0x0001: (types.STRING, lambda d: d.board.name),
    0x0002: (types.UINT8, lambda d: d.ROLE),
    0x0003: (types.UINT8, lambda d: d.behaviour.number),
    0x0004: (types.UTC, lambda d: d.clock.utc if d.clock.valid else INVALID_UTC),
    0x0005: (types.UINT32, _heap_free),
    0x0006: (types.UINT32, lambda d: d.link.accepted),
    0x0007: (types.UINT32, lambda d: d.link.dropped),
    0x0008: (types.UINT32, lambda d: d.clock.uptime_ms()),
    0x0009: (types.UINT16, lambda d: d.logs.event.count()),
    0x000A: (types.UINT16, lambda d: d.logs.security.count()),
    0x000B: (types.OCTSTR, lambda d: d.mailbox.own_keys.public(0)),
    0x000C: (types.OCTSTR, lambda d: d.mailbox.own_keys.public(1)),
    0x000D: (types.UINT32, lambda d: d.store.flash.programs),
    0x000E: (types.UINT32, lambda d: d.store.flash.erases),
    0x000F: (types.UINT16, lambda d: len(d.mailbox.alerts.waiting)),
    0x0010: (types.UINT32, lambda d: d.mailbox.alerts.dropped),
    0x0011: (types.UINT32, lambda d: d.tunnel.taken),
    0x0012: (types.UINT32, lambda d: d.starts),
    0x0013: (types.STRING, lambda d: d.last_crash),
    0x0014: (types.STRING, lambda d: d.GBCS_VERSION),
    0x0040: (types.UINT32, lambda d: d.store.flash.size),
    0x0041: (types.UINT32, lambda d: d.store.flash.block_size),
    0x0042: (types.UINT8, lambda d: d.store.flash.word),
    0x0043: (types.UINT32, lambda d: d.recorder.dropped),
    0x0044: (types.STRING, _runtime),
    0x0045: (types.UINT8, lambda d: 64 if sys.maxsize >> 31 else 32),  # bits of a machine word
    0x0046: (types.STRING, lambda d: sys.implementation._machine.encode()[:_MOST_TEXT]),  # its board
}
_LENGTHS = {types.UINT8: 1, types.UINT16: 2, types.UINT32: 4}


# As on the wire.
def _image(type_id, value):
    if type_id in (types.STRING, types.OCTSTR):
        return bytes((len(value),)) + value
    if type_id == types.UTC:
        return value
    return (value & 0xFFFFFFFF).to_bytes(_LENGTHS[type_id], "little")


class _Attributes(Attributes):
    def __init__(self, device):
        super().__init__((), access.USE_BENCH)
        self._device = device
        self._ids = sorted(_ATTRIBUTES)

    def find(self, attribute_id):
        row = _ATTRIBUTES.get(attribute_id)
        if row is None:
            return None
        return Attribute(attribute_id, row[0], READ, access.USE_BENCH, _image(row[0], row[1](self._device)))


def _cluster(device):
    cluster = Cluster(ID, 0, _Attributes(device), _COMMANDS, device, security=_ANY_SECURITY)
    cluster.manufacturer = MANUFACTURER
    cluster.store = device.store
    return cluster
