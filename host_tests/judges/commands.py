"""The ZCL commands that reach the gas meter and that it sends: ids, names, layouts, and a valid payload of each.

Sources: ZCL 2.5 (global commands), ZCL 3.5 (Identify), ZSE D.3 (Metering), D.9 (Device Management), D.10 (Events);
GBCS GCS20, GCS20r, GCS36, GCS41, GCS44, CS10a, CS10b, CS11. Payloads are hex, little-endian, spaces at field borders.
"""

from dataclasses import dataclass, field
from typing import Final

from host_tests.judges.layout import Field, Kind, Layout
from host_tests.judges.meter_map import BENCH, DEVICE_MANAGEMENT, EVENTS, IDENTIFY, METERING, TUNNELING, Side

HEADER: Final = 3  # frame control, sequence number, command; a manufacturer code adds two
GLOBAL: Final = 0x00
CLUSTER_SPECIFIC: Final = 0x01
MANUFACTURER_SPECIFIC: Final = 0x04
DIRECTION: Final = 0x08
DISABLE_DEFAULT_RESPONSE: Final = 0x10

READ_ATTRIBUTES: Final = 0x00
WRITE_ATTRIBUTES_NO_RESPONSE: Final = 0x05
REPORT_ATTRIBUTES: Final = 0x0A
DEFAULT_RESPONSE: Final = 0x0B

MOST_EVENTS: Final = 44  # configurable codes
MOST_ENTRIES: Final = 100  # entries of a log


@dataclass(frozen=True)
class Command:
    """One command. `sample` is a valid payload, `variant` tells apart the forms of one id.

    `silent`: it is never answered, whatever it says.
    """

    id: int
    name: str
    layout: Layout = field(default_factory=Layout)
    sample: bytes = b""
    variant: str = ""
    silent: bool = False

    @property
    def title(self) -> str:
        """The name as a test case spells it."""
        return "_".join(f"{self.name} {self.variant}".upper().split())


def _u8(name: str) -> Field:
    return Field(name)


def _u16(name: str) -> Field:
    return Field(name, 2)


def _u32(name: str) -> Field:
    return Field(name, 4)


_ATTRIBUTE: Final = _u16("attribute")
_TYPED: Final = Field("type and value", kind=Kind.TYPED)
_VALUES: Final = Layout(records=(_ATTRIBUTE, _TYPED))
_STATUSES: Final = Layout(records=(_u8("status"),))
_REPORTING: Final = (_u8("direction"), _ATTRIBUTE, Field("configuration", kind=Kind.REPORTING))


def _from(start: Field, most: int) -> Layout:
    """Where a discovery starts, and the most rows that it wants: `most` fill a HAN answer of 80 bytes."""
    return Layout((start, Field("maximum", kind=Kind.LIMIT, most=most)))


def _global(command: int, name: str, layout: Layout, sample: str, *, silent: bool = False) -> Command:
    return Command(command, name, layout, bytes.fromhex(sample), silent=silent)


# Global commands that the meter serves. Attribute FEFE is on no cluster: where it is named the answer is an error of
# the record, not of the frame, and nothing changes.
GLOBAL_REQUESTS: Final = (
    _global(0x00, "Read Attributes", Layout(records=(_ATTRIBUTE,)), "0000 FEFE"),
    _global(0x02, "Write Attributes", _VALUES, "FEFE 20 05 FEFE 42 02 4142"),
    _global(0x03, "Write Attributes Undivided", _VALUES, "FEFE 20 05 FEFE 41 02 4142"),
    _global(0x05, "Write Attributes No Response", _VALUES, "FEFE 20 05", silent=True),
    _global(0x06, "Configure Reporting", Layout(records=_REPORTING), "00 FEFE 20 0100 3C00 01 01 FEFE 7800"),
    _global(0x08, "Read Reporting Configuration", Layout(records=(_u8("direction"), _ATTRIBUTE)), "00 0000 01 FEFE"),
    _global(0x0C, "Discover Attributes", _from(_u16("start"), 25), "0000 10"),
    _global(0x11, "Discover Commands Received", _from(_u8("start"), 76), "00 10"),
    _global(0x13, "Discover Commands Generated", _from(_u8("start"), 76), "00 10"),
    _global(0x15, "Discover Attributes Extended", _from(_u16("start"), 19), "0000 10"),
)

