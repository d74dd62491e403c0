# Basic (0x0000), server. A meter does not have the reset to factory defaults, so there is no command.

from micropython import const

from .. import access
from ..zcl import types
from ..zcl.cluster import NETWORK_KEY, READ, WRITE, Attributes, Cluster

ID = const(0x0000)
_LONGEST_LOCATION = const(16)

# id, type, access, right, factory value, longest content
_ATTRIBUTES = (
    (0x0000, types.UINT8, READ, access.READ_OPEN, b"\x03"),  # ZCLVersion
    (0x0003, types.UINT8, READ, access.READ_OPEN, b"\x01"),  # HWVersion
    (
        0x0004,
        types.STRING,
        READ,
        access.READ_OPEN,
        b"\x04FFF1",
        32,
    ),  # ManufacturerName: the code as text    GBCS GCS21m
    (0x0005, types.STRING, READ, access.READ_OPEN, b"\x0800010001", 32),  # ModelIdentifier: image type, hardware
    (0x0007, types.ENUM8, READ, access.READ_OPEN, b"\x03"),  # PowerSource: battery
    (0x0010, types.STRING, READ | WRITE, access.READ_OPEN, b"\x00", _LONGEST_LOCATION),  # LocationDescription
    (0x0011, types.ENUM8, READ | WRITE, access.READ_OPEN, b"\x00"),  # PhysicalEnvironment
)


def cluster():
    return Cluster(ID, 0, Attributes(_ATTRIBUTES, access.READ_OPEN), {}, security=NETWORK_KEY)
