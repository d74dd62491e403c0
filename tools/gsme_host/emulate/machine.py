"""A machine of QEMU's that runs the image of an emulated board. Its UART is a pseudo-terminal.

The terminal is held open here, so that hosts may come and go: QEMU looks only once a second whether it is open.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from ..supervisor import with_death_signal
from .image import EmulateError, Image, machine_of

if TYPE_CHECKING:
    from types import TracebackType

# The program, its Debian package, its arguments for the machine, and the shift of -icount: 2**shift ns an instruction.
QEMU: Final = {
    "m4f": ("qemu-system-arm", "qemu-system-arm", ("-M", "mps2-an386"), 5),
    "rv32": ("qemu-system-riscv32", "qemu-system-misc", ("-M", "virt", "-m", "64M", "-bios", "none"), 3),
}
SEED_WORDS: Final = 4  # of 8 bytes: what the image's random generator begins with
START_WAIT_S: Final = 10.0


class Machine:
    """Runs from its making to `stop`; a context manager. With `count`, time is the instructions that are executed."""

    def __init__(self, image: Image, *, count: bool = False) -> None:
        """EmulateError where QEMU is not installed or does not start."""
        self.image = image
        program, package, arguments, self._shift = QEMU[machine_of(image.board)]
        if not shutil.which(program):
            raise EmulateError(f"{program} is not installed: apt-get install {package}")
        self._folder = Path(tempfile.mkdtemp(prefix="gsme-qemu-"))
        self._terminal: int | None = None
        self._log = (self._folder / "console").open("wb")
        timing = ("-icount", f"shift={self._shift},sleep=on") if count else ()
        command = [program, *arguments, *timing, *self._devices()]
        self._qemu = subprocess.Popen(
            with_death_signal(command), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, process_group=0
        )
        try:
            self._monitor = _Monitor(self._folder / "monitor", self._qemu)
            self.port = self._find_port()
            self._terminal = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
            tty.setraw(self._terminal)
        except EmulateError:
            printed = self.console()
            self.stop()
            raise EmulateError(f"{program} did not start: {printed.strip()[-200:]}") from None

    @property
    def pid(self) -> int:
        """Of QEMU."""
        return self._qemu.pid

    def runs(self) -> bool:
        """Whether QEMU has not ended."""
        return self._qemu.poll() is None

    def console(self) -> str:
        """What the machine printed beside its line, such as a traceback."""
        self._log.flush()
        return (self._folder / "console").read_text(errors="replace")

    def words(self, address: int, count: int) -> list[int]:
        """Words of 32 bits from the machine's memory, which the machine does not notice."""
        path = self._folder / "memory"
        self._monitor.ask("pmemsave", val=address, size=4 * count, filename=str(path))
        raw = path.read_bytes()
        return [int.from_bytes(raw[at : at + 4], "little") for at in range(0, 4 * count, 4)]

    def reset(self) -> None:
        """As its reset button: RAM is begun anew, what stands for flash stays."""
        self._monitor.ask("system_reset")

    def instructions(self, ticks: int, hertz: int) -> float:
        """What that many ticks of a clock are in instructions, where time is counted in them."""
        return ticks * 1e9 / hertz / (1 << self._shift)

    def stop(self) -> None:
        """Ends QEMU. A second time does nothing."""
        if self._qemu.poll() is None:
            self._qemu.kill()
        self._qemu.wait()
        if self._terminal is not None:
            os.close(self._terminal)
            self._terminal = None
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def _devices(self) -> Sequence[str]:
        at = self.image.symbol("seed_area")
        seed: list[str] = []
        for number in range(SEED_WORDS):
            seed += ["-device", f"loader,addr={at + 8 * number:#x},data={secrets.randbits(64):#x},data-len=8"]
        return (
            *("-kernel", str(self.image.elf)),
            *("-display", "none", "-semihosting-config", "enable=on,target=native"),
            *("-chardev", "pty,id=line", "-serial", "chardev:line"),
            *("-qmp", f"unix:{self._folder / 'monitor'},server=on,wait=off"),
            *seed,
        )

    def _find_port(self) -> str:
        for device in self._monitor.ask("query-chardev"):
            if device["label"] == "line":
                return str(device["filename"]).removeprefix("pty:")
        raise EmulateError("QEMU has no line")


class _Monitor:
    """QEMU's machine protocol, QMP: a line of JSON a command and an answer; events between them are not looked at."""

    def __init__(self, path: Path, qemu: subprocess.Popen[bytes]) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + START_WAIT_S
        while self._socket.connect_ex(str(path)):
            if qemu.poll() is not None or time.monotonic() > deadline:
                raise EmulateError("QEMU has ended")
            time.sleep(0.01)
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self._file.readline()  # its greeting
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: object) -> Any:
        try:
            self._file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            self._file.flush()
            while line := self._file.readline():
                answer = json.loads(line)
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise EmulateError(f"QEMU: {answer['error']['desc']}")
        except OSError as error:
            raise EmulateError(f"QEMU: {error}") from error
        raise EmulateError("QEMU has ended")