# Global commands that are answers or reports. Nobody has asked for these: they are never answered.
GLOBAL_ANSWERS: Final = (
    _global(0x01, "Read Attributes Response", _STATUSES, "FEFE 86", silent=True),
    _global(0x04, "Write Attributes Response", _STATUSES, "00", silent=True),
    _global(0x07, "Configure Reporting Response", _STATUSES, "00", silent=True),
    _global(0x09, "Read Reporting Configuration Response", _STATUSES, "86 00 FEFE", silent=True),
    _global(0x0A, "Report Attributes", _VALUES, "FEFE 20 05", silent=True),
    _global(0x0B, "Default Response", Layout((_u8("command"), _u8("status"))), "05 8B", silent=True),
    _global(0x0D, "Discover Attributes Response", _STATUSES, "01 FEFE 20", silent=True),
    _global(0x10, "Write Attributes Structured Response", _STATUSES, "00", silent=True),
    _global(0x12, "Discover Commands Received Response", _STATUSES, "01 00", silent=True),
    _global(0x14, "Discover Commands Generated Response", _STATUSES, "01 00", silent=True),
    _global(0x16, "Discover Attributes Extended Response", _STATUSES, "01 FEFE 20 01", silent=True),
)
GLOBAL_COMMANDS: Final = (*GLOBAL_REQUESTS, *GLOBAL_ANSWERS)

# Set Event Configuration: issuer event u32, start UTC, configuration map8, control u8, then one of four forms.
_SET: Final = (_u32("issuer event"), _u32("start"), _u8("configuration"), _u8("control"))
_SET_LIST: Final = Layout((*_SET, Field("count", kind=Kind.COUNT, most=MOST_EVENTS)), (_u16("event"),))
_GET_LOG: Final = Layout(
    (
        _u8("control and log"),
        _u16("event"),
        _u32("start"),
        _u32("end"),
        Field("number", kind=Kind.LIMIT, most=MOST_ENTRIES),
        _u16("offset"),
    )
)

# Only remote parties may send these: to the HAN they are commands that it lacks the right to.
_UPDATE: Final = (_u32("issuer event"), _u32("time"), _u32("provider"))
_SITE_ID: Final = Layout((*_UPDATE, Field("site id", kind=Kind.LENGTH, most=32)))
_CIN: Final = Layout((*_UPDATE, Field("CIN", kind=Kind.LENGTH, most=24)))
_CHANGE_OF_SUPPLIER: Final = Layout(
    (
        _u32("current provider"),
        _u32("issuer event"),
        _u8("tariff type"),
        _u32("proposed provider"),
        _u32("time"),
        _u32("control"),
        Field("name", kind=Kind.LENGTH, most=16),
        Field("contact", kind=Kind.LENGTH, most=19),
    )
)


# All four set 1B, which some events have from the factory: so each can be repeated and none disturbs another.
def _form(variant: str, layout: Layout, sample: str) -> Command:
    return Command(0x04, "Set Event Configuration", layout, bytes.fromhex(sample), variant)


