"""Values in words. Every function takes a value and returns text; sources are beside the tables (ZCL 2, ZSE D.11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from .. import event_codes, zcl

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
END_OF_TIME: Final = 0xFFFFFFFE
NO_TIME: Final = 0xFFFFFFFF
ALL_EVENTS: Final = 0x0000
GROUP: Final = 0xFF
LOGS: Final = ("no log", "Tamper Log", "Fault Log", "Event Log", "Security Log", "Network Log")
COPIES: Final = {6: "copy of the meter's Event Log", 7: "copy of the meter's Security Log"}

# Bits of an event configuration byte over the log's (ZSE, Device Management).
LOG_MASK: Final = 0x07
BITS: Final = ((0x08, "WAN"), (0x10, "HAN"), (0x20, "Zigbee alarm"), (0x40, "alarm"), (0x80, "reserved bit"))

FRAME_TYPES: Final = ("profile-wide", "cluster-specific", "reserved type 2", "reserved type 3")
UNSPECIFIED: Final = 0x8000  # deviation of a DLMS date-time


def hexadecimal(value: int, digits: int) -> str:
    """A number as the texts write it."""
    return f"{value:0{digits}X}"


def utc(seconds: int) -> str:
    """A time in seconds since 2000-01-01."""
    if seconds in (END_OF_TIME, NO_TIME):
        return "end of time" if seconds == END_OF_TIME else "no time (FFFFFFFF)"
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_or_now(seconds: int) -> str:
    """A time of which 0 means now."""
    return utc(seconds) if seconds else "now"


def utc_or_start(seconds: int) -> str:
    """The begin of a window, of which 0 is the start of time."""
    return utc(seconds) if seconds else "start of time"


def date_time(octets: bytes) -> str:
    """A DLMS date-time of 12 octets; its deviation leads from local time to UTC, in minutes."""
    year, month, day = int.from_bytes(octets[:2], "big"), octets[2], octets[3]
    deviation = int.from_bytes(octets[9:11], "big", signed=True)
    try:
        local = datetime(year, month, day, octets[5], octets[6], octets[7], tzinfo=UTC)
        moved = timedelta(minutes=0 if deviation == UNSPECIFIED - (1 << 16) else deviation)
        return (local + moved).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return "not a whole date and time"


def event(code: int) -> str:
    """An event code, or the group that xxFF is."""
    if code == ALL_EVENTS:
        return "0000 any event"
    if code & GROUP == GROUP:
        return f"{code:04X} " + ("every event" if code == 0xFFFF else f"group: every {code >> 8:02X}xx")
    return f"{code:04X} {event_codes.name(code)}"


def configuration(byte: int) -> str:
    """An event configuration byte: where the event goes."""
    log = byte & LOG_MASK
    named = {0: [], 3: ["log"]}.get(log, [_log(log)])
    return " ".join(named + [name for bit, name in BITS if byte & bit]) or "nowhere"


def event_control(byte: int) -> str:
    """Whom a Publish Event is for."""
    return " ".join(name for bit, name in ((1, "HAN"), (2, "WAN")) if byte & bit) or "nobody"


def _log(number: int) -> str:
    return LOGS[number] if number < len(LOGS) else f"log {number}"


def log(number: int) -> str:
    """A log id of an entry."""
    return COPIES.get(number) or _log(number)


def asked_log(byte: int) -> str:
    """Control and log id of Get Event Log."""
    low = byte & 0x0F
    amount = {0: "minimal", 1: "full"}.get(byte >> 4, f"control {byte >> 4:X}")
    return f"{log(low) if low else 'all logs'}, {amount}"


def cleared_logs(byte: int) -> str:
    """The bits of Clear Event Log Response."""
    return ", ".join(log(bit) for bit in range(8) if byte >> bit & 1) or "none cleared"


def status(value: int) -> str:
    """A ZCL status."""
    return zcl.status_name(value) if value in set(zcl.Status) else f"{value:02X}, no status that is known"


def frame_control(byte: int) -> str:
    """The frame control in GBCS's words."""
    words = [FRAME_TYPES[byte & zcl.TYPE_MASK]]
    if byte & zcl.MANUFACTURER_SPECIFIC:
        words.append("manufacturer-specific")
    words.append("server to client" if byte & zcl.SERVER_TO_CLIENT else "client to server")
    words.append(f"{'disable' if byte & zcl.NO_DEFAULT_RESPONSE else 'allow'} default response")
    return ", ".join(words)


def text(octets: bytes) -> str:
    """A string: as text where it is printable, else as digits."""
    shown = octets.decode("ascii", "replace")
    return f'"{shown}"' if shown.isascii() and shown.isprintable() and shown else octets.hex(" ").upper() or "empty"
