"""Who on the HAN may do what with the gas meter: the access table as data.

Default: no. A row needs APS link-key security and a Device Log entry, but for OPEN (Basic, Identify), which works
under the network key and for strangers too. Reading includes discovering; configuring reports is the CHF's and the
GPF's, for what they may read. Source: MP078 IRP603 for the Security Log rows, GBCS use cases for the others.
"""

from dataclasses import dataclass
from enum import Enum, Flag, IntEnum
from typing import Final


class Behaviour(IntEnum):
    """What the bench's Set Behaviour takes."""

    GBCS_4_0 = 0
    IRP550_DRAFT = 1
    MP078 = 2


class Column(Enum):
    """A column of the table; IHD and CAD are one GBCS device type and share one."""

    HUB = "CHF, GPF"
    PPMID = "PPMID"
    TYPE_2 = "IHD, CAD"
    METER = "HCALCS, ESME"
    STRANGER = "not in the Device Log"


@dataclass(frozen=True)
class Requester:
    """One kind of HAN node. `device_type` is the Device Log's, None for a node that is not in it."""

    name: str
    device_type: int | None
    column: Column


CHF: Final = Requester("CHF", 2, Column.HUB)
GPF: Final = Requester("GPF", 3, Column.HUB)
PPMID: Final = Requester("PPMID", 5, Column.PPMID)
IHD: Final = Requester("IHD", 6, Column.TYPE_2)
CAD: Final = Requester("CAD", 6, Column.TYPE_2)
HCALCS: Final = Requester("HCALCS", 4, Column.METER)
ESME: Final = Requester("ESME", 1, Column.METER)
GSME: Final = Requester("GSME", 0, Column.METER)
STRANGER: Final = Requester("stranger", None, Column.STRANGER)
REQUESTERS: Final = (CHF, GPF, PPMID, IHD, CAD, HCALCS, ESME, GSME, STRANGER)


class Right(Flag):
    """What a cell allows. For event configuration READ is Get and WRITE is Set; for a log WRITE is Clear."""

    NONE = 0
    READ = 1
    WRITE = 2
    BOTH = READ | WRITE


class Row(Enum):
    """A row of the table."""

    OPEN = "Basic, Identify"
    METERING = "Metering attributes"
    CUSTOMER = "SiteID, CustomerIDNumber"
    EVENT_CONFIGURATION = "event configuration"
    SUPPLIER_DATA = "supplier data"
    EVENT_LOG = "Event Log"
    SECURITY_LOG = "Security Log"


_COLUMNS: Final = tuple(Column)
_NONE, _READ, _BOTH = Right.NONE, Right.READ, Right.BOTH

_CELLS: Final[dict[Row, tuple[Right, ...]]] = {
    #                        CHF, GPF  PPMID  IHD, CAD  HCALCS, ESME  stranger
    Row.OPEN:                (_BOTH,   _READ, _READ,    _READ,        _READ),
    Row.METERING:            (_READ,   _READ, _READ,    _NONE,        _NONE),
    Row.CUSTOMER:            (_READ,   _NONE, _NONE,    _NONE,        _NONE),
    Row.EVENT_CONFIGURATION: (_BOTH,   _NONE, _NONE,    _NONE,        _NONE),
    Row.SUPPLIER_DATA:       (_NONE,   _NONE, _NONE,    _NONE,        _NONE),
    Row.EVENT_LOG:           (_READ,   _READ, _READ,    _NONE,        _NONE),
    Row.SECURITY_LOG:        (_READ,   _NONE, _NONE,    _NONE,        _NONE),
}  # fmt: skip
_SECURITY_LOG_BEFORE_MP078: Final = (_READ, _READ, _READ, _NONE, _NONE)


def right(row: Row, requester: Requester, behaviour: Behaviour = Behaviour.MP078) -> Right:
    """The cell of the table."""
    cells = _CELLS[row]
    if row is Row.SECURITY_LOG and behaviour < Behaviour.MP078:
        cells = _SECURITY_LOG_BEFORE_MP078
    return cells[_COLUMNS.index(requester.column)]


def may(wanted: Right, row: Row, requester: Requester, behaviour: Behaviour = Behaviour.MP078) -> bool:
    """Whether the cell allows what is wanted."""
    return wanted in right(row, requester, behaviour)


def cells(behaviour: Behaviour = Behaviour.MP078) -> list[tuple[Row, Requester, Right]]:
    """Every HAN cell once, a column of two device kinds as two cells."""
    return [(row, requester, right(row, requester, behaviour)) for row in _CELLS for requester in REQUESTERS]


class Push(Enum):
    """When a node is sent Publish Event."""

    NEVER = 0
    IF_HAN_BIT = 1
    LOGGED_OR_HAN_BIT = 2


def push(requester: Requester, *, security_log: bool) -> Push:
    """The rows on Publish Event, the same in every behaviour: nothing of the Security Log but to the GPF."""
    if requester is GPF:
        return Push.LOGGED_OR_HAN_BIT
    displays = requester.column in (Column.PPMID, Column.TYPE_2)
    return Push.IF_HAN_BIT if displays and not security_log else Push.NEVER
