"""ZCL headers taken apart by hand, and what a frame on the link has beside its bytes."""

from dataclasses import dataclass
from typing import Final, Protocol

from host_tests.judges.commands import CLUSTER_SPECIFIC, DEFAULT_RESPONSE, HEADER, MANUFACTURER_SPECIFIC

TYPE: Final = 0x03
ZDO_PROFILE: Final = 0x0000
_CODE: Final = 2  # bytes of a manufacturer code


class Frame(Protocol):
    """A DATA frame of the link; the host tools' `Data` is one. `peer` is only compared."""

    @property
    def peer(self) -> object:
        """The other HAN node."""

    @property
    def peer_endpoint(self) -> int:
        """Its endpoint."""

    @property
    def own_endpoint(self) -> int:
        """The meter's endpoint."""

    @property
    def profile(self) -> int:
        """APS profile."""

    @property
    def cluster(self) -> int:
        """APS cluster."""

    @property
    def aps(self) -> int:
        """Bits 0-1 security, bit 2 broadcast."""

    @property
    def asdu(self) -> bytes:
        """The ZCL frame."""


@dataclass(frozen=True)
class Header:
    """A ZCL header. `manufacturer` is its two bytes, or none."""

    control: int
    manufacturer: bytes
    tsn: int
    command: int
    payload: bytes

    @property
    def specific(self) -> bool:
        """Whether it is a cluster command."""
        return self.control & TYPE == CLUSTER_SPECIFIC

    @property
    def default_response(self) -> bool:
        """Whether it is a Default Response."""
        return self.control & TYPE == 0 and self.command == DEFAULT_RESPONSE


def header_of(asdu: bytes) -> Header | None:
    """The header, or None where the frame is too short for one."""
    code = _CODE if asdu and asdu[0] & MANUFACTURER_SPECIFIC else 0
    if len(asdu) < HEADER + code:
        return None
    return Header(asdu[0], asdu[1 : 1 + code], asdu[1 + code], asdu[2 + code], asdu[3 + code :])
