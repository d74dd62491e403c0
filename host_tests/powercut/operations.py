"""What the model-based test does to a meter: requests, and what has to answer each by the model.

An effect changes a model and says, in bytes, what the meter answers and what it tells others. Sources: ZSE D.9, D.10;
ZCL 2.5 (read, write, Default Response); the serial HAN link, version 1: "The bench cluster".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gsme_host.bench import Attr, Command
from gsme_host.eui64 import CHF, EUI64
from gsme_host.meter import BENCH_MANUFACTURER, bench_data
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster, Frame, Type, octstr, u8, u16
from host_tests.powercut.model import (
    ENVIRONMENT,
    INVALID_VALUE,
    LIST,
    LOCATION,
    NOT_FOUND,
    REGISTER,
    SITE_ID,
    SUCCESS,
    Model,
    Told,
)
from host_tests.support import event_configuration as ec
from host_tests.support.event_history import Query
from host_tests.support.event_logs import NOT_AUTHORIZED, Entry, refusal

LONGEST_LOCATION: Final = 16
HIGHEST_KIND: Final = 6  # of a device
CLEAR: Final = bytes.fromhex("01 01 01 03")
PUBLISH_EVENT: Final = b"\x09\x00"  # frame control and command
FUTURE: Final = 0xFFFFFFFF

Push = tuple[bytes, bytes]


class Outcome(NamedTuple):
    """What a meter says: its answers in order; to whom it tells events, without their sequence numbers and sorted."""

    answers: list[bytes]
    pushes: list[Push]

    def covers(self, said: Outcome) -> bool:
        """Whether no more was said."""
        return set(said.answers) <= set(self.answers) and set(said.pushes) <= set(self.pushes)

    def __str__(self) -> str:
        told = [f"{push.hex(' ')} to {EUI64(who)}" for who, push in self.pushes]
        return ", ".join([f"[{answer.hex(' ')}]" for answer in self.answers] + told) or "nothing"


@dataclass(frozen=True)
class Operation:
    """A request, and what becomes of a model by it at a given time."""

    name: str
    request: Data = field(repr=False)
    effect: Callable[[Model, bytes], Outcome] = field(repr=False, compare=False)


def pushes(*events: Told | None) -> list[Push]:
    """The Publish Event commands that tell of events, sorted."""
    told: list[Push] = []
    for (log, code, data, time), control, everybody in filter(None, events):
        payload = u8(log) + u16(code) + time + u8(control) + octstr(data)
        told += [(who, PUBLISH_EVENT + payload) for who in everybody]
    return sorted(told)


# --- through the bench


def _bench(name: str, command: Command, payload: bytes, act: Callable[[Model, bytes], Told | int | None]) -> Operation:
    """A bench command; `act` changes a model and returns the event that was raised, a status, or None: NOT_FOUND."""

    def effect(model: Model, time: bytes) -> Outcome:
        result = act(model, time)
        status = result if isinstance(result, int) else NOT_FOUND if result is None else SUCCESS
        answer = Frame(0x0C, 1, 0x0B, u8(command) + u8(status), BENCH_MANUFACTURER)
        return Outcome([answer.encode()], [] if isinstance(result, int) else pushes(result))

    return Operation(name, bench_data(Frame(0x05, 1, command, payload, BENCH_MANUFACTURER)), effect)


def raise_event(code: int, data: bytes) -> Operation:
    """Raise Event."""
    return _bench(
        f"raise {code:04X} [{data.hex()}]",
        Command.RAISE_EVENT,
        u16(code) + octstr(data),
        lambda model, time: model.raise_event(code, data, time),
    )


def enrol(who: EUI64, kind: int) -> Operation:
    """Enrol Device."""

    def act(model: Model, _: bytes) -> int:
        if kind > HIGHEST_KIND:
            return INVALID_VALUE
        model.devices[who] = kind
        return SUCCESS

    return _bench(f"enrol {who} as {kind}", Command.ENROL_DEVICE, who + u8(kind), act)


def remove(who: EUI64) -> Operation:
    """Remove Device."""

    def act(model: Model, _: bytes) -> int:
        return NOT_FOUND if model.devices.pop(who, None) is None else SUCCESS

    return _bench(f"remove {who}", Command.REMOVE_DEVICE, who, act)


def set_behaviour(number: int) -> Operation:
    """Set Behaviour."""

    def act(model: Model, _: bytes) -> int:
        if number > 2:
            return INVALID_VALUE
        model.behaviour = number
        return SUCCESS

    return _bench(f"behaviour {number}", Command.SET_BEHAVIOUR, u8(number), act)


def set_register(value: bytes) -> Operation:
    """Set Attribute: what the register shows, 6 bytes."""

    def act(model: Model, _: bytes) -> int:
        model.attributes[REGISTER] = u8(Type.UINT48) + value
        return SUCCESS

    payload = u16(REGISTER[0]) + u16(REGISTER[1]) + u8(SUCCESS) + u8(Type.UINT48) + value
    return _bench(f"register {value.hex()}", Command.SET_ATTRIBUTE, payload, act)


def read_behaviour() -> Operation:
    """Read Attributes of the bench: the behaviour."""
    head = Frame(0x0C, 1, 0x01, u16(Attr.BEHAVIOUR) + u8(SUCCESS) + u8(Type.UINT8), BENCH_MANUFACTURER).encode()
    frame = Frame(0x04, 1, 0x00, u16(Attr.BEHAVIOUR), BENCH_MANUFACTURER)
    return Operation("read behaviour", bench_data(frame), lambda model, _: Outcome([head + u8(model.behaviour)], []))


def factory_reset() -> Operation:
    """Factory Reset."""

    def act(model: Model, _: bytes) -> int:
        model.__dict__.update(Model(model.founders).__dict__)
        return SUCCESS

    return _bench("factory reset", Command.FACTORY_RESET, b"", act)


# --- on the home network


def _asked(name: str, who: EUI64, cluster: int, frame: bytes, effect: Callable[[Model, bytes], Outcome]) -> Operation:
    return Operation(name, Data(who, 1, 1, PROFILE_SE, cluster, LINK_KEY, frame), effect)


def _refused(model: Model, who: EUI64, time: bytes, answer: bytes) -> Outcome:
    return Outcome([answer], pushes(model.refuse(who, time)))


def configure(byte: int, control: int, what: Sequence[int], *, future: bool = False) -> Operation:
    """Set Event Configuration by the CHF: of a list of codes; else of the one group, log or byte in `what`."""
    images = [u16(one) if control < 2 else u8(one) for one in what]
    rest = (u8(len(images)) if control == LIST else b"") + b"".join(images)
    frame = ec.set_frame(byte, control, rest, start=FUTURE if future else 0)

    def effect(model: Model, _: bytes) -> Outcome:
        status = model.configure(byte, control, list(what), future=future)
        return Outcome([ec.default_response(ec.SET, status)], [])

    told = " ".join(f"{one:X}" for one in what)
    return _asked(f"configure {byte:02X} by {control}: {told}{' later' * future}", CHF, ec.CLUSTER, frame, effect)


def write(location: bytes, environment: int) -> Operation:
    """Write Attributes Undivided by the CHF: LocationDescription and PhysicalEnvironment, both or none."""
    values = {LOCATION: u8(Type.STRING) + octstr(location), ENVIRONMENT: u8(Type.ENUM8) + u8(environment)}
    frame = b"\x00\x01\x03" + b"".join(u16(attribute) + value for (_, attribute), value in values.items())

    def effect(model: Model, _: bytes) -> Outcome:
        if len(location) > LONGEST_LOCATION:
            return Outcome([b"\x08\x01\x04" + u8(INVALID_VALUE) + u16(LOCATION[1])], [])
        model.attributes.update(values)
        return Outcome([b"\x08\x01\x04\x00"], [])

    return _asked(f"write [{location.hex()}] {environment}", CHF, Cluster.BASIC, frame, effect)


def clear_on_the_han(who: EUI64) -> Operation:
    """Clear Event Log by a device: nobody's right."""
    answer = refusal(command=CLEAR[2])
    return _asked(f"clear by {who}", who, Cluster.EVENTS, CLEAR, lambda model, t: _refused(model, who, t, answer))


