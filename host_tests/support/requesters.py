"""The nodes behind the columns of the access table, questions to the meter in their name, and how these are refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gsme_host import eui64
from gsme_host.bench import DeviceType
from gsme_host.eui64 import EUI64
from gsme_host.meter import Exchange, Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import CLUSTER_TO_CLIENT, PROFILE_SE, Cluster, Status
from host_tests.judges import access_table
from host_tests.judges.access_table import Column, Requester
from host_tests.support.sweeper import ask_all, default_response
from host_tests.support.target import Target

OTHER_METER: Final = EUI64.parse("00DB1234567890A8")
NODES: Final[dict[Requester, EUI64]] = {
    access_table.CHF: eui64.CHF,
    access_table.GPF: eui64.GPF,
    access_table.PPMID: eui64.PPMID,
    access_table.IHD: eui64.IHD,
    access_table.CAD: eui64.CAD,
    access_table.HCALCS: eui64.HCALCS,
    access_table.ESME: eui64.ESME,
    access_table.GSME: OTHER_METER,
    access_table.STRANGER: eui64.STRANGER,
}
ENROLLED: Final = tuple(one for one in NODES if one.column is not Column.STRANGER)
NAMES: Final = [one.name for one in NODES]  # ids of tests that are parametrized by NODES

_BATCH: Final = 200  # frames under different sequence numbers
_UNAUTHORISED: Final = bytes.fromhex("3E8F")  # recorded of refusals, and told to the GPF


def enrol_everybody(target: Target) -> None:
    """Puts one device of every kind into the Device Log, another gas meter among them."""
    target.enrol_home_area()
    target.bench.enrol(OTHER_METER, DeviceType.GSME)


def refusal(asked: bytes) -> list[bytes]:
    """All that somebody without the right gets: NOT_AUTHORIZED, its direction the inverse of the request's."""
    return [default_response(asked, Status.NOT_AUTHORIZED)]


def frame_from(who: EUI64, cluster: int, asdu: bytes, aps: int = LINK_KEY, *, endpoint: int = 1) -> Data:
    """A frame from endpoint 1 of a node to the meter's endpoint 1 or another."""
    return Data(who, 1, endpoint, PROFILE_SE, cluster, aps, asdu)


def ask_as(meter: Meter, who: EUI64, cluster: int, asdu: bytes | str, aps: int = LINK_KEY) -> list[bytes]:
    """The answers to a frame (bytes or hex) from a node; beside them only the GPF may be told of a refusal."""
    asdu = bytes.fromhex(asdu) if isinstance(asdu, str) else asdu
    return answers_to(meter.exchange(frame_from(who, cluster, asdu, aps)))


def ask_each(meter: Meter, requests: Iterable[Data]) -> list[Exchange]:
    """Sends all in batches, each under a sequence number of its own in byte 1 of its frame: for sweeps.

    Beside the answers only the GPF may be told of a refusal.
    """
    exchanges: list[Exchange] = []
    waiting = list(requests)
    for at in range(0, len(waiting), _BATCH):
        exchanges += ask_all(meter, [_numbered(one, tsn) for tsn, one in enumerate(waiting[at : at + _BATCH])])
    meter.journal += exchanges
    assert all(map(_tells_of_refusal, meter.unasked)), meter.unasked
    return exchanges


def _numbered(request: Data, tsn: int) -> Data:
    return replace(request, asdu=request.asdu[:1] + bytes((tsn,)) + request.asdu[2:])


def answers_to(exchange: Exchange) -> list[bytes]:
    """The answers, under the security of the request; AssertionError where anything but 8F3E to the GPF is beside."""
    answers = [one for one in exchange.answers if not _tells_of_refusal(one)]
    assert all(map(exchange.answered_by, answers)), exchange
    assert {one.aps for one in answers} <= {exchange.request.security}, exchange
    return [one.asdu for one in answers]


def _tells_of_refusal(data: Data) -> bool:
    """Whether it is the Publish Event of 8F3E, to the GPF."""
    told = (data.peer, data.cluster, data.security) == (eui64.GPF, Cluster.EVENTS, LINK_KEY)
    return told and (data.asdu[0], data.asdu[2], data.asdu[4:6]) == (CLUSTER_TO_CLIENT, 0, _UNAUTHORISED)
