"""Whether what the meter sent answers what it was asked: matched by requester, cluster and number, then judged.

Each frame is decoded by zigpy's definitions to its last byte; each answer travels against its request; each request
that has to be answered is. SOFTWARE_FAILURE is no answer: it says that a handler raised an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Behaviour
from gsme_host.eui64 import BENCH as NOBODY
from gsme_host.wire import Data
from host_tests.fuzz.link_judge import Fault, Traffic
from host_tests.judges import direction, zcl_oracle
from host_tests.judges.commands import CLUSTER_SPECIFIC, DISABLE_DEFAULT_RESPONSE, WRITE_ATTRIBUTES_NO_RESPONSE
from host_tests.judges.frames import TYPE, Header, header_of
from host_tests.judges.meter_map import BENCH, BENCH_ENDPOINT, DEVICE_MANAGEMENT, ENDPOINT, EVENTS, PROFILE, TUNNELING

ZDO_ANSWER: Final = 0x8000
DEVICE_ANNOUNCE: Final = 0x0013
REMEMBERED: Final = 1 << 14  # frames that have been decoded
PUBLISH_EVENT: Final = (EVENTS, b"\x09\x00")
TRANSFER: Final = (TUNNELING, b"\x01\x02")
Key = tuple[bytes, int, int, int]


def _key(data: Data) -> Key | None:
    """What a request and its answers have in common; None of what is no frame."""
    if data.profile == zcl.PROFILE_ZDO:
        return (data.peer, data.profile, data.cluster & ~ZDO_ANSWER, data.asdu[0]) if data.asdu else None
    header = header_of(data.asdu)
    return (data.peer, data.profile, data.cluster, header.tsn) if header else None


def _as_taken(request: Data) -> Data:
    """On the bench's endpoint nobody looks whether it was a broadcast."""
    bench = request.peer == NOBODY and request.own_endpoint == BENCH_ENDPOINT
    return replace(request, aps=request.aps & direction.SECURITY) if bench else request


def judge(traffic: Traffic, behaviour: Behaviour) -> int:
    """Fault where an answer is wrong, missing or one too many; returns how many answers there were."""
    asked: dict[Key, list[Data]] = {}
    for request in map(_as_taken, traffic.requests):
        if key := _key(request):
            asked.setdefault(key, []).append(request)
    answers: dict[Key, list[Data]] = {}
    for sent in traffic.sent:
        decode(sent)
        _sort(sent, asked, answers)
    draft = behaviour is Behaviour.IRP550_DRAFT
    for key, some in answers.items():
        _judge_answers(asked[key], some, uncorrected=draft)
    if not traffic.forgot:
        for key, requests in asked.items():
            _judge_silence(requests, answers.get(key, ()), behaviour)
    return sum(map(len, answers.values()))


def _sort(sent: Data, asked: dict[Key, list[Data]], answers: dict[Key, list[Data]]) -> None:
    key = _key(sent)
    zdo = sent.profile == zcl.PROFILE_ZDO
    may_answer = bool(sent.cluster & ZDO_ANSWER) if zdo else not direction.spontaneous(sent)
    if may_answer and key in asked:
        answers.setdefault(key, []).append(sent)
        return
    if may_answer or (zdo and sent.cluster != DEVICE_ANNOUNCE):
        raise Fault(f"nobody asked for {_text(sent)}")
    if faults := direction.own_faults(sent):
        raise Fault(faults[0])


def _judge_answers(requests: Sequence[Data], answers: Sequence[Data], *, uncorrected: bool) -> None:
    """The answers fit one of the requests; where there is only one, all of them together."""
    together = [answers] if len(requests) == 1 else [[answer] for answer in answers]
    for some in together:
        found = [direction.faults(request, some, uncorrected=uncorrected) for request in requests]
        if all(found):
            raise Fault(found[0][0])


