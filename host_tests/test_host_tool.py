"""What `gsme` says where there is no meter: one line, a status that is not zero, and no traceback.

Ports that are missing, busy, silent, or not a meter: something that echoes, something that speaks nonsense, zeros, a
console, another version of the link. Then arguments that make no sense, and Ctrl-C. The words are not compared as a
whole: each line names the port and what is wrong with it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from gsme_host import wire
from gsme_host.eui64 import GSME as METER
from gsme_host.link import Link
from gsme_host.sim import Simulator
from gsme_host.supervisor import ROOT
from gsme_host.wire import Ack, Kind
from host_tests.support import strange_ports
from host_tests.support.command import GSME, TIMEOUT_S, complaint, gsme
from host_tests.support.strange_ports import Speaker, strange_port

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130


def other_version(heard: bytes) -> bytes:
    """A device of another version of the link: ACK 03 to every SYNC, whatever its number."""
    if not heard:
        return b""
    identity = bytes((Ack.NOT_UNDERSTOOD, wire.VERSION + 1)) + (1600).to_bytes(2, "little") + METER
    return b"".join(wire.coded(wire.body(Kind.ACK, seq, identity)) for seq in range(1, 3))


NO_PORTS: Final = {  # what is not there: the port, and what the line has to say of it
    "no such file": ("{tmp}/ttyNONE", "no such port"),
    "a folder": ("{tmp}", "not a serial port"),
    "a file": ("{tmp}/file", "not a serial port"),
    "a device that is none": ("/dev/null", "not a serial port"),
    "nobody listens": ("socket://localhost:1", "nothing listens"),
    "an unknown kind of URL": ("teapot://kettle", "teapot"),
    "no port number": ("socket://localhost", "no port number"),
    "a port number too high": ("socket://localhost:99999", "no port number"),
    "nobody listens, by RFC 2217": ("rfc2217://localhost:1", "nothing listens"),
    "no port number, by RFC 2217": ("rfc2217://localhost", "no port number"),
}
NOT_A_METER: Final[dict[Speaker, str]] = {  # what is behind the port, and what the line has to say of it
    strange_ports.silent: "silent",
    strange_ports.echo: "not a meter",
    strange_ports.nonsense: "not a meter",
    strange_ports.zeros: "not a meter",
    strange_ports.console: "not a meter",
    other_version: "another version",
}
BAD_ARGUMENTS: Final = {  # arguments that make no sense, and a word that the message has to have
    ("sim", "--eui64", "123"): "'123'",
    ("sim", "--eui64", "00DB1234567890AG"): "'00DB1234567890AG'",
    ("sim", "--eui64", "00DB1234567890A1A1"): "'00DB1234567890A1A1'",
    ("sim", "--role", "esme"): "esme",
    ("sim", "--role", "gpf"): "gpf",
    ("sim", "--role", "chf"): "chf",
}
CLICKS_OWN: Final = {  # the same, where the last line of several says it
    ("sim", "--role", "toaster"): "toaster",
    ("sim", "--colour", "red"): "--colour",
    ("probe",): "PORT",
    ("probe", "--baud", "fast", "/dev/null"): "fast",
    ("teapot",): "teapot",
    ("demo", "--pcap", "{tmp}"): "{tmp}",
}


@pytest.fixture
def meter_port() -> Iterator[str]:
    with Simulator() as sim:
        yield sim.port


# --- ports


@pytest.mark.parametrize("command", [("probe",), ("demo", "--pcap", "{tmp}/x.pcap", "--port")], ids=["probe", "demo"])
@pytest.mark.parametrize(("port", "word"), NO_PORTS.values(), ids=NO_PORTS)
def test_a_port_that_is_not_there(tmp_path: Path, command: tuple[str, ...], port: str, word: str) -> None:
    (tmp_path / "file").write_text("")
    arguments = [part.format(tmp=tmp_path) for part in (*command, port)]
    line = complaint(gsme(*arguments), FAILED)
    assert arguments[-1] in line
    assert word in line


def test_a_busy_port(meter_port: str, tmp_path: Path) -> None:
    """Both commands; and the program that has the port does not notice."""
    with Link(meter_port) as link:
        link.sync()
        for arguments in (["probe"], ["demo", "--pcap", str(tmp_path / "x.pcap"), "--port"]):
            line = complaint(gsme(*arguments, meter_port), FAILED)
            assert f"{meter_port}: another program has that port" in line
        link.sync()


def test_ports_without_a_meter_behind_them(tmp_path: Path) -> None:
    """All at once, each by itself: they wait for an answer that does not come."""
    demo = ("demo", "--pcap", str(tmp_path / "x.pcap"), "--port")
    asked: list[tuple[Speaker, tuple[str, ...], str]] = [(s, ("probe",), words) for s, words in NOT_A_METER.items()]
    asked.append((strange_ports.silent, demo, "silent"))
    with ExitStack() as ports, ThreadPoolExecutor(len(asked)) as pool:
        names = [ports.enter_context(strange_port(speaker)) for speaker, _, _ in asked]
        results = pool.map(lambda one, port: gsme(*one[1], port), asked, names)
        for (speaker, _, words), port, done in zip(asked, names, results, strict=True):
            line = complaint(done, FAILED)
            assert port in line, speaker.__name__
            assert words in line, speaker.__name__


def test_a_meter(meter_port: str) -> None:
    """The same command where there is one: who it is, and the port is free again, again and again."""
    for _ in range(2):
        done = gsme("probe", meter_port)
        assert (done.returncode, done.stderr) == (0, "")
        for told in (meter_port, str(METER), "1600"):
            assert told in done.stdout


# --- arguments


@pytest.mark.parametrize(("arguments", "word"), BAD_ARGUMENTS.items(), ids=[" ".join(a) for a in BAD_ARGUMENTS])
def test_arguments_that_make_no_sense(arguments: tuple[str, ...], word: str) -> None:
    done = gsme(*arguments)
    assert word in complaint(done, USAGE)
    assert not done.stdout


@pytest.mark.parametrize(("arguments", "word"), CLICKS_OWN.items(), ids=[" ".join(a) for a in CLICKS_OWN])
def test_arguments_that_are_none_of_the_commands(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    done = gsme(*(part.format(tmp=tmp_path) for part in arguments))
    last = done.stderr.splitlines()[-1]
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert last.startswith("Error: ")
    assert word.format(tmp=tmp_path) in last


def test_no_MicroPython() -> None:
    """A variable that names none: the simulator, and what stands on it, say so."""
    for command in ("sim", "demo"):
        line = complaint(gsme(command, env={"MICROPYTHON": "no-such-program"}), FAILED)
        assert "MICROPYTHON=no-such-program" in line


def test_a_folder_without_firmware(tmp_path: Path) -> None:
    for arguments in (("sim", "--mpy"), ("demo", "--pcap", str(tmp_path / "x.pcap"), "--firmware")):
        assert str(tmp_path) in complaint(gsme(*arguments, str(tmp_path)), FAILED)


def test_the_suite_ends_in_one_line_where_there_is_no_meter() -> None:
    """`make test PORT=...` with a port that is not there: no test is run."""
    command = [sys.executable, "-m", "pytest", "--port", "nothing-there", "host_tests/test_zdo.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert [line for line in done.stderr.splitlines() if line] == ["ERROR: nothing-there: there is no such port"]


# --- Ctrl-C


def test_ctrl_c_ends_a_probe_without_words() -> None:
    """While it waits for something silent."""
    with strange_port(strange_ports.silent) as port:
        process = subprocess.Popen([GSME, "probe", port], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        _wait_until_open(process.pid, port)
        process.send_signal(signal.SIGINT)
        printed = b"".join(process.communicate(timeout=TIMEOUT_S))
    assert (printed.strip(), process.returncode) == (b"", INTERRUPTED)


def _wait_until_open(pid: int, port: str) -> None:
    """Waits until a process has opened the port: before that a signal would meet an interpreter that starts."""
    folder = Path(f"/proc/{pid}/fd")
    if not folder.exists():
        pytest.skip("no /proc here to see what a process has open")
    while not any(_link(entry) == port for entry in folder.iterdir()):
        pass


def _link(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""
