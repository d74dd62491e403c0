"""What responses say: event configuration and log entries, out of the ZCL frames of their components.

Sources: ZSE D.9 (Report Event Configuration), D.10 (Publish Event Log); GBCS GCS20, GCS20r, CS10a, CS10b.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .. import zcl
from ..zcl import Frame, Status
from . import GbcsError

REPORT_EVENT_CONFIGURATION: Final = 0x04
PUBLISH_EVENT_LOG: Final = 0x01
_REPORT_HEAD: Final = 2  # command index, total
_ROW: Final = 3
_LOG_HEAD: Final = 5  # total u16, index, total of commands, payload control
_ENTRY_HEAD: Final = 8  # log, code u16, time u32, length of the data

# Bits of the configuration byte, by their names here; the log action has three bits, of which 3 means the Event Log.
LOG: Final = 0x03
BITS: Final = {"log": LOG, "wan": 0x08, "han": 0x10, "alarm": 0x40}


class Refused(GbcsError):
    """A response that is a Default Response with an error; `status` is the ZCL status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the meter answers {zcl.status_name(status)} ({status:02X})")
        self.status = status


@dataclass(frozen=True)
class Entry:
    """An entry of a log; `utc` in seconds since 2000-01-01."""

    log: int
    code: int
    utc: int
    data: bytes


def check(frame: Frame) -> None:
    """Raises Refused where the frame is a Default Response with an error."""
    if frame.default_response and frame.default_response[1] != Status.SUCCESS:
        raise Refused(frame.default_response[1])


def event_configuration(frame: Frame) -> dict[int, int]:
    """Code to configuration byte, in the order of the answer to GCS20r; Refused, or GbcsError for another frame."""
    rows = _payload(frame, REPORT_EVENT_CONFIGURATION, _REPORT_HEAD)[_REPORT_HEAD:]
    if len(rows) % _ROW:
        raise GbcsError(f"an event configuration of {len(rows)} octets is not made of rows of {_ROW}")
    return {int.from_bytes(rows[at : at + 2], "little"): rows[at + 2] for at in range(0, len(rows), _ROW)}


def log_entries(frame: Frame) -> list[Entry]:
    """The entries of the answer to CS10a or CS10b, none where it says that there are none."""
    if frame.default_response and frame.default_response[1] == Status.NOT_FOUND:
        return []
    payload = _payload(frame, PUBLISH_EVENT_LOG, _LOG_HEAD)
    entries: list[Entry] = []
    at = _LOG_HEAD
    while at < len(payload):
        end = at + _ENTRY_HEAD + payload[at + _ENTRY_HEAD - 1] if at + _ENTRY_HEAD <= len(payload) else len(payload) + 1
        if end > len(payload):
            raise GbcsError(f"entry {len(entries) + 1} of the log is cut short")
        code, utc = (
            int.from_bytes(payload[at + place : at + place + size], "little") for place, size in ((1, 2), (3, 4))
        )
        entries.append(Entry(payload[at], code, utc, payload[at + _ENTRY_HEAD : end]))
        at = end
    return entries


def _payload(frame: Frame, command: int, shortest: int) -> bytes:
    check(frame)
    if not frame.fc & zcl.TYPE_CLUSTER or frame.command != command or len(frame.payload) < shortest:
        raise GbcsError(f"an answer that does not belong there: {frame.encode().hex(' ').upper()}")
    return frame.payload


def words(configuration: int) -> str:
    """What a configuration byte does, in the words that `parse_words` takes."""
    named = [name for name, bits in BITS.items() if configuration & bits == bits]
    rest = configuration & ~sum(BITS[name] for name in named)
    return ", ".join([*named, *([f"{rest:02X}"] if rest else [])]) or "none"


def parse_words(text: str) -> int:
    """The configuration byte of two hexadecimal digits, or of words; ValueError for anything else."""
    if text == "none":
        return 0
    names = text.lower().split(",")
    if all(name in BITS for name in names):
        return sum(BITS[name] for name in set(names))
    if len(text) != 2:  # digits of a byte
        raise ValueError(f"{text!r} is neither two hexadecimal digits nor a list of {', '.join(BITS)}, nor none")
    return int(text, 16)
