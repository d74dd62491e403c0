# Reading and writing attributes (ZCL 2.5.1 to 2.5.5).

from micropython import const

from .. import access
from . import frame, status, types
from .cluster import WRITE

_WRITE_ATTRIBUTES_RESPONSE = const(0x04)
_ID = const(2)
_ID_TYPE = const(3)
_ID_STATUS = const(3)
_ID_STATUS_TYPE = const(4)


# --- Read Attributes: (attribute u16)*


def _ids_well_formed(p):
    return len(p) >= _ID and not len(p) % _ID


# One attribute that the requester may not read, and the frame is refused whole.
def _may_read(request, attributes):
    return attributes.may_read(request.payload, request.requester.column)


# Answers with (attribute u16, status u8, and if that is SUCCESS type u8, value)*, as many as there is room for.
def _read(request, c, attributes):
    p = request.payload
    out = request.begin(frame.GLOBAL, frame.READ_ATTRIBUTES_RESPONSE)
    buf = out.buf
    at = out.at
    for i in range(0, len(p), _ID):
        attribute = attributes.find(p[i] | p[i + 1] << 8)
        failure = status.UNSUPPORTED_ATTRIBUTE if attribute is None else attribute.failure
        end = at + (_ID_STATUS if failure else _ID_STATUS_TYPE + len(attribute.value))
        if end > out.end:
            break
        buf[at] = p[i]
        buf[at + 1] = p[i + 1]
        buf[at + 2] = failure
        if not failure:
            buf[at + 3] = attribute.type
            buf[at + _ID_STATUS_TYPE : end] = attribute.value
        at = end
    out.at = at
    request.send()
    return status.ANSWERED


# --- Write Attributes, Undivided, No Response: (attribute u16, type u8, value)*


# End of the record at p[at:], 0 when it is cut short. A type that is not defined has a value whose end nobody knows:
# the rest of the frame is taken for it.
def _record_end(p, at):
    start = at + _ID_TYPE
    if start > len(p):
        return 0
    n = types.length(p[at + 2], p, start)
    if n == types.CUT_SHORT:
        return 0
    return len(p) if n < 0 else start + n


def _records_well_formed(p):
    at = 0
    while at < len(p):
        at = _record_end(p, at)
        if not at:
            return False
    return at > 0


def _may_write(request, attributes):
    return access.may(request.requester.column, access.WRITE_ATTRIBUTES)


# Why a record cannot be written; SUCCESS when it can. In this order: held, writable, type, range, store.
def _obstacle(c, attribute, type_id, value):
    if attribute is None:
        return status.UNSUPPORTED_ATTRIBUTE
    if not attribute.access & WRITE:
        return status.READ_ONLY
    if type_id != attribute.type:
        return status.INVALID_DATA_TYPE
    if not attribute.accepts(value):
        return status.INVALID_VALUE
    return attribute.failure or c.store_status(attribute)


# What cannot be written, as (status, offset of its record); the rest is written if `write`.
def _go_through(request, c, attributes, write):
    p = request.payload
    failures = []
    at = 0
    while at < len(p):
        end = _record_end(p, at)
        value = p[at + _ID_TYPE : end]
        attribute = attributes.find(p[at] | p[at + 1] << 8)
        obstacle = _obstacle(c, attribute, p[at + 2], value)
        if obstacle:
            failures.append((obstacle, at))
        elif write:
            c.write(attribute, value)
        at = end
    return failures


# Writes what can be written.
def _write(request, c, attributes):
    failures = _go_through(request, c, attributes, True)
    return c.store.commit() or _written(request, failures)


# Writes all or nothing.
def _write_undivided(request, c, attributes):
    failures = _go_through(request, c, attributes, False)
    if not failures:
        _go_through(request, c, attributes, True)
    return c.store.commit() or _written(request, failures)


# Answers with SUCCESS, or (status u8, attribute u16)* of what failed.
def _written(request, failures):
    out = request.begin(frame.GLOBAL, _WRITE_ATTRIBUTES_RESPONSE)
    if not failures:
        out.u8(status.SUCCESS)
    for failure, at in failures:
        if out.room() < _ID_STATUS:
            break
        out.u8(failure)
        out.put(request.payload[at : at + _ID])
    request.send()
    return status.ANSWERED


# command: well_formed(payload), allowed(request, attributes), handler(request, cluster, attributes) -> status
COMMANDS = {
    0x00: (_ids_well_formed, _may_read, _read),
    0x02: (_records_well_formed, _may_write, _write),
    0x03: (_records_well_formed, _may_write, _write_undivided),
    0x05: (_records_well_formed, _may_write, _write),  # No Response: the request is silent
}
