"""Deploying: from whatever a board does to the firmware running, and only what differs is copied."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Final

import pytest

from gsme_host import provision
from gsme_host.bench import Attr
from gsme_host.build import version
from gsme_host.deploy import mounting
from gsme_host.deploy.deploying import Wish, deploy, provisioning
from gsme_host.deploy.errors import DeployError
from gsme_host.deploy.facts import Board
from gsme_host.deploy.repl import BAUD as REPL_BAUD
from gsme_host.deploy.repl import reached
from gsme_host.eui64 import GSME
from gsme_host.sim import Simulator
from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import NAME, RunningBoard
from host_tests.support.command import gsme
from host_tests.support.speed import at_speed
from host_tests.virtual_board.boards import BOARD, TIMEOUT_S, asked, copied, deployed, mpremote, put

NOTHING: Final = "all of it is there already"
TOML: Final = 'eui64 = "00DB1234567890B1"\n\n[[device]]\neui64 = "00DB1234567890B2"\ntype = "CHF"\n'
OTHER_EUI64: Final = "00DB1234567890B1"
BENCH: Final = "gsme/clusters/bench.mpy"


def in_rom() -> Board:
    """The virtual board, if its firmware went where the nRF52840's goes."""
    return Board(NAME, BOARD.facts | {"firmware": "romfs"})


def test_a_blank_board_runs_the_firmware(blank: RunningBoard) -> None:
    started = deploy(blank.port, Wish(BOARD), lambda _text: None)
    assert (started.identity.eui64, started.version, started.board) == (GSME, version(), NAME)


def test_a_meter_that_runs_is_asked_to_leave_and_keeps_what_it_kept(board: RunningBoard) -> None:
    with asked(board) as bench:
        before = bench.read_int(Attr.STARTS)
    assert deployed(board) == [NOTHING]
    with asked(board) as bench:
        assert bench.read_int(Attr.STARTS) == before + 1


def test_a_meter_at_the_speed_of_a_repl_is_asked_to_leave(board: RunningBoard) -> None:
    """As behind a UART chip. Nobody says how fast it is, and nobody resets it."""
    said: list[str] = []
    with at_speed(board.port, REPL_BAUD) as line:
        assert deploy(line.port, Wish(BOARD), said.append, wait=0.5).version == version()
    assert said == [NOTHING]


