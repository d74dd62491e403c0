# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What happens to a meter: chores, each called with its life (life.py). MicroPython.

import parties
from meter import CHF, EVENTS, GPF, MANAGEMENT, METERING

_CODES = (0x8119, 0x8145, 0x8161, 0x8168, 0x8183, 0x81A1, 0x81A6, 0x81AA, 0x81AC, 0x81B4, 0x81BC, 0x81C4, 0x81A0)
_CRITICAL = (0x8F0A, 0x8F1F, 0x8F3F, 0x8F43, 0x8F48, 0x8F66, 0x8F70, 0x8F73, 0x8F75, 0x8F82)
_BYTES = (0x00, 0x03, 0x08, 0x0B, 0x10, 0x13, 0x18, 0x1B)
_DISPLAYS = [bytes((number, 0x90, 0x78, 0x56, 0x34, 0x12, 0xDB, 0x00)) for number in range(0xB0, 0xB6)]
_STRANGER = bytes((0xEE,)) * 8
_FLOOD = 105
_BASIC = 0x0000


def _u16(value):
    return bytes((value & 255, value >> 8))


def _octstr(octets):
    return bytes((len(octets),)) + octets


# --- the bench


def _raise(life, code):
    data = life.noise.octets(life.noise.below(17))
    life.meter.bench(0x00, _u16(code) + _octstr(data))


def _event(life):
    _raise(life, life.noise.pick(_CODES))


def _critical_event(life):
    _raise(life, life.noise.pick(_CRITICAL))


def _enrol(life):
    life.meter.bench(0x02, life.noise.pick(_DISPLAYS) + bytes((4 + life.noise.below(3),)))


def _remove(life):
    life.meter.bench(0x03, life.noise.pick(_DISPLAYS))


def _behave(life):
    life.meter.bench(0x05, bytes((life.noise.below(3),)))


def _fault(life):
    life.meter.bench(0x06, bytes((life.noise.pick((0, 0, 1, 2, 4)),)))
    life.meter.bench(0x06, b"\x00")


def _clock(life):
    life.utc += 1 + life.noise.below(30)
    life.meter.give_time(life.utc)


# (cluster, attribute, type, length)
_ATTRIBUTES = (
    (METERING, 0x0200, 0x18, 1),
    (METERING, 0x0205, 0x21, 2),
    (METERING, 0x0100, 0x25, 6),
    (METERING, 0x0A00, 0x23, 4),
    (METERING, 0x0608, 0x30, 1),
    (_BASIC, 0x0011, 0x30, 1),
)


def _attribute(life):
    cluster, attribute, kind, length = life.noise.pick(_ATTRIBUTES)
    how = life.noise.pick((b"\x00" + bytes((kind,)) + life.noise.octets(length),) * 3 + (b"\x86",))
    life.meter.bench(0x0A, _u16(cluster) + _u16(attribute) + how)


# An attribute fails until the next start.
def _failing(life):
    cluster, attribute, _, _ = life.noise.pick(_ATTRIBUTES)
    life.meter.bench(0x0A, _u16(cluster) + _u16(attribute) + b"\xc0")


# An event's configuration is not held any more, or is again.
def _not_held(life):
    how = life.noise.pick((b"\x8b", b"\x00\x18\x0b"))
    life.meter.bench(0x0A, _u16(MANAGEMENT) + _u16(life.noise.pick(_CODES)) + how)


def _party(life):
    entity = life.noise.pick((parties.SUPPLIER, parties.OPERATOR, parties.BROKER))
    life.meter.bench(0x04, parties.enrolment(entity))


# --- nodes


# Set Event Configuration: of a list, rarely of all or of all that have a byte.
def _configuration(life):
    codes = [_u16(life.noise.pick(_CODES)) for _ in range(1 + life.noise.below(3))]
    which = (b"\x00" + bytes((len(codes),)) + b"".join(codes), b"\x01\xff\x81", b"\x02\x03", b"\x03\x0b")
    target = which[max(0, life.noise.below(20) - 16)]
    return bytes(8) + bytes((life.noise.pick(_BYTES),)) + target


def _configure(life):
    life.meter.ask(life.noise.pick((CHF, GPF)), MANAGEMENT, 0x09, 0x04, _configuration(life))


def _write(life):
    location = _octstr(bytes([0x41 + life.noise.below(26) for _ in range(life.noise.below(17))]))
    records = b"\x10\x00\x42" + location + b"\x11\x00\x30" + bytes((life.noise.below(100),))
    life.meter.ask(GPF, _BASIC, 0x00, life.noise.pick((0x02, 0x03)), records)


