"""`gsme decode`: every octet of a message is explained once, and what is wrong with it is one line.

Words are those of the GBCS use case annex, the ZCL and ZSE; the published messages are read where they are present.
What a pass does not prove: that the tables are good to read, and that a command that is named only is named rightly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from gsme_host import cli
from gsme_host.explain import Explanation, Keys, explain
from gsme_host.gbcs import GbcsError, gbz
from gsme_host.gbcs.envelope import Cra
from gsme_host.zcl import Cluster
from host_tests.support import rtds
from host_tests.support.own_messages import KEYS, MESSAGES, PAYLOADS, REFUSED, SUPPLIER, UNCORRECTED


def decode(*arguments: str) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(cli.cli, ["decode", *arguments])


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


def test_published_messages_cut_anywhere_are_a_problem() -> None:
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
def test_own_messages_cut_anywhere_are_a_problem(name: str) -> None:
    data = MESSAGES[name].encode()
    for size in range(1, len(data)):
        explanation = explain(data[:size])
        assert explanation.problem
        assert_covers(explanation, data[:size])


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
def test_octets_left_over_stand_behind_the_whole_table(name: str) -> None:
    data = MESSAGES[name].encode() + b"\xaa\xbb"
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
