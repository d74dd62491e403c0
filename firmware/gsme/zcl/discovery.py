# Discovery of attributes and commands (ZCL 2.5.13, 2.5.18 to 2.5.23).

from micropython import const

from .. import access
from . import frame, status
from .cluster import READ, REPORT, WRITE

_ATTRIBUTES_RESPONSE = const(0x0D)
_COMMANDS_RECEIVED_RESPONSE = const(0x12)
_COMMANDS_GENERATED_RESPONSE = const(0x14)
_EXTENDED_RESPONSE = const(0x16)
_PLAIN_ROW = const(3)
_EXTENDED_ROW = const(4)


# start u16, max u8
def _attributes_well_formed(p):
    return len(p) >= 3


# start u8, max u8
def _commands_well_formed(p):
    return len(p) >= 2


# Discovering is as reading: refused where the requester may read nothing of the cluster.
def _may_discover(request, attributes):
    column = request.requester.column
    if access.may(column, attributes.right):
        return True
    for i in attributes.ids():
        if access.may(column, attributes.right_of(i)):
            return True
    return False


def _plain(request, c, attributes):
    return _attributes(request, attributes, _ATTRIBUTES_RESPONSE, _PLAIN_ROW)


def _extended(request, c, attributes):
    return _attributes(request, attributes, _EXTENDED_RESPONSE, _EXTENDED_ROW)


# Answers with complete bool, (attribute u16, type u8[, access u8])*
def _attributes(request, attributes, response, row):
    p = request.payload
    failure = attributes.status()
    if failure:
        return failure
    column = request.requester.column
    start = p[0] | p[1] << 8
    most = p[2]
    out = request.begin(frame.GLOBAL, response)
    complete = out.at
    out.u8(True)
    for i in attributes.ids():
        attribute = attributes.find(i) if i >= start else None
        if attribute is None or not access.may(column, attribute.right):
            continue
        if not most or out.room() < row:
            out.buf[complete] = False
            break
        most -= 1
        out.u16(i)
        out.u8(attribute.type)
        if row == _EXTENDED_ROW:
            out.u8(_access(column, attribute))
    request.send()
    return status.ANSWERED


# What of the attribute's access the requester has.
def _access(column, attribute):
    allowed = READ
    if access.may(column, access.WRITE_ATTRIBUTES):
        allowed |= WRITE
    if access.may(column, access.CONFIGURE_REPORTING):
        allowed |= REPORT
    return attribute.access & allowed


def _received(request, c, attributes):
    return _commands(request, sorted(c.commands), c, _COMMANDS_RECEIVED_RESPONSE)


def _generated(request, c, attributes):
    return _commands(request, c.generated, c, _COMMANDS_GENERATED_RESPONSE)


# Answers with complete bool, (command u8)*. ids in ascending order; a manufacturer's own are shown under its code.
def _commands(request, ids, c, response):
    p = request.payload
    if request.manufacturer != c.manufacturer:
        ids = ()
    most = p[1]
    out = request.begin(frame.GLOBAL, response)
    complete = out.at
    out.u8(True)
    for i in ids:
        if i < p[0]:
            continue
        if not most or not out.room():
            out.buf[complete] = False
            break
        most -= 1
        out.u8(i)
    request.send()
    return status.ANSWERED


# command: well_formed(payload), allowed(request, attributes), handler(request, cluster, attributes) -> status
COMMANDS = {
    0x0C: (_attributes_well_formed, _may_discover, _plain),
    0x11: (_commands_well_formed, _may_discover, _received),
    0x13: (_commands_well_formed, _may_discover, _generated),
    0x15: (_attributes_well_formed, _may_discover, _extended),
}
