"""Thousands of frames at one meter: sent one after the other without waiting for answers, which are sorted afterwards.

A batch ends with proof that the meter has said all that it had to say. Between batches its state is compared with what
it was: all that a refusal, a damaged frame or a broadcast must leave as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from gsme_host import zcl
from gsme_host.eui64 import CHF, GPF
from gsme_host.meter import Exchange, Meter
from gsme_host.wire import LINK_KEY, Ack, Data
from gsme_host.zcl import Cluster
from host_tests.judges.meter_map import Side, attributes
from host_tests.judges.mutations import Case
from host_tests.support.target import Target

REFUSED: Final = 0x8F3E
MANY_MALFORMED: Final = 0x8F60
RECORDED: Final = (REFUSED, MANY_MALFORMED)  # what a meter writes down of such frames
MALFORMED_AN_HOUR: Final = 100  # more than these, and MANY_MALFORMED is written down
ATTRIBUTES_A_FRAME: Final = 5
ENTRIES_AT: Final = 8  # in Publish Event Log: behind header, total, index, commands, payload control
ENTRY_BYTES: Final = 8  # log, code, time, length of the data; then the data
_METERING: Final = attributes(Cluster.METERING, Side.SERVER)


def tsn_of(asdu: bytes) -> int | None:
    """The sequence number of a ZCL frame; None where it is cut short before."""
    at = 3 if asdu and asdu[0] & zcl.MANUFACTURER_SPECIFIC else 1
    return asdu[at] if len(asdu) > at else None


def to_meter(cluster: int, asdu: bytes) -> Data:
    """A frame of the CHF's to endpoint 1, under the link key."""
    return Data(CHF, 1, 1, zcl.PROFILE_SE, cluster, LINK_KEY, asdu)


def answer_head(asdu: bytes, command: int) -> bytes:
    """The header of a global answer to a frame: direction inverted, manufacturer code and sequence number repeated."""
    asked = zcl.Frame.parse(asdu)
    control = asked.fc & zcl.MANUFACTURER_SPECIFIC | ~asked.fc & zcl.SERVER_TO_CLIENT
    return zcl.Frame(control, asked.tsn, command, manufacturer=asked.manufacturer).encode()


def default_response(asdu: bytes, status: int) -> bytes:
    """THE Default Response to a frame, by ZCL 2.5.12."""
    return answer_head(asdu, zcl.Global.DEFAULT_RESPONSE) + bytes((zcl.Frame.parse(asdu).command, status))


def status_of(answer: bytes) -> int | None:
    """The status of a Default Response; None for any other answer."""
    response = zcl.Frame.parse(answer).default_response
    return response[1] if response else None


def ask_all(meter: Meter, requests: Iterable[Data]) -> list[Exchange]:
    """Sends all, then sorts what came; each has to be accepted by the link and to have a sequence number of its own.

    What answers none of them is left in `meter.unasked`.
    """
    meter.drain()
    exchanges = [Exchange(request) for request in requests]
    for exchange in exchanges:
        exchange.ack = meter.link.send(exchange.request)
    meter.settle()
    waiting = {(exchange.request.cluster, tsn_of(exchange.request.asdu)): exchange for exchange in exchanges}
    rest = []
    for data in meter.unasked:
        found = waiting.get((data.cluster, tsn_of(data.asdu)))
        if found and found.answered_by(data):
            found.answers.append(data)
        else:
            rest.append(data)
    meter.unasked[:] = rest
    assert {exchange.ack for exchange in exchanges} <= {Ack.ACCEPTED}
    return exchanges


def batches(cases: Sequence[Case], size: int) -> Iterator[list[Case]]:
    """The cases in batches, numbered from 0 in each."""
    for at in range(0, len(cases), size):
        yield [case.numbered(tsn) for tsn, case in enumerate(cases[at : at + size])]


def chunk(cases: Iterable[Case], number: int, size: int) -> list[Case]:
    """The cases of one chunk, numbered from 0."""
    return list(islice(cases, number * size, (number + 1) * size))


@dataclass
class State:
    """What must stay as it is. `recorded`: codes of RECORDED in the Security Log, of which more may come."""

    kept: dict[str, list[bytes]] = field(default_factory=dict)
    recorded: list[int] = field(default_factory=list)


def state_of(meter: Meter) -> State:
    """Reads event configuration, both logs, every attribute and what reports are configured."""
    state = State()
    for exchange in ask_all(meter, _reads()):
        name = f"{exchange.request.cluster:04X} [{exchange.request.asdu.hex(' ')}]"
        answers = exchange.to_requester()
        assert answers, f"{name} is not answered"
        if exchange.request.cluster == Cluster.EVENTS:
            entries = list(_entries(answers))
            state.recorded += [_code(entry) for entry in entries if _code(entry) in RECORDED]
            answers = [entry for entry in entries if _code(entry) not in RECORDED]
        state.kept[name] = answers
    return state


def _reads() -> list[Data]:
    """What tells the state, each frame under a sequence number of its own."""
    frames = [
        (Cluster.DEVICE_MANAGEMENT, "09 {:02X} 05 FF81"),
        (Cluster.EVENTS, "01 {:02X} 00 13 0000 00000000 FFFFFFFF 00 0000"),
        (Cluster.EVENTS, "01 {:02X} 00 14 0000 00000000 FFFFFFFF 00 0000"),
        (Cluster.METERING, "00 {:02X} 08 " + "".join("00" + a.image.hex() for a in _METERING if a.reportable)),
    ]
    for cluster in (Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING):
        ids = [attribute.image.hex() for attribute in attributes(cluster, Side.SERVER)]
        groups = ["".join(ids[at : at + ATTRIBUTES_A_FRAME]) for at in range(0, len(ids), ATTRIBUTES_A_FRAME)]
        frames += [(cluster, "00 {:02X} 00 " + group) for group in groups]
    return [to_meter(cluster, bytes.fromhex(text.format(tsn))) for tsn, (cluster, text) in enumerate(frames)]


def _entries(answers: Iterable[bytes]) -> Iterator[bytes]:
    """The entries in Publish Event Log commands, or in the Default Response of an empty log."""
    for answer in answers:
        rest = answer[ENTRIES_AT:]
        while rest:
            length = ENTRY_BYTES + rest[ENTRY_BYTES - 1]
            yield rest[:length]
            rest = rest[length:]


def _code(entry: bytes) -> int:
    return int.from_bytes(entry[1:3], "little")


def furnish(target: Target) -> None:
    """Something in both logs, in a writable attribute and in the reporting configuration: something to be lost."""
    for code in (0x8183, 0x8F3F):
        target.bench.raise_event(code, b"")
    for cluster, frame, answer in (
        (Cluster.BASIC, "00 00 02 1000 42 04 4D657465", "08 00 04 00"),
        (Cluster.METERING, "00 00 06 00 1400 30 0000 0000", "08 00 07 00"),
    ):
        assert target.meter.ask(frame, cluster=cluster) == [bytes.fromhex(answer)]


def allowed_pushes(meter: Meter) -> list[int]:
    """The codes that the meter told the GPF unasked; AssertionError for anything else that came unasked."""
    codes = []
    for data in meter.unasked:
        frame = zcl.Frame.parse(data.asdu)
        told = (data.peer, data.cluster, frame.fc, frame.command, _code(frame.payload) in RECORDED)
        assert told == (GPF, Cluster.EVENTS, zcl.CLUSTER_TO_CLIENT, 0, True), f"{data} came unasked"
        codes.append(_code(frame.payload))
    return codes
