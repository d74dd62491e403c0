"""A ZCL frame: header, profile-wide commands (ZCL 2.5), and cluster commands by their tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from .. import zcl
from ..zcl import Cluster, Global, Status
from . import words
from .fields import hex_digits, type_name, typed, u8, u16, u32
from .tables import GLOBAL, Command, attribute, command
from .walk import Field, Walk

NOT_EXECUTED: Final = 0xFF  # the command that a Default Response names behind a failed component (GBCS 7.2.9)
GET_EVENT_CONFIGURATION: Final = 0x05
UNCORRECTED: Final = "; uncorrected: MP078 IRP604 corrects this refusal to 00, the meter is client of Device Management"
BITS: Final = {True: words.configuration, False: None}


@dataclass(frozen=True)
class Place:
    """Where a frame stands: its cluster, if that is known, and whether it answers GCS20r."""

    cluster: int | None
    answers_gcs20r: bool = False


def frame(walk: Walk, place: Place) -> None:
    """A frame from its frame control to its end."""
    start, fc = walk.at, walk.u8("frame control")
    uncorrected = place.answers_gcs20r and _is_uncorrected(walk, fc)
    walk.since(start, "frame control", words.frame_control(fc) + (UNCORRECTED if uncorrected else ""))
    if fc & zcl.MANUFACTURER_SPECIFIC:
        walk.fields((u16("manufacturer code", hex_digits(4)),))
    walk.octets(1, "sequence number", lambda octet: str(octet[0]))
    start, number = walk.at, walk.u8("command")
    known = _command(place, fc, number)
    walk.since(start, "command", _named(number, known, place))
    _payload(walk, place, fc, number, known)
    walk.close("the ZCL frame")


def _is_uncorrected(walk: Walk, fc: int) -> bool:
    """Whether it is the refusal of GCS20r with the direction of IRP550's draft."""
    refused = bytes((Global.DEFAULT_RESPONSE, GET_EVENT_CONFIGURATION))
    return fc == zcl.GLOBAL_TO_CLIENT and walk.data[walk.at + 1 : walk.at + 3] == refused


def header(walk: Walk, cluster: int) -> None:
    """The header of a frame whose payload is encrypted."""
    start, fc = walk.at, walk.u8("frame control")
    walk.since(start, "frame control", words.frame_control(fc))
    walk.octets(1, "sequence number", lambda octet: str(octet[0]))
    _command_row(walk, cluster, fc)


def control_and_command(walk: Walk, cluster: int) -> None:
    """Frame control and command without a sequence number between them, as an alert has them."""
    start, fc = walk.at, walk.u8("frame control")
    walk.since(start, "frame control", words.frame_control(fc))
    _command_row(walk, cluster, fc)


def _command_row(walk: Walk, cluster: int, fc: int) -> None:
    place = Place(cluster)
    start, number = walk.at, walk.u8("command")
    walk.since(start, "command", _named(number, _command(place, fc, number), place))


def _command(place: Place, fc: int, number: int) -> Command | None:
    if fc & zcl.MANUFACTURER_SPECIFIC:
        return None
    if fc & zcl.TYPE_MASK == zcl.TYPE_GLOBAL:
        return Command(GLOBAL[Global(number)]) if number in set(Global) else None
    return command(place.cluster, number, to_client=bool(fc & zcl.SERVER_TO_CLIENT))


def _named(number: int, known: Command | None, place: Place) -> str:
    if known:
        return f"{number:02X} {known.name}"
    return f"{number:02X} " + ("needs --cluster to be named" if place.cluster is None else "no command that is known")


def _payload(walk: Walk, place: Place, fc: int, number: int, known: Command | None) -> None:
    if fc & zcl.TYPE_MASK == zcl.TYPE_GLOBAL and known:
        _global(walk, place, fc, number)
    elif known and known.name == "Set Event Configuration":
        _set_event_configuration(walk)
    elif known is None or known.fields is None:
        walk.rest("payload", "not decoded")
    else:
        walk.fields(known.fields)
        while known.repeated and walk.left:
            walk.record(known.record, known.repeated)


def _set_event_configuration(walk: Walk) -> None:
    """Its sub-payload depends on its control (ZSE, Device Management)."""
    walk.fields((u32("issuer event id", words.utc), u32("start", words.utc_or_now)))
    walk.fields((u8("configuration", words.configuration),))
    names = ("a list of events", "a group of events", "every event of a log", "every event with a byte")
    start, control = walk.at, walk.u8("control")
    walk.since(start, "control", names[control] if control < len(names) else "reserved")
    if control == 0:
        count = walk.octets(1, "number of events", lambda octet: str(octet[0]))[0]
        for _ in range(count):
            walk.fields((u16("event id", words.event),))
    elif control < len(names):
        walk.fields(_SUB_PAYLOAD[control])
    else:
        walk.rest("payload", "not decoded")


