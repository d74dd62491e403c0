"""The oracle decodes frames of the published test set and refuses each of them one byte shorter or longer."""

import pytest

from host_tests.judges.zcl_oracle import Decoded, judge, judge_zdo

# Cluster, frame, zigpy's name of the command. Built by hand or taken from use cases: GCS20r, GCS20, CS10a, CS10b,
# CS11, GCS33, GCS38, and the answers that MP078 asks for.
GOLDEN = [
    (0x0708, "09 00 05 FF81", "get_event_configuration"),
    (0x0708, "09 01 05 0D81", "get_event_configuration"),
    (0x0708, "01 00 04 00 01 0D8118 0E8108", "report_event_configuration"),
    (0x0708, "00 00 0B 05 8B", "Default_Response"),
    (0x0708, "00 00 0B 05 C0", "Default_Response"),
    (0x0708, "09 00 04 804A371C 00000000 5B 00 03 AA81 AB81 C481", "set_event_configuration"),
    (0x0708, "09 01 04 804A371C 00000000 0B 01 FF81", "set_event_configuration"),
    (0x0708, "09 02 04 804A371C 00000000 08 02 03", "set_event_configuration"),
    (0x0708, "09 03 04 804A371C 00000000 0B 03 1B", "set_event_configuration"),
    (0x0708, "00 00 0B 04 00", "Default_Response"),
    (0x0709, "01 00 00 13 0000 00F9351C 00956E38 00 0000", "get_event_log"),
    (0x0709, "01 00 00 04 0000 00F9351C 804A371C 00 0000", "get_event_log"),
    (0x0709, "01 00 00 10 0000 00F9351C 804A371C 00 0000", "get_event_log"),
    (0x0709, "08 00 0B 00 8B", "Default_Response"),
    (0x0709, "08 00 0B 00 7E", "Default_Response"),
    (0x0709, "19 00 01 0100 00 01 00 04 0C8F 00F9351C 00", "publish_event_log"),
    (0x0709, "19 00 01 0100 00 01 10 04 0C8F 00F9351C 00", "publish_event_log"),
    (0x0709, "09 0A 00 03 8381 805A361C 01 00", "publish_event"),
    (0x0709, "01 00 01 03", "clear_event_log_request"),
    (0x0709, "09 00 02 08", "clear_event_log_response"),
    (0x0709, "09 00 02 00", "clear_event_log_response"),
    (0x0709, "08 00 0B 01 7E", "Default_Response"),
    (0x0702, "00 00 00 0602", "Read_Attributes"),
    (0x0702, "08 00 01 0602 00 41 04 0123ABCD", "Read_Attributes_rsp"),
    (0x0702, "00 00 00 0502 1400", "Read_Attributes"),
    (0x0702, "08 00 01 0502 00 21 6400 1400 00 30 02", "Read_Attributes_rsp"),
    (0x0702, "08 02 01 EFBE 86", "Read_Attributes_rsp"),
    (0x0702, "08 05 0B 40 81", "Default_Response"),
    (0x0702, "08 05 0B 00 C3", "Default_Response"),
    (0x0702, "08 1B 0A FEFF 30 01", "Report_Attributes"),
    (0x0000, "08 00 04 00", "Write_Attributes_rsp"),
    (0x0000, "08 00 04 88 0400 86 EFBE", "Write_Attributes_rsp"),
    (0x0702, "08 00 07 00", "Configure_Reporting_rsp"),
    (0x0702, "08 00 07 8C 00 0602", "Configure_Reporting_rsp"),
    (0x0702, "08 00 09 00 00 0502 21 0100 3C00 0100 86 00 EFBE", "Read_Reporting_Configuration_rsp"),
    (0x0702, "08 00 0D 01 0000 25 1400 30", "Discover_Attributes_rsp"),
    (0x0709, "08 00 12 01 00 01", "Discover_Commands_Received_rsp"),
    (0x0709, "08 00 14 01 00 01 02", "Discover_Commands_Generated_rsp"),
    (0x0000, "08 00 16 01 0000 20 01 1000 42 03", "Discover_Attribute_Extended_rsp"),
    (0x0003, "09 00 00 0A00", "identify_query_response"),
    (0xFC00, "0C F1FF 00 0B 00 00", "Default_Response"),
]

# Lengths of a payload at which it is a whole one too, with fewer records.
RECORD_ENDS = {
    "01 00 04 00 01 0D8118 0E8108": {5},
    "00 00 00 0502 1400": {2},
    "08 00 01 0502 00 21 6400 1400 00 30 02": {6},
    "08 00 04 88 0400 86 EFBE": {3},
    "08 00 09 00 00 0502 21 0100 3C00 0100 86 00 EFBE": {11},
    "08 00 0D 01 0000 25 1400 30": {1, 4},
    "08 00 12 01 00 01": {1, 2},
    "08 00 14 01 00 01 02": {1, 2, 3},
    "08 00 16 01 0000 20 01 1000 42 03": {1, 5},
}

