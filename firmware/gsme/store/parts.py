# What is kept, and how each part of it is written (LINK: a restart keeps). Little-endian.
#
#   kind  part                       content
#   01    device                     starts u32, running s u32, last known UTC 4, next EUI64 8, behaviour u8
#   02    Device Log                 (EUI64 8, device type u8)*
#   03    event configuration        (configuration map8, state u8)*, a row each
#   04    Event Log                  (order u32, entry)*, oldest first
#   05    Security Log               the same
#   06    attributes                 (cluster u16, side u8, attribute u16, held bool, length u8, value)*
#   07    reporting configuration    (cluster u16, side u8, attribute u16, EUI64 8, min, max u16, length u8, change)*
#   08    marks of the watch         (UTC day u16 or FFFF, running s u32, length u8, cause)*
#   09    last crash                 UTF-8 text

from struct import calcsize, pack, unpack_from

from micropython import const

from ..events.logs import MINIMAL
from ..zcl import cluster, status

_DEVICE = "<II4s8sB"
_NODE = "<8sB"
_ORDER = "<I"
_ATTRIBUTE = "<HBH"
_HELD = "<BB"
_REPORT = "<8sHHB"
_MARK = "<HIB"

_ORDER_LENGTH = const(4)
_ENTRY_TIME = const(3)


# Each record of a list: what pack() of its head has, then as many bytes as the head's last field says.
def records(form, p):
    at = 0
    while at < len(p):
        head = unpack_from(form, p, at)
        at += calcsize(form)
        tail = bytes(p[at : at + head[-1]])
        at += head[-1]
        yield head, tail


def _dump_device(device):
    clock = device.clock
    return pack(_DEVICE, device.starts, clock.running_s, clock.utc, device.next_eui64, device.behaviour.number)


def _restore_device(device, p):
    device.starts, running_s, utc, device.next_eui64, number = unpack_from(_DEVICE, p)
    device.clock.restore(running_s, utc)
    device.behaviour.set(number)


def _dump_nodes(device):
    return b"".join([pack(_NODE, node.eui64, node.device_type) for node in device.nodes.nodes.values()])


def _restore_nodes(device, p):
    nodes = device.nodes
    nodes.nodes.clear()
    for at in range(0, len(p), calcsize(_NODE)):
        nodes.enrol(*unpack_from(_NODE, p, at))


def _dump_events(device):
    events = device.events
    return b"".join([bytes((events.byte(row), events.state[row])) for row in range(len(events.state))])


# A store that failed on a row does so no more after a restart.
def _restore_events(device, p):
    events = device.events
    for row in range(len(events.state)):
        events.set_byte(row, p[2 * row])
        events.set_state(row, p[2 * row + 1] if p[2 * row + 1] == status.NOT_FOUND else status.SUCCESS)


def _dump_log(log):
    slots = [log.slot(n) for n in range(log.count - 1, -1, -1)]
    return b"".join([pack(_ORDER, log.orders[slot]) + bytes(log.entry(slot)) for slot in slots])


def _restore_log(logs, log, p):
    at = 0
    while at < len(p):
        order = unpack_from(_ORDER, p, at)[0]
        entry = p[at + _ORDER_LENGTH :]
        end = MINIMAL + entry[MINIMAL - 1]
        log.append(entry[1], entry[2], entry[_ENTRY_TIME : MINIMAL - 1], entry[MINIMAL:end], order)
        logs.order = max(logs.order, order)
        at += _ORDER_LENGTH + end


def _name(c, attribute):
    return pack(_ATTRIBUTE, c.id, c.side, attribute.id)


# The cluster and the attribute of that name; None for those that this build does not have.
def _named(device, cluster_id, side, attribute_id):
    c = device.endpoint.clusters.get(cluster.key(cluster_id, side))
    return c, c.attributes.row(attribute_id) if c else None


def _dump_attributes(device):
    image = bytearray()
    for c in device.endpoint.clusters.values():
        for attribute in c.attributes.kept():
            image.extend(_name(c, attribute) + pack(_HELD, attribute.held, len(attribute.value)) + attribute.value)
    return image


def _restore_attributes(device, p):
    for head, value in records(_ATTRIBUTE + _HELD[1:], p):
        attribute = _named(device, *head[:3])[1]
        if attribute:
            attribute.hold(head[3])
            attribute.set(value)


def _dump_reports(device):
    image = bytearray()
    for r in device.reports.all:
        image.extend(_name(r.cluster, r.attribute))
        image.extend(pack(_REPORT, r.node_eui64, r.shortest_s, r.longest_s, len(r.change)) + r.change)
    return image


def _restore_reports(device, p):
    for head, change in records(_ATTRIBUTE + _REPORT[1:], p):
        c, attribute = _named(device, *head[:3])
        if attribute:
            device.reports.add(head[3], c, attribute, head[4], head[5], change)


def _dump_marks(device):
    return b"".join([pack(_MARK, day, at_s, len(cause)) + cause for cause, (day, at_s) in device.watch.marks.items()])


def _restore_marks(device, p):
    for head, cause in records(_MARK, p):
        device.watch.marks[cause] = head[:2]


def _restore_crash(device, p):
    device.last_crash = bytes(p)


# kind, dump(device) -> content, restore(device, content)
ALL = (
    (0x01, _dump_device, _restore_device),
    (0x02, _dump_nodes, _restore_nodes),
    (0x03, _dump_events, _restore_events),
    (0x04, lambda d: _dump_log(d.logs.event), lambda d, p: _restore_log(d.logs, d.logs.event, p)),
    (0x05, lambda d: _dump_log(d.logs.security), lambda d, p: _restore_log(d.logs, d.logs.security, p)),
    (0x06, _dump_attributes, _restore_attributes),
    (0x07, _dump_reports, _restore_reports),
    (0x08, _dump_marks, _restore_marks),
    (0x09, lambda d: d.last_crash, _restore_crash),
)
