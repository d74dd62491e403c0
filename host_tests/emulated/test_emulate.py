"""An emulated board starts, keeps what it keeps over a restart, gives the REPL the line, and ends with its command.

Whole suites run on these boards by `make emulate`; this is what a host can do to them. AES and SHA-256 are held
against the host's own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gsme_host.bench import Attr, Bench
from gsme_host.deploy.repl import reached
from gsme_host.emulate.image import BOARDS, COMPILERS, HEAP_BYTES, PLACE, EmulateError, Image, build_image, machine_of
from gsme_host.emulate.machine import QEMU, Machine
from gsme_host.link import Link
from gsme_host.meter import Meter

from . import message_heap

GSME: Final = Path(sys.executable).with_name("gsme")
NAMES: Final = [board.replace("_", "-") for board in BOARDS]
EVENT: Final = 0x8F3F
WAIT_S: Final = 10.0
KEY: Final = bytes(range(16))
BLOCK: Final = bytes(range(100, 116))
TEXT: Final = b"longer than one block of SHA-256 " * 5


@pytest.fixture(scope="module", params=BOARDS)
def image(request: pytest.FixtureRequest) -> Image:
    """Of each board, where its compiler and its emulator are installed."""
    machine = machine_of(request.param)
    for program in (COMPILERS[machine][0], QEMU[machine][0]):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    return build_image(request.param)


@pytest.fixture
def machine(image: Image) -> Iterator[Machine]:
    """A machine that runs it."""
    with Machine(image) as machine:
        yield machine


def test_it_says_what_it_is(machine: Machine) -> None:
    with Link(machine.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        assert bench.read(Attr.BOARD).decode() == machine.image.board
        assert bench.read_int(Attr.WORD_BITS) == 32
        assert bench.read(Attr.RUNTIME).startswith(b"micropython 1.29.0")


def test_a_reset_keeps_what_is_in_flash(machine: Machine) -> None:
    """By the bench's Reboot, and by the machine's button."""
    with Link(machine.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        bench.raise_event(EVENT)
        bench.reboot()
        assert (bench.read_int(Attr.STARTS), bench.read_int(Attr.SECURITY_LOG_ENTRIES)) == (2, 1)
        restarts = link.counters.restarts
        machine.reset()
        assert link.wait_restart(restarts, WAIT_S)
        link.sync()
        assert (bench.read_int(Attr.STARTS), bench.read_int(Attr.SECURITY_LOG_ENTRIES)) == (3, 1)


def test_two_machines_have_other_keys(image: Image) -> None:
    keys = []
    for _ in range(2):
        with Machine(image) as machine, Link(machine.port) as link:
            link.sync()
            keys.append(Bench(Meter(link)).read(Attr.SIGNING_KEY))
    assert keys[0] != keys[1]


def test_after_leave_mpremote_has_the_line(machine: Machine) -> None:
    """And its AES and SHA-256 are those of the host."""
    with reached(machine.port, print) as board:
        board.exec("import cryptolib, hashlib, sys")
        assert board.eval("sys.maxsize") == 2**31 - 1
        assert board.eval(f"hashlib.sha256({TEXT!r}).digest()") == sha256(TEXT).digest()
        encryptor = Cipher(algorithms.AES(KEY), modes.ECB()).encryptor()  # noqa: S305  # one block, as GCM does it
        assert board.eval(f"cryptolib.aes({KEY!r}, 1).encrypt({BLOCK!r})") == encryptor.update(BLOCK)


def test_the_heap_of_messages_is_counted(image: Image) -> None:
    """To the byte: a machine makes the same objects each time. Their responses are proved on the way."""
    once, again = (message_heap.measure(image) for _ in range(2))
    assert once == again
    short, long = once[message_heap.SHORT], once[message_heap.LONG]
    assert 0 < short.taken < long.taken < long.in_use < HEAP_BYTES


def test_the_busy_time_is_counted_without_the_meters_help(image: Image) -> None:
    """Many exchanges take more than one, and a meter that waits takes next to nothing."""
    with Machine(image, count=True) as machine, Link(machine.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        bench.meter.settle()
        time.sleep(0.5)  # what a start has left to do
        at = image.symbol("emulator_stats")
        taken = []
        for times in (0, 1, 10):
            before = machine.words(at, 1)[0]
            for _ in range(times):
                bench.read(Attr.BEHAVIOUR)
            time.sleep(0.1)
            taken.append(machine.words(at, 1)[0] - before)
    assert taken[0] < taken[1] < taken[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_command(name: str) -> None:
    """One line of JSON; Ctrl-C ends it in order and takes QEMU with it."""
    if not shutil.which(QEMU[machine_of(name.replace("-", "_"))][0]):
        pytest.skip("QEMU is not installed")
    running = subprocess.Popen([GSME, "emulate", name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout
    told = json.loads(running.stdout.readline())
    assert told["board"] == name.replace("-", "_")
    with Link(told["port"]) as link:
        link.sync()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=WAIT_S)
    assert (running.returncode, out, err) == (0, "", "")
    with pytest.raises(ProcessLookupError):
        os.kill(told["pid"], 0)


def test_two_that_make_an_image_at_once(tmp_path: Path) -> None:
    """One makes it, the other waits for it."""
    if not shutil.which(COMPILERS[machine_of(BOARDS[0])][0]):
        pytest.skip("its compiler is not installed")
    build_image(BOARDS[0])
    (tmp_path / "sources").symlink_to(PLACE / "sources")
    script = "import pathlib, sys; from gsme_host.emulate import image; image.PLACE = pathlib.Path(sys.argv[1]); "
    command = [sys.executable, "-c", script + "print(image.build_image(sys.argv[2]))", str(tmp_path), BOARDS[0]]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [maker.communicate() for maker in both]
    assert told[0] == told[1]
    assert [maker.returncode for maker in both] == [0, 0]


def test_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setenv("PATH", "")
    for board in BOARDS:
        with pytest.raises(EmulateError, match=r"^\S+ is not installed: apt-get install \S+"):
            build_image(board)
    done = subprocess.run(
        [GSME, "emulate", NAMES[0]], env=os.environ | {"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_board_that_there_is_not() -> None:
    command = [sys.executable, "-m", "host_tests.emulated", "qemu-z80"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "emulate: say which board: qemu-m4f or qemu-rv32\n"