def _judge_silence(requests: Sequence[Data], answers: Sequence[Data], behaviour: Behaviour) -> None:
    """Frames of one number may be answered by fewer kinds than there are of them, but not by nothing."""
    if not answers and (unanswered := [request for request in requests if _has_to_be_answered(request, behaviour)]):
        raise Fault(f"no answer to {_text(unanswered[0])}")


def _has_to_be_answered(request: Data, behaviour: Behaviour) -> bool:
    header = header_of(request.asdu)
    if (
        header is None
        or request.profile != PROFILE
        or request.own_endpoint != ENDPOINT
        or request.aps & direction.BROADCAST
    ):
        return False
    if header.control & TYPE > CLUSTER_SPECIFIC:
        return False
    return _is_served(header) if not header.specific else _says_its_status(request, header, behaviour)


def _is_served(header: Header) -> bool:
    return header.command not in direction.NEVER_ANSWERED and header.command != WRITE_ATTRIBUTES_NO_RESPONSE


def _says_its_status(request: Data, header: Header, behaviour: Behaviour) -> bool:
    """GBCS 4.0 has no answer to a GCS20r that finds nothing."""
    get = request.cluster == DEVICE_MANAGEMENT and header.command == direction.GET_EVENT_CONFIGURATION
    return not header.control & DISABLE_DEFAULT_RESPONSE and not (get and behaviour is Behaviour.GBCS_4_0)


# --- one frame


def decode(sent: Data) -> None:
    """Fault where a frame is none; the bench's own cluster is nobody else's to judge."""
    if sent.profile == zcl.PROFILE_ZDO:
        fault = "" if _is_refusal(sent) else _zdo_fault(sent.cluster, b"\0" + sent.asdu[1:])
    elif sent.cluster == BENCH:
        fault = _status_fault(sent.asdu)
    else:
        fault = _zcl_fault(sent.cluster, _shape(sent.cluster, sent.asdu)) or _status_fault(sent.asdu)
    if fault:
        raise Fault(fault)


def _shape(cluster: int, asdu: bytes) -> bytes:
    """The frame without what is other each time: its number, the time of an event, a message, which others judge."""
    if (cluster, asdu[:3:2]) == PUBLISH_EVENT:
        asdu = asdu[:6] + bytes(4) + asdu[10:12] + bytes(len(asdu[12:]))
    elif (cluster, asdu[:3:2]) == TRANSFER:
        asdu = asdu[:3] + bytes(2) + asdu[5:6] + b"\0" * (len(asdu) > 6)
    at = 3 if asdu[0] & zcl.MANUFACTURER_SPECIFIC else 1
    return asdu[:at] + b"\0" + asdu[at + 1 :]


def _is_refusal(sent: Data) -> bool:
    """A request that is not built has one too, whatever its cluster: then zigpy may know no such answer."""
    return bool(sent.cluster & ZDO_ANSWER) and len(sent.asdu) == 2 and sent.asdu[1] != zcl.Status.SUCCESS


@lru_cache(REMEMBERED)
def _zcl_fault(cluster: int, asdu: bytes) -> str:
    try:
        zcl_oracle.judge(cluster, asdu)
    except AssertionError as error:
        return str(error)
    return ""


@lru_cache(REMEMBERED)
def _zdo_fault(cluster: int, asdu: bytes) -> str:
    try:
        zcl_oracle.judge_zdo(cluster, asdu)
    except AssertionError as error:
        return str(error)
    return ""


def _status_fault(asdu: bytes) -> str:
    header = header_of(asdu)
    failed = (
        header is not None and header.default_response and header.payload[1:2] == bytes((zcl.Status.SOFTWARE_FAILURE,))
    )
    return f"a handler raised an exception: {asdu.hex(' ')}" if failed else ""


def _text(data: Data) -> str:
    return f"{data.peer} ep {data.own_endpoint:02X} aps {data.aps:02X} {data.cluster:04X} [{data.asdu.hex(' ')}]"
