# What deploying says of a device: who it is, and the nodes and remote parties that it knows. The file says all of them
# and takes the place of what was known, in one transaction or not at all. Its check value is kept, so that it is taken
# once; this module is not loaded before there is one to take.
#
#   "GSMP" | version u8 | records | crc u32 of all of it, little-endian
#   record   kind u8 | length u8 | payload, as the bench's command of that name has it (LINK: The bench cluster)
#   kind     1 Set Identity, the first record and the only one; 2 Enrol Device; 3 Enrol Remote Party

from micropython import const

from . import crc32, enrolment
from .store import names
from .zcl import status

_HEAD = b"GSMP\x01"
_RECORD = const(2)  # kind, length
_CRC = const(4)
_IDENTITY = const(1)

# kind of record: length(payload), status(payload), what it does
_KINDS = {
    _IDENTITY: (lambda p: enrolment.EUI64, enrolment.identity_status, enrolment.set_identity),
    2: (lambda p: enrolment.EUI64 + 1, enrolment.node_status, enrolment.enrol_node),
    3: (enrolment.party_length, enrolment.party_status, enrolment.enrol_party),
}


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
    if flaw:
        return flaw
    store = device.store
    for kind in (names.DEVICE_LOG, names.PARTIES, names.PROVISION):
        store.touch(kind)
    failure = store.keep(names.START, None, _take, device, image)
    store.undo()  # what was touched, where the store took nothing
    return "status %02X" % failure if failure else ""