def test_the_meter_is_asked_where_its_link_is(board: RunningBoard) -> None:
    """Another one stands there, so that it is seen who was asked."""
    with Simulator() as sim:
        command = ["make", "-s", "deploy", f"BOARD={NAME}", f"PORT={board.port}", f"LINK={sim.port}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
        assert not done.returncode, done.stderr
        assert done.stdout.splitlines()[-1] == f"{sim.port}: EUI64 {GSME}, firmware {version()} on unix"


def test_only_what_differs_is_copied_and_what_is_not_ours_stays(board: RunningBoard, tmp_path: Path) -> None:
    with reached(board.port, print):
        pass
    put(board, "notes.txt", "not the meter's", tmp_path)
    put(board, "gsme/link.mpy", "damaged", tmp_path)
    put(board, "gsme/stale.py", "old = True\n", tmp_path)
    put(board, "board.py", "raise RuntimeError\n", tmp_path)  # would be found before board.mpy
    said = deployed(board)
    assert copied(said) == ["gsme/link.mpy"]
    assert said[0].endswith("2 to remove")
    with reached(board.port, print):
        pass
    assert mpremote(board, "cat", ":notes.txt") == "not the meter's"


def test_production_leaves_no_bench_behind_and_is_provisioned(board: RunningBoard, tmp_path: Path) -> None:
    toml = tmp_path / "meter.toml"
    toml.write_text(TOML)
    started = deploy(board.port, Wish(BOARD, production=True, provision=provisioning(toml)), lambda _text: None)
    assert (str(started.identity.eui64), started.version) == (OTHER_EUI64, None)
    with pytest.raises(DeployError, match="nobody reset the board"):
        deploy(board.port, Wish(BOARD), lambda _text: None, wait=0.5)


def test_the_second_after_a_reset_reaches_a_production_meter(board: RunningBoard) -> None:
    """Whoever deploys is told to reset it, and does so."""
    deploy(board.port, Wish(BOARD, production=True, provision=provision.make(TOML)), lambda _text: None)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if "Reset the board now" in text:
            threading.Timer(0.3, board.board.reset).start()

    started = deploy(board.port, Wish(BOARD), say, wait=20)
    assert (started.version, copied(said)) == (version(), [BENCH])


def test_the_firmware_may_lie_in_ROMFS(board: RunningBoard) -> None:
    """And then nothing of it stays where it would be found first."""
    said = deployed(board, Wish(in_rom()))
    assert any(line.startswith("ROMFS") for line in said)
    with asked(board) as bench:
        assert bench.read(Attr.FIRMWARE_VERSION).decode() == version()
    assert deployed(board, Wish(in_rom())) == [NOTHING]
    with reached(board.port, print) as transport:
        assert transport.eval("__import__('os').listdir('/')") == ["rom", "main.py"]
        assert transport.eval("__import__('gsme').__file__") == "/rom/gsme/__init__.mpy"


@pytest.mark.parametrize("where", [BOARD, in_rom()], ids=["files", "ROMFS"])
def test_the_file_system_may_lie_elsewhere(where: Board) -> None:
    """At /flash, as on the nRF52840, with the provisioning file; and all of it is found again there."""
    with RunningBoard(root="/flash") as board:
        deployed(board, Wish(where))
        assert deployed(board, Wish(where)) == [NOTHING]
        with reached(board.port, print) as transport:
            assert set(transport.eval("__import__('os').listdir('/')")) <= {"flash", "rom"}
        production = Wish(where, production=True, provision=provision.make(TOML))
        assert str(deploy(board.port, production, lambda _text: None).identity.eui64) == OTHER_EUI64


def test_mount_runs_it_without_copying(blank: RunningBoard) -> None:
    started = mounting.mount(blank.port, print)
    assert started.version == version()
    with reached(blank.port, print) as transport:
        assert transport.eval("__import__('os').listdir('/')") == []


def test_firmware_for_ROMFS_is_not_mounted(blank: RunningBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its RAM would not hold it."""
    monkeypatch.setattr(mounting, "find", lambda _port, _device: in_rom())
    with pytest.raises(DeployError, match=r"too little of it on virtual: deploy instead$"):
        mounting.mount(blank.port, print)


def test_a_reboot_costs_no_second(board: RunningBoard) -> None:
    """The host that waits for it ends the second in which the REPL can be reached."""
    with asked(board) as bench:
        began = time.monotonic()
        bench.reboot()
        assert time.monotonic() - began < 0.9


def test_flash_says_what_it_would_do(tmp_path: Path) -> None:
    nrf = ("flash", "--board", "nrf52840dk", "--image", "i.hex", "--dry-run")
    commands = "nrfjprog -f nrf52 --program i.hex --sectorerase --verify", "nrfjprog -f nrf52 --pinreset"
    assert gsme(*nrf).stdout.splitlines() == [*commands]
    chosen = gsme(*nrf, "--serial-number", "683000001")
    assert chosen.stdout.splitlines() == [f"{command} --snr 683000001" for command in commands]
    for board, chip in (("esp32_c6", "esp32c6"), ("esp32_h2", "esp32h2")):
        done = gsme("flash", "--board", board, "--port", "P", "--image", "i.bin", "--dry-run")
        table, first, second = done.stdout.splitlines()
        assert table.endswith(f"gsme partitions board/{board}/partitions.csv build/{board}-partitions.bin")
        assert first.startswith(f"esptool --chip {chip} --port P ")
        assert first.endswith("write-flash 0 i.bin")
        assert second.endswith(f"write-flash 0x8000 build/{board}-partitions.bin")


def test_what_flash_says_can_be_run(tmp_path: Path) -> None:
    """Where nothing has been built yet; of esptool there is one that only looks for the table."""
    said = gsme("flash", "--board", "esp32_c6", "--port", "P", "--image", "i.bin", "--dry-run").stdout
    for name in (".venv", "board"):
        (tmp_path / name).symlink_to(ROOT / name)
    script = f'set -e\nesptool() {{ for last; do :; done; test "$last" = i.bin || test -s "$last"; }}\n{said}'
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )
    assert not done.returncode, done.stderr


def test_flash_runs_the_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that stands in for esptool: both commands come, the table of partitions is written before."""
    tool = tmp_path / "esptool"
    tool.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/called\nfor last; do :; done\ntest -s "$last"\n')
    tool.chmod(0o755)
    image = tmp_path / "image.bin"
    image.write_bytes(b"image")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    done = gsme("flash", "--board", "esp32_c6", "--port", "P", "--image", image)
    assert not done.returncode, done.stderr
    assert [line.split()[-2] for line in (tmp_path / "called").read_text().splitlines()] == ["0", "0x8000"]