WRONG = [
    ("PARTIAL_LAST_RECORD", 0x0708, "01 00 04 00 01 0D8118 0E81"),
    ("COUNT_TOO_BIG", 0x0708, "09 00 04 804A371C 00000000 5B 00 04 AA81 AB81 C481"),
    ("COUNT_TOO_SMALL", 0x0708, "09 00 04 804A371C 00000000 5B 00 02 AA81 AB81 C481"),
    ("UNKNOWN_CONTROL", 0x0708, "09 00 04 804A371C 00000000 5B 04 03"),
    ("WRONG_DIRECTION", 0x0708, "09 00 04 00 01 0D8118 0E8108"),
    ("NO_SUCH_COMMAND", 0x0709, "01 00 02"),
    ("NO_SUCH_GLOBAL_COMMAND", 0x0709, "00 00 17"),
    ("NO_SUCH_CLUSTER", 0x0705, "01 00 00"),
    ("TAIL", 0x0709, "08 00 0B 00 8B 00"),
    ("RESERVED_STATUS", 0x0709, "08 00 0B 00 02"),
    ("RESERVED_TYPE", 0x0709, "02 00 0B 00 8B"),
    ("RESERVED_BITS", 0x0709, "28 00 0B 00 8B"),
    ("MIXED_WRITE_STATUSES", 0x0000, "08 00 04 86 EFBE 00"),
    ("SUCCESS_WITH_A_NAME", 0x0702, "08 00 07 00 00 0602"),
    ("NO_RECORD", 0x0702, "08 00 01"),
    ("HEADER_CUT", 0x0702, "08 00"),
    ("NOTHING", 0x0702, ""),
]


@pytest.mark.parametrize(("cluster", "frame", "name"), GOLDEN, ids=[row[1] for row in GOLDEN])
def test_golden_frames(cluster: int, frame: str, name: str) -> None:
    """Decoded under their names, and refused at every shorter length but where a record ends."""
    asdu = bytes.fromhex(frame)
    assert judge(cluster, asdu).name == name
    header = 5 if asdu[0] & 0x04 else 3
    for length in range(header, len(asdu)):
        if length - header in RECORD_ENDS.get(frame, ()):
            assert judge(cluster, asdu[:length]).name == name
            continue
        with pytest.raises(AssertionError):
            judge(cluster, asdu[:length])


@pytest.mark.parametrize(("name", "cluster", "frame"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_frames_are_noticed(name: str, cluster: int, frame: str) -> None:
    """Each way of being wrong raises, and the text shows the frame."""
    with pytest.raises(AssertionError, match=f"cluster {cluster:04X}"):
        pytest.fail(f"{name} passed as {judge(cluster, bytes.fromhex(frame))}")


def test_plain_fields() -> None:
    """Values come out as plain Python, under zigpy's names."""
    assert judge(0x0708, bytes.fromhex("01 07 04 00 01 0D8118")) == Decoded(
        cluster=0x0708,
        cluster_specific=True,
        manufacturer=None,
        direction=0,
        disable_default_response=False,
        tsn=7,
        command=4,
        name="report_event_configuration",
        fields={
            "command_index": 0,
            "total_commands": 1,
            "entries": [{"event_id": 0x810D, "configuration": 0x18}],
        },
    )
    answer = judge(0x0702, bytes.fromhex("08 00 01 0502 00 21 6400 EFBE 86"))
    assert answer.fields["status_records"] == [
        {"attrid": 0x0205, "status": 0, "value": {"type": 0x21, "value": 100}},
        {"attrid": 0xBEEF, "status": 0x86, "value": None},
    ]
    assert judge(0x0708, bytes.fromhex("00 00 0B 05 8B")).status == 0x8B
    assert judge(0xFC00, bytes.fromhex("0C F1FF 00 0B 00 00")).manufacturer == 0xFFF1


def test_zdo() -> None:
    """An announce, a descriptor and a refusal; a cut one is noticed."""
    announce = bytes.fromhex("01 A190 A190785634 12DB00 80")
    assert judge_zdo(0x0013, announce)["tsn"] == 1
    assert judge_zdo(0x8002, bytes.fromhex("05 00 A190 024080F1FF52DC050000DC0500"))["Status"] == 0
    assert judge_zdo(0x8031, bytes.fromhex("05 84")) == {"tsn": 5, "Status": 0x84}
    for wrong in (announce[:-1], announce + b"\0", b""):
        with pytest.raises(AssertionError):
            judge_zdo(0x0013, wrong)
