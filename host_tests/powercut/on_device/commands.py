# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Commands whose answer promises that something is kept, and the state in which each of them changes something.
# MicroPython.

import parties
from hub import Hub
from meter import BENCH, CHF, EVENTS, GPF, MANAGEMENT, METERING, status_of

_BASIC = b"\x00\x00"
_METERING = b"\x02\x07"
_MANAGEMENT = b"\x08\x07"
_DISPLAY = bytes((0xBF, 0x90, 0x78, 0x56, 0x34, 0x12, 0xDB, 0x00))
_LOGGED = (b"\x84\x81", b"\xae\x81", b"\xa1\x81", b"\x19\x81")
NON_VOLATILE_MEMORY = b"\xae\x81"
_EVENT_LOG = 3  # log action of a configuration
_WAKE = b"\x05\xf1\xff\x01\x09"
_STATUS_IN_RESPONSE = -14  # of the last component: behind it are no signature and the MAC
NOW = 0x30000000


# Brings a meter into the state from which each command changes something.
def prepare(meter):
    meter.sync()
    meter.give_time(NOW)
    for code in _LOGGED:
        meter.bench(0x0A, _MANAGEMENT + code + b"\x00\x18\x03")
    meter.bench(0x0A, _BASIC + b"\x11\x00\x00\x30\x00")
    meter.bench(0x0A, _METERING + b"\x00\x02\x00\x18\x00")
    meter.bench(0x0A, _METERING + b"\x07\x03\x00\x41\x00")
    meter.bench(0x02, _DISPLAY + b"\x05")
    meter.bench(0x05, b"\x02")
    for entity in (parties.SUPPLIER, parties.OPERATOR, parties.BROKER):
        meter.bench(0x04, parties.enrolment(entity))
    meter.ask(GPF, METERING, 0x00, 0x06, b"\x00\x00\x02\x18\x00\x00\xff\xff")
    meter.bench(0x00, b"\xa1\x81\x00")


# --- each answers with a status


def event(meter):
    return meter.bench(0x00, b"\x84\x81\x04abcd")


def _security_event(meter):
    return meter.bench(0x00, b"\x3f\x8f\x00")


def _enrol(meter):
    return meter.bench(0x02, _DISPLAY + b"\x06")


def _remove(meter):
    return meter.bench(0x03, _DISPLAY)


def _party(meter):
    return meter.bench(0x04, bytes(range(8)) + b"\x02\x00\x20" + bytes(32))


def _behaviour(meter):
    return meter.bench(0x05, b"\x01")


def _identity(meter):
    return meter.bench(0x0C, bytes(range(8)))


def _attribute(meter):
    return meter.bench(0x0A, _METERING + b"\x00\x02\x00\x18\x55")


def _not_held(meter):
    return meter.bench(0x0A, _MANAGEMENT + b"\x19\x81\x8b")


def _factory_reset(meter):
    return meter.bench(0x07)


def _configure(meter):
    return status_of(meter.ask(CHF, MANAGEMENT, 0x09, 0x04, bytes(8) + b"\x0b\x00\x02\x84\x81\x19\x81"))


# The status of the whole, or of the first record.
def _first_status(answers):
    return status_of(answers) if status_of(answers) is not None else answers[0][3] if answers else None


def _write(meter):
    return _first_status(meter.ask(GPF, 0x0000, 0x00, 0x02, b"\x11\x00\x30\x55"))


def _report(meter):
    return _first_status(meter.ask(GPF, METERING, 0x00, 0x06, b"\x00\x00\x02\x18\x10\x00\x20\x00"))


# One change in one record each.
CHANGES = (
    ("event", event),
    ("security event", _security_event),
    ("enrol", _enrol),
    ("remove", _remove),
    ("party", _party),
    ("behaviour", _behaviour),
    ("identity", _identity),
    ("attribute", _attribute),
    ("not held", _not_held),
    ("configure", _configure),
    ("write", _write),
    ("report", _report),
)


# --- messages, which are several


def _message(meter, use_case, originator, payload):
    hub = Hub()
    entity = bytes(reversed(meter.device.link.eui64))
    hub.messages.append(parties.message(use_case, originator, 1 << 40, entity, payload))
    hub.serve(meter, meter.say(BENCH, 0xFC00, _WAKE, 0xF0))
    return hub.puts[0][_STATUS_IN_RESPONSE] if hub.puts else None


def _site_id(meter):
    return _message(meter, parties.SITE_ID, parties.SUPPLIER, bytes(12) + b"\x041234")


def _change_of_supplier(meter):
    return _message(meter, parties.CHANGE_OF_SUPPLIER, parties.SUPPLIER, bytes(21) + b"\x01n\x01c")


def _set_events(meter):
    return _message(meter, parties.SET_EVENTS, parties.SUPPLIER, bytes(8) + b"\x0b\x00\x01\x84\x81")


# Answers with the logs that were cleared: bit 3, or none.
def _clear(meter):
    return _message(meter, parties.CLEAR_LOG, parties.SUPPLIER, b"\x03")


# (name, command, what answers while storage fails; None for the failure's own status)
MESSAGES = (
    ("site id", _site_id, None),
    ("change of supplier", _change_of_supplier, None),
    ("set events", _set_events, None),
    ("clear", _clear, 0x00),
    ("factory reset", _factory_reset, None),
)


# --- what needs no flash


def reads_are_answered(meter):
    log = meter.ask(CHF, EVENTS, 0x01, 0x00, b"\x13\x00\x00" + bytes(4) + b"\xff" * 4 + b"\x01\x00\x00")
    configuration = meter.ask(CHF, MANAGEMENT, 0x09, 0x05, b"\x84\x81")
    return (
        meter.register() is not None and len(log) == 1 and status_of(configuration) is None and len(configuration) == 1
    )


# Whether an event is configured to reach the Event Log.
def is_logged(device, code):
    row = device.events.row(*code)
    return not device.events.row_status(row) and device.events.byte(row) & _EVENT_LOG == _EVENT_LOG