# Configure Reporting: of the register, of Status; without end, or none any more.
def _report(life):
    longest = life.noise.pick((b"\x00\x00", b"\x10\x0e", b"\xff\xff"))
    which = (b"\x00\x00\x00\x25", b"\x00\x00\x02\x18", b"\x00\x05\x02\x21")
    number = life.noise.below(3)
    change = (b"\xff\xff\x00\x00\x00\x00", b"", b"\xff\x7f")[number]
    life.meter.ask(life.noise.pick((CHF, GPF)), METERING, 0x00, 0x06, which[number] + b"\x58\x02" + longest + change)


# A display asks for the Security Log, or a stranger for anything.
def _refused(life):
    if life.noise.below(2):
        life.meter.ask(
            life.noise.pick(_DISPLAYS), EVENTS, 0x01, 0x00, b"\x14\x00\x00" + bytes(4) + b"\xff" * 4 + bytes(3)
        )
    else:
        life.meter.ask(_STRANGER, METERING, 0x00, 0x00, b"\x00\x00")


def _read(life):
    life.meter.ask(CHF, EVENTS, 0x01, 0x00, b"\x13\x00\x00" + bytes(4) + b"\xff" * 4 + b"\x05\x00\x00")
    life.meter.register()


# Get Event Log cut short.
def flood(life):
    for _ in range(_FLOOD):
        life.meter.ask(CHF, EVENTS, 0x01, 0x00, b"\x13")


# --- remote parties


def _enrolling(entity):
    return lambda life: life.meter.bench(0x04, parties.enrolment(entity))


def remote_parties(life):
    for entity in (parties.SUPPLIER, parties.OPERATOR, parties.BROKER):
        life.do("party", _enrolling(entity), True)


def _site(life):
    return parties.SITE_ID, parties.SUPPLIER, bytes(12) + _octstr(life.noise.octets(life.noise.below(33)))


def _customer(life):
    return parties.CIN, parties.BROKER, bytes(12) + _octstr(life.noise.octets(life.noise.below(25)))


def _another_supplier(life):
    strings = _octstr(life.noise.octets(life.noise.below(17))) + _octstr(life.noise.octets(life.noise.below(20)))
    return parties.CHANGE_OF_SUPPLIER, parties.SUPPLIER, bytes(21) + strings


def _events_set(life):
    codes = b"".join([_u16(life.noise.pick(_CODES)) for _ in range(3)])
    return parties.SET_EVENTS, parties.SUPPLIER, bytes(8) + bytes((life.noise.pick(_BYTES),)) + b"\x00\x03" + codes


def _log_cleared(life):
    return parties.CLEAR_LOG, parties.SUPPLIER, b"\x03"


def _log_read(life):
    return parties.SECURITY_LOG, parties.OPERATOR, b"\x04" + bytes(6) + b"\xfe\xff\xff\xff" + bytes(3)


def _without_right(life):
    return parties.SITE_ID, parties.OPERATOR, bytes(13)


def _unfit(life):
    return parties.SITE_ID, parties.SUPPLIER, bytes(11)


_MESSAGES = (
    _site,
    _site,
    _customer,
    _another_supplier,
    _events_set,
    _events_set,
    _log_cleared,
    _log_read,
    _without_right,
    _unfit,
)


# One message in the tunnel, or two of which the second repeats the first or is forged.
def _message(life):
    use_case, originator, payload = life.noise.pick(_MESSAGES)(life)
    life.counter += 1
    message = parties.message(use_case, originator, life.counter, life.entity, payload)
    life.hub.messages.append(message)
    again = life.noise.below(6)
    if again < 2:
        life.hub.messages.append(message if again else parties.forged(message))
    life.utc += life.noise.pick((0, 0, 4))
    ahead = life.noise.pick((0, 0, 60))
    life.hub.utc = life.utc + (ahead if life.meter.device.clock.valid else 0)  # an invalid clock would take it
    said = life.meter.say(bytes(8), 0xFC00, b"\x05\xf1\xff\x01\x09", 0xF0)  # Wake
    life.hub.serve(life.meter, said)
    life.hub.messages.clear()


# (how often, name, chore, whether it is whole)
_CHORES = (
    (10, "event", _event, True),
    (3, "critical event", _critical_event, True),
    (1, "enrol", _enrol, True),
    (1, "remove", _remove, True),
    (1, "behaviour", _behave, True),
    (1, "fault", _fault, True),
    (1, "clock", _clock, True),
    (3, "attribute", _attribute, True),
    (1, "failing", _failing, False),
    (1, "not held", _not_held, True),
    (1, "party", _party, True),
    (3, "configure", _configure, True),
    (2, "write", _write, True),
    (2, "report", _report, True),
    (1, "refused", _refused, True),
    (1, "read", _read, True),
    (3, "message", _message, False),
)
ROUND = [chore[1:] for chore in _CHORES for _ in range(chore[0])]
