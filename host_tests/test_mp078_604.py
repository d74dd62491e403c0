"""MP078-604: the refusal of GCS20r is answered client to server, profile wide.

Source: clauses MP078-604-1 to -7; ZCL 2.5.12 for Default Responses. Frames are ZCL only, hex as sent; the meter is
client of Device Management, so what reaches it there has the direction bit set (09) and what it answers has it clear.
What a pass does not prove: the same bytes inside a GBCS message with their MAC (-8), and the answer `0B FF 01` to the
components behind a failed one (half of -5): there is no tunnel here.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from gsme_host.bench import Behaviour, Bench, Fault
from gsme_host.eui64 import CHF, EUI64, GPF, IHD, STRANGER
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster
from host_tests.judges.meter_map import ABSENT_SIDES, SIDES
from host_tests.support.target import Target

DIRECTION: Final = 0x08
TYPE: Final = 0x03
MANUFACTURER: Final = 0x04
DISABLE_DEFAULT_RESPONSE: Final = 0x10
DEFAULT_RESPONSE: Final = 0x0B
UNKNOWN_COMMAND: Final = 0x40  # in no list, global or of a cluster
OWN_CODE: Final = 0x1234  # a manufacturer that the meter does not know
CLUSTERS: Final = (*sorted({cluster for cluster, _ in (*SIDES, *ABSENT_SIDES)}), Cluster.PREPAYMENT)

STEPS: Final = [  # clause, action, frame sent, what must come back, in words and bytes
    ("MP078-604-1", "read an event that the meter lacks", "09 01 05 0082", "NOT_FOUND", "00 01 0B 05 8B"),
    ("MP078-604-1", "read a critical event", "09 02 05 3E8F", "NOT_FOUND", "00 02 0B 05 8B"),
    ("MP078-604-1", "read an unknown group", "09 03 05 FF82", "NOT_FOUND", "00 03 0B 05 8B"),
    ("MP078-604-1", "the same, Default Response disabled", "19 10 05 FF82", "no bit copied", "00 10 0B 05 8B"),
    ("MP078-604-1", "read half an event id", "09 11 05 FF", "MALFORMED_COMMAND", "00 11 0B 05 80"),
    ("MP078-604-2", "read as if the meter were the server", "01 12 05", "UNSUPPORTED_CLUSTER", "08 12 0B 05 C3"),
    ("MP078-604-4", "the same under another sequence number", "09 FE 05 FF82", "TSN repeated", "00 FE 0B 05 8B"),
    ("MP078-604-5", "read one event", "09 04 05 0D81", "Report, frame control 01", "01 04 04 00 01 0D8118"),
    (
        "MP078-604-5",
        "set one event to what it is",
        "09 05 04 00000000 00000000 18 00 01 0D81",
        "Default Response SUCCESS, frame control 00",
        "00 05 0B 04 00",
    ),
    (
        "MP078-604-5",
        "set an event that there is not",
        "09 06 04 00000000 00000000 18 00 01 0082",
        "Default Response NOT_FOUND, frame control 00",
        "00 06 0B 04 8B",
    ),
]
SERVER_STEPS: Final = [  # cluster, action, frame sent, what must come back: as server the meter keeps frame control 08
    (Cluster.EVENTS, "an empty Event Log", "01 06 00 13 0000 00000000 FFFFFFFF 00 0000", "08 06 0B 00 8B"),
    (Cluster.EVENTS, "an empty Security Log", "01 07 00 04 0000 00000000 FFFFFFFF 00 0000", "08 07 0B 00 8B"),
    (Cluster.EVENTS, "clearing from the HAN", "01 08 01 03", "08 08 0B 01 7E"),
    (Cluster.BASIC, "an unknown command", "01 09 40", "08 09 0B 40 81"),
    (Cluster.METERING, "an unknown command", "01 0A 40", "08 0A 0B 40 81"),
    (Cluster.METERING, "half an attribute id", "00 0B 00 00", "08 0B 0B 00 80"),
    (Cluster.PREPAYMENT, "a cluster that it does not have", "01 0C 00", "08 0C 0B 00 C3"),
]


@pytest.mark.parametrize(
    ("clause", "action", "sent", "expected", "answer"), STEPS, ids=[f"{s[0].replace('-', '_')} {s[1]}" for s in STEPS]
)
def test_MP078_604_steps(meter: Meter, clause: str, action: str, sent: str, expected: str, answer: str) -> None:
    came = meter.ask(sent, cluster=Cluster.DEVICE_MANAGEMENT)
    assert came == [bytes.fromhex(answer)], f"{clause}: {action} -> {expected}"


@pytest.mark.parametrize(
    ("cluster", "action", "sent", "answer"), SERVER_STEPS, ids=[f"{s[0]:04X} {s[1]}" for s in SERVER_STEPS]
)
def test_MP078_604_6_as_server_it_keeps_08(meter: Meter, cluster: int, action: str, sent: str, answer: str) -> None:
    assert meter.ask(sent, cluster=cluster) == [bytes.fromhex(answer)], action


def test_MP078_604_1_the_refusals_bits_one_by_one(meter: Meter) -> None:
    """Profile-wide, not manufacturer-specific, client to server, Default Response allowed, nothing reserved."""
    (answer,) = meter.ask("09 01 05 FF82", cluster=Cluster.DEVICE_MANAGEMENT)
    bits = [answer[0] >> bit & 1 for bit in range(8)]
    assert bits == [0, 0, 0, 0, 0, 0, 0, 0]
    assert answer[1:] == bytes.fromhex("01 0B 05 8B")


def every_command(meter: Meter, payload: bytes) -> Counter[str]:
    """Sends all command ids of both types and directions to 0708; counts what answers that may, fails on the rest."""
    seen: Counter[str] = Counter()
    for control in (0x08, 0x18, 0x09, 0x19, 0x00, 0x10, 0x01, 0x11):
        for command in range(256):
            asked = bytes((control, 0x21, command)) + payload
            answers = meter.ask(asked, cluster=Cluster.DEVICE_MANAGEMENT)
            seen["sent"] += 1
            seen["answered"] += bool(answers)
            wrong = [one.hex(" ") for one in answers if (one[0] ^ control) & DIRECTION == 0]
            assert not wrong, f"{asked.hex(' ')} -> {wrong}"
    return seen


@pytest.mark.parametrize("payload", ["", "FF81", "00000000 00000000 1B 00 01 0D81"], ids=["none", "group", "set"])
def test_MP078_604_2_no_input_has_the_direction_kept(meter: Meter, payload: str) -> None:
    """Valid or not: whatever comes from a server gets nothing with the direction bit set, and the reverse.

    Not answered are, in each direction: with and without the bit that disables Default Responses, eleven global
    answers and reports and Write Attributes No Response; and Set Event Configuration done where success goes unsaid.
    """
    seen = every_command(meter, bytes.fromhex(payload))
    assert seen["sent"] == 8 * 256
    assert seen["sent"] - seen["answered"] == 4 * 12 + (1 if len(payload) > len("FF81") else 0)


@pytest.mark.parametrize("cluster", CLUSTERS, ids=[f"{cluster:04X}" for cluster in CLUSTERS])
def test_MP078_604_3_every_frame_control_on_every_cluster(meter: Meter, cluster: int) -> None:
    """256 frame controls with a command that is unknown: half of a type that is no frame, half refused, inverted."""
    refused = 0
    for control in range(256):
        code = OWN_CODE.to_bytes(2, "little") if control & MANUFACTURER else b""
        answers = meter.ask(bytes((control,)) + code + bytes((0x31, UNKNOWN_COMMAND)), cluster=cluster)
        if control & TYPE > 1:
            assert answers == [], f"{control:02X}"
            continue
        expected = bytes((~control & DIRECTION | control & MANUFACTURER,)) + code
        assert [answer[:-1] for answer in answers] == [expected + bytes((0x31, DEFAULT_RESPONSE, UNKNOWN_COMMAND))]
        refused += 1
    assert refused == 128


def test_MP078_604_4_every_sequence_number(meter: Meter) -> None:
    """All 256: repeated in the refusal, which names command 05 whatever was asked for."""
    for tsn in range(256):
        answers = meter.ask(bytes((0x09, tsn, 0x05)) + b"\xff\x82", cluster=Cluster.DEVICE_MANAGEMENT)
        assert answers == [bytes((0x00, tsn, 0x0B, 0x05, 0x8B))]


def test_MP078_604_5_a_report_in_several_commands_keeps_01(meter: Meter) -> None:
    answers = meter.ask("09 07 05 FF81", cluster=Cluster.DEVICE_MANAGEMENT)
    assert [answer[:5].hex(" ") for answer in answers] == ["01 07 04 00 02", "01 07 04 01 02"]


# Of command 05 too, and none of the draft's concern: who asks, the security of the frame, the frame, the answer.
OTHER_REFUSALS: Final[list[tuple[str, EUI64, int, str, str]]] = [
    ("an IHD, which may not", IHD, 2, "09 08 05 FF81", "00 08 0B 05 7E"),
    ("a stranger", STRANGER, 2, "09 09 05 FF81", "00 09 0B 05 7E"),
    ("the CHF without link key", CHF, 1, "09 0A 05 FF81", "00 0A 0B 05 7E"),
    ("the GPF, cut short", GPF, 2, "09 0B 05", "00 0B 0B 05 80"),
    ("the CHF, of a manufacturer", CHF, 2, "0D 3412 0C 05 FF81", "04 3412 0C 0B 05 83"),
]


@pytest.mark.parametrize("behaviour", Behaviour, ids=[behaviour.name for behaviour in Behaviour])
def test_MP078_604_3_other_refusals_are_inverted_in_every_behaviour(home: Target, behaviour: Behaviour) -> None:
    home.bench.set_behaviour(behaviour)
    for action, who, security, sent, answer in OTHER_REFUSALS:
        came = home.meter.ask(sent, cluster=Cluster.DEVICE_MANAGEMENT, who=who, security=security)
        assert came == [bytes.fromhex(answer)], action


def test_MP078_604_7_the_draft_fails_every_step_that_guards_the_direction(meter: Meter, bench: Bench) -> None:
    """The defect on demand: under the draft both refusals differ from the corrected ones in that bit alone."""
    guarded = [
        ("09 01 05 0082", 0, 0x8B),
        ("09 01 05 FF82", 0, 0x8B),
        ("09 01 05 FF81", Fault.EVENT_CONFIGURATION, 0xC0),
    ]
    for sent, fault, status in guarded:
        bench.inject_fault(fault)
        corrected = bytes((0x00, 0x01, 0x0B, 0x05, status))
        bench.set_behaviour(Behaviour.MP078)
        assert meter.ask(sent, cluster=Cluster.DEVICE_MANAGEMENT) == [corrected]
        bench.set_behaviour(Behaviour.IRP550_DRAFT)
        assert meter.ask(sent, cluster=Cluster.DEVICE_MANAGEMENT) == [bytes((DIRECTION,)) + corrected[1:]]
