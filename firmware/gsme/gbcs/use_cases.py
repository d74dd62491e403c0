# The use cases that the meter serves (GBCS use case annex): a message code, who may send it, what it may carry.

from micropython import const

from .. import access
from . import gbz

# What is done beside the answer
READ = const(0)
UPDATE = const(1)  # 8154 or 8155 is raised
PROTECTED = const(3)  # an update that is protected against replay

_BASIC = const(0x0000)
_METERING = const(0x0702)
_MANAGEMENT = const(0x0708)
_EVENTS = const(0x0709)

_READ_ATTRIBUTES = b"\x00\x00"  # frame control, command
_UPDATE_SUPPLIER = b"\x09\x01"
_UPDATE_SITE_ID = b"\x09\x03"
_SET_EVENTS = b"\x09\x04"
_GET_EVENTS = b"\x09\x05"
_UPDATE_CIN = b"\x09\x06"
_GET_LOG = b"\x01\x00"
_CLEAR_LOG = b"\x01\x01"

# Where a byte of the ZCL payload says which use case it is: (place, values)
_LIST_ONLY = (9, b"\x00")  # control of Set Event Configuration
_EVENT_LOG = (0, b"\x13\x16")  # of the meter, and the GPF's copy of it, which the meter does not have
_SECURITY_LOG = (0, b"\x04\x07")

# message code: roles, what is done beside, then what each component may be:
#               cluster, frame control and command, attributes that may be read or where the payload tells it apart
_TABLE = {
    0x00F1: (access.SUPPLIER, READ, (_MANAGEMENT, _GET_EVENTS, None)),  # GCS20r event configuration
    0x00AD: (access.SUPPLIER, UPDATE, (_MANAGEMENT, _SET_EVENTS, _LIST_ONLY)),  # GCS20
    0x0014: (access.REMOTE, READ, (_EVENTS, _GET_LOG, _EVENT_LOG)),  # CS10a
    0x00A1: (access.REMOTE, READ, (_EVENTS, _GET_LOG, _SECURITY_LOG)),  # CS10b
    0x0015: (access.SUPPLIER, UPDATE, (_EVENTS, _CLEAR_LOG, None)),  # CS11
    0x0084: (access.REMOTE, READ, (_METERING, _READ_ATTRIBUTES, b"\x06\x02")),  # GCS38 firmware version
    0x0082: (access.REMOTE, READ, (_METERING, _READ_ATTRIBUTES, b"\x05\x02\x14\x00")),  # GCS33 battery, valve
    0x0089: (access.REMOTE, READ, (_METERING, _READ_ATTRIBUTES, b"\x07\x03")),  # GCS46 SiteID
    0x00FB: (  # GCS21m identity, tamper and depletion state
        access.REMOTE,
        READ,
        (_BASIC, _READ_ATTRIBUTES, b"\x04\x00\x05\x00"),
        (_METERING, _READ_ATTRIBUTES, b"\x08\x06\x07\x06"),
    ),
    0x009E: (  # GCS21e, its older form
        access.REMOTE,
        READ,
        (_BASIC, _READ_ATTRIBUTES, b"\x04\x00\x05\x00\x03\x00"),
        (_METERING, _READ_ATTRIBUTES, b"\x08\x06\x07\x06"),
    ),
    0x0087: (access.SUPPLIER, PROTECTED, (_MANAGEMENT, _UPDATE_SITE_ID, None)),  # GCS41
    0x0083: (access.ACCESS_CONTROL_BROKER, PROTECTED, (_MANAGEMENT, _UPDATE_CIN, None)),  # GCS36
    0x0088: (access.SUPPLIER, UPDATE, (_MANAGEMENT, _UPDATE_SUPPLIER, None)),  # GCS44
}

_MOST_COMPONENTS = const(64)  # a GCS20 has one for each configuration byte
_FIRST_CONTENT = const(2)
_FC = const(0)
_COMMAND = const(2)
_PAYLOAD = const(3)


# The row of a message code; None for a code that the meter does not serve.
def find(code):
    return _TABLE.get(code)


def permits(row, column):
    return row[0] & column


def is_update(row):
    return row[1] & UPDATE


def is_protected(row):
    return row[1] == PROTECTED


# Whether every component of a well-formed payload is one that the use case may carry.
def allows(row, p, component):
    if p[gbz.COUNT] > _MOST_COMPONENTS:
        return False
    at = gbz.HEADER
    while at < len(p):
        component.parse(p, at)
        if component.control & ~gbz.LAST or not _carries(row, component.cluster, component.frame):
            return False
        at = component.end
    return True


def _carries(row, cluster, frame):
    for i in range(_FIRST_CONTENT, len(row)):
        wanted, header, told = row[i]
        if cluster == wanted and frame[_FC] == header[0] and frame[_COMMAND] == header[1]:
            return told is None or _told_by(told, header, frame[_PAYLOAD:])
    return False


def _told_by(told, header, p):
    if header == _READ_ATTRIBUTES:
        return _only(told, p)
    place, values = told
    return place >= len(p) or p[place] in values


# Whether p names no other attributes than those. Half an attribute is for the dispatcher to refuse.
def _only(attributes, p):
    for i in range(0, len(p) - 1, 2):
        for j in range(0, len(attributes), 2):
            if p[i] == attributes[j] and p[i + 1] == attributes[j + 1]:
                break
        else:
            return False
    return True
