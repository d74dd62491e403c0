"""The direction judge passes right exchanges, and names what is wrong with each wrong one."""

from dataclasses import dataclass, replace

import pytest

from host_tests.judges.direction import Counts, faults, header_faults, spontaneous, sweep
from host_tests.judges.frames import header_of

HUB = "the CHF"


@dataclass(frozen=True)
class Data:
    """A frame as the link carries it; link key, endpoint 1, Smart Energy."""

    cluster: int
    asdu: bytes
    peer: object = HUB
    peer_endpoint: int = 1
    own_endpoint: int = 1
    profile: int = 0x0109
    aps: int = 2


def data(cluster: int, frame: str) -> Data:
    """A frame from hex."""
    return Data(cluster, bytes.fromhex(frame))


GCS20R = data(0x0708, "09 00 05 FF81")
REFUSED = data(0x0708, "00 00 0B 05 8B")
UNCORRECTED = data(0x0708, "08 00 0B 05 8B")
GET_LOG = data(0x0709, "01 05 00 04 0000 00000000 FFFFFFFF 00 0000")

RIGHT = [
    (GCS20R, [REFUSED]),
    (GCS20R, [data(0x0708, "01 00 04 00 02 0D8118"), data(0x0708, "01 00 04 01 02 0E8108")]),
    (data(0x0708, "19 00 05 FF81"), [REFUSED]),
    (data(0x0708, "01 07 05"), [data(0x0708, "08 07 0B 05 C3")]),
    (GET_LOG, [data(0x0709, "08 05 0B 00 7E")]),
    (GET_LOG, [data(0x0709, "19 05 01 0100 00 01 10 03 4581 00000000 00")]),
    (data(0x0709, "01 00 01 03"), [data(0x0709, "08 00 0B 01 7E"), data(0x0709, "09 2A 00 04 3E8F 00000000 02 00")]),
    (data(0x0702, "00 00 00 0000"), [data(0x0702, "08 00 01 0000 86")]),
    (data(0x0702, "04 0100 00 00 0000"), [data(0x0702, "0C 0100 00 0B 00 84")]),
    (data(0xFC00, "05 F1FF 00 03 00"), [data(0xFC00, "0C F1FF 00 0B 03 00")]),
    (data(0x0708, "08 00 0B 04 00"), []),
    (data(0x0003, "00 00 00 0000"), [data(0x000A, "00 31 00 0000 0100")]),
    (replace(GCS20R, aps=6), []),
    (replace(GCS20R, own_endpoint=0xFF), [REFUSED]),
    (data(0x0702, ""), []),
]

WRONG = [
    ("WRONG_DIRECTION", GCS20R, UNCORRECTED, "direction is not inverted"),
    ("WRONG_DIRECTION_OF_A_SERVER", GET_LOG, data(0x0709, "00 05 0B 00 8B"), "direction is not inverted"),
    ("WRONG_SEQUENCE_NUMBER", GCS20R, data(0x0708, "00 01 0B 05 8B"), "sequence number is not 00"),
    ("WRONG_COMMAND", GCS20R, data(0x0708, "00 00 0B 04 8B"), "does not name command 05"),
    ("DDR_SET", GCS20R, data(0x0708, "10 00 0B 05 8B"), "DDR"),
    ("CLUSTER_SPECIFIC", GCS20R, data(0x0708, "01 00 0B 05 8B"), "no such command to send"),
    ("TAIL", GCS20R, data(0x0708, "00 00 0B 05 8B 00"), "two bytes long"),
    ("HALF", GCS20R, data(0x0708, "00 00 0B 05"), "two bytes long"),
    ("CODE_LOST", data(0x0702, "04 0100 00 00 0000"), data(0x0702, "08 00 0B 00 84"), "manufacturer bit"),
    ("CODE_CHANGED", data(0x0702, "04 0100 00 00 0000"), data(0x0702, "0C 0200 00 0B 00 84"), "manufacturer code"),
    ("ANOTHER_ENDPOINT", GCS20R, replace(REFUSED, own_endpoint=2), "own endpoint is 2"),
    ("ANOTHER_PEER_ENDPOINT", GCS20R, replace(REFUSED, peer_endpoint=2), "peer endpoint is 2"),
    ("ANOTHER_PEER", GCS20R, replace(REFUSED, peer="the IHD"), "peer is 'the IHD'"),
    ("ANOTHER_CLUSTER", GCS20R, replace(REFUSED, cluster=0x0709), "cluster is"),
    ("ANOTHER_PROFILE", GCS20R, replace(REFUSED, profile=0x0104), "profile is"),
    ("LESS_SECURITY", GCS20R, replace(REFUSED, aps=1), "aps is 1"),
    ("ANSWERED_A_DEFAULT_RESPONSE", data(0x0708, "18 00 0B 04 00"), data(0x0708, "00 00 0B 0B 00"), "is an answer"),
    ("ANSWERED_A_REPORT", data(0x0702, "00 00 0A 0000 20 01"), data(0x0702, "08 00 0B 0A 00"), "is an answer"),
    ("ANSWERED_A_BROADCAST", replace(GCS20R, aps=6), REFUSED, "was a broadcast"),
    ("ANSWERED_A_RESERVED_TYPE", data(0x0708, "0A 00 05 FF81"), REFUSED, "type is reserved"),
    ("ANSWERED_NO_RESPONSE", data(0x0000, "00 00 05 0000 20 01"), data(0x0000, "08 00 0B 05 88"), "wants none"),
    ("ANSWERED_NOTHING", data(0x0708, "09 00"), REFUSED, "no ZCL frame"),
    ("UNWANTED_SUCCESS", data(0x0003, "11 00 00 0000"), data(0x0003, "08 00 0B 00 00"), "disabled that"),
    ("WRONG_FRAME_CONTROL", GET_LOG, data(0x0709, "09 05 01 0100 00 01 10 03 4581 00000000 00"), "not 19"),
    ("REPORT_AS_SERVER", GCS20R, data(0x0708, "09 00 04 00 01 0D8118"), "direction is not inverted"),
    ("GLOBAL_ANSWER_WITH_DDR", data(0x0702, "00 00 00 0000"), data(0x0702, "18 00 01 0000 86"), "DDR bit is set"),
    ("PUBLISHED_BY_A_CLIENT", GCS20R, data(0x0709, "01 2A 00 03 8381 00000000 01 00"), "not client"),
    ("REPORTED_BY_A_SERVER", GCS20R, data(0x0708, "08 2A 0A 0D81 18 18"), "not server"),
]


