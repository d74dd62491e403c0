"""What may be wrong with a board or its cable: one line, a status that is not 0, and the same command repairs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gsme_host import provision
from gsme_host.bench import Attr
from gsme_host.build import build, version
from gsme_host.deploy.deploying import Wish, deploy
from gsme_host.deploy.errors import AGAIN, DeployError
from gsme_host.deploy.facts import Board
from gsme_host.deploy.repl import reached
from gsme_host.deploy.started import wait_started
from gsme_host.sim import Simulator
from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import NAME, RunningBoard
from host_tests.support import strange_ports
from host_tests.support.command import complaint, gsme
from host_tests.support.target import broken_sources
from host_tests.virtual_board.boards import BOARD, asked, deployed, like, mpremote

FAILED: Final = 1
NO_PORT: Final = "nrf52840dk: nrfjprog takes no --port: with several boards use --serial-number"
BY_PORT: Final = "esp32_c6: esptool finds the board by its port, --port, and by nothing else"
USAGE: Final = 4  # pytest's status
FILLER: Final = "f = open('filler', 'wb')\nfor _ in range(300): f.write(bytes(1000))\nf.close()"


def refuse(port: str, *arguments: str | Path, board: str = NAME) -> str:
    """The one line with which deploying ends."""
    return complaint(gsme("deploy", "--board", board, "--port", port, "--quiet", *arguments), FAILED)


def test_a_wrong_board_for_the_port_is_left_as_it_was(board: RunningBoard) -> None:
    line = refuse(board.port, board="esp32_c6")
    assert line == f"{board.port}: that is no esp32_c6 but standard (linux [GCC 14.2.1] version); nothing was changed"
    with asked(board) as bench:
        assert bench.read(Attr.BOARD).decode() == NAME, "and it runs again"


def test_a_board_of_no_name() -> None:
    assert "there is no board teapot to deploy to; there is: esp32_c6, " in refuse("P", board="teapot")
    assert "there is no board qemu_m4f to deploy to; " in refuse("P", board="qemu_m4f"), "QEMU is given it"


@pytest.mark.parametrize("board", [NAME, "nrf52840dk"])
def test_no_port(board: str, tmp_path: Path) -> None:
    """And nothing else is said, of an image for ROMFS neither."""
    done = gsme("deploy", "--board", board, "--port", tmp_path / "ttyNONE", "--quiet")
    assert complaint(done, FAILED).endswith("there is no such port")
    assert not done.stdout


@pytest.mark.parametrize("speaker", [strange_ports.silent, strange_ports.echo, strange_ports.nonsense])
def test_a_board_without_micropython(speaker: strange_ports.Speaker) -> None:
    with strange_ports.strange_port(speaker) as port:
        assert refuse(port, "--wait", "0.5").endswith(
            "no REPL answers, and nobody reset the board: is MicroPython on it?"
        )


def test_an_older_micropython(blank: RunningBoard) -> None:
    newer = Board(NAME, BOARD.facts | {"micropython": BOARD.facts["micropython"] | {"since": "9.1"}})
    with pytest.raises(DeployError, match=r"MicroPython 1\.29 is on it, and 9\.1 is needed; nothing was changed"):
        deploy(blank.port, Wish(newer), lambda _text: None)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"hello", "no provisioning file"), (b'eui64 = "12"', "no provisioning file")],
)
def test_no_provisioning_file(content: bytes | None, says: str, tmp_path: Path) -> None:
    """Told before the board is touched."""
    path = tmp_path / "provision.bin"
    if content is not None:
        path.write_bytes(content)
    assert says in refuse("P", "--production", "--provision", path)


def test_a_production_meter_that_nobody_provisioned(board: RunningBoard) -> None:
    """It is told why the meter does not start, and the REPL has the line."""
    assert refuse(board.port, "--production").endswith("does not start: NotProvisioned: no provisioning file")
    assert deployed(board)
    with asked(board) as bench:
        assert bench.read(Attr.FIRMWARE_VERSION).decode() == version()


def test_a_link_that_is_not_at_the_port_of_the_repl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody named it, and the REPL's port is silent."""
    monkeypatch.setattr("gsme_host.deploy.started.START_S", 3.0)
    monkeypatch.setattr("gsme_host.deploy.started.TRACE_S", 0.2)
    with strange_ports.strange_port(strange_ports.silent) as port:
        with pytest.raises(DeployError, match=r"silent, nothing answers there; if its link .*: --link$"):
            wait_started(port, BOARD)
        with pytest.raises(DeployError, match=r"silent, nothing answers there$"):
            wait_started(port, BOARD, link=port)


def test_a_link_that_is_not_there(tmp_path: Path) -> None:
    """Told before the board is touched."""
    link = tmp_path / "ttyNONE"
    assert refuse("P", "--link", link) == f"{link}: there is no such port"


