# What is kept, by name: the kind of a journal's item, and its content. Little-endian unless it says otherwise.

from micropython import const

START = const(0x01)  # starts u32, next EUI64 8, behaviour u8
DEVICE_LOG = const(0x02)  # (EUI64 8, device type u8)*
EVENT_CONFIGURATION = const(0x03)  # (configuration map8, state u8)*, a row each
EVENT_ENTRY = const(0x04)  # number u32, order u32, entry
SECURITY_ENTRY = const(0x05)  # number u32, order u32, tag 8, entry
ATTRIBUTE = const(0x06)  # cluster u16, side u8, attribute u16, held bool, length u8, value
REPORTING = const(0x07)  # (cluster u16, side u8, attribute u16, EUI64 8, min, max u16, length u8, change)*
MARK = const(0x08)  # of the watch: UTC day u16 or FFFF, running s u32, cause; day 0 and running 0: none
CRASH = const(0x09)  # what has not been told yet u8, see crash.py; UTF-8 text
PARTIES = const(0x0A)  # (entity id 8, roles map8, kind of key u8, length u8, key)*, in order of enrolment; big-endian
OWN_KEYS = const(0x0B)  # (length u8, secret)*: key agreement, signing; of no octets before first use
COUNTERS = const(0x0C)  # counters accepted: (message code u16, originator u64, counter u64)*; big-endian
ALERTS = const(0x0D)  # own counter u64, dropped u32 big-endian; (code u16, UTC, length u8, data)*, oldest first
SUPPLIER = const(0x0E)  # Publish Change Of Supplier as it came
TUNNEL = const(0x0F)  # id u16 of the one that the hub holds or may hold; of no octets if there is none
LOG_BOUNDS = const(0x10)  # Event Log's first and next u32, Security Log's, order u32; tags 8 of newest and last gone
CHAIN_KEY = const(0x11)  # 16 octets
CLOCK = const(0x12)  # running s u32, last known UTC 4
PROVISION = const(0x13)  # check value of the file that was taken last; of no octets if none was
RESET = const(0x7F)  # nothing: all that Factory Reset resets is as it left the factory
