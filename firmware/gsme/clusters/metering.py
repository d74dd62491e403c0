# Metering (0x0702) of a gas meter (ZSE; GBCS GCS13, GCS33, GCS38, GCS46). Both sides are on the meter: the server
# holds the register, the client side has nothing.

from micropython import const

from .. import access
from ..zcl import frame, types
from ..zcl.cluster import READ, REPORT, Attributes, Cluster
from . import mirror

ID = const(0x0702)
_REGISTER = const(0x0000)

_DATA = READ | REPORT
_ZERO_48 = b"\x00\x00\x00\x00\x00\x00"
_METERING = access.READ_METERING
_CUSTOMER = access.READ_CUSTOMER

# id, type, access, right, factory value, longest content
_ATTRIBUTES = (
    (_REGISTER, types.UINT48, _DATA, _METERING, _ZERO_48),  # CurrentSummationDelivered, litres
    (0x0014, types.ENUM8, _DATA, _METERING, b"\x02"),  # SupplyStatus: on                     GBCS GCS33
    (0x0100, types.UINT48, _DATA, _METERING, _ZERO_48),  # tier 1 to 4 summation              GBCS GCS13c
    (0x0102, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0104, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0106, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0200, types.MAP8, _DATA, _METERING, b"\x00"),  # Status
    (0x0205, types.UINT16, _DATA, _METERING, b"\x64\x00"),  # RemainingBatteryLifeInDays     GBCS GCS33
    (0x0206, types.OCTSTR, READ, _METERING, b"\x04\x01\x23\xab\xcd", 24),  # CurrentMeterID: firmware   GBCS GCS38
    (0x0300, types.ENUM8, READ, _METERING, b"\x01"),  # UnitOfMeasure: cubic metres
    (0x0301, types.UINT24, READ, _METERING, b"\x01\x00\x00"),  # Multiplier: 1
    (0x0302, types.UINT24, READ, _METERING, b"\xe8\x03\x00"),  # Divisor: 1000
    (0x0303, types.MAP8, READ, _METERING, b"\x2b"),  # SummationFormatting: five digits left, three right
    (0x0306, types.MAP8, READ, _METERING, b"\x01"),  # MeteringDeviceType: gas
    (0x0307, types.OCTSTR, READ, _CUSTOMER, b"\x00", 32),  # SiteID                         GBCS GCS41, GCS46
    (0x0311, types.OCTSTR, READ, _CUSTOMER, b"\x00", 24),  # CustomerIDNumber               GBCS GCS36
    (0x0607, types.ENUM8, _DATA, _METERING, b"\x03"),  # SupplyTamperState: unchanged        GBCS GCS21m
    (0x0608, types.ENUM8, _DATA, _METERING, b"\x03"),  # SupplyDepletionState: unchanged
    (0x0700, types.UINT48, _DATA, _METERING, _ZERO_48),  # block 1 to 4 summation            GBCS GCS13b
    (0x0701, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0702, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0703, types.UINT48, _DATA, _METERING, _ZERO_48),
    (0x0A00, types.UINT32, _DATA, _METERING, b"\x00\x00\x00\x00"),  # BillToDateDelivered    GBCS GCS60
    (0xFFFE, types.ENUM8, READ, _METERING, b"\x01"),  # AttributeReportingStatus: complete
)


class Register:
    def __init__(self):
        self.attributes = Attributes(_ATTRIBUTES, access.READ_METERING)
        self.row = self.attributes.row(_REGISTER)

    # Gas has flowed: that many litres, below 2**16.
    def add(self, volume_dm3):
        value = self.row.value
        for i in range(len(value)):
            volume_dm3 += value[i]
            value[i] = volume_dm3 & 255
            volume_dm3 >>= 8


# The commands are those of the mirror.
def server(register, mirrored):
    return Cluster(ID, 0, register.attributes, mirror.COMMANDS, mirrored, mirror.GENERATED)


def client():
    return Cluster(ID, frame.SERVER_TO_CLIENT, Attributes((), access.READ_METERING), {})
