"""Names of clusters, attributes and commands, and what commands carry (ZCL r7, ZSE 1.4; GBCS use case annex)."""

from __future__ import annotations

from typing import Final, NamedTuple

from ..zcl import Cluster, Global
from . import words
from .fields import hex_digits, number, octstr, u8, u16, u32
from .walk import Field

CLUSTERS: Final = {int(cluster): cluster.name.replace("_", " ").title() for cluster in Cluster} | {
    0x0015: "Commissioning",
    0x0019: "OTA Upgrade",
    0x0025: "Keep-Alive",
    0x0701: "Demand Response and Load Control",
    0x0706: "Energy Management",
    0x070A: "MDU Pairing",
    0x070B: "Sub-GHz",
    0x0B01: "Meter Identification",
    0x0B05: "Diagnostics",
}

ATTRIBUTES: Final = {
    Cluster.BASIC: {
        0x0000: "ZCLVersion",
        0x0003: "HWVersion",
        0x0004: "ManufacturerName",
        0x0005: "ModelIdentifier",
        0x0007: "PowerSource",
        0x0011: "PhysicalEnvironment",
    },
    Cluster.IDENTIFY: {0x0000: "IdentifyTime"},
    Cluster.TIME: {0x0000: "Time", 0x0001: "TimeStatus"},
    Cluster.METERING: {
        0x0000: "CurrentSummationDelivered",
        0x0014: "SupplyStatus",
        0x0200: "Status",
        0x0205: "RemainingBatteryLifeInDays",
        0x0206: "CurrentMeterID (firmware version)",
        0x0300: "UnitOfMeasure",
        0x0301: "Multiplier",
        0x0302: "Divisor",
        0x0303: "SummationFormatting",
        0x0306: "MeteringDeviceType",
        0x0307: "SiteID (MPRN)",
        0x0311: "CustomerIDNumber",
        0x0607: "SupplyTamperState",
        0x0608: "SupplyDepletionState",
        0x0A00: "BillToDateDelivered",
    }
    | {0x0100 + 2 * tier: f"CurrentTier{tier + 1}SummationDelivered" for tier in range(4)}
    | {0x0700 + block: f"CurrentBlock{block + 1}SummationDelivered" for block in range(4)},
    Cluster.TUNNELING: {0x0000: "CloseTunnelTimeout"},
    Cluster.KEY_ESTABLISHMENT: {0x0000: "KeyEstablishmentSuite"},
}
GLOBAL: Final = {
    Global.READ: "Read Attributes",
    Global.READ_RESPONSE: "Read Attributes Response",
    Global.WRITE: "Write Attributes",
    Global.WRITE_UNDIVIDED: "Write Attributes Undivided",
    Global.WRITE_RESPONSE: "Write Attributes Response",
    Global.WRITE_NO_RESPONSE: "Write Attributes No Response",
    Global.CONFIGURE_REPORTING: "Configure Reporting",
    Global.CONFIGURE_REPORTING_RESPONSE: "Configure Reporting Response",
    Global.READ_REPORTING: "Read Reporting Configuration",
    Global.READ_REPORTING_RESPONSE: "Read Reporting Configuration Response",
    Global.REPORT: "Report Attributes",
    Global.DEFAULT_RESPONSE: "Default Response",
    Global.DISCOVER: "Discover Attributes",
    Global.DISCOVER_RESPONSE: "Discover Attributes Response",
    Global.READ_STRUCTURED: "Read Attributes Structured",
    Global.WRITE_STRUCTURED: "Write Attributes Structured",
    Global.WRITE_STRUCTURED_RESPONSE: "Write Attributes Structured Response",
    Global.DISCOVER_RECEIVED: "Discover Commands Received",
    Global.DISCOVER_RECEIVED_RESPONSE: "Discover Commands Received Response",
    Global.DISCOVER_GENERATED: "Discover Commands Generated",
    Global.DISCOVER_GENERATED_RESPONSE: "Discover Commands Generated Response",
    Global.DISCOVER_EXTENDED: "Discover Attributes Extended",
    Global.DISCOVER_EXTENDED_RESPONSE: "Discover Attributes Extended Response",
}
EVERY_CLUSTER: Final = {0xFFFD: "ClusterRevision", 0xFFFE: "AttributeReportingStatus"}


