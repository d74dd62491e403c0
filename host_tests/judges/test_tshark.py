"""The tshark judge finds the uncorrected refusal and the damage that tshark sees, in captures made here."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from host_tests.judges import pcap, tshark
from host_tests.judges.test_zcl_oracle import GOLDEN

METER = 0x90A1
HUB = 0x90A2
BENCH_ENDPOINT = 0xF0

Said = tuple[int, int, str]  # source, cluster, frame

ANNOUNCE: Said = (METER, 0x0013, "01 A190 A190785634 12DB00 80")
ASKED: Said = (HUB, 0x0708, "09 07 05 FF81")
REFUSED: Said = (METER, 0x0708, "00 07 0B 05 8B")
UNCORRECTED: Said = (METER, 0x0708, "08 07 0B 05 C0")
DRAFT: Said = (HUB, 0xFC00, "05 F1FF 01 05 01")
MP078: Said = (HUB, 0xFC00, "05 F1FF 02 05 02")
REBOOT: Said = (HUB, 0xFC00, "05 F1FF 03 08")

pytestmark = pytest.mark.skipif(not tshark.available(), reason=tshark.MISSING)


def on_air(said: Said, number: int) -> bytes:
    """A frame between the meter and the hub, with synthetic headers."""
    source, cluster, text = said
    eui64 = 0x00DB123456780000 | source
    zdo = cluster == 0x0013 or cluster & 0xF000 == 0x8000
    destination = 0xFFFF if cluster == 0x0013 else METER ^ HUB ^ source
    ends = (0, 0) if zdo else (1, BENCH_ENDPOINT) if cluster == 0xFC00 else (1, 1)
    source_endpoint, destination_endpoint = ends if source == HUB else ends[::-1]
    profile = 0x0000 if zdo else 0x0109
    mac = struct.pack("<HBHHH", 0x8841, number & 0xFF, 0x1A62, destination, source)
    nwk = struct.pack("<HHHBBQ", 0x1048, destination, source, 30, number & 0xFF, eui64)
    aps = struct.pack("<BBHHBB", 0x00, destination_endpoint, cluster, profile, source_endpoint, number & 0xFF)
    return mac + nwk + aps + bytes.fromhex(text)


def write(path: Path, conversation: Sequence[Said]) -> Path:
    """A capture of link type 230."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", pcap.MAGIC, 2, 4, 0, 0, 65535, pcap.LINK_TYPE))
        for number, said in enumerate(conversation):
            frame = on_air(said, number)
            file.write(struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame)
    return path


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Where a test's capture goes."""
    return tmp_path / "said.pcap"


def test_golden_frames_decode(capture: Path) -> None:
    """Nothing malformed, a name for each command that Wireshark 4.0 knows, and nothing left over."""
    write(capture, [(METER, cluster, frame) for cluster, frame, _ in GOLDEN])
    assert tshark.malformed(capture) == []
    undissected = [
        n for n, (_, _, name) in enumerate(GOLDEN, 1) if name.endswith(("ands_Generated_rsp", "Extended_rsp"))
    ]
    received = [n for n, (_, _, name) in enumerate(GOLDEN, 1) if name == "Discover_Commands_Received_rsp"]
    found = tshark.names(capture)
    assert [n for n, name in enumerate(found, 1) if name == "Unknown Command"] == undissected
    assert tshark.leftovers(capture) == sorted([*received, *undissected])
    assert found[0] == "Get Event Configuration"
    assert found[2] == "Report Event Configuration"
    assert len(found) == len(GOLDEN)


def test_the_uncorrected_refusal_is_found(capture: Path) -> None:
    """MP078-604-7: 08 00 0B 05 C0 is found, the corrected one is not, nor a server's on another cluster."""
    write(capture, [REFUSED, (METER, 0x0708, "08 00 0B 05 C0"), (METER, 0x0709, "08 00 0B 00 8B")])
    assert tshark.irp604_violations(capture) == [2]


def test_fields(capture: Path) -> None:
    """One list a field: a report has its ids in one, a Default Response has none."""
    write(capture, [(METER, 0x0708, "01 00 04 00 01 0D8118 0E8108"), REFUSED])
    name = "zbee_zcl_se.device_management.event_configuration"
    ids = "zbee_zcl_se.device_management.event_id"
    status = "zbee_zcl.attr.status"
    rows = tshark.fields(capture, [ids, name, status])
    assert [row[ids] for row in rows] == [["0x810d", "0x810e"], []]
    assert rows[1][status] == ["0x8b"]
    assert len(tshark.fields(capture, [ids], "zbee_zcl.type==0")) == 1
    with pytest.raises(RuntimeError, match="no_such_field"):
        tshark.fields(capture, ["no_such_field"])


