# The 85 event codes of the gas meter (GBCS table 16.2).

from micropython import const

# Logs, and the log action of a configuration byte
NO_LOG = const(0)
EVENT_LOG = const(3)
SECURITY_LOG = const(4)

# Codes that the device raises by itself
CLOCK_ADJUSTED = const(0x8145)
HAN_COMMAND_ACTIONED = const(0x8154)
HAN_COMMAND_FAILED = const(0x8155)
CLOSE_TUNNEL_REJECTED = const(0x81A4)
ERROR_NON_VOLATILE_MEMORY = const(0x81AE)
UNEXPECTED_HARDWARE_RESET = const(0x81B2)
WATCHDOG = const(0x81B3)
REQUEST_TUNNEL_REJECTED = const(0x81BA)
CLOCK_NOT_ADJUSTED = const(0x8F0C)
UNAUTHORISED_COMMUNICATION = const(0x8F3E)
EVENT_LOG_CLEARED = const(0x8F52)
INTEGRITY_CHECK_FAILED = const(0x8F1E)
FAILED_AUTHENTICATION = const(0x8F53)
UNUSUAL_NUMBER_MALFORMED = const(0x8F60)

# The configurable codes with their factory configuration, as they are sent: event id u16, configuration map8.
# In the order of the published GCS20r answer.
FACTORY_CONFIGURATION = (
    b"\x0d\x81\x18"  # 810D Combined Credit Below Low Credit Threshold (prepayment mode)
    b"\x0e\x81\x08"  # 810E Credit Added Locally
    b"\x19\x81\x18"  # 8119 Emergency Credit Has Become Available (prepayment mode)
    b"\x45\x81\x03"  # 8145 Clock adjusted (within tolerance)
    b"\x54\x81\x03"  # 8154 Immediate HAN Interface Command Received and Successfully Actioned
    b"\x55\x81\x03"  # 8155 Immediate HAN Interface Command Received but not Successfully Actioned
    b"\x61\x81\x03"  # 8161 User Interface Command Input and Successfully Actioned
    b"\x62\x81\x03"  # 8162 User Interface Command Input but not Successfully Actioned
    b"\x68\x81\x10"  # 8168 Supply Disabled then Armed - Activate Emergency Credit triggered
    b"\x83\x81\x0b"  # 8183 Device joined SMHAN
    b"\x84\x81\x0b"  # 8184 Valve tested
    b"\xa1\x81\x0b"  # 81A1 Battery Cover Closed
    b"\xa4\x81\x0b"  # 81A4 Close Tunnel Command Rejected
    b"\xa5\x81\x0b"  # 81A5 Communication From Local Port (e.g. Optical)
    b"\xa6\x81\x0b"  # 81A6 Customer Acknowledged Message on HAN Device
    b"\xa7\x81\x0b"  # 81A7 Debt Collection Completed - Time Debt 1
    b"\xa8\x81\x0b"  # 81A8 Debt Collection Completed - Time Debt 2
    b"\xa9\x81\x0b"  # 81A9 Debt Collection Completed - Payment Debt
    b"\xaa\x81\x1b"  # 81AA Emergency Credit Exhausted
    b"\xab\x81\x1b"  # 81AB Emergency Credit Activated
    b"\xac\x81\x0b"  # 81AC Error Measurement Fault
    b"\xad\x81\x0b"  # 81AD Error Metrology Firmware Verification Failure
    b"\xae\x81\x0b"  # 81AE Error Non Volatile Memory
    b"\xaf\x81\x0b"  # 81AF Error Program Execution
    b"\xb0\x81\x0b"  # 81B0 Error Program Storage
    b"\xb1\x81\x0b"  # 81B1 Error RAM
    b"\xb2\x81\x0b"  # 81B2 Error Unexpected Hardware Reset
    b"\xb3\x81\x0b"  # 81B3 Error Watchdog
    b"\xb4\x81\x0b"  # 81B4 Excess Gas Flow Beyond Meter Capacity
    b"\xb5\x81\x0b"  # 81B5 Flow Sensor Detects Air in Gas Flow
    b"\xb6\x81\x0b"  # 81B6 Flow Sensor Detects Reverse Flow of Gas
    b"\xb9\x81\x0b"  # 81B9 Meter Cover Closed
    b"\xba\x81\x0b"  # 81BA Request Tunnel Command Rejected
    b"\xbc\x81\x0b"  # 81BC Strong Magnetic Field Removed
    b"\xbd\x81\x0b"  # 81BD Supply Connect Failure (Valve or Load Switch)
    b"\xbe\x81\x0b"  # 81BE Supply Disabled Then Locked - Supply Tamper State Cause
    b"\xbf\x81\x0b"  # 81BF Supply Disabled Then Armed - Uncontrolled Gas Flow Rate
    b"\xc0\x81\x0b"  # 81C0 Supply Disconnect Failure (Valve or Load Switch)
    b"\xc2\x81\x0b"  # 81C2 Tilt Tamper Ended
    b"\xc3\x81\x0b"  # 81C3 Tilt Tamper
    b"\xc4\x81\x1b"  # 81C4 UTRN Manual Entry Suspended
    b"\xc5\x81\x0b"  # 81C5 UTRN rejected as locked out
    b"\xa0\x81\x0b"  # 81A0 Smart Meter Integrity Issue - Warning
    b"\xc6\x81\x03"  # 81C6 Clock not adjusted (outside tolerance)
)

