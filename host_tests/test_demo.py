"""`gsme demo`: the modification shown on a meter, through the command line as a user runs it.

What a pass does not prove: that the tables are good to read.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Final

import pytest

from gsme_host.supervisor import ROOT
from host_tests.judges import tshark
from host_tests.support.command import GSME
from host_tests.support.target import broken_sources

pytestmark = pytest.mark.simulated

TIMEOUT_S: Final = 120
STEPS: Final = 31
SHOWN: Final = ["09 00 05 FF 81", "00 00 0B 05 8B", "08 00 0B 05 8B", "(nothing)", "08 00 0B 00 7E", "TimeoutError"]
CASES: Final = ["GBCS 4.0", "IRP550 draft", "MP078", "Security Log", "Event Log"]
READERS: Final = ["CHF", "GPF", "IHD", "PPMID", "CAD", "stranger"]

BROKEN: Final = {  # what is broken: file, text, its replacement
    "the refusal keeps the draft's direction": (
        "gsme/behaviour.py",
        "(CORRECTED, access.READ_SECURITY_LOG)",
        "(UNCORRECTED, access.READ_SECURITY_LOG)",
    ),
    "displays read the Security Log": (
        "gsme/behaviour.py",
        "(CORRECTED, access.READ_SECURITY_LOG)",
        "(CORRECTED, access.READ_SECURITY_LOG_BEFORE_MP078)",
    ),
}


def demo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs `gsme demo` to its end."""
    command = [str(GSME), "demo", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)


def test_the_demonstration_shows_what_MP078_changes(tmp_path: Path) -> None:
    """Every table, with the bytes and for every requester; all steps right; and the capture holds the frames."""
    capture = tmp_path / "demo.pcap"
    done = demo("--pcap", capture)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (*SHOWN, *CASES, *READERS, str(capture)):
        assert words in done.stdout.replace("\n", " ") or words in done.stdout, words
    assert f"{STEPS} steps, {STEPS} as the specification says, 0 wrong" in done.stdout
    assert "WRONG" not in done.stdout
    tshark.require()
    assert tshark.malformed(capture) == []
    names = tshark.names(capture)
    assert {"Get Event Configuration", "Report Event Configuration", "Get Event Log", "Default Response"} <= set(names)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_meter_that_does_something_else_fails_it(tmp_path: Path, broken: tuple[str, str, str]) -> None:
    file, old, new = broken
    firmware = broken_sources(tmp_path, file, old, new)
    done = demo("--pcap", tmp_path / "demo.pcap", "--firmware", firmware)
    assert done.returncode == 1
    assert "WRONG" in done.stdout


def test_a_wrong_port_is_one_line(tmp_path: Path) -> None:
    done = demo("--pcap", tmp_path / "demo.pcap", "--port", tmp_path / "nothing")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "there is no such port" in done.stderr


def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    """SIGTERM while the stock zigpy host is at work: status 143, no words, no process and no folder left behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    command = [str(GSME), "demo", "--pcap", str(tmp_path / "demo.pcap")]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        assert running.stdout
        while b"IRP550" not in running.stdout.readline():
            pass
        running.send_signal(signal.SIGTERM)
        _, words = running.communicate(timeout=TIMEOUT_S)
    assert (running.returncode, words) == (143, b"")
    assert list(folder.iterdir()) == []
