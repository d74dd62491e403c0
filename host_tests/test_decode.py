"""`gsme decode`: every octet of a message is explained once, and what is wrong with it is one line.

Words are those of the GBCS use case annex, the ZCL and ZSE; the published messages are read where they are present.
What a pass does not prove: that the tables are good to read, and that a command that is named only is named rightly.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from gsme_host import cli
from gsme_host.eui64 import EUI64, GSME
from gsme_host.explain import Explanation, Keys, explain
from gsme_host.gbcs import GbcsError, commands, gbz, protection
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.gbz import Component
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import BY_NAME, Role
from gsme_host.zcl import Cluster
from host_tests.support import rtds
from host_tests.support.remote_parties import with_secrets

GSME_COMMAND: Final = Path(sys.executable).with_name("gsme")
TIMEOUT_S: Final = 60
UTC: Final = 0x1C374A80  # 2015-01-01T00:00:00Z
PARTIES: Final = with_secrets()
HEAD_END: Final = HeadEnd(GSME, PARTIES)
KEYS: Final = (Keys(GSME, PARTIES),)
SUPPLIER: Final = PARTIES[Role.SUPPLIER].entity
CERTIFICATE: Final = bytes.fromhex("30 82 00 05 02 03 01 02 03")
MAC_ROWS: Final = ("right", "WRONG", "no key")


def response(use_case: str, payload: str) -> Message:
    """A response of the meter to the Supplier, with its MAC."""
    message = Message(Cra.RESPONSE, 1000, GSME, SUPPLIER, BY_NAME[use_case].code, bytes.fromhex(payload))
    return replace(message, mac=protection.mac(PARTIES[Role.SUPPLIER].z, message))


def alert(code: int, payload: str, *, signed: bool) -> Message:
    """An alert of the meter to the Supplier, with its MAC or with octets for a signature."""
    message = Message(Cra.ALERT, 3000, GSME, SUPPLIER, code, bytes.fromhex(payload))
    if signed:
        return replace(message, signature=bytes(range(64)))
    return replace(message, mac=protection.mac(PARTIES[Role.SUPPLIER].z, message))


REFUSED: Final = response("GCS20r", "0109 01 01 0708 0005 00 00 0B 05 8B")
UNCORRECTED: Final = response("GCS20r", "0109 01 01 0708 0005 08 00 0B 05 C0")
ENCRYPTED: Final = gbz.encode([Component(Cluster.METERING, bytes.fromhex("18 00 01"), UTC, 0, bytes(range(20)))])
SIGNED_COMMAND: Final = Message(
    *(Cra.COMMAND, 7, SUPPLIER, GSME, 0x0081, bytes.fromhex("0109 01 01 0702 0015 01 00 0B") + bytes(18)),
    signature=bytes(64),
)

MESSAGES: Final[dict[str, Message]] = {
    "GCS20r": HEAD_END.command("GCS20r", commands.get_event_configuration()),
    "GCS20r answered": response("GCS20r", "0109 01 01 0708 000B 01 00 04 00 01 0D8118 0E8108"),
    "GCS20r refused": REFUSED,
    "GCS20r refused, uncorrected": UNCORRECTED,
    "GCS20": HEAD_END.command("GCS20", commands.set_event_configuration(UTC, {0x5B: [0x81AA, 0x81AB], 0x08: [0x810E]})),
    "GCS20 answered": response("GCS20", "0109 02 00 0708 0005 00 00 0B 04 87 01 0708 0005 00 01 0B FF 01"),
    "CS10a": HEAD_END.command("CS10a", commands.get_event_log()),
    "CS10a answered": response(
        "CS10a", "0109 01 01 0709 001A 19 00 01 0200 00 01 00 03 8381 804A371C 00 03 5481 804A371C 02 009B"
    ),
    "CS10b": HEAD_END.command("CS10b", commands.get_security_log(), Role.NETWORK_OPERATOR),
    "CS11": HEAD_END.command("CS11", commands.clear_event_log()),
    "CS11 answered": response("CS11", "0109 01 01 0709 0004 09 00 02 08"),
    "GCS33 answered": response("GCS33", "0109 01 01 0702 000E 08 00 01 0502 00 21 6400 1400 00 30 02"),
    "GCS38 answered": response("GCS38", "0109 01 01 0702 000C 08 00 01 0602 00 41 04 0123ABCD"),
    "GCS41": HEAD_END.command("GCS41", commands.update_site_id(UTC, b"1234567890")),
    "GCS44": HEAD_END.command("GCS44", commands.change_of_supplier(UTC, b"Gas", b"0800")),
    "encrypted": Message(
        *(Cra.RESPONSE, 9, GSME, SUPPLIER, 0x0074, ENCRYPTED, (1, 2, 3), CERTIFICATE),
        date_time=bytes.fromhex("07DF 01 01 FF 00 00 00 00 8000 00"),
        mac=bytes(12),
    ),
    "signed command": HEAD_END.protect(SIGNED_COMMAND),
    "DLMS": Message(Cra.COMMAND, 1, SUPPLIER, GSME, 0x0048, bytes.fromhex("D9 20 00"), mac=bytes(12)),
    "ASN.1": Message(Cra.COMMAND, 1, SUPPLIER, GSME, 0x0013, bytes.fromhex("30 03 02 01 05"), mac=bytes(12)),
    "alert": alert(0x1001, "0109 00 810E 1C374A80", signed=False),
    "critical alert": alert(0x1000, "0109 00 8F52 1C374A80", signed=True),
    "integrity": alert(0x00F2, "0109 01 81A0 1C374A80 0003", signed=False),
    "future-dated": alert(
        0x00CD, "0109 01 8F66 1C374A80 0E 006D 00000000000003E8 0705 01 06", signed=True
    ),
    "firmware": alert(0x00CF, "0109 01 8F72 1C374A80 0920" + "AB" * 32, signed=True),
    "billing": alert(0x008B, "0109 01 8F0A 1C374A80" + ENCRYPTED[3:].hex(), signed=True),
}  # fmt: skip
PAYLOADS: Final = {name: message.content for name, message in MESSAGES.items() if message.content[:2] == gbz.PROFILE}


def decode(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(cli.cli, ["decode", *map(str, arguments)], input=stdin)


def say(explanation: Explanation) -> str:
    """All its rows as text."""
    return "\n".join(f"{row.name}: {row.meaning}" for row in explanation.rows)


def meanings(explanation: Explanation, name: str) -> list[str]:
    """What the rows of that name say."""
    return [row.meaning for row in explanation.rows if row.name == name]


def assert_covers(explanation: Explanation, data: bytes) -> None:
    """Each octet stands in one row: every row begins where the one before it ends, the last one ends with the data."""
    at = 0
    for row in explanation.rows:
        assert row.offset == at
        assert row.octets == data[at : at + len(row.octets)]
        assert row.octets
        at += len(row.octets)
    assert at == len(data)


def assert_one_line(done: Result) -> None:
    """Exit status 1, one line on stderr, and no exception but the exit."""
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("gsme: ")


@pytest.mark.parametrize("name", MESSAGES)
def test_own_messages_are_explained_whole(name: str) -> None:
    """Every octet once, nothing wrong; the MACs that were made hold, and those that were made up do not."""
    message = MESSAGES[name]
    explanation = explain(message.encode(), KEYS)
    assert explanation.problem == ""
    assert_covers(explanation, message.encode())
    macs = meanings(explanation, "MAC")
    assert len(macs) == (message.mac is not None)
    for mac in macs:
        assert mac.startswith("WRONG" if message.mac == bytes(12) else "right")
    assert "not explained" not in say(explanation)


@pytest.mark.parametrize("name", PAYLOADS)
def test_payloads_alone_are_explained_as_within_a_message(name: str) -> None:
    explanation = explain(PAYLOADS[name])
    assert explanation.problem == ""
    assert explanation.kind == ("payload of an alert" if MESSAGES[name].cra == Cra.ALERT else "GBZ payload")
    assert_covers(explanation, PAYLOADS[name])


def test_published_messages_are_explained_whole() -> None:
    """All 26, with every MAC right under the published secrets, and without a payload that is not decoded."""
    rtds.require()
    keys = (Keys.load(rtds.folder() / rtds.KEYS),)
    explained = 0
    for name, data in rtds.vectors().items():
        explanation = explain(data, keys)
        assert explanation.problem == "", name
        assert_covers(explanation, data)
        assert meanings(explanation, "MAC")[0].startswith("right"), name
        for words in ("not decoded", "not explained", "no use case", "unknown", "no command", "no attribute"):
            assert words not in say(explanation), name
        explained += 1
    assert explained == 26


def test_published_messages_cut_anywhere_are_one_line() -> None:
    """All 26 at every octet: a problem each time, every octet that is left in one row."""
    rtds.require()
    cuts = 0
    for name, data in rtds.vectors().items():
        for size in range(1, len(data)):
            explanation = explain(data[:size])
            assert explanation.problem, f"{name} cut to {size} octets"
            assert_covers(explanation, data[:size])
            cuts += 1
    assert cuts == sum(len(data) - 1 for data in rtds.vectors().values())


@pytest.mark.parametrize("name", MESSAGES)
def test_own_messages_cut_anywhere_are_one_line(name: str) -> None:
    data = MESSAGES[name].encode()
    for size in range(len(data)):
        assert_one_line(decode(data[:size].hex()))
        if size:
            assert_covers(explain(data[:size]), data[:size])


@pytest.mark.parametrize("name", PAYLOADS)
def test_payloads_cut_anywhere_are_a_problem(name: str) -> None:
    for size in range(1, len(PAYLOADS[name])):
        cut = PAYLOADS[name][:size]
        if size < len(gbz.PROFILE):
            with pytest.raises(GbcsError, match="within its header"):
                explain(cut)
        else:
            assert explain(cut).problem
            assert_covers(explain(cut), cut)


@pytest.mark.parametrize("name", MESSAGES)
def test_octets_left_over_are_one_line_behind_the_whole_table(name: str) -> None:
    data = MESSAGES[name].encode() + b"\xaa\xbb"
    done = decode(data.hex())
    assert_one_line(done)
    assert "2 octets too many" in done.stderr
    explanation = explain(data, KEYS)
    assert_covers(explanation, data)
    assert explanation.rows[:-1] == explain(data[:-2], KEYS).rows
    assert (explanation.rows[-1].name, explanation.rows[-1].octets) == ("left over", b"\xaa\xbb")


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.sampled_from(["", "DD", "DF09", "0109", "01090101", "0800", "4C"]))
def test_whatever_comes_is_covered_or_refused(tail: bytes, head: str) -> None:
    data = bytes.fromhex(head) + tail
    for cluster in (None, Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS, Cluster.METERING):
        try:
            explanation = explain(data, KEYS, cluster)
        except GbcsError:
            continue
        assert_covers(explanation, data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_a_message_with_one_octet_changed_is_covered(name: str, draw: st.DataObject) -> None:
    data = bytearray(MESSAGES[name].encode())
    data[draw.draw(st.integers(1, len(data) - 1))] = draw.draw(st.integers(0, 255))
    assert_covers(explain(bytes(data), KEYS), bytes(data))


def test_MP078_604_7_the_uncorrected_refusal_is_named() -> None:
    """Only the one with frame control 08, and only as a response of message code 00F1."""
    (control,) = meanings(explain(UNCORRECTED.encode()), "frame control")
    assert "MP078 IRP604 corrects this refusal to 00" in control
    others = [one for name, one in MESSAGES.items() if name != "GCS20r refused, uncorrected"]
    others += [replace(UNCORRECTED, code=0x00AD), replace(UNCORRECTED, cra=Cra.COMMAND)]
    for message in others:
        assert "IRP604" not in say(explain(message.encode()))


def test_the_refusal_in_words() -> None:
    done = decode(REFUSED.encode().hex())
    assert (done.exit_code, done.stderr) == (0, "")
    for words in (
        *("General-Ciphering", "response", "1000", "00F1 GCS20r", "0708 Device Management", "0B Default Response"),
        *("05 Get Event Configuration", "NOT_FOUND", str(SUPPLIER), "00DB1234567890A1 GSME", "no key"),
    ):
        assert words in done.stdout, words


ACTIONED: Final = "8154 Immediate HAN Interface Command Received and Successfully Actioned"
WORDS: Final = {  # message: name of rows, what they say
    "GCS20": ("configuration", ["log WAN HAN alarm", "WAN"]),
    "GCS20r answered": (
        "event",
        [
            "810D Combined Credit Below Low Credit Threshold (prepayment mode), WAN HAN",
            "810E Credit Added Locally, WAN",
        ],
    ),
    "GCS20 answered": ("status", ["INVALID_VALUE", "FAILURE"]),
    "CS10a": ("control and log id", ["Event Log, full"]),
    "CS10b": ("control and log id", ["Security Log, minimal"]),
    "CS10a answered": (
        "log entry",
        [
            "Event Log, 8183 Device joined SMHAN, 2015-01-01T00:00:00Z",
            f"Event Log, {ACTIONED}, 2015-01-01T00:00:00Z, 00 9B",
        ],
    ),
    "CS11 answered": ("cleared logs", ["Event Log"]),
    "GCS33 answered": (
        "attribute",
        ["0205 RemainingBatteryLifeInDays, SUCCESS, uint16 (21) 100", "0014 SupplyStatus, SUCCESS, enum8 (30) 02"],
    ),
    "GCS38 answered": (
        "attribute",
        ["0206 CurrentMeterID (firmware version), SUCCESS, octstr (41) 01 23 AB CD"],
    ),
    "GCS41": ("site id", ['"1234567890"']),
    "encrypted": ("date-time", ["2015-01-01T00:00:00Z"]),
    "DLMS": ("content", ["DLMS, not decoded"]),
    "ASN.1": ("content", ["ASN.1, not decoded"]),
    "alert": ("time", ["2015-01-01T00:00:00Z"]),
    "integrity": ("reason", ["3"]),
    "future-dated": ("message code", ["00CD future-dated command done or failed", "006D GCS03, set prepayment mode"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_values_in_words(name: str) -> None:
    row, expected = WORDS[name]
    assert meanings(explain(MESSAGES[name].encode()), row) == expected


FRAMES: Final = {  # frame of zcl.md 10: cluster, words
    "09 03 04 804A371C 00000000 0B 03 1B": ("0708", ["04 Set Event Configuration", "log WAN", "log WAN HAN"]),
    "09 01 04 804A371C 00000000 0B 01 FF81": ("708", ["a group of events", "81FF group: every 81xx"]),
    "09 02 04 804A371C 00000000 08 02 03": ("0x0708", ["every event of a log", "Event Log"]),
    "01 00 05": ("0708", ["05 Get CIN"]),
    "08 00 0B 00 7E": ("0709", ["00 Get Event Log", "NOT_AUTHORIZED"]),
    "09 0A 00 03 8381 805A361C 01 00": ("0709", ["00 Publish Event", "HAN"]),
    "08 02 01 EFBE 86": ("0702", ["BEEF no attribute that is known, UNSUPPORTED_ATTRIBUTE"]),
    "08 1B 0A FEFF 30 01": ("0702", ["FFFE AttributeReportingStatus, enum8 (30) 01"]),
    "11 17 09 02 00002000 00000000": ("0702", ["09 Mirror Report Attribute Response", "00200000"]),
    "01 20 00 06 FFFF 00 DC05": ("0704", ["00 Request Tunnel", "1500"]),
    "08 00 01 8000 00 48 21 0200 0100 0200": ("0B05", ["array (48) [1, 2]"]),
}  # fmt: skip


@pytest.mark.parametrize("digits", FRAMES)
def test_a_frame_of_a_cluster(digits: str) -> None:
    cluster, expected = FRAMES[digits]
    done = decode(digits, "--cluster", cluster)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "ZCL frame" in done.stdout
    explanation = explain(bytes.fromhex(digits), (), int(cluster, 16))
    assert_covers(explanation, bytes.fromhex(digits))
    for words in expected:
        assert words in say(explanation)


def test_a_frame_without_its_cluster_is_explained_as_far_as_that_goes() -> None:
    assert meanings(explain(bytes.fromhex("00 00 00 0502")), "attribute") == ["0205"]
    assert meanings(explain(bytes.fromhex("09 00 05 FF81")), "command") == ["05 needs --cluster to be named"]
    assert meanings(explain(bytes.fromhex("09 00 05 FF81"), (), 0x0708), "event id") == ["81FF group: every 81xx"]


def keys_file(folder: Path, device: EUI64 = GSME) -> Path:
    """The own parties' secrets in the form of a file of keys."""
    names = {"SUPPLIER": Role.SUPPLIER, "NETWORK_OPERATOR": Role.NETWORK_OPERATOR, "ACB": Role.BROKER}
    entities = {name: str(PARTIES[role].entity) for name, role in names.items()} | {"GSME": str(device)}
    secrets = {f"{name}-GSME": PARTIES[role].z.hex() for name, role in names.items()}
    path = folder / f"{device}.json"
    path.write_text(json.dumps({"entities": entities, "shared_secrets": secrets}), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["GCS20r", "GCS20r refused", "alert"])