def read_log(who: EUI64, query: Query) -> Operation:
    """Get Event Log."""

    def effect(model: Model, time: bytes) -> Outcome:
        if not model.may_read(who, query.control_and_log & 0x0F):
            return _refused(model, who, time, NOT_AUTHORIZED)
        entries = [Entry(*entry) for entry in model.entries if model.may_read(who, entry[0])]
        return Outcome(query.answer(entries), [])

    return _asked(f"{query} by {who}", who, Cluster.EVENTS, query.frame, effect)


def read_configuration(event: int) -> Operation:
    """Get Event Configuration by the CHF, of a code or a group."""

    def effect(model: Model, _: bytes) -> Outcome:
        held = model.configuration
        rows = held if event in ec.GROUPS else {event: held[event]} if event in held else {}
        refused = bytes((0x08 if model.behaviour == 1 else 0x00, 1, 0x0B, ec.GET, NOT_FOUND))
        return Outcome(ec.report(rows) or ([refused] if model.behaviour else []), [])

    return _asked(f"get {event:04X}", CHF, ec.CLUSTER, ec.get(event), effect)


def read_attribute(who: EUI64, place: tuple[int, int]) -> Operation:
    """Read Attributes of one: Basic by everybody, SiteID by the hub."""
    cluster, attribute = place

    def effect(model: Model, time: bytes) -> Outcome:
        if cluster != Cluster.BASIC and not (who == CHF if place == SITE_ID else model.may_read(who, 0)):
            return _refused(model, who, time, NOT_AUTHORIZED)
        return Outcome([b"\x08\x01\x01" + u16(attribute) + u8(SUCCESS) + model.attributes[place]], [])

    frame = b"\x00\x01\x00" + u16(attribute)
    return _asked(f"read {cluster:04X}/{attribute:04X} by {who}", who, cluster, frame, effect)