CRITICAL = const(0x8F)  # high byte of the critical codes, which nobody configures

# The critical codes: low byte of the code, its log, 1 if it is sent as an alert to the WAN
_CRITICAL_EVENTS = (
    b"\x0a\x00\x01"  # 8F0A Billing Data Log Updated
    b"\x0c\x04\x01"  # 8F0C Clock not adjusted (adjustment greater than 10 seconds)
    b"\x0f\x00\x01"  # 8F0F Credit Below Disablement Threshold (prepayment mode)
    b"\x1b\x04\x01"  # 8F1B Firmware Verification Failed At Power On
    b"\x1c\x04\x01"  # 8F1C Firmware Verification Failed
    b"\x1d\x00\x01"  # 8F1D GSME Power Supply Loss
    b"\x1e\x04\x01"  # 8F1E Integrity check of content or format of command failed
    b"\x1f\x03\x01"  # 8F1F Low Battery Capacity
    b"\x30\x00\x01"  # 8F30 Source Does not have Authority for Command
    b"\x32\x00\x01"  # 8F32 Supply Armed
    b"\x3d\x00\x01"  # 8F3D Trusted Source Authentication Failure
    b"\x3e\x04\x01"  # 8F3E Unauthorised Communication Access attempted
    b"\x3f\x04\x01"  # 8F3F Unauthorised Physical Access - Tamper Detect
    b"\x43\x04\x00"  # 8F43 Change in the executing Firmware version
    b"\x47\x04\x00"  # 8F47 Credit would cause Meter Balance to exceed Maximum Meter Balance Threshold
    b"\x48\x04\x00"  # 8F48 Device joining failed
    b"\x49\x04\x00"  # 8F49 Device joining succeeded
    b"\x4a\x04\x00"  # 8F4A Device Unjoining failed
    b"\x4b\x04\x00"  # 8F4B Device Unjoining succeeded
    b"\x4c\x04\x00"  # 8F4C Device's own Digital Signing Certificate replacement failed
    b"\x4d\x04\x00"  # 8F4D Device's own Digital Signing Certificate replacement succeeded
    b"\x4e\x04\x00"  # 8F4E Device's own Key Agreement Certificate replacement failed
    b"\x4f\x04\x00"  # 8F4F Device's own Key Agreement Certificate replacement succeeded
    b"\x51\x04\x01"  # 8F51 Duplicate UTRN entered
    b"\x52\x04\x01"  # 8F52 Event Log Cleared
    b"\x53\x04\x01"  # 8F53 Failed Authentication or Authorisation not covered by other codes
    b"\x5b\x04\x01"  # 8F5B UTRN exceeds Maximum Credit Threshold
    b"\x60\x04\x01"  # 8F60 Unusual numbers of malformed, out-of-order or unexpected Commands received
    b"\x63\x04\x01"  # 8F63 UTRN not Authentic
    b"\x64\x04\x01"  # 8F64 UTRN not for this Device
    b"\x66\x03\x01"  # 8F66 Future-date HAN Interface Command Successfully Actioned
    b"\x67\x03\x01"  # 8F67 Future-date HAN Interface Command not Successfully Actioned
    b"\x69\x00\x01"  # 8F69 Device commissioned
    b"\x70\x04\x00"  # 8F70 Update Security Credentials
    b"\x72\x04\x01"  # 8F72 Firmware Verification Successful
    b"\x73\x04\x01"  # 8F73 Unauthorised Physical Access - Battery Cover Removed
    b"\x74\x04\x01"  # 8F74 Unauthorised Physical Access - Meter Cover Removed
    b"\x75\x04\x01"  # 8F75 Unauthorised Physical Access - Strong Magnetic field
    b"\x78\x04\x01"  # 8F78 Unauthorised Physical Access - Other
    b"\x82\x04\x01"  # 8F82 Remaining Battery Capacity reset
    b"\x83\x00\x01"  # 8F83 Disablement of Supply due to insufficient credit has been suspended
)

_ROW = const(3)


# Offset of a critical code's row, -1 for a code that there is not.
def _row(low):
    for i in range(0, len(_CRITICAL_EVENTS), _ROW):
        if _CRITICAL_EVENTS[i] == low:
            return i
    return -1


def is_critical(low, high):
    return high == CRITICAL and _row(low) >= 0


# The log that a critical code goes to.
def log_of(low):
    return _CRITICAL_EVENTS[_row(low) + 1]


# True when a critical code is sent as an alert.
def is_alert(low):
    return bool(_CRITICAL_EVENTS[_row(low) + 2])
