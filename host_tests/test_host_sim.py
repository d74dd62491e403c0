"""`gsme sim`: one line of JSON, a meter behind the port that it names, and no process left however it ends.

Source: the link's specification, "Starting one". POSIX systems; that SIGKILL takes the meter with it needs util-linux.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Attr, Bench
from gsme_host.eui64 import EUI64, GSME
from gsme_host.link import Link
from gsme_host.meter import Meter
from host_tests.support import command
from host_tests.support.command import Sim, alive, gone, sim

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
SEVERAL: Final = 4
IDENTITIES: Final = [EUI64.parse(f"00DB12345678{n:04X}") for n in range(0xB000, 0xB000 + SEVERAL)]


def identity(port: str) -> EUI64:
    """Who answers on a port."""
    with Link(port) as link:
        return link.sync().eui64


def test_one_line_of_json_and_nothing_else() -> None:
    """Port, process, board; in a line by itself."""
    with sim() as running:
        assert running.line == json.dumps({"port": running.port, "pid": running.pid, "board": "unix"}) + "\n"
        assert Path(running.port).is_char_device()
        assert alive(running.pid)
        assert running.pid != running.process.pid
        assert identity(running.port) == GSME
        assert running.end(signal.SIGTERM)[1:] == ("", "")


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_it_and_no_process_is_left(tmp_path: Path, number: int) -> None:
    """Nor a file, where the storage was not to be kept."""
    with sim(env={"TMPDIR": str(tmp_path)}) as running:
        assert list(tmp_path.iterdir())
        assert running.end(number) == (0, "", "")
        assert gone(running.pid, running.process.pid)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_it_while_a_host_talks(number: int) -> None:
    with sim() as running, Link(running.port) as link:
        link.sync()
        meter = Meter(link)
        meter.ask("00 00 00 0003", cluster=0x0702)
        assert running.end(number) == (0, "", "")
        assert gone(running.pid)


def test_sigkill_takes_the_meter_with_it() -> None:
    if not shutil.which("setpriv"):
        pytest.skip("util-linux is not installed: nothing ends a meter whose simulator is killed")
    with sim() as running:
        assert running.end(signal.SIGKILL)[0] == -signal.SIGKILL
        assert gone(running.pid)


def test_ctrl_c_at_the_keyboard_is_for_the_simulator_alone() -> None:
    """A terminal sends it to the whole process group; the meter is not in it, and is ended in order."""
    with sim() as running:
        assert os.getpgid(running.pid) == running.pid


def test_a_meter_that_dies_is_started_again_on_the_same_port() -> None:
    """Killed where it stands, as by a power cut; and by the bench's Reboot, which makes it another process."""
    with sim() as running, Link(running.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        assert bench.read_int(Attr.STARTS) == 1
        bench.reboot()
        assert bench.read_int(Attr.STARTS) == 2
        assert gone(running.pid)
        assert running.process.poll() is None


def test_several_at_once() -> None:
    """Each with a port, a process and an identity of its own."""
    with ExitStack() as stack:
        running = [stack.enter_context(sim("--eui64", str(eui64))) for eui64 in IDENTITIES]
        assert len({one.port for one in running}) == len({one.pid for one in running}) == SEVERAL
        assert [identity(one.port) for one in running] == IDENTITIES
        pids = [one.pid for one in running]
    assert gone(*pids)


def test_state_is_kept_in_the_folder_that_is_named(tmp_path: Path) -> None:
    """Made if need be; and only there. Without it the next one begins as from the factory."""
    folder = tmp_path / "made" / "anew"
    for start in (1, 2):
        with sim("--state", str(folder)) as running:
            assert _starts(running) == start
            assert running.end(signal.SIGTERM) == (0, "", "")
    assert list(folder.iterdir())
    with sim() as running:
        assert _starts(running) == 1


def _starts(running: Sim) -> int:
    with Link(running.port) as link:
        link.sync()
        return Bench(Meter(link)).read_int(Attr.STARTS)


def test_firmware_that_does_not_start(tmp_path: Path) -> None:
    """What MicroPython prints of it is shown, then one line says that it ends; it does not try for ever."""
    (tmp_path / "main.py").write_text("raise OSError(5)\n")
    done = command.gsme("sim", "--mpy", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("gsme: the meter crashed")
    assert "OSError" in done.stderr
    assert "supervisor" not in done.stderr, "no traceback of the host's own"