class Command(NamedTuple):
    """A command: its fields, then records of `repeated` up to its end. Without fields it is named, not decoded."""

    name: str
    fields: tuple[Field, ...] | None = None
    repeated: tuple[Field, ...] = ()
    record: str = ""


def attribute(cluster: int | None, number: int) -> str:
    """An attribute's id and name; those that every cluster has need no cluster."""
    name = EVERY_CLUSTER.get(number)
    if cluster == Cluster.DEVICE_MANAGEMENT and number >> 8 == 0x81:  # an event's configuration
        return words.event(number)
    if cluster is not None:
        name = ATTRIBUTES.get(Cluster(cluster), {}).get(number, name) if cluster in set(Cluster) else name
    return f"{number:04X} {name or ('' if cluster is None else 'no attribute that is known')}".rstrip()


def cluster_name(number: int) -> str:
    """A cluster's id and name."""
    return f"{number:04X} {CLUSTERS.get(number, 'no cluster of a meter')}"


_ISSUER: Final = u32("issuer event id", words.utc)
_TIME: Final = u32("time", words.utc)
_PROVIDER: Final = u32("provider id", hex_digits(8))
_IMPLEMENTATION: Final = u32("implementation time", words.utc_or_now)
_ENTRY: Final = (
    u8("log id", words.log),
    u16("event id", words.event),
    u32("time", words.utc),
    octstr("event data", quiet=True),
)
_INDEX: Final = (u8("command index"), u8("total commands"))
_TUNNEL: Final = u16("tunnel id")

