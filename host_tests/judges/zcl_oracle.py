"""Decodes every ZCL frame of this meter with zigpy's definitions, and wants the exact length.

zigpy (GPL-3.0) is a separately installed development dependency. Its decoders stop at the last field and say nothing
of what is left over; here not one byte may be left, and none may be missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import zigpy.types as t
from zigpy.zcl import Cluster, foundation
from zigpy.zcl.clusters.general import Basic, Identify, Time
from zigpy.zcl.clusters.smartenergy import Metering
from zigpy.zdo import types as zdo_types

from host_tests.zigpy_host.clusters import DeviceManagement, Events
from host_tests.zigpy_host.tunneling import Tunneling

Plain = Any  # int, float, bool, str, bytes, None, a list of these, or a dict from names to these

CLUSTERS: Final[dict[int, type[Cluster]]] = {
    0x0000: Basic,
    0x0003: Identify,
    0x000A: Time,
    0x0702: Metering,
    0x0704: Tunneling,
    0x0708: DeviceManagement,
    0x0709: Events,
}
# zigpy keys its tables by enumerations; plain ids are what a frame has.
_GLOBAL_COMMANDS: Final[dict[int, tuple[str, Any]]] = {
    int(command): (command.name, definition.schema) for command, definition in foundation.GENERAL_COMMANDS.items()
}
_ZDO_COMMANDS: Final[dict[int, Any]] = {int(command): fields for command, fields in zdo_types.CLUSTERS.items()}
_deserialize: Final[Any] = t.deserialize

KNOWN_STATUSES: Final = frozenset(int(status) for status in foundation.Status)
# Lists that have a record at least, or the frame would say nothing.
NEVER_EMPTY: Final = frozenset(
    {"attribute_ids", "attributes", "attribute_reports", "attribute_records", "attribute_configs"}
    | {"config_records", "status_records", "entries"}
)
DEFAULT_RESPONSE: Final = 0x0B
_RESERVED_TYPES: Final = 0x02
_ZDO_SUCCESS: Final = 0
_ZDO_BARE: Final = 2  # sequence number and status: all that a refusal of ZDO needs


@dataclass(frozen=True)
class Decoded:
    """One ZCL frame. `direction` is 0 client to server or 1; `manufacturer` None without the code.

    `fields` has the payload's fields by zigpy's names. A value with its type is {"type": id, "value": ...}.
    """

    cluster: int
    cluster_specific: bool
    manufacturer: int | None
    direction: int
    disable_default_response: bool
    tsn: int
    command: int
    name: str
    fields: dict[str, Plain]

    @property
    def status(self) -> int | None:
        """Status of a Default Response, None for every other frame."""
        return None if self.cluster_specific or self.command != DEFAULT_RESPONSE else int(self.fields["status"])


def judge(cluster: int, asdu: bytes) -> Decoded:
    """Decode a frame; AssertionError, with the bytes, if it is not one whole frame of a known command."""
    where = f"cluster {cluster:04X}, frame {asdu.hex(' ')}"
    header, payload = _attempt(lambda: foundation.ZCLHeader.deserialize(asdu), f"{where}: header")
    control = header.frame_control
    assert control.frame_type < _RESERVED_TYPES, f"{where}: reserved frame type {int(control.frame_type)}"
    assert not control.reserved, f"{where}: reserved bits are set in the frame control"
    name, schema = _command(cluster, header, where)
    fields = _fields(schema, payload, f"{where}: {name}")
    _check_meaning(fields, f"{where}: {name}")
    return Decoded(
        cluster=cluster,
        cluster_specific=bool(control.is_cluster),
        manufacturer=None if header.manufacturer is None else int(header.manufacturer),
        direction=int(control.direction),
        disable_default_response=bool(control.disable_default_response),
        tsn=int(header.tsn),
        command=int(header.command_id),
        name=name,
        fields=fields,
    )


def judge_zdo(cluster: int, asdu: bytes) -> dict[str, Plain]:
    """Decode a ZDO frame (profile 0) in the same way; a refusal may end behind its status."""
    where = f"ZDO cluster {cluster:04X}, frame {asdu.hex(' ')}"
    assert cluster in _ZDO_COMMANDS, f"{where}: no such cluster"
    assert asdu, f"{where}: no sequence number"
    tsn, payload = asdu[0], asdu[1:]
    if cluster & 0x8000 and len(asdu) == _ZDO_BARE and payload[0] != _ZDO_SUCCESS:
        return {"tsn": tsn, "Status": payload[0]}
    names, kinds = _ZDO_COMMANDS[cluster]
    values, rest = _attempt(lambda: _deserialize(payload, kinds), where)
    assert not rest, f"{where}: {len(rest)} bytes too many: {rest.hex(' ')}"
    return {"tsn": tsn, **{name: plain(value) for name, value in zip(names, values, strict=True)}}


def _attempt(decode: Callable[[], tuple[Any, Any]], where: str) -> tuple[Any, Any]:
    """Run a decoder; whatever it raises becomes an AssertionError."""
    try:
        return decode()
    except Exception as error:  # zigpy raises ValueError, KeyError and AssertionError for short or odd data
        raise AssertionError(f"{where}: cannot be decoded ({type(error).__name__}: {error})") from error


def _command(cluster: int, header: foundation.ZCLHeader, where: str) -> tuple[str, Any]:
    """Name and schema of the command that the header names."""
    command = int(header.command_id)
    if header.frame_control.is_general:
        assert command in _GLOBAL_COMMANDS, f"{where}: no global command {command:02X}"
        return _GLOBAL_COMMANDS[command]
    assert cluster in CLUSTERS, f"{where}: no definitions of this cluster"
    to_client = header.frame_control.direction is foundation.Direction.Server_to_Client
    table = CLUSTERS[cluster].client_commands if to_client else CLUSTERS[cluster].server_commands
    assert command in table, f"{where}: no command {command:02X} to the {'client' if to_client else 'server'}"
    return table[command].name, table[command].schema


def _fields(schema: Any, payload: bytes, where: str) -> dict[str, Plain]:
    value, rest = _attempt(lambda: schema.deserialize(payload), where)
    assert not rest, f"{where}: {len(rest)} bytes too many: {rest.hex(' ')}"
    fields = plain(value)
    assert isinstance(fields, dict), where
    return fields


def _check_meaning(fields: dict[str, Plain], where: str) -> None:
    """What zigpy decodes without complaint and what is wrong all the same."""
    if "status" in fields:
        assert fields["status"] in KNOWN_STATUSES, f"{where}: status {fields['status']:02X} is reserved"
    for name in NEVER_EMPTY & fields.keys():
        assert fields[name], f"{where}: no record in {name}"
    records = fields.get("status_records", [])
    for record in records:
        assert record["status"] in KNOWN_STATUSES, f"{where}: status {record['status']:02X} is reserved"
        # All well is one byte in the responses to Write and Configure; only failures are listed.
        whole = "value" in record or record["status"] or (len(records) == 1 and record.get("attrid") is None)
        assert whole, f"{where}: a SUCCESS among the failures"


def plain(value: Any) -> Plain:
    """Turn a value of zigpy's into plain Python."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, foundation.TypeValue):
        return {"type": int(value.type), "value": plain(value.value)}
    if isinstance(value, t.Struct):
        return {field.name: plain(getattr(value, field.name)) for field in value.fields}
    if isinstance(value, foundation.ReadAttributeRecord | foundation.AttributeReportingConfig):
        return {name: plain(item) for name, item in vars(value).items()}
    for kind in (Enum, int, float, str, bytes):
        if isinstance(value, kind):
            return _scalar(value)
    return [plain(item) for item in value]


def _scalar(value: Any) -> Plain:
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return bytes(value)