def test_a_full_file_system_is_found_before_anything_is_changed(blank: RunningBoard) -> None:
    mpremote(blank, "exec", FILLER)
    line = refuse(blank.port)
    assert "its file system is full: " in line
    assert line.endswith("bytes more are needed; nothing was changed")
    assert mpremote(blank, "eval", "__import__('os').listdir('/')") == "['filler']\n"
    mpremote(blank, "rm", ":filler")
    assert deployed(blank)


def test_a_file_system_that_fills_up_meanwhile(blank: RunningBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    mpremote(blank, "exec", FILLER)
    with monkeypatch.context() as patch:
        patch.setattr("gsme_host.deploy.files.Plan.check", lambda _plan, _port: None)
        with pytest.raises(DeployError, match=f"its file system is full.*{AGAIN}"):
            deployed(blank)
    assert "main.py" not in mpremote(blank, "eval", "__import__('os').listdir('/')")
    mpremote(blank, "rm", ":filler")
    assert deployed(blank)


@pytest.mark.parametrize("after", [0, 1, 40, 73, 74])
def test_an_unplugged_cable(after: int, tmp_path: Path) -> None:
    """The board, and its power with it, goes after so many files. It comes back to its REPL, and is repaired."""
    with RunningBoard(tmp_path / "flash") as board, pytest.raises(DeployError) as told:
        deploy(board.port, Wish(BOARD), _cut(board, after))
    assert "\n" not in str(told.value)
    assert str(told.value).endswith(AGAIN)
    with RunningBoard(tmp_path / "flash") as board:
        with reached(board.port, pytest.fail):
            pass
        assert deployed(board)
        with asked(board) as bench:
            assert bench.read(Attr.FIRMWARE_VERSION).decode() == version()


def test_an_unplugged_cable_while_a_meter_is_replaced(flash: Path, tmp_path: Path) -> None:
    """By one of which it already has nearly all: main.py went first."""
    with like(flash, tmp_path / "flash") as board:
        with reached(board.port, print) as transport:
            transport.exec("import os\nos.remove('/gsme/link.mpy')\nos.remove('/gsme/han.mpy')")
        with pytest.raises(DeployError):
            deploy(board.port, Wish(BOARD), _cut(board, 1))
    with RunningBoard(tmp_path / "flash") as board:
        with reached(board.port, pytest.fail) as transport:
            assert "main.py" not in transport.eval("__import__('os').listdir('/')")
        assert deployed(board)


def _cut(board: RunningBoard, after: int) -> Callable[[str], None]:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if len(said) > after:
            board.stop()

    return say


def verdict_on(port: str) -> str:
    """What `make test PORT=` ends with."""
    command = [sys.executable, "-m", "pytest", f"--port={port}", "host_tests/test_bench_cluster.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert done.returncode == USAGE, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_another_firmware_version_is_not_tested(tmp_path: Path) -> None:
    sources = broken_sources(tmp_path, "gsme/device.py", f'b"{version()}"', 'b"0.0.9"')
    with Simulator(mpy=sources) as sim:
        said = verdict_on(sim.port)
    assert said == f"ERROR: {sim.port}: firmware 0.0.9 is on it, and these are the tests of {version()}: deploy it"


def test_a_board_at_its_repl_is_not_tested(blank: RunningBoard) -> None:
    assert verdict_on(blank.port).endswith("what answers there is not a meter on this link")


def test_a_production_build_is_not_tested(tmp_path: Path) -> None:
    build(tmp_path / "mpy", production=True)
    image = tmp_path / "provision.bin"
    image.write_bytes(provision.make('eui64 = "00DB1234567890B1"\n'))
    with Simulator(mpy=tmp_path / "mpy", provision=image) as sim:
        assert "the tests need a bench build" in verdict_on(sim.port)


def test_tools_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = tmp_path / "image"
    image.write_bytes(b"image")
    monkeypatch.setenv("PATH", str(tmp_path))
    flash = ("flash", "--board", "nrf52840dk")
    assert complaint(gsme(*flash, "--image", image), FAILED).startswith("nrfjprog is not installed")
    assert "an image of MicroPython is needed" in complaint(gsme(*flash), FAILED)
    assert "an image of MicroPython is needed" in complaint(gsme(*flash, "--image", tmp_path / "none"), FAILED)


@pytest.mark.parametrize(
    ("which", "says"),
    [
        (("nrf52840dk", "--port", "P"), NO_PORT),
        (("esp32_c6",), BY_PORT),
        (("esp32_c6", "--port", "P", "--serial-number", "1"), BY_PORT),
    ],
)
def test_what_a_tool_does_not_find_a_board_by(which: tuple[str, ...], says: str) -> None:
    assert complaint(gsme("flash", "--image", "i", "--dry-run", "--board", *which), FAILED) == says


def test_a_tool_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nrfjprog"
    tool.write_text("#!/bin/sh\nexit 33\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    done = gsme("flash", "--board", "nrf52840dk", "--image", tool)
    assert complaint(done, FAILED) == f"nrfjprog ended with status 33: {AGAIN}"
