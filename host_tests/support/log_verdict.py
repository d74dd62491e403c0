"""`gsme verify-log` and what is behind it, on images that a test has at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from gsme_host import cli, journal
from gsme_host.journal import Geometry
from gsme_host.verify_log import Fault, Verdict, verify
from host_tests.support.journal_writer import SIMULATED, JournalWriter, Shape

TAMPERED: Final = 1  # exit statuses
NOT_JUDGED: Final = 2
FILE: Final = "flash.bin"


def judged(image: bytes | bytearray, shape: Shape = SIMULATED) -> Verdict:
    """The verdict on an image."""
    return verify(journal.read(bytes(image), Geometry(shape.block, shape.word)))


def findings(image: bytes | bytearray, shape: Shape = SIMULATED) -> list[tuple[Fault, int, int]]:
    """What is found in an image: fault, number of the first entry, how many."""
    return [(found.fault, found.first, found.count) for found in judged(image, shape).findings]


def run(folder: Path, image: bytes | bytearray | None = None) -> Result:
    """The command on a folder, which gets that image first."""
    if image is not None:
        (folder / FILE).write_bytes(image)
    return CliRunner().invoke(cli.cli, ["verify-log", str(folder)])


def complaint(done: Result, status: int) -> str:
    """The one line on stderr."""
    assert (done.exit_code, done.stderr.count("\n")) == (status, 1), f"{done.exit_code}: {done.stderr}"
    assert isinstance(done.exception, SystemExit)
    assert done.stderr.startswith("gsme: ")
    return done.stderr.removeprefix("gsme: ").rstrip("\n")


def last_line(done: Result) -> str:
    """The verdict where the log is intact."""
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()[-1]


def made(count: int, shape: Shape = SIMULATED) -> JournalWriter:
    """A meter that recorded so many entries."""
    return JournalWriter(shape).put_many(count)
