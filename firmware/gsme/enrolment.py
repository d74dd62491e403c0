# What a device can be told of itself and of others: the payloads that commands of the bench (LINK: The bench cluster)
# and records of a provisioning file carry. For each, the status of its values, and what it does.

from micropython import const

from .device_log import HIGHEST_TYPE
from .gbcs import parties
from .zcl import status

EUI64 = const(8)
_TYPE = const(8)  # places in payloads
_KIND = const(9)
_KEY_LENGTH = const(10)
_PARTY_KEY = const(11)
_NOBODY = (b"\x00" * 8, b"\xff" * 8)


def _eui64(p):
    return bytes(p[0:EUI64])


# EUI64; holds from the next start on
def identity_status(p):
    return status.INVALID_VALUE if _eui64(p) in _NOBODY else status.SUCCESS


def set_identity(device, p):
    device.rename(_eui64(p))


# EUI64, GBCS device type u8
def node_status(p):
    return status.INVALID_VALUE if p[_TYPE] > HIGHEST_TYPE or _eui64(p) in _NOBODY else status.SUCCESS


def enrol_node(device, p):
    return device.nodes.enrol(_eui64(p), p[_TYPE])


# entity id, roles map8, kind of key u8, key octstr
def party_length(p):
    return _PARTY_KEY + p[_KEY_LENGTH] if len(p) >= _PARTY_KEY else _PARTY_KEY


def party_status(p):
    roles = p[_TYPE]
    if _eui64(p) in _NOBODY or not roles or roles & ~parties.EVERY_ROLE or p[_KIND] >= len(parties.KEY_LENGTHS):
        return status.INVALID_VALUE
    return status.SUCCESS if p[_KEY_LENGTH] == parties.KEY_LENGTHS[p[_KIND]] else status.MALFORMED_COMMAND


def enrol_party(device, p):
    entity_id = bytes(reversed(_eui64(p)))
    return device.mailbox.enrol(entity_id, p[_TYPE], p[_KIND], bytes(p[_PARTY_KEY : _PARTY_KEY + p[_KEY_LENGTH]]))
