# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What a restart has to keep, as the device holds it: read from its objects, and not by what the firmware writes it
# with. A digest is four octets a part, so that a difference has a name. MicroPython.

from binascii import crc32

_NOT_FOUND = 0x8B
_VOLATILE = 8
_MANAGEMENT = 0x0708
_REGISTER = (0x0702, 0x0000)
_DAY_S = 86400
_NO_DAY = 0xFFFF


def _identity(device):
    return bytes(device.next_eui64) + bytes((device.behaviour.number,))


def _crash(device):
    return bytes(device.last_crash)


def _nodes(device):
    return b"".join(sorted([node.eui64 + bytes((node.device_type,)) for node in device.nodes.nodes.values()]))


def _configuration(device):
    events = device.events
    return bytes(events.image) + bytes([state == _NOT_FOUND for state in events.state])


def _number(value):
    return value.to_bytes(8, "little")


def _log(log):
    image = bytearray(_number(log.first) + _number(log.next))
    for number in range(log.first, log.next):
        slot = number % 100
        image.extend(_number(log.orders[slot]))
        image.extend(log.entry(slot))
    return image


def _event_log(device):
    return _log(device.logs.event)


def _security_log(device):
    return _log(device.logs.security) + bytes(device.logs.tag) + _number(device.logs.order)


def _attributes(device):
    image = bytearray()
    for key in sorted(device.endpoint.clusters):
        cluster = device.endpoint.clusters[key]
        if cluster.id != _MANAGEMENT:  # its attributes are the event configuration
            for attribute_id in cluster.attributes.ids():
                attribute = cluster.attributes.row(attribute_id)
                image.append(attribute.held)
                if not attribute.access & _VOLATILE and (cluster.id, attribute_id) != _REGISTER:
                    image.extend(attribute.value)
    return image


def _report(report):
    name = report.node_eui64 + _number(report.cluster.id) + _number(report.attribute.id)
    return name + _number(report.shortest_s) + _number(report.longest_s) + report.change


def _reports(device):
    return b"".join(sorted([_report(report) for report in device.reports.all]))


# Old ones say nothing any more: the device forgets them when it makes a new one, and may find them again.
def _marks(device):
    marks = device.watch.marks
    newest_day = max([day for day, _ in marks.values() if day != _NO_DAY] + [0])
    newest_s = max([at_s for _, at_s in marks.values()] + [0])
    image = []
    for cause, (day, at_s) in marks.items():
        if day == newest_day or day == _NO_DAY and newest_s - at_s < _DAY_S:
            image.append(cause + _number(day) + _number(at_s))
    return b"".join(sorted(image))


def _parties(device):
    return b"".join(
        [party.eui64 + bytes((party.roles, party.kind)) + party.key for party in device.mailbox.parties.all]
    )


def _own_keys(device):
    return b"|".join(device.mailbox.own_keys.secrets)


def _accepted(device):
    return b"".join(sorted([purpose + counter for purpose, counter in device.mailbox.highest.items()]))


def _alerts(device):
    alerts = device.mailbox.alerts
    waiting = [bytes((low, high)) + bytes(utc) + bytes(data) + b"|" for low, high, utc, data in alerts.waiting]
    return _number(alerts.dropped) + b"".join(waiting)


def _supplier(device):
    return bytes(device.supplier.contact)


def _tunnel(device):
    return device.tunnel.id or device.tunnel.stale or b""


_PARTS = (
    ("identity", _identity),
    ("crash", _crash),
    ("nodes", _nodes),
    ("configuration", _configuration),
    ("event log", _event_log),
    ("security log", _security_log),
    ("attributes", _attributes),
    ("reports", _reports),
    ("marks", _marks),
    ("parties", _parties),
    ("own keys", _own_keys),
    ("accepted", _accepted),
    ("alerts", _alerts),
    ("supplier", _supplier),
    ("tunnel", _tunnel),
)
# Facts that are kept soon after they have come about, while the meter goes on: what the hub has taken, the tunnel.
_FACTS = ("alerts", "tunnel")
_WIDTH = 4
LENGTH = _WIDTH * len(_PARTS)


def digest(device):
    return b"".join([crc32(part(device)).to_bytes(_WIDTH, "little") for _, part in _PARTS])


def _part(digest, i):
    return digest[_WIDTH * i : _WIDTH * i + _WIDTH]


# The parts in which two digests differ.
def differing(a, b):
    return [_PARTS[i][0] for i in range(len(_PARTS)) if _part(a, i) != _part(b, i)]


# A digest with the facts of another one.
def with_facts(digest, other):
    parts = [_part(other if name in _FACTS else digest, i) for i, (name, _) in enumerate(_PARTS)]
    return b"".join(parts)


# What only grows: starts, running time, UTC, the count of the last message of the device's own, the register.
def growing(device):
    clock = device.clock
    utc = int.from_bytes(bytes(clock.utc), "little")
    count = int.from_bytes(bytes(device.mailbox.alerts.counter), "big")
    register = int.from_bytes(bytes(device.register.row.value), "little")
    return device.starts, clock.running_s, utc, count, register
