"""What the gas meter's endpoint holds: sides of clusters and their attributes, transcribed from the specifications.

Sources: ZCL 3.2 (Basic) and 3.5 (Identify); ZSE D.3 (Metering) and D.9 (Device Management); GBCS GCS13, GCS20r, GCS33,
GCS36, GCS38, GCS41, GCS46. Which attributes can be reported is the maker's choice: what changes in service can.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from host_tests.judges import zcl_types as z
from host_tests.judges.access_table import Row
from host_tests.judges.event_list import PUBLISHED_ORDER

BASIC: Final = 0x0000
IDENTIFY: Final = 0x0003
TIME: Final = 0x000A
METERING: Final = 0x0702
TUNNELING: Final = 0x0704
DEVICE_MANAGEMENT: Final = 0x0708
EVENTS: Final = 0x0709
BENCH: Final = 0xFC00

ENDPOINT: Final = 1
PROFILE: Final = 0x0109
DEVICE_ID: Final = 0x0501
BENCH_ENDPOINT: Final = 0xF0
BENCH_MANUFACTURER: Final = 0xFFF1


class Side(IntEnum):
    """A side of a cluster on the meter. The value is the direction bit of the frames that reach it."""

    SERVER = 0x00
    CLIENT = 0x08

    @property
    def flipped(self) -> "Side":
        """The other side: that of the node at the other end."""
        return Side(self ^ Side.CLIENT)


# The simple descriptor of endpoint 1, as (cluster, side): its lists in and out, in their order.
IN_CLUSTERS: Final = (BASIC, IDENTIFY, METERING, EVENTS)
OUT_CLUSTERS: Final = (TIME, METERING, TUNNELING, DEVICE_MANAGEMENT)
SIDES: Final = (*((cluster, Side.SERVER) for cluster in IN_CLUSTERS), *((c, Side.CLIENT) for c in OUT_CLUSTERS))
ABSENT_SIDES: Final = tuple(
    (cluster, side)
    for cluster in sorted({*IN_CLUSTERS, *OUT_CLUSTERS})
    for side in Side
    if (cluster, side) not in SIDES
)

# Clusters that take the network key, and strangers (GBCS; everything else wants the link key).
OPEN_CLUSTERS: Final = (BASIC, IDENTIFY)


@dataclass(frozen=True)
class Attribute:
    """One attribute. All can be read; `longest` is the content of a string, in bytes; `row` is its access row."""

    id: int
    name: str
    type: int
    row: Row
    writable: bool = False
    reportable: bool = False
    longest: int = 0

    @property
    def image(self) -> bytes:
        """The id as it travels, little-endian."""
        return self.id.to_bytes(2, "little")

    @property
    def access(self) -> int:
        """Access byte of Discover Attributes Extended Response: bit 0 read, 1 write, 2 report."""
        return 1 | self.writable << 1 | self.reportable << 2


def _open(attribute: int, name: str, type_id: int, *, writable: bool = False, longest: int = 0) -> Attribute:
    return Attribute(attribute, name, type_id, Row.OPEN, writable=writable, longest=longest)


def _data(attribute: int, name: str, type_id: int) -> Attribute:
    """A metering attribute that changes in service."""
    return Attribute(attribute, name, type_id, Row.METERING, reportable=True)


def _fact(attribute: int, name: str, type_id: int, *, row: Row = Row.METERING, longest: int = 0) -> Attribute:
    """A metering attribute that stays as it was set."""
    return Attribute(attribute, name, type_id, row, longest=longest)


_BASIC: Final = (
    _open(0x0000, "ZCLVersion", z.UINT8),
    _open(0x0003, "HWVersion", z.UINT8),
    _open(0x0004, "ManufacturerName", z.STRING, longest=32),
    _open(0x0005, "ModelIdentifier", z.STRING, longest=32),
    _open(0x0007, "PowerSource", z.ENUM8),
    _open(0x0010, "LocationDescription", z.STRING, writable=True, longest=16),
    _open(0x0011, "PhysicalEnvironment", z.ENUM8, writable=True),
)
_IDENTIFY: Final = (_open(0x0000, "IdentifyTime", z.UINT16, writable=True),)
_METERING: Final = (
    _data(0x0000, "CurrentSummationDelivered", z.UINT48),
    _data(0x0014, "SupplyStatus", z.ENUM8),
    *(_data(0x0100 + 2 * n, f"CurrentTier{n + 1}SummationDelivered", z.UINT48) for n in range(4)),
    _data(0x0200, "Status", z.MAP8),
    _data(0x0205, "RemainingBatteryLifeInDays", z.UINT16),
    _fact(0x0206, "CurrentMeterID", z.OCTSTR),
    _fact(0x0300, "UnitOfMeasure", z.ENUM8),
    _fact(0x0301, "Multiplier", z.UINT24),
    _fact(0x0302, "Divisor", z.UINT24),
    _fact(0x0303, "SummationFormatting", z.MAP8),
    _fact(0x0306, "MeteringDeviceType", z.MAP8),
    _fact(0x0307, "SiteID", z.OCTSTR, row=Row.CUSTOMER, longest=32),
    _fact(0x0311, "CustomerIDNumber", z.OCTSTR, row=Row.CUSTOMER, longest=24),
    _data(0x0607, "SupplyTamperState", z.ENUM8),
    _data(0x0608, "SupplyDepletionState", z.ENUM8),
    *(_data(0x0700 + n, f"CurrentBlock{n + 1}SummationDelivered", z.UINT48) for n in range(4)),
    _data(0x0A00, "BillToDateDelivered", z.UINT32),
    _fact(0xFFFE, "AttributeReportingStatus", z.ENUM8),
)
# Event configurations are attributes of the client side, under the event's code (ZSE D.9). Set is the way to change
# them: writing one as an attribute would go round its limits.
_CONFIGURATIONS: Final = tuple(
    Attribute(code, f"event configuration {code:04X}", z.MAP8, Row.EVENT_CONFIGURATION)
    for code in sorted(PUBLISHED_ORDER)
)

ATTRIBUTES: Final[dict[tuple[int, Side], tuple[Attribute, ...]]] = {
    (BASIC, Side.SERVER): _BASIC,
    (IDENTIFY, Side.SERVER): _IDENTIFY,
    (METERING, Side.SERVER): _METERING,
    (EVENTS, Side.SERVER): (),
    (TIME, Side.CLIENT): (),
    (METERING, Side.CLIENT): (),
    (TUNNELING, Side.CLIENT): (),
    (DEVICE_MANAGEMENT, Side.CLIENT): _CONFIGURATIONS,
}

# The bench cluster's attributes, under its manufacturer code: id to type . What is not built answers 86.
BENCH_ATTRIBUTES: Final = {
    0x0000: z.STRING,  # firmware version
    0x0001: z.STRING,  # board
    0x0002: z.UINT8,  # device role
    0x0003: z.UINT8,  # behaviour
    0x0004: z.UTC,  # clock
    0x0005: z.UINT32,  # heap free
    0x0006: z.UINT32,  # DATA accepted
    0x0007: z.UINT32,  # drops
    0x0008: z.UINT32,  # uptime, ms
    0x0009: z.UINT16,  # entries in the Event Log
    0x000A: z.UINT16,  # entries in the Security Log
    0x000B: z.OCTSTR,  # own key agreement public key
    0x000C: z.OCTSTR,  # own signing public key
    0x000D: z.UINT32,  # flash programs
    0x000E: z.UINT32,  # flash erases
    0x000F: z.UINT16,  # alerts waiting
    0x0010: z.UINT32,  # alerts dropped
    0x0011: z.UINT32,  # messages from the tunnel
    0x0012: z.UINT32,  # starts
    0x0013: z.STRING,  # last crash
    0x0014: z.STRING,  # GBCS version claimed
    0x0040: z.UINT32,  # bytes of storage
    0x0041: z.UINT32,  # bytes of an erase block
    0x0042: z.UINT8,  # bytes of a program word
    0x0043: z.UINT32,  # own events that storage did not take, dropped
    0x0044: z.STRING,  # MicroPython and its version
    0x0045: z.UINT8,  # bits of a machine word
    0x0046: z.STRING,  # the machine, as the interpreter names it
}


def attributes(cluster: int, side: Side) -> tuple[Attribute, ...]:
    """The attributes of one side; KeyError if the meter does not have it."""
    return ATTRIBUTES[cluster, side]


def writable(cluster: int, side: Side) -> tuple[Attribute, ...]:
    """Those that may be written by the CHF and the GPF."""
    return tuple(attribute for attribute in attributes(cluster, side) if attribute.writable)
