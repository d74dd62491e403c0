"""The gas meter's 85 event codes as facts: 44 configurable ones (81xx) and 41 critical ones (8Fxx).

The rows are in events.csv of the host package: code (hex), name, log (none, event or security, under the factory
configuration), critical, configurable, default_config (hex, empty for critical codes) and wan_alert (yes, no, or
configured: its byte decides). Sources: GBCS table 16.2 for codes and names, GCS20r for the 44 codes and bytes, CS10a
and CS10b and published meter manuals for the logs.
"""

from dataclasses import dataclass
from typing import Final

from gsme_host import event_codes

NO_LOG: Final = 0
EVENT_LOG: Final = 3
SECURITY_LOG: Final = 4

# The configuration byte (ZSE D.9, Report Event Configuration).
LOG_MASK: Final = 0x07
WAN_BIT: Final = 0x08
HAN_BIT: Final = 0x10

# Event control of Publish Event (ZSE D.10).
REPORT_TO_HAN: Final = 0x01
REPORT_TO_WAN: Final = 0x02

_LOG_IDS: Final = {"none": NO_LOG, "event": EVENT_LOG, "security": SECURITY_LOG}


@dataclass(frozen=True)
class Event:
    """One code. `log` is a log id, `configuration` the factory byte or None for a critical code."""

    code: int
    name: str
    log: int
    critical: bool
    configurable: bool
    configuration: int | None
    wan_alert: bool

    @property
    def image(self) -> bytes:
        """The code as it travels, little-endian."""
        return self.code.to_bytes(2, "little")

    @property
    def control(self) -> int:
        """Event control of the Publish Event that tells of it, under the factory configuration."""
        if self.configuration is None:
            return REPORT_TO_WAN if self.wan_alert else 0
        return control_of(self.configuration)


def control_of(configuration: int) -> int:
    """Event control that follows from a configuration byte."""
    to_han = REPORT_TO_HAN if configuration & HAN_BIT else 0
    return to_han | (REPORT_TO_WAN if configuration & WAN_BIT else 0)


def _event(row: dict[str, str]) -> Event:
    configuration = int(row["default_config"], 16) if row["default_config"] else None
    configured_alert = configuration is not None and bool(configuration & WAN_BIT)
    return Event(
        code=int(row["code"], 16),
        name=row["name"],
        log=_LOG_IDS[row["log"]],
        critical=row["critical"] == "yes",
        configurable=row["configurable"] == "yes",
        configuration=configuration,
        wan_alert=row["wan_alert"] == "yes" or configured_alert,
    )


def _load() -> tuple[Event, ...]:
    return tuple(_event(row) for row in event_codes.rows())


EVENTS: Final = _load()
CONFIGURABLE: Final = tuple(event for event in EVENTS if event.configurable)
CRITICAL: Final = tuple(event for event in EVENTS if event.critical)
SECURITY_CODES: Final = tuple(event.code for event in EVENTS if event.log == SECURITY_LOG)
BY_CODE: Final = {event.code: event for event in EVENTS}

# Code to byte as the factory sets it (GCS20r, compared as a set), and the order of the published answer.
FACTORY: Final = {event.code: event.configuration for event in EVENTS if event.configuration is not None}
_PUBLISHED_LAST: Final = (0x81A0, 0x81C6)
PUBLISHED_ORDER: Final = (*(code for code in sorted(FACTORY) if code not in _PUBLISHED_LAST), *_PUBLISHED_LAST)
