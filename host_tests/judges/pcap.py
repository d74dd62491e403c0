"""Reads captures of link type 230 back: who said what to whom, and which default response pointed which way.

It shares no code with what writes them. Layers: IEEE 802.15.4 without FCS, with short addresses and one PAN id; the
Zigbee network header, with or without the source's EUI64; the APS header; then the ZCL or ZDO frame.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from host_tests.judges.frames import header_of
from host_tests.judges.meter_map import BENCH, DEVICE_MANAGEMENT

LINK_TYPE: Final = 230
MAGIC: Final = 0xA1B2C3D4
_FILE: Final = struct.Struct("<IHHiIII")
_RECORD: Final = struct.Struct("<IIII")
_MAC: Final = struct.Struct("<HBHHH")  # frame control, sequence, PAN, destination, source
_NWK: Final = struct.Struct("<HHHBB")  # frame control, destination, source, radius, sequence
_APS: Final = struct.Struct(
    "<BBHHBB"
)  # frame control, destination endpoint, cluster, profile, source endpoint, counter
_SOURCE_EUI64: Final = 0x1000  # bit of the network frame control
_EUI64_SIZE: Final = 8

ZDO_PROFILE: Final = 0x0000
DEVICE_ANNOUNCE: Final = 0x0013
EVERYBODY: Final = 0xFFFF
DIRECTION: Final = 0x08
SET_BEHAVIOUR: Final = 0x05
FACTORY_RESET: Final = 0x07
REBOOT: Final = 0x08
DRAFT: Final = b"\x01"
GET_EVENT_CONFIGURATION: Final = 0x05


@dataclass(frozen=True)
class OnAir:
    """One captured frame. `number` counts from 1 as tshark does; addresses are short."""

    number: int
    source: int
    destination: int
    source_endpoint: int
    destination_endpoint: int
    profile: int
    cluster: int
    asdu: bytes


def read(path: Path) -> Iterator[OnAir]:
    """The frames of a capture, in order; ValueError if it is not one of link type 230."""
    data = path.read_bytes()
    header = _FILE.unpack_from(data)
    if header[0] != MAGIC or header[-1] != LINK_TYPE:
        raise ValueError(f"{path.name}: magic {header[0]:08X}, link type {header[-1]}")
    at, number = _FILE.size, 0
    while at < len(data):
        length = _RECORD.unpack_from(data, at)[2]
        at, number = at + _RECORD.size, number + 1
        yield _frame(number, data[at : at + length])
        at += length


def _frame(number: int, raw: bytes) -> OnAir:
    control, destination, source, *_ = _NWK.unpack_from(raw, _MAC.size)
    aps = _MAC.size + _NWK.size + (_EUI64_SIZE if control & _SOURCE_EUI64 else 0)
    _, to_endpoint, cluster, profile, from_endpoint, _ = _APS.unpack_from(raw, aps)
    asdu = raw[aps + _APS.size :]
    return OnAir(number, source, destination, from_endpoint, to_endpoint, profile, cluster, asdu)


def meters(frames: Iterable[OnAir]) -> set[int]:
    """Short addresses of the devices under test: who announced itself, and whom the bench spoke to."""
    found = set()
    for frame in frames:
        if frame.profile == ZDO_PROFILE and frame.cluster == DEVICE_ANNOUNCE:
            if frame.destination == EVERYBODY and frame.asdu[1:3] == frame.source.to_bytes(2, "little"):
                found.add(frame.source)
        elif frame.cluster == BENCH and frame.source_endpoint != frame.destination_endpoint:
            found.add(frame.destination if frame.destination_endpoint > frame.source_endpoint else frame.source)
    return found


class Excuses:
    """Which refusals on Device Management may point from server to client, found by following a capture.

    Two kinds: the answer to a frame that itself went to the server, which the meter is not (direction inverted, as
    ever); and the uncorrected refusal of GCS20r while the bench has a meter behave as in the IRP550 draft.
    """

    def __init__(self, devices: set[int]) -> None:
        """`devices` are the short addresses of the meters in the capture."""
        self._devices = devices
        self._drafts: set[int] = set()
        self._rebooting: set[int] = set()
        self._asked: dict[tuple[int, int, int], tuple[int, int]] = {}

    def excused(self, frame: OnAir) -> bool:
        """Take the next frame of the capture; whether it may have its direction bit set."""
        header = header_of(frame.asdu)
        if frame.source in self._devices:
            if frame.profile == ZDO_PROFILE and frame.cluster == DEVICE_ANNOUNCE:
                self._started(frame.source)
            if header is None or frame.cluster != DEVICE_MANAGEMENT:
                return False
            control, command = self._asked.get((frame.source, frame.destination, header.tsn), (DIRECTION, 0))
            drafted = frame.source in self._drafts and command == GET_EVENT_CONFIGURATION
            return not control & DIRECTION or drafted
        if header is not None and frame.cluster == BENCH:
            self._bench(frame.destination, header.command, header.payload)
        elif header is not None and frame.cluster == DEVICE_MANAGEMENT:
            self._asked[frame.destination, frame.source, header.tsn] = (header.control, header.command)
        return False

    def _bench(self, device: int, command: int, payload: bytes) -> None:
        if command == SET_BEHAVIOUR and payload[:1] == DRAFT:
            self._drafts.add(device)
        elif command in (SET_BEHAVIOUR, FACTORY_RESET):
            self._drafts.discard(device)
        elif command == REBOOT:
            self._rebooting.add(device)

    def _started(self, device: int) -> None:
        """A meter that was not told to reboot is another one, as it left the factory."""
        if device not in self._rebooting:
            self._drafts.discard(device)
        self._rebooting.discard(device)
