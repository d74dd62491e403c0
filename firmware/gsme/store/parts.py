# How each part of what is kept is written and restored (names.py; LINK: a restart keeps).

from struct import calcsize, pack, unpack_from

from micropython import const

from ..zcl import cluster, status
from . import names

_START = "<I8sB"
_CLOCK = "<I4s"
_NODE = "<8sB"
_ATTRIBUTE = "<HBH"
_HELD = "<BB"
_REPORT = "<8sHHB"
_MARK = "<HI"
_BOUNDS = "<IIIII"
_TAGS = "<8s8s"

_UTC = const(4)
_NAME = const(5)  # of an attribute: cluster, side, attribute
_VALUE = const(7)
_CAUSE = const(6)


# Each record of a list: what pack() of its head has, then as many bytes as the head's last field says.
def records(form, p):
    at = 0
    while at < len(p):
        head = unpack_from(form, p, at)
        at += calcsize(form)
        tail = bytes(p[at : at + head[-1]])
        at += head[-1]
        yield head, tail


# Keys of a part that is one item.
def alone(device):
    return (None,)


# --- device


def _dump_start(device, key):
    return pack(_START, device.starts, device.next_eui64, device.behaviour.number)


def _restore_start(device, buf, at, end):
    device.starts, device.next_eui64, number = unpack_from(_START, buf, at)
    device.behaviour.set(number)


def _dump_clock(device, key):
    return pack(_CLOCK, device.clock.running_s, device.clock.utc)


def _restore_clock(device, buf, at, end):
    device.clock.restore(buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24, buf, at + _UTC)


def _dump_nodes(device, key):
    return b"".join([pack(_NODE, node.eui64, node.device_type) for node in device.nodes.nodes.values()])


def _restore_nodes(device, buf, at, end):
    nodes = device.nodes
    nodes.nodes.clear()
    for node_at in range(at, end, calcsize(_NODE)):
        nodes.enrol(*unpack_from(_NODE, buf, node_at))


def _restore_reset(device, buf, at, end):
    device.forget()


# --- events and logs


# A store that fails on a row does so no more after a restart.
def _dump_events(device, key):
    events = device.events
    image = bytearray(2 * len(events.state))
    for row in range(len(events.state)):
        image[2 * row] = events.byte(row)
        if events.state[row] == status.NOT_FOUND:
            image[2 * row + 1] = status.NOT_FOUND
    return image


def _restore_events(device, buf, at, end):
    events = device.events
    events.known = True
    for row in range(len(events.state)):
        events.set_byte(row, buf[at + 2 * row])
        events.set_state(row, buf[at + 2 * row + 1])


def _dump_bounds(device, key):
    logs = device.logs
    event = logs.event
    security = logs.security
    numbers = pack(_BOUNDS, event.first, event.next, security.first, security.next, logs.order)
    return numbers + logs.tag + logs.tag_before_first


def _restore_bounds(device, buf, at, end):
    logs = device.logs
    first, following, security_first, security_next, logs.order = unpack_from(_BOUNDS, buf, at)
    logs.tag[:], logs.tag_before_first[:] = unpack_from(_TAGS, buf, at + calcsize(_BOUNDS))
    logs.event.bound(first, following)
    logs.security.bound(security_first, security_next)


def _restore_chain_key(device, buf, at, end):
    device.logs.chain.give_key(bytes(buf[at:end]))


def _dump_mark(device, cause):
    return pack(_MARK, *device.watch.marks.get(cause, (0, 0))) + cause


def _restore_mark(device, buf, at, end):
    mark = unpack_from(_MARK, buf, at)
    cause = bytes(buf[at + _CAUSE : end])
    if mark == (0, 0):
        device.watch.marks.pop(cause, None)
    else:
        device.watch.marks[cause] = mark


# --- attributes and reports


def _name(c, attribute):
    return pack(_ATTRIBUTE, c.id, c.side, attribute.id)


# The cluster and the attribute of the name at buf[at:]; None for those that this build does not have.


def _cluster(device, buf, at):
    return device.endpoint.clusters.get(cluster.key(buf[at] | buf[at + 1] << 8, buf[at + 2]))


def _row(c, buf, at):
    return c.attributes.row(buf[at + 3] | buf[at + 4] << 8) if c else None


def _attributes(device):
    return [(c, attribute) for c in device.endpoint.clusters.values() for attribute in c.attributes.kept()]


def _dump_attribute(device, key):
    c, attribute = key
    return _name(c, attribute) + pack(_HELD, attribute.held, len(attribute.value)) + attribute.value


def _restore_attribute(device, buf, at, end):
    attribute = _row(_cluster(device, buf, at), buf, at)
    if attribute:
        attribute.hold(bool(buf[at + _NAME]))
        attribute.load(buf, at + _VALUE, end)


def _dump_reports(device, key):
    image = bytearray()
    for r in device.reports.all:
        image.extend(_name(r.cluster, r.attribute))
        image.extend(pack(_REPORT, r.node_eui64, r.shortest_s, r.longest_s, len(r.change)) + r.change)
    return image


def _restore_reports(device, buf, at, end):
    device.reports.all.clear()
    for head, change in records(_ATTRIBUTE + _REPORT[1:], buf[at:end]):
        name = pack(_ATTRIBUTE, *head[:3])
        c = _cluster(device, name, 0)
        attribute = _row(c, name, 0)
        if attribute:
            device.reports.add(head[3], c, attribute, head[4], head[5], change)


def _dump_crash(device, key):
    return bytes((device.untold,)) + device.last_crash


def _restore_crash(device, buf, at, end):
    device.untold = buf[at]
    device.last_crash = bytes(buf[at + 1 : end])


def _restore_provision(device, buf, at, end):
    device.provisioned = bytes(buf[at:end])


# A log's part; log(device) -> Log. An entry that has left the log meanwhile is not copied any more.
def _entries(kind, log):
    return (
        kind,
        lambda device: range(log(device).first, log(device).next),
        lambda device, number: device.logs.kept(log(device), number),
        lambda device, buf, at, end: device.logs.put(log(device), buf, at, end),
    )


# kind, keys(device), dump(device, key) -> content or None, restore(device, buf, start, end). In the order in which they
# are copied: what entries do to a log's bounds is set right by the bounds behind them.
ALL = (
    (names.CHAIN_KEY, alone, lambda d, key: d.logs.chain.key, _restore_chain_key),
    _entries(names.EVENT_ENTRY, lambda d: d.logs.event),
    _entries(names.SECURITY_ENTRY, lambda d: d.logs.security),
    (names.LOG_BOUNDS, alone, _dump_bounds, _restore_bounds),
    (names.START, alone, _dump_start, _restore_start),
    (names.DEVICE_LOG, alone, _dump_nodes, _restore_nodes),
    (names.EVENT_CONFIGURATION, alone, _dump_events, _restore_events),
    (names.ATTRIBUTE, _attributes, _dump_attribute, _restore_attribute),
    (names.REPORTING, alone, _dump_reports, _restore_reports),
    (names.MARK, lambda d: list(d.watch.marks), _dump_mark, _restore_mark),
    (names.CRASH, alone, _dump_crash, _restore_crash),
    (names.CLOCK, alone, _dump_clock, _restore_clock),
    (names.PROVISION, alone, lambda d, key: d.provisioned, _restore_provision),
    (names.RESET, lambda d: (), lambda d, key: b"", _restore_reset),
)
