# How what is kept of remote parties and their messages is written and restored (names.py). Big-endian, as in a message.

from micropython import const

from . import names
from .parts import alone, records

_PARTY = ">8sBBB"
_KEY = ">B"
_ALERT = ">BB4sB"
_PURPOSE = const(10)
_COUNTER = const(8)
_QUEUE = const(12)


def _dump_parties(device, key):
    return b"".join([p.eui64 + bytes((p.roles, p.kind, len(p.key))) + p.key for p in device.mailbox.parties.all])


def _restore_parties(device, buf, at, end):
    device.mailbox.parties.reset()
    for head, key in records(_PARTY, buf[at:end]):
        device.mailbox.parties.enrol(*head[:3], key)


def _dump_keys(device, key):
    return b"".join([bytes((len(secret),)) + secret for secret in device.mailbox.own_keys.secrets])


def _restore_keys(device, buf, at, end):
    device.mailbox.own_keys.secrets = [secret for _, secret in records(_KEY, buf[at:end])]


def _dump_counters(device, key):
    return b"".join([purpose + counter for purpose, counter in device.mailbox.highest.items()])


def _restore_counters(device, buf, at, end):
    device.mailbox.highest.clear()
    for purpose in range(at, end, _PURPOSE + _COUNTER):
        counter = purpose + _PURPOSE
        device.mailbox.highest[bytes(buf[purpose:counter])] = bytes(buf[counter : counter + _COUNTER])


def _dump_alerts(device, key):
    alerts = device.mailbox.alerts
    image = bytearray(alerts.reserved)
    image.extend(alerts.dropped.to_bytes(_QUEUE - _COUNTER, "big"))
    for low, high, utc, data in alerts.waiting:
        image.extend(bytes((low, high)) + utc + bytes((len(data),)) + data)
    return image


def _restore_alerts(device, buf, at, end):
    alerts = device.mailbox.alerts
    alerts.reserve(buf[at : at + _COUNTER])
    alerts.dropped = int.from_bytes(buf[at + _COUNTER : at + _QUEUE], "big")
    alerts.waiting.clear()
    for (low, high, utc, _), data in records(_ALERT, buf[at + _QUEUE : end]):
        alerts.waiting.append((low, high, utc, data))


def _restore_supplier(device, buf, at, end):
    device.supplier.contact = bytes(buf[at:end])


def _dump_tunnel(device, key):
    return device.tunnel.id or device.tunnel.stale or b""


def _restore_tunnel(device, buf, at, end):
    device.tunnel.stale = bytes(buf[at:end]) or None


# kind, keys(device), dump(device, key) -> content, restore(device, buf, start, end)
ALL = (
    (names.PARTIES, alone, _dump_parties, _restore_parties),
    (names.OWN_KEYS, alone, _dump_keys, _restore_keys),
    (names.COUNTERS, alone, _dump_counters, _restore_counters),
    (names.ALERTS, alone, _dump_alerts, _restore_alerts),
    (names.SUPPLIER, alone, lambda d, key: d.supplier.contact, _restore_supplier),
    (names.TUNNEL, alone, _dump_tunnel, _restore_tunnel),
)
