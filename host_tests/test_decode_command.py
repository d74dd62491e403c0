"""The command `gsme decode`: what it takes, what it says of MACs, and one line where it cannot go on."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from gsme_host import cli
from gsme_host.eui64 import EUI64, GSME
from gsme_host.gbcs.use_cases import Role
from host_tests.support import command
from host_tests.support.own_messages import MESSAGES, PARTIES, REFUSED

MAC_ROWS: Final = ("right", "WRONG", "no key")


def decode(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(cli.cli, ["decode", *map(str, arguments)], input=stdin)


def assert_one_line(done: Result) -> None:
    """Exit status 1, one line on stderr, and no exception but the exit."""
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("gsme: ")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_cut_message_is_one_line(name: str) -> None:
    """Cut at every tenth octet."""
    data = MESSAGES[name].encode()
    for size in range(0, len(data), 10):
        assert_one_line(decode(data[:size].hex()))


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
    whole = [command.GSME, "decode", *arguments]
    return subprocess.run(whole, input=stdin, capture_output=True, check=False, timeout=command.TIMEOUT_S)


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
