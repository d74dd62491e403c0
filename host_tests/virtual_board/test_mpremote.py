"""To mpremote the virtual board is a stock board: files, resets, running programs, mount, ROMFS, mip.

Source: MicroPython documentation, "MicroPython remote control: mpremote" and "Reset and Boot Sequence".
"""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest

from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import RunningBoard
from host_tests.support.command import GSME, gone
from host_tests.virtual_board.boards import after_reset, mpremote, put, run, until

ALL_VALUES: Final = bytes(range(256)) * 100
FILES_BYTES: Final = 512 * 1024
PACKAGES: Final = {"package.json": "gsme.device", "package-zcl.json": "gsme.zcl.dispatch"}


def test_files_come_back_as_they_went(blank: RunningBoard, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(ALL_VALUES)
    mpremote(blank, "mkdir", ":folder", "+", "cp", there, ":folder/file", "+", "cp", ":folder/file", back)
    assert back.read_bytes() == ALL_VALUES
    assert f"{len(ALL_VALUES)} file" in mpremote(blank, "ls", ":folder")
    assert str(FILES_BYTES) in mpremote(blank, "df")
    mpremote(blank, "rm", "-r", ":folder")
    assert "folder" not in mpremote(blank, "tree")


def test_the_hosts_files_are_out_of_sight(blank: RunningBoard) -> None:
    assert mpremote(blank, "eval", "__import__('os').listdir('/')").strip() == "[]"
    assert "ENOENT" in run(blank, "exec", "open('/etc/passwd')").stdout


def test_flash_outlives_the_power(tmp_path: Path) -> None:
    with RunningBoard(tmp_path / "flash") as board:
        put(board, "kept.py", "x = 7\n", tmp_path)
    with RunningBoard(tmp_path / "flash") as board:
        assert mpremote(board, "exec", "import kept; print(kept.x)") == "7\n"


def test_a_soft_reset_runs_boot_py_and_in_raw_mode_no_main_py(blank: RunningBoard, tmp_path: Path) -> None:
    put(blank, "boot.py", "booted = True\n", tmp_path)
    put(blank, "main.py", "main = True\n", tmp_path)
    names = "['booted' in globals(), 'main' in globals()]"
    assert mpremote(blank, "soft-reset", "resume", "eval", names) == "[True, False]\n"
    starts = blank.board.starts
    mpremote(blank, "resume", "reset")
    until(blank, starts + 1)
    assert mpremote(blank, "resume", "eval", names) == "[True, True]\n"


def test_resets_have_their_causes(blank: RunningBoard) -> None:
    cause = "[__import__('machine').reset_cause()]"
    assert mpremote(blank, "resume", "eval", cause) == "[1]\n"
    assert mpremote(blank, "soft-reset", "eval", cause) == "[5]\n"
    starts = blank.board.starts
    mpremote(blank, "resume", "reset")
    until(blank, starts + 1)
    assert mpremote(blank, "resume", "eval", cause) == "[2]\n"


def test_the_watchdog_resets(blank: RunningBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsme_host.virtual.relay.WATCHDOG_S", 0.3)
    mpremote(blank, "exec", "--no-follow", "import machine; machine.WDT()\nwhile True: pass")
    until(blank, 3)  # the first, mpremote's soft reset, and this
    assert mpremote(blank, "resume", "eval", "[__import__('machine').reset_cause()]") == "[3]\n"


def test_ctrl_c_ends_a_program(blank: RunningBoard, tmp_path: Path) -> None:
    put(blank, "main.py", "print('it runs')\nwhile True:\n    pass\n", tmp_path)
    after_reset(blank, b"it runs")
    assert mpremote(blank, "eval", "6 * 7") == "42\n"


def test_what_main_py_says_before_it_fails_is_read(blank: RunningBoard, tmp_path: Path) -> None:
    put(blank, "main.py", "1 / 0\n", tmp_path)
    mpremote(blank, "reset")
    assert mpremote(blank, "eval", "1") == "1\n"
    assert blank.board.starts < 10, "a start that fails is not tried again and again"


def test_run_and_mount(blank: RunningBoard, tmp_path: Path) -> None:
    (tmp_path / "lent.py").write_text("print('lent')\n")
    assert mpremote(blank, "run", tmp_path / "lent.py") == "lent\n"
    assert mpremote(blank, "mount", tmp_path, "exec", "import lent").endswith("lent\n")


def test_ROMFS(blank: RunningBoard, tmp_path: Path) -> None:
    """Deployed, found by import, and there after a loss of power."""
    folder = tmp_path / "rom"
    folder.mkdir()
    (folder / "in_rom.py").write_text("x = 9\n")
    assert "Not a valid ROMFS" in mpremote(blank, "romfs", "query")
    assert "ROMFS image deployed" in mpremote(blank, "romfs", "deploy", folder)
    assert mpremote(blank, "exec", "import in_rom; print(in_rom.x, in_rom.__file__)") == "9 /rom/in_rom.mpy\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_mip_installs_from_the_clone(blank: RunningBoard, package: str) -> None:
    mpremote(blank, "mip", "install", f"./{package}", cwd=ROOT)
    _installed(blank, package)


@pytest.mark.parametrize("package", PACKAGES)
def test_mip_installs_from_a_server(blank: RunningBoard, package: str) -> None:
    """As from the repository: every file is fetched by its address beside the list."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        mpremote(blank, "mip", "install", f"http://127.0.0.1:{server.server_port}/{package}")
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    _installed(blank, package)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Says nothing."""


def _installed(board: RunningBoard, package: str) -> None:
    """Each file as it is in the tree; and this heap compiles all of them, kept in one piece as by main.py."""
    listed = json.loads((ROOT / package).read_text())["urls"]
    sizes = {f"/lib/{name}": (ROOT / source).stat().st_size for name, source in listed}
    asked = f"[__import__('os').stat(p)[6] for p in {list(sizes)!r}]"
    assert ast.literal_eval(mpremote(board, "eval", asked)) == list(sizes.values())
    module = PACKAGES[package]
    script = f"import gc\ngc.threshold(2048)\nimport {module}\nprint({module}.__file__)"
    assert mpremote(board, "exec", script).startswith("/lib/gsme/")


ZCL_ALONE: Final = """
from gsme.zcl import cluster, dispatch, frame, types
class Requester:
    column = 1
class Carrier:
    out = frame.Writer()
    def open(self, request):
        self.out.buf = bytearray(80)
        self.out.at = 0
        self.out.end = 80
        return self.out
    def send(self):
        print(bytes(self.out.buf[:self.out.at]).hex())
rows = ((0x0000, types.UINT8, cluster.READ, 0, b"\\x03"),)
lamp = cluster.Cluster(0x0006, 0, cluster.Attributes(rows, 0), {}, security=cluster.NETWORK_KEY)
endpoint = dispatch.Endpoint((lamp,), None, None)
request = frame.Request(Carrier(), frame.HAN_LIMIT)
request.requester = Requester()
request.security = 2
request.cluster = 0x0006
endpoint.serve(request, memoryview(b"\\x00\\x2a\\x00\\x00\\x00\\x01\\x00"))
endpoint.serve(request, memoryview(b"\\x01\\x2b\\x77"))
"""


def test_zcl_alone_serves_another_device(blank: RunningBoard) -> None:
    """ZCL 2.5.2: Read Attributes Response, 0000 with its type and value, 0001 with 86; an unknown command is 81."""
    mpremote(blank, "mip", "install", "./package-zcl.json", cwd=ROOT)
    said = mpremote(blank, "exec", ZCL_ALONE).split()
    assert said == ["082a01" + "0000" + "00" + "20" + "03" + "0100" + "86", "082b0b" + "77" + "81"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_names_its_port_and_ends_cleanly(number: int, tmp_path: Path) -> None:
    process = subprocess.Popen([GSME, "virtual-board", "--state", tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = json.loads(process.stdout.readline())
    assert told["board"] == "virtual"
    assert os.path.exists(told["port"])  # noqa: PTH110  # a name, not ours
    time.sleep(0.3)
    process.send_signal(number)
    rest, _ = process.communicate(timeout=10)
    assert (process.returncode, rest) == (0, "")
    assert gone(told["pid"])


def test_killed_it_takes_its_process_along(tmp_path: Path) -> None:
    process = subprocess.Popen([GSME, "virtual-board", "--state", tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = json.loads(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    assert gone(told["pid"])