def test_damage_that_tshark_sees(capture: Path) -> None:
    """A Default Response cut short is malformed, one with a tail has bytes left over."""
    write(capture, [(METER, 0x0708, "00 00 0B 05"), (METER, 0x0708, "00 00 0B 05 8B 00")])
    assert tshark.malformed(capture) == [1]
    assert tshark.leftovers(capture) == [2]


def test_damage_that_only_the_length_check_sees(capture: Path) -> None:
    """Half a record at the end of a report: tshark is content, which is why zcl_oracle.py is run beside it."""
    write(capture, [(METER, 0x0708, "01 00 04 00 01 0D8118 0E81")])
    assert tshark.malformed(capture) == []
    assert tshark.leftovers(capture) == []


RUNS: list[tuple[str, list[Said], str, int]] = [
    ("nothing wrong", [ANNOUNCE, ASKED, REFUSED], "", 0),
    ("uncorrected", [ANNOUNCE, ASKED, UNCORRECTED], "server to client", 0),
    ("uncorrected in the draft", [ANNOUNCE, DRAFT, ASKED, UNCORRECTED], "", 1),
    ("uncorrected after the draft", [ANNOUNCE, DRAFT, MP078, ASKED, UNCORRECTED], "server to client", 0),
    ("the draft survives a reboot", [ANNOUNCE, DRAFT, REBOOT, ANNOUNCE, ASKED, UNCORRECTED], "", 1),
    ("the draft ends with its meter", [ANNOUNCE, DRAFT, ANNOUNCE, ASKED, UNCORRECTED], "server to client", 0),
    (
        "another command in the draft",
        [ANNOUNCE, DRAFT, (HUB, 0x0708, "09 07 04"), (METER, 0x0708, "08 07 0B 04 80")],
        "server to client",
        0,
    ),
    ("to the absent side", [ANNOUNCE, (HUB, 0x0708, "01 07 05"), (METER, 0x0708, "08 07 0B 05 C3")], "", 1),
    ("malformed", [ANNOUNCE, ASKED, (METER, 0x0708, "00 07 0B 05")], "malformed", 0),
    ("a tail", [ANNOUNCE, ASKED, (METER, 0x0708, "00 07 0B 05 8B 00")], "left over", 0),
    ("a wrong direction", [ANNOUNCE, ASKED, (METER, 0x0708, "09 07 04 00 01 0D8118")], "tshark calls it", 0),
    ("damage to the meter", [ANNOUNCE, (HUB, 0x0708, "09 07"), (HUB, 0x0708, "08 07 0B 05")], "", 0),
    ("a bare refusal of ZDO", [ANNOUNCE, (METER, 0x8031, "05 84")], "", 0),
    ("a response that it misreads", [ANNOUNCE, (METER, 0x0702, "08 07 16 00 0000 25 05")], "", 0),
    ("the bench's answer", [ANNOUNCE, MP078, (METER, 0xFC00, "0C F1FF 02 0B 05 00")], "", 0),
]


@pytest.mark.parametrize(("name", "conversation", "fault", "excused"), RUNS, ids=[row[0] for row in RUNS])
def test_judge_run(capture: Path, name: str, conversation: list[Said], fault: str, excused: int) -> None:
    """Only what the meter says is judged, and the draft's refusal is the one exception while the draft is on."""
    result = tshark.judge_run([write(capture, conversation)])
    assert bool(result.found) == bool(fault), (name, result.found)
    assert not fault or any(fault in text for text in result.found), (name, result.found)
    assert result.excused == excused
    assert result.frames
    assert result.lines[0].startswith("tshark ")


def test_empty_captures(capture: Path) -> None:
    """A run in which nothing was said has no faults, and says so."""
    assert tshark.judge_run([write(capture, [])]).frames == 0


def test_read_back(capture: Path) -> None:
    """The reader gives each frame as it was written."""
    frames = list(pcap.read(write(capture, [ANNOUNCE, DRAFT, ASKED])))
    assert [(frame.number, frame.source, frame.cluster) for frame in frames] == [
        (1, METER, 0x0013),
        (2, HUB, 0xFC00),
        (3, HUB, 0x0708),
    ]
    assert frames[2].asdu == bytes.fromhex(ASKED[2])
    assert pcap.meters(frames) == {METER}