# Cluster commands that reach the meter, by the side of the cluster that it is.
RECEIVED: Final[dict[tuple[int, Side], tuple[Command, ...]]] = {
    (IDENTIFY, Side.SERVER): (
        Command(0x00, "Identify", Layout((_u16("time"),)), bytes.fromhex("0000")),
        Command(0x01, "Identify Query"),
    ),
    (METERING, Side.SERVER): (  # answers to a meter that has a mirror; only the GPF gives them
        Command(0x01, "Request Mirror Response", Layout((_u16("endpoint"),)), bytes.fromhex("0200")),
        Command(0x02, "Mirror Removed", Layout((_u16("endpoint"),)), bytes.fromhex("0200")),
        Command(0x09, "Mirror Report Attribute Response", Layout((_u8("scheme"),)), bytes.fromhex("02")),
    ),
    (EVENTS, Side.SERVER): (
        Command(0x00, "Get Event Log", _GET_LOG, bytes.fromhex("13 0000 00000000 FFFFFFFF 00 0000")),
        Command(0x01, "Clear Event Log Request", Layout((_u8("log"),)), bytes.fromhex("03")),
    ),
    (TUNNELING, Side.CLIENT): (  # only the CHF sends these
        Command(
            0x00,
            "Request Tunnel Response",
            Layout((_u16("tunnel"), _u8("status"), _u16("largest transfer"))),
            bytes.fromhex("0100 01 DC05"),
        ),
        Command(0x01, "Transfer Data", Layout((_u16("tunnel"), _u8("kind"))), bytes.fromhex("0100 02")),
        Command(0x02, "Transfer Data Error", Layout((_u16("tunnel"), _u8("status"))), bytes.fromhex("0100 00")),
        Command(0x06, "Tunnel Closure Notification", Layout((_u16("tunnel"),)), bytes.fromhex("0100")),
    ),
    (DEVICE_MANAGEMENT, Side.CLIENT): (
        Command(
            0x01,
            "Publish Change Of Supplier",
            _CHANGE_OF_SUPPLIER,
            bytes.fromhex("00000000 00000000 01 00000000 00000000 00000000 03 414243 02 3031"),
        ),
        Command(0x03, "Update Site ID", _SITE_ID, bytes.fromhex("00000000 00000000 00000000 02 3132")),
        _form("list", _SET_LIST, "00000000 00000000 1B 00 03 AA81 AB81 C481"),
        _form("group", Layout((*_SET, _u16("group"))), "00000000 00000000 1B 01 FF81"),
        _form("log", Layout((*_SET, _u8("log"))), "00000000 00000000 1B 02 03"),
        _form("match", Layout((*_SET, _u8("match"))), "00000000 00000000 1B 03 1B"),
        Command(0x05, "Get Event Configuration", Layout((_u16("event"),)), bytes.fromhex("FF81")),
        Command(0x06, "Update CIN", _CIN, bytes.fromhex("00000000 00000000 00000000 02 3132")),
    ),
}

# Commands that the specification sends to these sides and that this meter does not have: 81, like any unknown id.
NOT_HAD: Final[dict[tuple[int, Side], dict[int, str]]] = {
    (TUNNELING, Side.CLIENT): {  # of a tunnel with flow control, and of a client that asks for the protocols
        0x03: "Ack Transfer Data",
        0x04: "Ready Data",
        0x05: "Supported Tunnel Protocols Response",
    },
    (DEVICE_MANAGEMENT, Side.CLIENT): {
        0x00: "Publish Change Of Tenancy",
        0x02: "Request New Password Response",
    },
    (METERING, Side.SERVER): {
        0x00: "Get Profile",
        0x06: "Get Snapshot",
        0x07: "Start Sampling",
        0x08: "Get Sampled Data",
        0x0B: "Change Supply",
        0x0D: "Set Supply Status",
        0x0E: "Set Uncontrolled Flow Threshold",
    },
}

# Cluster commands that the meter sends: id to (name, frame controls).
SENT: Final[dict[tuple[int, Side], dict[int, tuple[str, *tuple[int, ...]]]]] = {
    (IDENTIFY, Side.SERVER): {0x00: ("Identify Query Response", 0x09)},
    (EVENTS, Side.SERVER): {
        0x00: ("Publish Event", 0x09),
        0x01: ("Publish Event Log", 0x19),
        0x02: ("Clear Event Log Response", 0x09),
    },
    (METERING, Side.SERVER): {0x01: ("Request Mirror", 0x09), 0x08: ("Configure Mirror", 0x09)},
    (TUNNELING, Side.CLIENT): {
        0x00: ("Request Tunnel", 0x01),
        0x01: ("Close Tunnel", 0x01),
        0x02: ("Transfer Data", 0x01, 0x11),  # a PUT, whose Default Response proves it; a GET
    },
    (DEVICE_MANAGEMENT, Side.CLIENT): {0x04: ("Report Event Configuration", 0x01)},
    (BENCH, Side.SERVER): {0x40: ("Read Storage Response", 0x0D)},
}

# Those of them that it sends of its own accord.
UNASKED: Final = frozenset(
    {(EVENTS, 0x00), (METERING, 0x01), (METERING, 0x08), (TUNNELING, 0x00), (TUNNELING, 0x01), (TUNNELING, 0x02)}
)


def received(cluster: int, side: Side) -> tuple[Command, ...]:
    """The cluster commands that the meter knows on that side, the forms of one id one by one."""
    return RECEIVED.get((cluster, side), ())


def known_ids(cluster: int, side: Side) -> set[int]:
    """Ids of the cluster commands that the meter knows on that side."""
    return {command.id for command in received(cluster, side)}