_SUB_PAYLOAD: Final[dict[int, tuple[Field, ...]]] = {
    1: (u16("group id", words.event),),
    2: (u8("log id", words.log),),
    3: (u8("byte now", words.configuration),),
}


def _global(walk: Walk, place: Place, fc: int, number: int) -> None:
    """The payload of a profile-wide command."""
    if number == Global.DEFAULT_RESPONSE:
        walk.fields((u8("command answered", partial(_answered, place, fc)), u8("status", words.status)))
    elif number in (Global.WRITE_RESPONSE, Global.CONFIGURE_REPORTING_RESPONSE) and walk.left == 1:
        walk.fields((u8("status", words.status),))
    elif number not in _records(place):
        walk.rest("payload", "not decoded")
    else:
        walk.fields(_FIRST.get(Global(number), ()))
        repeated = _records(place)[Global(number)]
        while repeated and walk.left:
            walk.record("command" if number in _OF_COMMANDS else "attribute", repeated)


def _answered(place: Place, fc: int, number: int) -> str:
    """The command that a Default Response names: of the other direction, cluster-specific or profile-wide."""
    if number == NOT_EXECUTED:
        return "FF not executed, since a component before it failed"
    to_client = not fc & zcl.SERVER_TO_CLIENT or place.answers_gcs20r
    known = command(place.cluster, number, to_client=to_client)
    names = [known.name] if known else []
    if number in set(Global) and not place.answers_gcs20r:
        names.append(f"profile-wide {GLOBAL[Global(number)]}")
    return f"{number:02X} {' or '.join(names) or 'no command that is known'}"


_OF_COMMANDS: Final = (Global.DISCOVER_RECEIVED_RESPONSE, Global.DISCOVER_GENERATED_RESPONSE)
_FIRST: Final = {
    Global.DISCOVER: (u16("first attribute", hex_digits(4)), u8("most attributes")),
    Global.DISCOVER_EXTENDED: (u16("first attribute", hex_digits(4)), u8("most attributes")),
    Global.DISCOVER_RECEIVED: (u8("first command", hex_digits(2)), u8("most commands")),
    Global.DISCOVER_GENERATED: (u8("first command", hex_digits(2)), u8("most commands")),
    Global.DISCOVER_RESPONSE: (u8("complete"),),
    Global.DISCOVER_EXTENDED_RESPONSE: (u8("complete"),),
    Global.DISCOVER_RECEIVED_RESPONSE: (u8("complete"),),
    Global.DISCOVER_GENERATED_RESPONSE: (u8("complete"),),
}


def _records(place: Place) -> dict[Global, tuple[Field, ...]]:
    """What each profile-wide command repeats; none for those that only have first fields."""
    one = u16("attribute", partial(attribute, place.cluster))
    bits = BITS[place.cluster == Cluster.DEVICE_MANAGEMENT]
    typed_value = Field("value", partial(typed, bits=bits))
    result = Field("result", lambda walk: _result(walk, typed_value))
    kind, direction = u8("type", type_name), u8("direction", lambda value: f"direction {value}")
    status, access = u8("status", words.status), u8("access", lambda value: f"access {value:02X}")
    command_id = u8("command", hex_digits(2))
    return {
        Global.READ: (one,),
        Global.READ_RESPONSE: (one, result),
        **dict.fromkeys((Global.WRITE, Global.WRITE_UNDIVIDED, Global.WRITE_NO_RESPONSE), (one, typed_value)),
        Global.REPORT: (one, typed_value),
        Global.WRITE_RESPONSE: (status, one),
        Global.CONFIGURE_REPORTING_RESPONSE: (status, direction, one),
        Global.READ_REPORTING: (direction, one),
        Global.DISCOVER: (),
        Global.DISCOVER_EXTENDED: (),
        Global.DISCOVER_RECEIVED: (),
        Global.DISCOVER_GENERATED: (),
        Global.DISCOVER_RESPONSE: (one, kind),
        Global.DISCOVER_EXTENDED_RESPONSE: (one, kind, access),
        Global.DISCOVER_RECEIVED_RESPONSE: (command_id,),
        Global.DISCOVER_GENERATED_RESPONSE: (command_id,),
    }


def _result(walk: Walk, typed_value: Field) -> str:
    """Of a record of Read Attributes Response: status, and the value where that is SUCCESS."""
    status = walk.u8("status")
    said = words.status(status)
    return said if status != Status.SUCCESS else f"{said}, {typed_value.read(walk)}"
