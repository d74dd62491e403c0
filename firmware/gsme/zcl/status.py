# Status codes (ZCL 2.6.3), the part of them that this device sends.

from micropython import const

SUCCESS = const(0x00)
FAILURE = const(0x01)
NOT_AUTHORIZED = const(0x7E)
MALFORMED_COMMAND = const(0x80)
UNSUP_CLUSTER_COMMAND = const(0x81)
UNSUP_GENERAL_COMMAND = const(0x82)
UNSUP_MANUF_CLUSTER_COMMAND = const(0x83)
UNSUP_MANUF_GENERAL_COMMAND = const(0x84)
INVALID_FIELD = const(0x85)
UNSUPPORTED_ATTRIBUTE = const(0x86)
INVALID_VALUE = const(0x87)
READ_ONLY = const(0x88)
INSUFFICIENT_SPACE = const(0x89)
NOT_FOUND = const(0x8B)
UNREPORTABLE_ATTRIBUTE = const(0x8C)
INVALID_DATA_TYPE = const(0x8D)
HARDWARE_FAILURE = const(0xC0)
SOFTWARE_FAILURE = const(0xC1)
UNSUPPORTED_CLUSTER = const(0xC3)

# What a handler returns when it has answered by itself, or when nothing is to be said.
ANSWERED = const(-1)