def test_the_MAC_is_judged(tmp_path: Path, name: str) -> None:
    """Right; WRONG where the counter is another; no key without a file for the device."""
    mine, of_another = keys_file(tmp_path), keys_file(tmp_path, EUI64.parse("00DB1234567890B7"))
    message = MESSAGES[name]
    damaged = replace(message, counter=message.counter ^ 1)
    for data, keys, expected in (
        (message, [mine], "right"),
        (message, [of_another, mine], "right"),
        (damaged, [mine], "WRONG"),
        (message, [of_another], "no key"),
        (message, [], "no key"),
    ):
        done = decode(data.encode().hex(), *(part for path in keys for part in ("--keys", path)))
        assert done.exit_code == 0
        assert [words for words in MAC_ROWS if words in done.stdout] == [expected]


def run(arguments: Sequence[str | Path], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs the command as a user does."""
    command = [str(GSME_COMMAND), "decode", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=TIMEOUT_S)


def test_a_message_comes_as_digits_file_or_standard_input(tmp_path: Path) -> None:
    data = REFUSED.encode()
    expected = run([data.hex()])
    assert (expected.returncode, expected.stderr) == (0, b"")
    raw, digits = tmp_path / "raw.bin", tmp_path / "digits.txt"
    raw.write_bytes(data)
    digits.write_text(data.hex(" ", 4).upper().replace(" ", "\n\t"), encoding="utf-8")
    for arguments, stdin in (([raw], b""), ([digits], b""), (["-"], data), (["-"], data.hex(" ").encode() + b"\r\n")):
        done = run(arguments, stdin)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected.stdout, b""), arguments


def test_a_cut_message_has_no_traceback() -> None:
    done = run([REFUSED.encode()[:-1].hex()])
    assert done.returncode == 1
    assert done.stderr.splitlines() == [b"gsme: octet 61: MAC has 12 octets, and 11 are left"]
    assert b"NOT_FOUND" in done.stdout


NONSENSE: Final = (
    "",
    " ",
    "0",
    "DDD",
    "hello",
    "no/such/file",
    "..",
    "FF FF FF FF",
    "E0 00 00",
    "02 00 00",
    "00",
    "\0",
)


@pytest.mark.parametrize("words", NONSENSE)
def test_nonsense_is_one_line(words: str) -> None:
    done = decode(words)
    assert_one_line(done)
    assert done.stdout == ""


@pytest.mark.parametrize("content", [b"", b" \n", b"hello", b"\xff" * 40, b"00" * 200_000], ids=len)
def test_a_file_of_nonsense_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nonsense"
    path.write_bytes(content)
    assert_one_line(decode(path))
    assert_one_line(decode("-", stdin=content))


def test_a_file_that_has_no_keys_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for content in ("", "[]", "{}", '{"entities": {"GSME": 1}, "shared_secrets": {}}', "\xff"):
        path.write_text(content, encoding="latin-1")
        assert_one_line(decode(REFUSED.encode().hex(), "--keys", path))
    assert_one_line(decode(REFUSED.encode().hex(), "--keys", tmp_path / "none"))


@pytest.mark.parametrize("cluster", ["", "12345", "xyz", "-1"])
def test_a_cluster_that_is_none_is_a_wrong_use(cluster: str) -> None:
    assert decode("00 00 00", "--cluster", cluster).exit_code == 2
