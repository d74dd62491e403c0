"""A pcap of what crossed the link, for Wireshark.

The MAC, network and APS headers are synthetic: nothing here was on air. They carry what DATA says of a frame (nodes,
endpoints, profile, cluster), short addresses made of the EUI64s, and counters of their own. Link type 230 is IEEE
802.15.4 without FCS. APS security is not shown: the payload is in clear whatever the frame's aps bits say.
"""

from __future__ import annotations

import struct
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import dpkt

from .eui64 import EUI64
from .wire import Data

if TYPE_CHECKING:
    from types import TracebackType

LINK_TYPE: Final = 230
SNAP_LENGTH: Final = 65535
PAN_ID: Final = 0x1A62
BROADCAST_SHORT: Final = 0xFFFF
RADIUS: Final = 30
_COUNTERS: Final = 256

_MAC: Final = struct.Struct("<HBHHH")  # frame control, sequence, PAN, destination, source
_NWK: Final = struct.Struct("<HHHBB8s")  # frame control, destination, source, radius, sequence, source EUI64
_APS: Final = struct.Struct("<BBHHBB")  # frame control, to endpoint, cluster, profile, from endpoint, counter

_MAC_DATA: Final = 0x8841  # data, PAN id compressed, short addresses
_MAC_ACK_REQUEST: Final = 0x0020
_NWK_DATA: Final = 0x1048  # data, protocol version 2, route discovery, source EUI64 present
_APS_UNICAST: Final = 0x40  # data, acknowledgement wanted
_APS_BROADCAST: Final = 0x08


class Capture:
    """A pcap file that several links of one process may write to; each frame is on disk when `add` returns."""

    def __init__(self, path: str | Path) -> None:
        """Makes the file anew; OSError where that is impossible."""
        self.path = Path(path)
        self.frames = 0
        self._file = self.path.open("wb", buffering=0)
        self._writer = dpkt.pcap.Writer(self._file, snaplen=SNAP_LENGTH, linktype=LINK_TYPE)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def add(self, data: Data, own: EUI64, *, from_device: bool) -> None:
        """Adds one frame at the time `data.at`; `own` is the device under test."""
        with self._lock:
            if self._file.closed:
                return
            frame = on_air(data, own, self.frames % _COUNTERS, from_device=from_device)
            self._writer.writepkt(frame, ts=data.at)
            self.frames += 1

    def close(self) -> None:
        """Closes the file; what a link adds later is lost."""
        with self._lock:
            self._file.close()


def on_air(data: Data, own: EUI64, counter: int, *, from_device: bool) -> bytes:
    """The frame as it might have been on air, without FCS; `counter` serves all three layers."""
    source, target = (own, data.peer) if from_device else (data.peer, own)
    from_endpoint, to_endpoint = data.peer_endpoint, data.own_endpoint
    if from_device:
        from_endpoint, to_endpoint = to_endpoint, from_endpoint
    to = BROADCAST_SHORT if data.broadcast else target.short
    mac_control = _MAC_DATA if data.broadcast else _MAC_DATA | _MAC_ACK_REQUEST
    aps_control = _APS_BROADCAST if data.broadcast else _APS_UNICAST
    return (
        _MAC.pack(mac_control, counter, PAN_ID, to, source.short)
        + _NWK.pack(_NWK_DATA, to, source.short, RADIUS, counter, source)
        + _APS.pack(aps_control, to_endpoint, data.cluster, data.profile, from_endpoint, counter)
        + data.asdu
    )
