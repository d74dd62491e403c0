# What is kept of remote parties and their messages, and how each part of it is written. Big-endian, as in a message.
#
#   kind  part                content
#   0A    parties             (entity id 8, roles map8, kind of key u8, length u8, key)*, in order of enrolment
#   0B    own keys            (length u8, secret)*: key agreement, signing; of no octets before first use
#   0C    counters accepted   (message code u16 and originator u64, counter u64)*
#   0D    alerts              own counter u64, dropped u32, (code u16 LE, UTC LE, length u8, data)*, oldest first
#   0E    supplier            Publish Change Of Supplier as it came
#   0F    tunnel              the id of the one that the hub holds or may hold; of no octets if there is none

from micropython import const

from .parts import records

_PARTY = ">8sBBB"
_KEY = ">B"
_ALERT = ">BB4sB"
_PURPOSE = const(10)
_COUNTER = const(8)
_QUEUE = const(12)


def _dump_parties(device):
    return b"".join([p.eui64 + bytes((p.roles, p.kind, len(p.key))) + p.key for p in device.mailbox.parties.all])


def _restore_parties(device, p):
    for head, key in records(_PARTY, p):
        device.mailbox.parties.enrol(*head[:3], key)


def _dump_keys(device):
    return b"".join([bytes((len(secret),)) + secret for secret in device.mailbox.own_keys.secrets])


def _restore_keys(device, p):
    device.mailbox.own_keys.secrets = [secret for _, secret in records(_KEY, p)]


def _dump_counters(device):
    return b"".join([purpose + counter for purpose, counter in device.mailbox.highest.items()])


def _restore_counters(device, p):
    for at in range(0, len(p), _PURPOSE + _COUNTER):
        end = at + _PURPOSE
        device.mailbox.highest[bytes(p[at:end])] = bytes(p[end : end + _COUNTER])


def _dump_alerts(device):
    alerts = device.mailbox.alerts
    image = bytearray(alerts.counter)
    image.extend(alerts.dropped.to_bytes(_QUEUE - _COUNTER, "big"))
    for low, high, utc, data in alerts.waiting:
        image.extend(bytes((low, high)) + utc + bytes((len(data),)) + data)
    return image


def _restore_alerts(device, p):
    alerts = device.mailbox.alerts
    alerts.counter[:] = p[0:_COUNTER]
    alerts.dropped = int.from_bytes(p[_COUNTER:_QUEUE], "big")
    for (low, high, utc, _), data in records(_ALERT, p[_QUEUE:]):
        alerts.waiting.append((low, high, utc, data))


def _restore_supplier(device, p):
    device.supplier.contact = bytes(p)


def _dump_tunnel(device):
    return device.tunnel.id or device.tunnel.stale or b""


def _restore_tunnel(device, p):
    device.tunnel.stale = bytes(p) or None


# kind, dump(device) -> content, restore(device, content)
ALL = (
    (0x0A, _dump_parties, _restore_parties),
    (0x0B, _dump_keys, _restore_keys),
    (0x0C, _dump_counters, _restore_counters),
    (0x0D, _dump_alerts, _restore_alerts),
    (0x0E, lambda d: d.supplier.contact, _restore_supplier),
    (0x0F, _dump_tunnel, _restore_tunnel),
)
