# What deploying says of a device: who it is, and the nodes and remote parties that it knows. The file says all of them
# and takes the place of what was known, in one transaction or not at all, and once: its check value is kept.
#
#   "GSMP" | version u8 | records | crc u32 of all of it, little-endian
#   record   kind u8 | length u8 | payload, as the bench's command of that name has it (LINK: The bench cluster)
#   kind     1 Set Identity, the first record and the only one; 2 Enrol Device; 3 Enrol Remote Party

from micropython import const

from . import crc32
from .device_log import HIGHEST_TYPE
from .gbcs import parties
from .store import names
from .zcl import status

_HEAD = b"GSMP\x01"
_RECORD = const(2)  # kind, length
_CRC = const(4)
_IDENTITY = const(1)
_EUI64 = const(8)
_TYPE = const(8)  # places in payloads
_KIND = const(9)
_KEY_LENGTH = const(10)
PARTY_KEY = const(11)
_NOBODY = (b"\x00" * 8, b"\xff" * 8)


class NotProvisioned(Exception):
    pass


# --- payloads, which the bench's commands carry too: the status of their values, and what they do


def _eui64(p):
    return bytes(p[0:_EUI64])


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
    return PARTY_KEY + p[_KEY_LENGTH] if len(p) >= PARTY_KEY else PARTY_KEY


def party_status(p):
    roles = p[_TYPE]
    if _eui64(p) in _NOBODY or not roles or roles & ~parties.EVERY_ROLE or p[_KIND] >= len(parties.KEY_LENGTHS):
        return status.INVALID_VALUE
    return status.SUCCESS if p[_KEY_LENGTH] == parties.KEY_LENGTHS[p[_KIND]] else status.MALFORMED_COMMAND


def enrol_party(device, p):
    entity_id = bytes(reversed(_eui64(p)))
    return device.mailbox.enrol(entity_id, p[_TYPE], p[_KIND], bytes(p[PARTY_KEY : PARTY_KEY + p[_KEY_LENGTH]]))


# kind of record: length(payload), status(payload), what it does
_KINDS = {
    _IDENTITY: (lambda p: _EUI64, identity_status, set_identity),
    2: (lambda p: _EUI64 + 1, node_status, enrol_node),
    3: (party_length, party_status, enrol_party),
}


# --- the file


def _records(image):
    at = len(_HEAD)
    end = len(image) - _CRC
    while at < end:
        following = at + _RECORD + image[at + 1]
        yield image[at], image[at + _RECORD : following] if following <= end else b""
        at = following


# What is wrong with it, for people; "" if nothing is.
def _flaw(image):
    if image[: len(_HEAD)] != _HEAD:
        return "no provisioning file"
    if len(image) < len(_HEAD) + _CRC or not crc32.holds(image, 0, len(image)):
        return "damaged"
    number = 0
    for kind, payload in _records(image):
        number += 1
        row = _KINDS.get(kind)
        if row is None or (kind == _IDENTITY) != (number == 1):
            return "record %d: kind" % number
        if len(payload) != row[0](payload):
            return "record %d: length" % number
        if row[1](payload):
            return "record %d: value" % number
    return "" if number else "no identity"


def _take(device, image):
    device.nodes.nodes.clear()
    device.mailbox.parties.reset()
    for kind, payload in _records(image):
        failure = _KINDS[kind][2](device, payload)
        if failure:
            return failure
    device.provisioned = bytes(image[-_CRC:])
    return status.SUCCESS


# Call it with what is kept restored, and before anything is said. Returns why the file has not been taken, "" if it is.
def apply(device, image):
    image = bytearray(image)
    flaw = _flaw(image)
    if flaw or image[-_CRC:] == device.provisioned:
        return flaw
    store = device.store
    for kind in (names.DEVICE_LOG, names.PARTIES, names.PROVISION):
        store.touch(kind)
    failure = store.keep(names.START, None, _take, device, image)
    store.undo()  # what was touched, where the store took nothing
    return "status %02X" % failure if failure else ""
