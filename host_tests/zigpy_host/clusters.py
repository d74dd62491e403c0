"""zigpy definitions of the two Smart Energy clusters that zigpy 2.4.0 registers empty.

This file uses zigpy (GPL-3.0), installed separately as a development dependency.

Importing it replaces the stubs in zigpy's cluster registry, so import it before an application object is built.
A command's direction comes from the class that it stands in: ServerCommandDefs hold what the server of the
cluster receives (client to server), ClientCommandDefs what its client receives. The meter is the CLIENT of
Device Management and the SERVER of Events.

Sources: ZSE 1.4 Device Management (D.9) and Events (D.10); GBCS GCS20, GCS20r, CS10a, CS10b, CS11.
"""

from typing import Any, Final, cast

import zigpy.types as t
from zigpy.zcl import Cluster
from zigpy.zcl.foundation import BaseCommandDefs, CommandSchema, ZCLCommandDef

# Values of the control byte of Set Event Configuration: how its sub-payload names the events (ZSE D.9).
APPLY_BY_LIST: Final = 0
APPLY_BY_GROUP: Final = 1
APPLY_BY_LOG: Final = 2
APPLY_BY_MATCH: Final = 3


def command(command_id: int, fields: type[CommandSchema] | dict[str, Any]) -> ZCLCommandDef:
    """A command definition: its id and its fields, in wire order."""
    # zigpy takes a plain int and a dict here, but its annotations name only what it turns them into.
    define = cast("Any", ZCLCommandDef)
    return cast("ZCLCommandDef", define(id=command_id, schema=fields))


def _when(control: int) -> Any:
    """A field that is there only under this value of the field `control`."""
    return t.StructField(requires=lambda command: bool(cast("Any", command).control == control))


class EventConfiguration(t.Struct):
    """One record of Report Event Configuration, 3 bytes."""

    event_id: t.uint16_t
    configuration: t.bitmap8


class LogEntry(t.Struct):
    """One record of Publish Event Log, 8 bytes and the data."""

    log_id: t.uint8_t
    event_id: t.uint16_t
    time: t.UTCTime
    data: t.LVBytes


class SetEventConfigurationSchema(CommandSchema):
    """Set Event Configuration: ten fixed bytes, then one of four sub-payloads, chosen by `control`.

    A control above 3 has no sub-payload here; what follows it stays unread and fails an exact length check.
    """

    issuer_event_id: t.uint32_t
    start_time: t.UTCTime
    configuration: t.bitmap8
    control: t.uint8_t
    event_ids: t.LVList[t.uint16_t, t.uint8_t] = _when(APPLY_BY_LIST)
    group_id: t.uint16_t = _when(APPLY_BY_GROUP)
    log_id: t.uint8_t = _when(APPLY_BY_LOG)
    match_value: t.bitmap8 = _when(APPLY_BY_MATCH)


class DeviceManagement(Cluster):
    """Cluster 0708, all commands of both directions."""

    cluster_id = cast("t.uint16_t", 0x0708)
    ep_attribute = "smartenergy_device_management"

    class ServerCommandDefs(BaseCommandDefs):
        """Client to server: what the meter sends, frame control 01."""

        get_change_of_tenancy = command(0x00, {})
        get_change_of_supplier = command(0x01, {})
        request_new_password = command(0x02, {"password_type": t.uint8_t})
        get_site_id = command(0x03, {})
        report_event_configuration = command(
            0x04,
            {
                "command_index": t.uint8_t,
                "total_commands": t.uint8_t,
                "entries": t.List[EventConfiguration],
            },
        )
        get_cin = command(0x05, {})

    class ClientCommandDefs(BaseCommandDefs):
        """Server to client: what reaches the meter, frame control 09."""

        publish_change_of_tenancy = command(
            0x00,
            {
                "provider_id": t.uint32_t,
                "issuer_event_id": t.uint32_t,
                "tariff_type": t.uint8_t,
                "implementation_time": t.UTCTime,
                "control": t.bitmap32,
            },
        )
        publish_change_of_supplier = command(
            0x01,
            {
                "current_provider_id": t.uint32_t,
                "issuer_event_id": t.uint32_t,
                "tariff_type": t.uint8_t,
                "proposed_provider_id": t.uint32_t,
                "implementation_time": t.UTCTime,
                "control": t.bitmap32,
                "provider_name": t.LVBytes,
                "provider_contact": t.LVBytes,
            },
        )
        request_new_password_response = command(
            0x02,
            {
                "issuer_event_id": t.uint32_t,
                "implementation_time": t.UTCTime,
                "duration_minutes": t.uint16_t,
                "password_type": t.uint8_t,
                "password": t.LVBytes,
            },
        )
        update_site_id = command(
            0x03,
            {
                "issuer_event_id": t.uint32_t,
                "implementation_time": t.UTCTime,
                "provider_id": t.uint32_t,
                "site_id": t.LVBytes,
            },
        )
        set_event_configuration = command(0x04, SetEventConfigurationSchema)
        get_event_configuration = command(0x05, {"event_id": t.uint16_t})
        update_cin = command(
            0x06,
            {
                "issuer_event_id": t.uint32_t,
                "implementation_time": t.UTCTime,
                "provider_id": t.uint32_t,
                "customer_id_number": t.LVBytes,
            },
        )


class Events(Cluster):
    """Cluster 0709, all commands of both directions."""

    cluster_id = cast("t.uint16_t", 0x0709)
    ep_attribute = "smartenergy_events"

    class ServerCommandDefs(BaseCommandDefs):
        """Client to server: what reaches the meter, frame control 01."""

        get_event_log = command(
            0x00,
            {
                "event_control_log_id": t.uint8_t,
                "event_id": t.uint16_t,
                "start_time": t.UTCTime,
                "end_time": t.UTCTime,
                "number_of_events": t.uint8_t,
                "event_offset": t.uint16_t,
            },
        )
        clear_event_log_request = command(0x01, {"log_id": t.uint8_t})

    class ClientCommandDefs(BaseCommandDefs):
        """Server to client: what the meter sends, frame control 09, and 19 for Publish Event Log."""

        publish_event = command(
            0x00,
            {
                "log_id": t.uint8_t,
                "event_id": t.uint16_t,
                "event_time": t.UTCTime,
                "event_control": t.bitmap8,
                "event_data": t.LVBytes,
            },
        )
        publish_event_log = command(
            0x01,
            {
                "total_matching_events": t.uint16_t,
                "command_index": t.uint8_t,
                "total_commands": t.uint8_t,
                "log_payload_control": t.uint8_t,
                "entries": t.List[LogEntry],
            },
        )
        clear_event_log_response = command(0x02, {"cleared_event_logs": t.bitmap8})
