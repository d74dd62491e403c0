"""Get and Set Event Configuration and what answers them on the HAN, from the texts.

Source: ZSE D.9 (Device Management), GBCS GCS20 and GCS20r. A set is a dict from code to configuration byte, in the
order in which the meter reports it; a report is at most 80 bytes long, filled before the next begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gsme_host.zcl import Cluster
from host_tests.judges.event_list import FACTORY, LOG_MASK, PUBLISHED_ORDER
from host_tests.judges.zcl_types import MAP8

GET: Final = 0x05
SET: Final = 0x04
LIST, GROUP, LOG, MATCH = range(4)  # control: what a Set applies to
GROUPS: Final = (0x81FF, 0xFFFF)  # the only ones with codes in them
ROWS_A_COMMAND: Final = 25  # of 3 bytes, behind 5 bytes of header, index and total
CLUSTER: Final = Cluster.DEVICE_MANAGEMENT

Configurations = Mapping[int, int]


def factory() -> dict[int, int]:
    """The set as it leaves the factory."""
    return {code: FACTORY[code] for code in PUBLISHED_ORDER}


def u16(value: int) -> bytes:
    """Two bytes, little-endian."""
    return value.to_bytes(2, "little")


def get(event: int, tsn: int = 1) -> bytes:
    """Get Event Configuration of an event or a group."""
    return bytes((0x09, tsn, GET)) + u16(event)


def report(rows: Configurations, tsn: int = 1) -> list[bytes]:
    """Report Event Configuration of those rows, in as many commands as they take."""
    images = [u16(code) + bytes((configuration,)) for code, configuration in rows.items()]
    parts = [images[at : at + ROWS_A_COMMAND] for at in range(0, len(images), ROWS_A_COMMAND)]
    return [bytes((0x01, tsn, 0x04, index, len(parts))) + b"".join(part) for index, part in enumerate(parts)]


def set_frame(configuration: int, control: int, rest: bytes, *, tsn: int = 1, start: int = 0, fc: int = 0x09) -> bytes:
    """Set Event Configuration with whatever `rest` says that it applies to."""
    issuer = bytes(4)
    return bytes((fc, tsn, SET)) + issuer + start.to_bytes(4, "little") + bytes((configuration, control)) + rest


def set_list(configuration: int, codes: Iterable[int], *, tsn: int = 1, start: int = 0, fc: int = 0x09) -> bytes:
    """Set Event Configuration of the events in a list."""
    images = [u16(code) for code in codes]
    rest = bytes((len(images),)) + b"".join(images)
    return set_frame(configuration, LIST, rest, tsn=tsn, start=start, fc=fc)


def set_group(configuration: int, group: int) -> bytes:
    """Set Event Configuration of a group."""
    return set_frame(configuration, GROUP, u16(group))


def set_log(configuration: int, log: int) -> bytes:
    """Set Event Configuration of every event now in one log."""
    return set_frame(configuration, LOG, bytes((log,)))


def set_match(configuration: int, old: int) -> bytes:
    """Set Event Configuration of every event whose byte now equals a value."""
    return set_frame(configuration, MATCH, bytes((old,)))


def default_response(command: int, status: int, tsn: int = 1) -> bytes:
    """The Default Response of the client of Device Management (MP078-604-1)."""
    return bytes((0x00, tsn, 0x0B, command, status))


def read_attributes(codes: Iterable[int], tsn: int = 1) -> bytes:
    """A read of event configurations as attributes of the client side."""
    return bytes((0x08, tsn, 0x00)) + b"".join(map(u16, codes))


def read_response(rows: Configurations, tsn: int = 1) -> bytes:
    """What answers it: attribute, SUCCESS, type, value."""
    records = [u16(code) + bytes((0, MAP8, value)) for code, value in rows.items()]
    return bytes((0x00, tsn, 0x01)) + b"".join(records)


def reached(rows: Configurations, control: int, what: int) -> list[int]:
    """The codes that a Set by group, log or match reaches; a log of 0 is that of the codes with log action 0."""
    if control == GROUP:
        return list(rows) if what in GROUPS else []
    mask = LOG_MASK if control == LOG else 0xFF
    return [code for code, configuration in rows.items() if configuration & mask == what]


def allowed(configuration: int) -> bool:
    """Whether GCS20 allows the byte: bits 5 and 7 clear, log action none or Event Log."""
    return not configuration & 0xA0 and configuration & LOG_MASK in (0, 3)