# By cluster, whether it goes from server to client, and command id.
_MANAGEMENT_TO_SERVER: Final = {
    0x00: Command("Get Change Of Tenancy", ()),
    0x01: Command("Get Change Of Supplier", ()),
    0x02: Command("Request New Password", (u8("password type"),)),
    0x03: Command("Get Site ID", ()),
    0x04: Command(
        "Report Event Configuration", _INDEX, (u16("event id", words.event), u8("byte", words.configuration)), "event"
    ),
    0x05: Command("Get CIN", ()),
}
_MANAGEMENT_TO_CLIENT: Final = {
    0x00: Command(
        "Publish Change Of Tenancy",
        (_PROVIDER, _ISSUER, u8("tariff type"), _IMPLEMENTATION, u32("control", hex_digits(8))),
    ),
    0x01: Command(
        "Publish Change Of Supplier",
        (
            *(_PROVIDER, _ISSUER, u8("tariff type"), u32("proposed provider id", hex_digits(8)), _IMPLEMENTATION),
            *(u32("control", hex_digits(8)), octstr("provider name"), octstr("contact details")),
        ),
    ),
    0x02: Command(
        "Request New Password Response",
        (_ISSUER, _IMPLEMENTATION, u16("duration in minutes"), u8("password type"), octstr("password")),
    ),
    0x03: Command("Update Site ID", (_ISSUER, _IMPLEMENTATION, _PROVIDER, octstr("site id"))),
    0x04: Command("Set Event Configuration", ()),  # its fields: explain/zcl.py
    0x05: Command("Get Event Configuration", (u16("event id", words.event),)),
    0x06: Command("Update CIN", (_ISSUER, _IMPLEMENTATION, _PROVIDER, octstr("CIN"))),
}
_EVENTS_TO_SERVER: Final = {
    0x00: Command(
        "Get Event Log",
        (
            *(u8("control and log id", words.asked_log), u16("event id", words.event)),
            *(u32("start", words.utc_or_start), u32("end", words.utc)),
            *(u8("number of events", lambda count: str(count or "all")), u16("offset")),
        ),
    ),
    0x01: Command("Clear Event Log Request", (u8("log id", words.log),)),
}
_EVENTS_TO_CLIENT: Final = {
    0x00: Command(
        "Publish Event",
        (*_ENTRY[:3], u8("event control", words.event_control), octstr("event data")),
    ),
    0x01: Command(
        "Publish Event Log", (u16("total events"), *_INDEX, u8("payload control", hex_digits(2))), _ENTRY, "log entry"
    ),
    0x02: Command("Clear Event Log Response", (u8("cleared logs", words.cleared_logs),)),
}
_METERING_TO_SERVER: Final = {
    0x00: Command("Get Profile"),
    0x01: Command("Request Mirror Response", (u16("endpoint", hex_digits(4)),)),
    0x02: Command("Mirror Removed", (u16("endpoint", hex_digits(4)),)),
    0x06: Command("Get Snapshot", (_TIME, u32("end", words.utc), u8("offset"), u32("cause", hex_digits(8)))),
    0x07: Command("Start Sampling"),
    0x08: Command("Get Sampled Data", (u16("sample id"), _TIME, u8("sample type"), u16("number of samples"))),
    0x09: Command(
        "Mirror Report Attribute Response", (u8("scheme"),), (u32("flags", hex_digits(8)),), "notification flags"
    ),
    0x0B: Command(
        "Change Supply",
        (_PROVIDER, _ISSUER, _TIME, _IMPLEMENTATION, u8("proposed status"), u8("control", hex_digits(2))),
    ),
    0x0D: Command("Set Supply Status"),
    0x0E: Command("Set Uncontrolled Flow Threshold"),
}
_METERING_TO_CLIENT: Final = {
    0x00: Command("Get Profile Response"),
    0x01: Command("Request Mirror", ()),
    0x02: Command("Remove Mirror", ()),
    0x06: Command("Publish Snapshot"),
    0x07: Command("Get Sampled Data Response"),
    0x08: Command("Configure Mirror", (_ISSUER, number("interval in seconds", 3), u8("notification"), u8("scheme"))),
    0x0A: Command("Configure Notification Flags"),
    0x0B: Command(
        "Get Notified Message", (u8("scheme"), u16("flag attribute", hex_digits(4)), u32("flags", hex_digits(8)))
    ),
    0x0C: Command("Supply Status Response", (_PROVIDER, _ISSUER, _IMPLEMENTATION, u8("status"))),
    0x0D: Command("Start Sampling Response", (u16("sample id"),)),
}
_TUNNELING_TO_SERVER: Final = {
    0x00: Command(
        "Request Tunnel",
        (u8("protocol"), u16("manufacturer", hex_digits(4)), u8("flow control"), u16("most octets in")),
    ),
    0x01: Command("Close Tunnel", (_TUNNEL,)),
    0x02: Command("Transfer Data"),
    0x03: Command("Transfer Data Error", (_TUNNEL, u8("transfer status"))),
}
_TUNNELING_TO_CLIENT: Final = {
    0x00: Command("Request Tunnel Response", (_TUNNEL, u8("tunnel status"), u16("most octets in"))),
    0x01: Command("Transfer Data"),
    0x02: Command("Transfer Data Error", (_TUNNEL, u8("transfer status"))),
    0x06: Command("Tunnel Closure Notification", (_TUNNEL,)),
}
COMMANDS: Final = {
    (Cluster.DEVICE_MANAGEMENT, False): _MANAGEMENT_TO_SERVER,
    (Cluster.DEVICE_MANAGEMENT, True): _MANAGEMENT_TO_CLIENT,
    (Cluster.EVENTS, False): _EVENTS_TO_SERVER,
    (Cluster.EVENTS, True): _EVENTS_TO_CLIENT,
    (Cluster.METERING, False): _METERING_TO_SERVER,
    (Cluster.METERING, True): _METERING_TO_CLIENT,
    (Cluster.TUNNELING, False): _TUNNELING_TO_SERVER,
    (Cluster.TUNNELING, True): _TUNNELING_TO_CLIENT,
    (Cluster.IDENTIFY, False): {
        0x00: Command("Identify", (u16("time in seconds"),)),
        0x01: Command("Identify Query", ()),
    },
    (Cluster.IDENTIFY, True): {0x00: Command("Identify Query Response", (u16("time in seconds"),))},
}


def command(cluster: int | None, number: int, *, to_client: bool) -> Command | None:
    """A cluster's command; the two directions have two lists."""
    known = COMMANDS.get((Cluster(cluster), to_client), {}) if cluster in set(Cluster) else {}
    return known.get(number)
