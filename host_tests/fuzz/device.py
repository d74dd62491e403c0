"""A meter in MicroPython that is given inputs in batches, see on_device/fuzzed.py."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING, Final, Self

from gsme_host.interpreter import interpreter
from gsme_host.supervisor import BOARD
from host_tests.fuzz.inputs import Input
from host_tests.fuzz.instrument import Instrumented

if TYPE_CHECKING:
    from types import TracebackType

HERE: Final = Path(__file__).resolve().parent
TESTS: Final = HERE.parent
FOLDERS: Final = (HERE / "on_device", TESTS / "unit" / "on_device", TESTS / "powercut" / "on_device", BOARD)
HEAP: Final = "768wK"  # marks and flash are in it too
HEAD: Final = 11
HANGS_S: Final = 30  # a batch that takes so long never ends
FAILED: Final = 0xFF


class Crashed(Exception):
    """An exception left the meter's loop, or a handler; the message is its traceback."""


@dataclass(frozen=True)
class Outcome:
    """What came of an input. `said`: what was put on the line; `heard`: what the meter wrote; `marks`: new lines."""

    restarts: int
    said: bytes
    heard: bytes
    marks: tuple[int, ...]


class Device(AbstractContextManager["Device"]):
    """A meter as it left the factory, until the context ends."""

    def __init__(self, firmware: Instrumented) -> None:
        self._firmware = firmware
        path = ":".join(map(str, (*FOLDERS, firmware.folder, ".frozen")))
        self._process = subprocess.Popen(
            [*interpreter(), "-X", f"heapsize={HEAP}", "-m", "fuzzed", str(len(firmware.lines))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=HERE / "on_device",  # MicroPython looks for modules there first
            env={**os.environ, "MICROPYPATH": path},
        )

    def give(self, inputs: Sequence[Input]) -> list[Outcome]:
        """Gives a batch. Crashed, its second argument the outcomes so far, where one is too much for the meter."""
        batch = b"".join(len(one.raw).to_bytes(2, "big") + one.raw for one in inputs)
        hangs = Timer(HANGS_S, self._process.kill)
        hangs.start()
        try:
            return self._outcomes(len(batch).to_bytes(4, "big") + batch, len(inputs))
        finally:
            hangs.cancel()

    def _outcomes(self, batch: bytes, count: int) -> list[Outcome]:
        stdin, _ = self._pipes()
        stdin.write(batch)
        stdin.flush()
        outcomes: list[Outcome] = []
        for _ in range(count):
            outcomes.append(self._outcome(outcomes))
        return outcomes

    def _outcome(self, before: list[Outcome]) -> Outcome:
        head = self._read(1)
        if not head or head[0] == FAILED:
            raise Crashed(self._why(), before)
        head += self._read(HEAD - 1)
        said, heard = (self._read(int.from_bytes(head[at : at + 4], "big")) for at in (1, 5))
        marks = self._read(2 * int.from_bytes(head[9:11], "big"))
        numbers = tuple(int.from_bytes(marks[at : at + 2], "big") for at in range(0, len(marks), 2))
        return Outcome(head[0], said, heard, numbers)

    def _why(self) -> str:
        trace = self._read(int.from_bytes(self._read(2), "big")).decode()
        return self._firmware.translated(trace) if trace else f"the meter hangs for {HANGS_S} s, or its process ended"

    def _read(self, count: int) -> bytes:
        return self._pipes()[1].read(count) if count else b""

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin
        assert self._process.stdout
        return self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            pipe.close()