def test_right_exchanges() -> None:
    """Nothing is wrong with them, and all were looked at."""
    assert sweep(RIGHT) == Counts(
        exchanges=15, default_responses=8, other_answers=4, spontaneous=2, unanswered=3, zdo=0
    )


@pytest.mark.parametrize(("name", "request_", "answer", "text"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_answers_are_noticed(name: str, request_: Data, answer: Data, text: str) -> None:
    """Each is named, and only what is wrong."""
    found = faults(request_, [answer])
    assert any(text in fault for fault in found), (name, found)
    with pytest.raises(AssertionError, match="faults"):
        sweep([(request_, [answer])])


def test_only_one_kind_of_answer() -> None:
    """MP078-550-5: a report and a refusal together are one too many."""
    assert "answers of 2 kinds" in faults(GCS20R, [data(0x0708, "01 00 04 00 01 0D8118"), REFUSED])


def test_the_draft_has_to_be_uncorrected() -> None:
    """In the behaviour of the IRP550 draft that one refusal, and no other, points the wrong way."""
    assert not faults(GCS20R, [UNCORRECTED], uncorrected=True)
    assert faults(GCS20R, [REFUSED], uncorrected=True)
    for frame, answer in (
        ("09 00 05 FF", "00 00 0B 05 80"),
        ("09 00 05 FF81", "00 00 0B 05 7E"),
        ("09 00 04 00", "00 00 0B 04 80"),
        ("0D 0100 00 05 FF81", "04 0100 00 0B 05 83"),
    ):
        assert not faults(data(0x0708, frame), [data(0x0708, answer)], uncorrected=True), frame


def test_later_components() -> None:
    """GBZ: behind a failed component the answer names FF and status 01, in the inverted direction (604-5)."""
    asked = header_of(bytes.fromhex("09 01 04 00"))
    right, wrong = header_of(bytes.fromhex("00 01 0B FF 01")), header_of(bytes.fromhex("00 01 0B 04 01"))
    assert asked is not None
    assert right is not None
    assert wrong is not None
    assert not header_faults(asked, right, later=True)
    assert header_faults(asked, wrong, later=True)
    assert header_faults(asked, right)


def test_spontaneous() -> None:
    """Reports, Publish Event, the read of the hub's clock and all of ZDO."""
    assert spontaneous(data(0x0702, "08 00 0A 0000 25 000000000000"))
    assert spontaneous(data(0x0709, "09 00 00 03 8381 00000000 01 00"))
    assert spontaneous(data(0x000A, "00 31 00 0000 0100"))
    assert spontaneous(replace(data(0x0013, "01"), profile=0))
    assert not spontaneous(REFUSED)
    assert not spontaneous(data(0x0702, "00 31 00 0000 0100"))
