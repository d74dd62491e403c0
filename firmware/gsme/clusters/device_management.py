# Device Management (0x0708) as the meter sees it: the meter is the CLIENT of this cluster, so what it is sent comes
# from a server and what it answers goes from client to server (MP078 IRP604).

from micropython import const

from .. import access, behaviour
from ..events import configuration as event_configuration
from ..events.logs import before
from ..store.names import EVENT_CONFIGURATION
from ..zcl import frame, status, types
from ..zcl.cluster import READ, Attribute, Attributes, Cluster
from . import supplier_updates

ID = const(0x0708)

_REPORT_EVENT_CONFIGURATION = const(0x04)  # sent c->s: index u8, total u8, (event id u16, configuration map8)*   ZSE

_HEADER = const(3)
_REPORT_FIXED = const(2)
_ROW = const(3)

# Set Event Configuration: issuer event u32, start UTC, configuration map8, control u8, then what it applies to
_START = const(4)
_CONFIGURATION = const(8)
_CONTROL = const(9)
_APPLIES_TO = const(10)
_LIST = const(0)  # count u8, event id u16 *
_GROUP = const(1)  # group id u16
_LOG = const(2)  # log id u8
_MATCH = const(3)  # old configuration u8


class DeviceManagement:
    # clock: .utc; store: Store; supplier: Supplier
    def __init__(self, events, behaviour_now, clock, store, supplier):
        self.events = events
        self.behaviour = behaviour_now
        self.clock = clock
        self.store = store
        self.supplier = supplier


# --- Get Event Configuration: event id u16, xxFF a whole group (GBCS GCS20r)


def _get_event_configuration(management, request, p):
    result = management.events.select(p[0], p[1])
    if result:
        return _refuse(management, request, result)
    _report(request, management.events.selected)
    return status.ANSWERED


# No answer to give. MP078-550-2: the meter says so. MP078-604-1: direction inverted, as the dispatcher has it anyway.
def _refuse(management, request, result):
    refusal = management.behaviour.refusal
    if refusal == behaviour.SILENT:
        return status.ANSWERED
    if refusal == behaviour.UNCORRECTED:
        request.direction = request.side()
    return result


# One command where the frame has room, else as many as it takes, each filled before the next begins.
def _report(request, rows):
    most = (request.limit - _HEADER - _REPORT_FIXED) // _ROW * _ROW
    total = (len(rows) + most - 1) // most
    view = memoryview(rows)
    for index in range(total):
        out = request.begin(frame.CLUSTER, _REPORT_EVENT_CONFIGURATION)
        out.u8(index)
        out.u8(total)
        out.put(view[index * most : index * most + most])
        request.send()


# --- Set Event Configuration (GBCS GCS20)


def _set_length(p):
    if len(p) <= _APPLIES_TO:
        return _APPLIES_TO if len(p) == _APPLIES_TO and p[_CONTROL] > _MATCH else _APPLIES_TO + 1
    if p[_CONTROL] == _LIST:
        # A count of 0 is malformed: no payload is long enough.
        return _APPLIES_TO + 1 + 2 * p[_APPLIES_TO] if p[_APPLIES_TO] else len(p) + 1
    return _APPLIES_TO + (2 if p[_CONTROL] == _GROUP else 1)


# Values, then the store, then what is named: nothing is changed unless all of it can be.
def _set_event_configuration(management, request, p):
    wanted = p[_CONFIGURATION]
    if p[_CONTROL] > _MATCH or not event_configuration.valid(wanted) or before(management.clock.utc, 0, p, _START):
        return status.INVALID_VALUE
    events = management.events
    _find_targets(events, p)
    result = events.targets_status()
    if result:
        return result
    return management.store.keep(EVENT_CONFIGURATION, None, events.set_targets, wanted)


def _find_targets(events, p):
    events.begin_targets()
    control = p[_CONTROL]
    at = _APPLIES_TO
    if control == _LIST:
        for i in range(at + 1, at + 1 + 2 * p[at], 2):
            events.target(p[i], p[i + 1])
    elif control == _GROUP:
        events.target_group(p[at], p[at + 1])
    elif control == _LOG:
        events.target_where(event_configuration.LOG_ACTION, p[at])
    else:
        events.target_where(0xFF, p[at])


# --- the configurations as attributes: event id, map8 (ZSE Device Management)


# An event's configuration looked at as an attribute. It is not written as one: that would be a way round Set.
class _ConfigurationAttribute(Attribute):
    def __init__(self, events):
        super().__init__(0, types.MAP8, READ, access.READ_EVENT_CONFIGURATION, b"\x00")
        self._events = events
        self._row = 0

    def look_at(self, attribute_id, row):
        self.id = attribute_id
        self._row = row
        self.failure = self._events.row_status(row)
        self.held = self.failure != status.NOT_FOUND
        self.value[0] = self._events.byte(row)

    def accepts(self, value):
        return event_configuration.valid(value[0])

    def set(self, value):
        self._events.set_byte(self._row, value[0])

    def hold(self, held):
        self._events.set_state(self._row, status.SUCCESS if held else status.NOT_FOUND)

    def fail(self, failure):
        self._events.set_state(self._row, failure)


# They are reset, kept and found together with the set that they show.
class _ConfigurationAttributes(Attributes):
    def __init__(self, events):
        super().__init__((), access.READ_EVENT_CONFIGURATION)
        self._events = events
        self._attribute = _ConfigurationAttribute(events)
        self._ids = sorted(events.row_of)

    def row(self, attribute_id):
        row = self._events.row(attribute_id & 255, attribute_id >> 8)
        if row < 0:
            return None
        self._attribute.look_at(attribute_id, row)
        return self._attribute

    def find(self, attribute_id):
        attribute = self.row(attribute_id)
        return attribute if attribute is not None and attribute.held else None

    def status(self):
        return status.HARDWARE_FAILURE if self._events.unreadable else status.SUCCESS


# command received s->c: shortest payload, right, handler
_COMMANDS = {
    0x01: (supplier_updates.change_of_supplier_length, access.SET_SUPPLIER_DATA, supplier_updates.change_of_supplier),
    0x03: (supplier_updates.identity_length, access.SET_SITE_ID, supplier_updates.update_site_id),
    0x04: (_set_length, access.SET_EVENT_CONFIGURATION, _set_event_configuration),
    0x05: (2, access.READ_EVENT_CONFIGURATION, _get_event_configuration),
    0x06: (supplier_updates.identity_length, access.SET_CIN, supplier_updates.update_cin),
}


def client(management):
    attributes = _ConfigurationAttributes(management.events)
    return Cluster(ID, frame.SERVER_TO_CLIENT, attributes, _COMMANDS, management, (_REPORT_EVENT_CONFIGURATION,))
