"""The commands that send a remote party's messages, run as a user runs them, each against a simulated meter."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.sim import Simulator
from gsme_host.supervisor import ROOT
from host_tests.judges.event_list import FACTORY
from host_tests.support import rtds
from host_tests.support.command import complaint, gsme
from host_tests.support.target import firmware

pytestmark = pytest.mark.simulated


def shown(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """The words of each line that was printed, of a command that succeeded."""
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split() for line in done.stdout.splitlines() if line.strip()]


def test_gcs20r_shows_all_codes() -> None:
    """44 rows: code and byte as the factory sets them."""
    rows = [line for line in shown(gsme("gcs20r")) if line[0].startswith("81")]
    assert {int(row[0], 16): int(row[1], 16) for row in rows} == FACTORY


def test_what_is_configured_is_there_the_next_time(tmp_path: Path) -> None:
    """GCS20 by words and by byte, to a meter that keeps its storage; GCS20r of one code each."""
    assert ["810E", "5B", "log,", "wan,", "han,", "alarm", "SUCCESS"] in shown(
        gsme("configure", "--state", tmp_path, "81AA=log,wan", "810E=5B", "8145=none")
    )
    for event, row in (("81AA", ["81AA", "0B", "log,", "wan"]), ("8145", ["8145", "00", "none"])):
        assert row == shown(gsme("gcs20r", "--state", tmp_path, event))[-1][: len(row)]


def test_logs() -> None:
    """A meter whose clock the hub has just set has one entry in its Event Log, and none in its Security Log."""
    lines = shown(gsme("event-log"))
    assert lines[0] == ["Event", "Log,", "entries:", "1"]
    assert lines[-1][2:] == ["8145", "Clock", "adjusted", "(within", "tolerance)"]
    assert shown(gsme("security-log", "--role", "acb"))[0] == ["Security", "Log,", "entries:", "0"]


def test_the_messages_themselves() -> None:
    """With -v: the command and its response, whole."""
    lines = shown(gsme("gcs20r", "-v", "--counter", "77"))
    command, response = (Message.parse(bytes.fromhex(line[0])) for line in lines[:2])
    assert (command.cra, response.cra) == (Cra.COMMAND, Cra.RESPONSE)
    assert command.counter == response.counter == 77


def test_another_port() -> None:
    """A meter that is there already, twice: its parties are enrolled anew."""
    with Simulator(mpy=firmware()) as simulator:
        for _ in range(2):
            assert len(shown(gsme("gcs20r", "--port", simulator.port))) > 44


def test_keys_from_a_file() -> None:
    """The published parties."""
    rtds.require()
    lines = shown(gsme("gcs20r", "-v", "--counter", "1000", "--keys", rtds.folder() / rtds.KEYS))
    assert bytes.fromhex(lines[0][0]) == rtds.vectors()["GCS20r_6.2.10_SUCCESS_COMMAND"]


WRONG: Final = [  # arguments, exit status, words of the one line
    (["configure", "81AA=A0"], 1, "INVALID_VALUE"),
    (["configure", "8F0C=log"], 2, "no event that a Supplier may configure"),
    (["configure", "81AA"], 2, "EVENT=WHAT"),
    (["configure", "81AA=5B", "81aa=00"], 2, "twice"),
    (["gcs20r", ""], 2, "four hexadecimal digits"),
    (["gcs20r", "8_1AA"], 2, "four hexadecimal digits"),
    (["gcs20r", "--port", ""], 1, "no such port"),
    (["event-log", "--port", "x", "--state", "y"], 2, "--state"),
    (["configure", "81AA=loud"], 2, "neither"),
    (["configure", "81AA=ZZ"], 2, "ZZ"),
    (["gcs20r", "event"], 2, "four hexadecimal digits"),
    (["gcs20r", "--port", "nothing-there"], 1, "no such port"),
    (["gcs20r", "--keys", "nothing-there"], 1, "nothing-there"),
    (["event-log", "--keys", str(ROOT / "pyproject.toml")], 1, "pyproject.toml"),
]


@pytest.mark.parametrize(("arguments", "status", "words"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_what_is_wrong_is_one_line(arguments: list[str], status: int, words: str) -> None:
    assert words in complaint(gsme(*arguments), status)


@pytest.mark.parametrize("lacking", ["ACB", "SUPPLIER"])
def test_keys_without_a_party(tmp_path: Path, lacking: str) -> None:
    """A file of keys that lacks the broker or the Supplier."""
    entities = {"SUPPLIER": "00A5A5A500000001", "ACB": "00A5A5A500000004"}
    secrets = {f"{name}-GSME": "5A" * 32 for name in entities if name != lacking}
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"entities": entities, "shared_secrets": secrets}))
    assert "shares no secret" in complaint(gsme("gcs20r", "--keys", keys), 1)
