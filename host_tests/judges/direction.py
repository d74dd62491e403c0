"""The inverse-direction rule and its company, checked over whole exchanges: bytes in, bytes out, no decoder of ZCL.

    A Default Response travels against the frame that it answers: (FC of request xor FC of answer) & 08 is not 0.

It also repeats sequence number, command id and manufacturer code, is global, has its DDR bit clear, and comes from
where the request went, under the same profile, cluster and security. Nothing is answered twice, nothing that is an
answer is answered. Sources: ZCL 2.5.12 (Default Response), MP078-604-1 to -6, GBCS for the frame controls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from host_tests.judges.commands import (
    CLUSTER_SPECIFIC,
    DIRECTION,
    DISABLE_DEFAULT_RESPONSE,
    GLOBAL_ANSWERS,
    MANUFACTURER_SPECIFIC,
    READ_ATTRIBUTES,
    REPORT_ATTRIBUTES,
    SENT,
    UNASKED,
    WRITE_ATTRIBUTES_NO_RESPONSE,
)
from host_tests.judges.frames import TYPE, ZDO_PROFILE, Frame, Header, header_of
from host_tests.judges.meter_map import DEVICE_MANAGEMENT, ENDPOINT, SIDES, TIME, Side

SECURITY: Final = 0x03
BROADCAST: Final = 0x04
EVERY_ENDPOINT: Final = 0xFF
SUCCESS: Final = 0x00
FAILURE: Final = 0x01
LATER_COMMAND: Final = 0xFF  # GBZ: a component behind a failed one names no command
GET_EVENT_CONFIGURATION: Final = 0x05
NOT_AUTHORIZED: Final = b"\x7e"

NEVER_ANSWERED: Final = frozenset(command.id for command in GLOBAL_ANSWERS)


def spontaneous(answer: Frame) -> bool:
    """Whether the meter sends such a frame of its own accord: a report, a push, what its half-hour cycle asks."""
    header = header_of(answer.asdu)
    if header is None or answer.profile == ZDO_PROFILE:
        return answer.profile == ZDO_PROFILE
    if header.specific:
        return (answer.cluster, header.command) in UNASKED
    return header.command == REPORT_ATTRIBUTES or (answer.cluster == TIME and header.command == READ_ATTRIBUTES)


@dataclass
class Counts:
    """What a sweep saw: so a caller can assert that it swept."""

    exchanges: int = 0
    default_responses: int = 0
    other_answers: int = 0
    spontaneous: int = 0
    unanswered: int = 0
    zdo: int = 0


Exchange = tuple[Frame, Sequence[Frame]]


def sweep(exchanges: Iterable[Exchange], *, uncorrected: bool = False) -> Counts:
    """Check every exchange; AssertionError lists all that is wrong.

    `uncorrected`: the meter behaves as in the IRP550 draft, so its refusal of GCS20r has to be the uncorrected one.
    """
    counts, wrong = Counts(), []
    for request, answers in exchanges:
        wrong += [f"{_text(request)}: {fault}" for fault in faults(request, answers, uncorrected=uncorrected)]
        _count(counts, request, answers)
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong[:50])
    return counts


def _count(counts: Counts, request: Frame, answers: Sequence[Frame]) -> None:
    counts.exchanges += 1
    counts.zdo += request.profile == ZDO_PROFILE
    counts.unanswered += not answers
    for answer in answers:
        header = header_of(answer.asdu)
        if spontaneous(answer):
            counts.spontaneous += 1
        elif header is not None and header.default_response:
            counts.default_responses += 1
        else:
            counts.other_answers += 1


def faults(request: Frame, answers: Sequence[Frame], *, uncorrected: bool = False) -> list[str]:
    """All that is wrong with the answers to one request, and with what came beside them; empty if nothing is."""
    wrong = [fault for answer in answers if spontaneous(answer) for fault in own_faults(answer)]
    found = [answer for answer in answers if not spontaneous(answer)]
    if request.profile == ZDO_PROFILE or not found:
        return wrong
    asked = header_of(request.asdu)
    if asked is None or (why := _never(request, asked)):
        return [*wrong, f"answered though {why if asked else 'it is no ZCL frame'}: {_text(found[0])}"]
    for answer in found:
        wrong += [f"{_text(answer)}: {fault}" for fault in _answer_faults(request, asked, answer, uncorrected)]
    kinds = {(answer.asdu[0] & TYPE, header.command) for answer in found if (header := header_of(answer.asdu))}
    return wrong + [f"answers of {len(kinds)} kinds"] * (len(kinds) > 1)


def _answer_faults(request: Frame, asked: Header, answer: Frame, uncorrected: bool) -> list[str]:
    header = header_of(answer.asdu)
    if header is None:
        return ["it is no ZCL frame"]
    flipped = not (uncorrected and _refusal_of_gcs20r(request, asked, header))
    return [
        *_addressing(request, answer),
        *header_faults(asked, header, flipped=flipped),
        *_sent_as_listed(answer, header),
    ]


def own_faults(frame: Frame) -> list[str]:
    """What is wrong with a frame that the meter sends of its own accord (MP078-604-2): its side and frame control."""
    header = header_of(frame.asdu)
    if header is None or frame.profile == ZDO_PROFILE:
        return []
    side = _sender(header)
    wrong = _sent_as_listed(frame, header)
    if (frame.cluster, side) not in SIDES:
        wrong.append(f"the meter is not {side.name.lower()} of that cluster")
    return [f"{_text(frame)}: {fault}" for fault in wrong]


def _sender(header: Header) -> Side:
    """The side that sends in this direction."""
    return Side(header.control & DIRECTION).flipped


def _never(request: Frame, asked: Header) -> str:
    """Why the request gets no answer at all; empty if it may get one."""
    reasons = {
        "it was a broadcast": request.aps & BROADCAST,
        "its frame type is reserved": asked.control & TYPE > CLUSTER_SPECIFIC,
        "it is an answer itself": not asked.specific and asked.command in NEVER_ANSWERED,
        "it wants none": not asked.specific and asked.command == WRITE_ATTRIBUTES_NO_RESPONSE,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _addressing(request: Frame, answer: Frame) -> list[str]:
    """The answer comes from where the request went; endpoint FF is answered from endpoint 1."""
    own = ENDPOINT if request.own_endpoint == EVERY_ENDPOINT else request.own_endpoint
    expected = {
        "peer": (request.peer, answer.peer),
        "peer endpoint": (request.peer_endpoint, answer.peer_endpoint),
        "own endpoint": (own, answer.own_endpoint),
        "profile": (request.profile, answer.profile),
        "cluster": (request.cluster, answer.cluster),
        "aps": (request.aps & SECURITY, answer.aps),
    }
    return [f"{name} is {was!r}, not {want!r}" for name, (want, was) in expected.items() if want != was]


def header_faults(asked: Header, header: Header, *, flipped: bool = True, later: bool = False) -> list[str]:
    """What is wrong with an answer's header. Also for GBZ components, which have no addressing.

    `flipped` False: the direction has to be the request's own, as in the IRP550 draft's refusal. `later`: the request
    stands behind a failed component of a GBZ message, so the answer names command FF and status 01.
    """
    turned = bool((asked.control ^ header.control) & DIRECTION)
    wrong = {
        "direction is not inverted" if flipped else "direction is inverted": turned != flipped,
        f"sequence number is not {asked.tsn:02X}": header.tsn != asked.tsn,
        "manufacturer bit differs": bool((asked.control ^ header.control) & MANUFACTURER_SPECIFIC),
        "manufacturer code differs": header.manufacturer != asked.manufacturer,
    }
    if not header.default_response:
        return [fault for fault, is_so in wrong.items() if is_so]
    command, status = (*header.payload, -1, -1)[:2]
    named = LATER_COMMAND if later else asked.command
    wrong |= {
        "it is not two bytes long": len(header.payload) != 2,
        f"it does not name command {named:02X}": command != named,
        "DDR or reserved bits are set": bool(header.control & ~(MANUFACTURER_SPECIFIC | DIRECTION)),
        "it reports success though the request disabled that": status == SUCCESS
        and bool(asked.control & DISABLE_DEFAULT_RESPONSE),
        "status is not 01": later and status != FAILURE,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def _sent_as_listed(answer: Frame, header: Header) -> list[str]:
    """A cluster command has the frame control that the tables list for it; a global answer has its DDR bit clear."""
    if not header.specific:
        return ["DDR bit is set"] if header.control & DISABLE_DEFAULT_RESPONSE else []
    name, *controls = SENT.get((answer.cluster, _sender(header)), {}).get(header.command, ("",))
    if not name:
        return ["the meter has no such command to send"]
    wanted = " or ".join(f"{control:02X}" for control in controls)
    return [] if header.control in controls else [f"{name} has frame control {header.control:02X}, not {wanted}"]


def _refusal_of_gcs20r(request: Frame, asked: Header, header: Header) -> bool:
    """Whether the answer says that there is no configuration; a lack of right or of bytes is refused correctly."""
    whole = asked.control & (TYPE | MANUFACTURER_SPECIFIC | DIRECTION) == CLUSTER_SPECIFIC | DIRECTION
    get = request.cluster == DEVICE_MANAGEMENT and asked.command == GET_EVENT_CONFIGURATION and len(asked.payload) > 1
    return whole and get and header.default_response and header.payload[1:] != NOT_AUTHORIZED


def _text(frame: Frame) -> str:
    return f"{frame.cluster:04X} [{frame.asdu.hex(' ')}]"
