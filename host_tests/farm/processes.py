"""A whole labgrid farm on this machine's loopback: the coordinator, an exporter with ser2net, and its places."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from gsme_host.supervisor import ROOT
from host_tests.support.command import alive, gone

BIN: Final = ROOT / ".venv-labgrid" / "bin"
EXPORTER: Final = Path(__file__).with_name("exporter.yaml")
READY_WITHIN_S: Final = 30.0
POLL_S: Final = 0.1
NAME: Final = "loopback"
SER2NET: Final = "ser2net"

# In front of the real one on the PATH of the exporter, which would let ser2net listen to the whole network.
_ON_LOOPBACK: Final = """#!{python}
import os, sys
os.execv({ser2net!r}, ["ser2net", *(word.replace(",tcp,", ",tcp,127.0.0.1,") for word in sys.argv[1:])])
"""


class Farm:
    """A farm that runs: a place, meter-1 and so on, for each of the ports."""

    def __init__(self, coordinator: str, places: Sequence[str], exporter: int) -> None:
        self.coordinator = coordinator
        self.places = places
        self._exporter = exporter

    def client(self, *arguments: str) -> str:
        """What labgrid-client prints; CalledProcessError where it fails."""
        command: list[str | Path] = [BIN / "labgrid-client", "-x", self.coordinator, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=READY_WITHIN_S)
        return done.stdout

    def make_places(self) -> None:
        """Each with the exporter's port of its name."""
        with ThreadPoolExecutor(len(self.places)) as pool:
            list(pool.map(self._make, self.places))

    def _make(self, place: str) -> None:
        self.client("-p", place, "create")
        self.client("-p", place, "add-match", f"{NAME}/{place}/*")

    def acquire(self) -> None:
        """All places, for this user: the exporter starts a ser2net for each."""
        with ThreadPoolExecutor(len(self.places)) as pool:
            list(pool.map(lambda place: self.client("-p", place, "acquire"), self.places))

    def pids(self) -> list[int]:
        """The exporter's ser2net processes."""
        text = Path(f"/proc/{self._exporter}/task/{self._exporter}/children").read_text()
        return [int(word) for word in text.split()]


def need_the_tools() -> None:
    """Skips the test where labgrid or ser2net is not there."""
    if not _ser2net():
        pytest.skip("ser2net is not installed")
    if not (BIN / "labgrid-exporter").exists():
        pytest.skip("labgrid is not set up: make setup-labgrid")


def _ser2net() -> str | None:
    return shutil.which(SER2NET, path=os.environ["PATH"] + os.pathsep + "/usr/sbin")


@contextmanager
def farm(ports: Sequence[str], folder: Path) -> Iterator[Farm]:
    """Runs one, with its logs and what it remembers in `folder`; none of its processes is left."""
    shim = folder / "bin" / SER2NET
    shim.parent.mkdir()
    shim.write_text(_ON_LOOPBACK.format(python=sys.executable, ser2net=_ser2net()))
    shim.chmod(0o755)
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "GSME_PORTS": " ".join(ports), "PATH": f"{shim.parent}:{os.environ['PATH']}"}
    with _process(folder, environment, "labgrid-coordinator", "-l", address):
        _wait(lambda: _answers(address), folder)
        with _process(
            folder,
            environment,
            *("labgrid-exporter", "-c", address, "-n", NAME, "--hostname", "127.0.0.1", str(EXPORTER)),
        ) as exporter:
            running = Farm(address, [f"meter-{number}" for number in range(1, len(ports) + 1)], exporter)
            _wait(lambda: running.client("resources").count("NetworkSerialPort") == len(ports), folder)
            yield running


def free_port() -> int:
    """A TCP port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _answers(address: str) -> bool:
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _wait(ready: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not ready():
        logs = "\n".join(path.read_text() for path in folder.glob("*.log"))
        assert time.monotonic() < deadline, logs
        time.sleep(POLL_S)


@contextmanager
def _process(folder: Path, environment: dict[str, str], program: str, *arguments: str) -> Iterator[int]:
    """A program of labgrid's, which is asked to end and then made to, and the processes that it started with it."""
    with (folder / f"{program}.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / program, *arguments], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            if not gone(process.pid):
                process.kill()
            process.wait()
            assert not alive(process.pid)
