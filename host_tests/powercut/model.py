"""What a gas meter has to remember, and what becomes of it: nothing here is the meter's code, or made from it.

Sources: ZSE D.9 and D.10, GBCS table 16.2, GCS20 and CS11, MP078-603 (who reads and hears what). Refusals are recorded
once a requester and day: here all is one day. Times are as on the wire.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

EVENT_LOG, SECURITY_LOG, ENTRIES = 3, 4, 100
LIST, GROUP, LOG, MATCH = range(4)  # what a Set Event Configuration applies to
SUCCESS, MALFORMED, INVALID_VALUE, NOT_FOUND = 0x00, 0x80, 0x87, 0x8B
CLEARED, REFUSED, ACTIONED = 0x8F52, 0x8F3E, 0x8154
CHF, GPF, PPMID, TYPE_2 = 2, 3, 5, 6  # kinds of devices

_CSV: Final = Path(__file__).parents[2] / "tools" / "gsme_host" / "events.csv"
_ROWS: Final = {int(row["code"], 16): row for row in csv.DictReader(_CSV.read_text(encoding="utf-8").splitlines())}
_BYTES: Final = {code: int(row["default_config"], 16) for code, row in _ROWS.items() if row["default_config"]}
FACTORY: Final = {code: _BYTES[code] for code in sorted(_BYTES, key=lambda code: (code in (0x81A0, 0x81C6), code))}
CRITICAL: Final = {  # the log, and event control: bit 1 where the WAN is told
    code: ({"none": 0, "event": 3, "security": 4}[row["log"]], 2 if row["wan_alert"] == "yes" else 0)
    for code, row in _ROWS.items()
    if row["critical"] == "yes"
}
LOCATION, ENVIRONMENT, REGISTER, SITE_ID = (0, 0x10), (0, 0x11), (0x0702, 0), (0x0702, 0x0307)
ATTRIBUTES: Final = {LOCATION: b"\x42\0", ENVIRONMENT: b"\x30\0", REGISTER: b"\x25" + bytes(6), SITE_ID: b"\x41\0"}
Entry = tuple[int, int, bytes, bytes]  # log, code, data, time
Told = tuple[Entry, int, list[bytes]]  # an event, its event control, who on the home network is told


@dataclass
class Model:
    """One meter. `founders` are the devices that it knows from the start, by address: kinds."""

    founders: dict[bytes, int]
    configuration: dict[int, int] = field(default_factory=lambda: dict(FACTORY))
    entries: list[Entry] = field(default_factory=list)  # of both logs, the oldest first
    attributes: dict[tuple[int, int], bytes] = field(default_factory=lambda: dict(ATTRIBUTES))
    behaviour: int = 2
    refused: set[bytes] = field(default_factory=set)  # who has its refusal in the log; strangers are one
    counter: int = 0  # of the newest message that was acted on, of those that may not be replayed
    devices: dict[bytes, int] = field(init=False)

    def __post_init__(self) -> None:
        self.devices = dict(self.founders)

    def copy(self) -> Model:
        """Another one that remembers the same."""
        other = replace(self, configuration=dict(self.configuration), entries=list(self.entries))
        other.attributes, other.refused, other.devices = dict(self.attributes), set(self.refused), dict(self.devices)
        return other

    def raise_event(self, code: int, data: bytes, time: bytes) -> Told | None:
        """None for a code that there is not."""
        if (byte := self.configuration.get(code)) is None and code not in CRITICAL:
            return None
        log, control = CRITICAL[code] if byte is None else (byte & 7, byte >> 4 & 1 | byte >> 2 & 2)
        entry = (log, code, b"" if log == SECURITY_LOG else data, time)
        mine = [old for old in self.entries if old[0] == log]
        if len(mine) == ENTRIES:
            self.entries.remove(mine[0])
        self.entries += [entry] if log else []
        kinds = ({GPF} if log else set()) | ({GPF, PPMID, TYPE_2} if control & 1 and log != SECURITY_LOG else set())
        return entry, control, [who for who, kind in self.devices.items() if kind in kinds]

    def clear(self, time: bytes) -> Told | None:
        """The Supplier's command to clear the Event Log, without the record that it was done."""
        self.entries = [entry for entry in self.entries if entry[0] != EVENT_LOG]
        return self.raise_event(CLEARED, b"", time)

    def refuse(self, who: bytes, time: bytes) -> Told | None:
        """None where it is in the log already."""
        cause = who if who in self.devices else b""
        known, self.refused = cause in self.refused, self.refused | {cause}
        return None if known else self.raise_event(REFUSED, b"", time)

    def may_read(self, who: bytes, log: int) -> bool:
        """A log, by id; any other number stands for the Event Log and the register."""
        kind = self.devices.get(who)
        return kind in (CHF, GPF) or (kind in (PPMID, TYPE_2) and (log != SECURITY_LOG or self.behaviour < 2))

    def configure(self, byte: int, control: int, what: list[int], *, future: bool) -> int:
        """Set Event Configuration of a list of codes, or of what one group, log or byte reaches."""
        if control == LIST and not what:
            return MALFORMED
        if future or control > MATCH or byte & 0xA0 or byte & 7 not in (0, EVENT_LOG):
            return INVALID_VALUE
        mask = {LOG: 0x07, MATCH: 0xFF}.get(control, 0)
        group = [code for code, old in self.configuration.items() if mask == 0 or old & mask == what[0]]
        reached = what if control == LIST else group if mask or what[0] in (0x81FF, 0xFFFF) else []
        if not reached or not set(reached) <= set(self.configuration):
            return NOT_FOUND
        self.configuration |= dict.fromkeys(reached, byte)
        return SUCCESS
