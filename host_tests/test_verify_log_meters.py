"""`gsme verify-log` on what a meter itself has written: in the file that a simulated one keeps, and over the link.

Source: the journal's format, and the bench cluster's Read Storage.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from gsme_host import cli, journal
from gsme_host.bench import Attr, Bench
from gsme_host.journal import Geometry, JournalError
from gsme_host.storage import read_storage
from gsme_host.verify_log import Finding, verify
from host_tests.judges.event_list import BY_CODE, SECURITY_CODES
from host_tests.support import journal_writer as writing
from host_tests.support.journal_writer import SIMULATED
from host_tests.support.log_verdict import FILE, TAMPERED, complaint, last_line, run
from host_tests.support.memory import NOON, kept_in
from host_tests.support.target import Target

CODES: Final = tuple(code for code in SECURITY_CODES if BY_CODE[code].critical)[:3]


def judged_the_same_over_the_link(target: Target) -> list[Finding]:
    """The findings, from what the bench cluster reads."""
    return list(verify(journal.read(*read_storage(target.bench))).findings)


def test_over_the_link(target: Target) -> None:
    target.bench.set_clock(NOON)
    for number in range(105):
        target.bench.raise_event(CODES[number % len(CODES)], bytes(number % 3))
    read = journal.read(*read_storage(target.bench))
    assert verify(read).findings == ()
    assert [entry.code for entry in read.log.present()][-3:] == list(CODES)
    assert read.log.next - read.log.first == 100
    target.bench.factory_reset()
    assert judged_the_same_over_the_link(target) == []


class BusyBench(Bench):
    """Of a meter that writes to its storage while it is read, so many times."""

    SIZES: Final = {Attr.STORAGE_BYTES: 3 * 64, Attr.ERASE_BLOCK_BYTES: 64, Attr.PROGRAM_WORD_BYTES: 4}

    def __init__(self, times: int) -> None:
        self.left = times
        self.reads = 0

    def read_int(self, attribute: int) -> int:
        """Sizes; or how often it has been written to."""
        return self.SIZES[Attr(attribute)] if attribute in self.SIZES else min(self.reads, self.left)

    def read_storage(self, offset: int, count: int) -> bytes:
        """Which reading of the whole it is."""
        self.reads += offset == 0
        return bytes((self.reads,)) * count


def test_a_meter_that_writes_meanwhile_is_read_again() -> None:
    for times in range(3):
        assert set(read_storage(BusyBench(times)).image) == {times + 1}
    with pytest.raises(JournalError, match="each of the 3 times"):
        read_storage(BusyBench(3))


@pytest.mark.simulated
def test_a_meter_of_its_own(tmp_path: Path) -> None:
    """Empty, with entries, wrapped, after a power cut and a factory reset: in the file as over the link."""
    with kept_in(tmp_path) as target:
        assert last_line(run(tmp_path)) == "intact"
        for number in range(250):
            target.bench.raise_event(CODES[number % len(CODES)])
            if number % 60 == 7:
                target.bench.raise_event(0x8183)
            if number in (30, 170):
                assert last_line(run(tmp_path)).startswith("intact")
        assert target.sim
        target.sim.restart()
        target.meter.link.sync()
        done = CliRunner().invoke(cli.cli, ["verify-log", "--port", target.sim.port])
        assert "gsme" in done.stderr, "the port is taken"
        assert judged_the_same_over_the_link(target) == []
        target.bench.factory_reset()
        assert last_line(run(tmp_path)).startswith("intact; head overwritten")


@pytest.mark.simulated
def test_a_meter_behind_a_port(tmp_path: Path) -> None:
    with kept_in(tmp_path) as target:
        target.bench.raise_event(CODES[0])
        assert target.sim
        port = target.sim.port
        target.meter.link.close()
        done = CliRunner().invoke(cli.cli, ["verify-log", "--port", port])
        target.meter.link.reopen(5.0)
        target.meter.link.sync()
    assert last_line(done) == last_line(run(tmp_path))
    assert done.stdout == run(tmp_path).stdout


@pytest.mark.simulated
def test_a_meter_that_was_tampered_with(tmp_path: Path) -> None:
    """Each time from the same storage; where its tail was cut the meter goes on, and the gap stays to be seen."""
    with kept_in(tmp_path) as target:
        target.bench.set_clock(NOON)
        for number in range(20):
            target.bench.raise_event(CODES[number % len(CODES)])
    whole = (tmp_path / FILE).read_bytes()
    log = journal.read(whole, Geometry(SIMULATED.block, SIMULATED.word)).log
    places = {entry.number: whole.rindex(entry.tag + entry.image) for entry in log.present()}
    image = bytearray(whole)
    image[places[9] + 8 + 3] ^= 1
    writing.mend(image, places[9])
    assert complaint(run(tmp_path, image), TAMPERED).startswith("edited: the chain breaks at entry 9, 8F0C")
    image = bytearray(whole)
    for number in (18, 19):
        writing.erase_record(image, places[number])
    assert complaint(run(tmp_path, image), TAMPERED) == "tail cut, though known to the anchor: entries 18 to 19"
    with kept_in(tmp_path) as target:
        for _ in range(3):
            target.bench.raise_event(CODES[0])
    assert complaint(run(tmp_path), TAMPERED) == "missing: entries 18 to 19"
