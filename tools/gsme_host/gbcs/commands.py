"""The contents of commands, by use case (GBCS use case annex): GBZ payloads. Times in seconds since 2000-01-01."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .. import zcl
from ..zcl import Cluster, Frame, octstr, u8, u16, u32
from .gbz import Component, encode

ALL_CONFIGURABLE: Final = 0x81FF
EVENT_LOG: Final = 3
SECURITY_LOG: Final = 4
GENERAL: Final = 0x10  # event control: entries with their data
MINIMAL: Final = 0x00
START_OF_TIME: Final = 0
END_OF_TIME: Final = 0xFFFFFFFE
LIST: Final = 0  # control of Set Event Configuration


def _payload(*frames: tuple[int, int, int, bytes]) -> bytes:
    """A payload of (cluster, frame control, command, payload); sequence numbers count the components."""
    return encode(
        [
            Component(cluster, Frame(control, number, command, payload).encode())
            for number, (cluster, control, command, payload) in enumerate(frames)
        ]
    )


def get_event_configuration(event: int = ALL_CONFIGURABLE) -> bytes:
    """GCS20r."""
    return _payload((Cluster.DEVICE_MANAGEMENT, zcl.CLUSTER_TO_CLIENT, 0x05, u16(event)))


def set_event_configuration(utc: int, events: Mapping[int, Sequence[int]]) -> bytes:
    """GCS20: a component for each configuration byte and the codes that get it."""
    return _payload(
        *(
            (
                Cluster.DEVICE_MANAGEMENT,
                zcl.CLUSTER_TO_CLIENT,
                0x04,
                u32(utc) + u32(0) + u8(byte) + u8(LIST) + u8(len(codes)) + b"".join(u16(code) for code in codes),
            )
            for byte, codes in events.items()
        )
    )


def get_event_log(start_utc: int = START_OF_TIME, end_utc: int = END_OF_TIME) -> bytes:
    """CS10a."""
    return _get_log(GENERAL | EVENT_LOG, start_utc, end_utc)


def get_security_log(start_utc: int = START_OF_TIME, end_utc: int = END_OF_TIME) -> bytes:
    """CS10b."""
    return _get_log(MINIMAL | SECURITY_LOG, start_utc, end_utc)


def _get_log(control: int, start_utc: int, end_utc: int) -> bytes:
    fields = u8(control) + u16(0) + u32(start_utc) + u32(end_utc) + u8(0) + u16(0)
    return _payload((Cluster.EVENTS, zcl.CLUSTER_TO_SERVER, 0x00, fields))


def clear_event_log() -> bytes:
    """CS11."""
    return _payload((Cluster.EVENTS, zcl.CLUSTER_TO_SERVER, 0x01, u8(EVENT_LOG)))


def read(*clusters: tuple[int, Sequence[int]]) -> bytes:
    """Reads of attributes, a component a cluster: GCS21e, GCS21m, GCS33, GCS38, GCS46."""
    return _payload(
        *(
            (cluster, zcl.GLOBAL_TO_SERVER, zcl.Global.READ, b"".join(u16(one) for one in attributes))
            for cluster, attributes in clusters
        )
    )


READS: Final[dict[str, tuple[tuple[int, Sequence[int]], ...]]] = {
    "GCS38": ((Cluster.METERING, (0x0206,)),),
    "GCS33": ((Cluster.METERING, (0x0205, 0x0014)),),
    "GCS46": ((Cluster.METERING, (0x0307,)),),
    "GCS21m": ((Cluster.BASIC, (0x0004, 0x0005)), (Cluster.METERING, (0x0608, 0x0607))),
    "GCS21e": ((Cluster.BASIC, (0x0004, 0x0005, 0x0003)), (Cluster.METERING, (0x0608, 0x0607))),
}


def update_site_id(utc: int, site_id: bytes, provider: int = 0) -> bytes:
    """GCS41: the MPRN, at most 32 octets."""
    return _update(0x03, utc, site_id, provider)


def update_cin(utc: int, number: bytes, provider: int = 0) -> bytes:
    """GCS36: the customer identification number, at most 24 octets."""
    return _update(0x06, utc, number, provider)


def _update(command: int, utc: int, value: bytes, provider: int) -> bytes:
    fields = u32(utc) + u32(0) + u32(provider) + octstr(value)
    return _payload((Cluster.DEVICE_MANAGEMENT, zcl.CLUSTER_TO_CLIENT, command, fields))


def change_of_supplier(utc: int, name: bytes, contact: bytes, provider: int = 0) -> bytes:
    """GCS44: the supplier's name, at most 16 octets, and contact details, at most 19."""
    fields = u32(provider) + u32(utc) + u8(0) + u32(provider) + u32(0) + u32(0) + octstr(name) + octstr(contact)
    return _payload((Cluster.DEVICE_MANAGEMENT, zcl.CLUSTER_TO_CLIENT, 0x01, fields))
