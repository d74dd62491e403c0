# Who may do what: the one table. Not listed is not allowed.
#
# A requester is a HAN node, known by its EUI64 in the Device Log and its APS link key, or a remote party, known by
# the MAC of its message. Rows of MP078 IRP603: those of the Security Log.

from micropython import const

# Columns
CHF = const(0x001)
GPF = const(0x002)
PPMID = const(0x004)
TYPE_2 = const(0x008)  # IHD, CAD
METER = const(0x010)  # GSME, ESME, HCALCS
STRANGER = const(0x020)
SUPPLIER = const(0x040)
NETWORK_OPERATOR = const(0x080)
ACCESS_CONTROL_BROKER = const(0x100)
BENCH = const(0x200)

# Rights
READ_OPEN = const(0)  # Basic, Identify
WRITE_OPEN = const(1)
READ_METERING = const(2)
READ_CUSTOMER = const(3)  # SiteID, CIN
SET_SITE_ID = const(4)
SET_CIN = const(5)
READ_EVENT_CONFIGURATION = const(6)
SET_EVENT_CONFIGURATION = const(7)
SET_SUPPLIER_DATA = const(8)
READ_EVENT_LOG = const(9)
CLEAR_EVENT_LOG = const(10)
READ_SECURITY_LOG = const(11)
READ_SECURITY_LOG_BEFORE_MP078 = const(12)
TAKE_EVENT = const(13)  # be sent Publish Event: an entry of the Event Log, or a code in no log
TAKE_HAN_EVENT = const(14)  # ... of a code with the HAN bit
TAKE_SECURITY_EVENT = const(15)  # ... an entry of the Security Log
ANSWER_MIRROR = const(16)
ANSWER_TIME = const(17)
WRITE_ATTRIBUTES = const(18)
CONFIGURE_REPORTING = const(19)
USE_BENCH = const(20)
ANSWER_TUNNEL = const(21)

_HUB = const(0x003)
_DISPLAYS = const(0x00C)
REMOTE = const(0x1C0)
_ANY = const(0x1FF)
_NOBODY = const(0)

_TABLE = (
    _ANY,  # READ_OPEN
    _HUB,  # WRITE_OPEN
    _HUB | _DISPLAYS | REMOTE,  # READ_METERING
    _HUB | REMOTE,  # READ_CUSTOMER
    SUPPLIER,  # SET_SITE_ID
    ACCESS_CONTROL_BROKER,  # SET_CIN
    _HUB | SUPPLIER,  # READ_EVENT_CONFIGURATION
    _HUB | SUPPLIER,  # SET_EVENT_CONFIGURATION
    SUPPLIER,  # SET_SUPPLIER_DATA
    _HUB | _DISPLAYS | REMOTE,  # READ_EVENT_LOG
    SUPPLIER,  # CLEAR_EVENT_LOG
    _HUB | REMOTE,  # READ_SECURITY_LOG                MP078-603-1 to -3, -33: no display, no other HAN device
    _HUB | _DISPLAYS | REMOTE,  # READ_SECURITY_LOG_BEFORE_MP078
    GPF,  # TAKE_EVENT
    GPF | _DISPLAYS,  # TAKE_HAN_EVENT
    GPF,  # TAKE_SECURITY_EVENT                         MP078-603-22
    GPF,  # ANSWER_MIRROR
    CHF,  # ANSWER_TIME
    _HUB | BENCH,  # WRITE_ATTRIBUTES
    _HUB | BENCH,  # CONFIGURE_REPORTING
    BENCH,  # USE_BENCH
    CHF,  # ANSWER_TUNNEL
)

# GBCS device type in the Device Log -> column (ZSE/GBCS: 0 GSME, 1 ESME, 2 CHF, 3 GPF, 4 HCALCS, 5 PPMID, 6 Type 2)
COLUMN_OF_TYPE = (METER, METER, CHF, GPF, METER, PPMID, TYPE_2)


def may(column, right):
    return _TABLE[right] & column
