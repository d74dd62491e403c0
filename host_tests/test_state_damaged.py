"""A meter whose storage was damaged, cut or wiped: it starts, serves, keeps again, and never takes rubbish for content.

Source: the simulator's `--state DIR` keeps the meter's storage; a bench build starts with both logs empty, the factory
event configuration and the CHF and the GPF in its Device Log. What a pass does not prove: anything about power cuts and
single records, which host_tests/powercut/ is for.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Behaviour
from gsme_host.eui64 import GSME, PPMID
from gsme_host.zcl import Cluster, Status
from host_tests.judges.meter_map import METERING
from host_tests.support import event_configuration as ec
from host_tests.support.event_logs import ALL_LOGS, NOT_FOUND, get_log
from host_tests.support.memory import give_something_to_remember, kept_in, remembered
from host_tests.support.target import Target

pytestmark = pytest.mark.simulated

CUTS: Final = 12
FLIPS: Final = 16
SEED: Final = 78
OTHERS: Final = {
    "empty": b"",
    "one byte": b"G",
    "zeros": bytes(4096),
    "erased flash": b"\xff" * 4096,
    "text": b"no state of a meter's\n" * 40,
}
BLOCK: Final = 4096  # of the simulator's flash; the first two hold anchors
USED: Final = 3000  # bytes that are written at the least behind them


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """The storage of a meter that has much to remember: name of its file, content."""
    folder = tmp_path_factory.mktemp("whole")
    with kept_in(folder) as target:
        give_something_to_remember(target)
    (file,) = folder.iterdir()
    return file.name, file.read_bytes()


def damaged(image: bytes) -> dict[str, bytes]:
    """Cut at a dozen places, the last byte among them, and with one bit turned at places drawn by lot."""
    rng = random.Random(SEED)  # noqa: S311
    cuts = [len(image) * number // CUTS for number in range(1, CUTS)] + [len(image) - 1]
    cases = {f"cut behind byte {cut}": image[:cut] for cut in cuts}
    for bit in rng.sample(range(8 * 2 * BLOCK, 8 * (2 * BLOCK + USED)), FLIPS):
        turned = bytearray(image)
        turned[bit // 8] ^= 1 << bit % 8
        cases[f"bit {bit} turned"] = bytes(turned)
    return cases | {"a byte more": image + b"\0", "twice": image + image}


def assert_as_from_the_factory(target: Target, what: str) -> None:
    """None of what was kept is there."""
    meter, bench = target.meter, target.bench
    assert meter.ask(get_log(ALL_LOGS), cluster=Cluster.EVENTS) == [NOT_FOUND], what
    assert meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory()), what
    assert meter.ask("00 01 00 0000", cluster=METERING) == [bytes.fromhex("08 01 01 0000 00 25 000000000000")], what
    assert meter.ask("00 01 00 0000", cluster=METERING, who=PPMID)[0][-1] == Status.NOT_AUTHORIZED, what
    numbers = {Attr.BEHAVIOUR: Behaviour.MP078, Attr.STARTS: 1, Attr.UTC: INVALID_UTC}
    assert {attribute: bench.read_int(attribute) for attribute in numbers} == numbers, what
    assert meter.link.identity
    assert meter.link.identity.eui64 == GSME, what


def test_a_copy_of_the_storage_is_another_meter_that_remembers(whole: tuple[str, bytes], tmp_path: Path) -> None:
    """What the cases below are damaged from does work."""
    name, image = whole
    (tmp_path / name).write_bytes(image)
    with kept_in(tmp_path) as target:
        assert target.bench.read_int(Attr.STARTS) == 2
        assert target.bench.read_int(Attr.BEHAVIOUR) != Behaviour.MP078
        assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 3


def test_storage_that_holds_nothing_of_the_meters(whole: tuple[str, bytes], tmp_path: Path) -> None:
    name, _ = whole
    for number, (what, content) in enumerate(OTHERS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(content)
        with kept_in(folder) as target:
            assert_as_from_the_factory(target, what)
            assert target.sim
            assert target.sim.output() == "", what


def test_damaged_storage(whole: tuple[str, bytes], tmp_path: Path) -> None:
    """A value that was given, one from the factory, or a refusal: never a third one. What is raised then is kept."""
    name, image = whole
    cases = damaged(image)
    for number, (what, content) in enumerate(cases.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(content)
        with kept_in(folder) as target:
            assert_serves(target, what)
            entries = target.bench.read_int(Attr.EVENT_LOG_ENTRIES)
            target.bench.set_attribute(ec.CLUSTER, 0x8183, kind=0x18, value=b"\x03")
            target.bench.raise_event(0x8183)
            assert target.sim
            target.sim.restart()
            target.meter.link.sync()
            target.meter.settle()
            assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) > entries, what
            assert target.sim.output() == "", what
    assert len(cases) == CUTS + FLIPS + 2


def assert_serves(target: Target, what: str) -> None:
    """The register and the configuration of an event are as some state before had them."""
    read = target.meter.ask("00 01 00 0000", cluster=METERING)
    assert read in [[bytes.fromhex(f"08 01 01 0000 00 25 {value * 6}")] for value in ("00", "80")], what
    came = target.meter.ask(ec.get(0x8154), cluster=ec.CLUSTER)
    given = bytes((0x40 | 0x54 & 0x18,)).hex()
    refused = [ec.default_response(ec.GET, Status.HARDWARE_FAILURE)]
    assert came in [[bytes.fromhex(f"01 01 04 00 01 5481 {byte}")] for byte in ("03", given)] + [refused], what


def test_a_meter_that_lost_its_storage_keeps_again(whole: tuple[str, bytes], tmp_path: Path) -> None:
    name, _ = whole
    (tmp_path / name).write_bytes(b"no state of a meter's" * 40)
    with kept_in(tmp_path) as target:
        give_something_to_remember(target)
        before = remembered(target)
    with kept_in(tmp_path) as target:
        came = remembered(target)
        assert came["logs"] == before["logs"]
        assert came["configuration"] == before["configuration"]
        assert target.bench.read_int(Attr.STARTS) == 2


def test_storage_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    """The folder is gone while the meter runs: it goes on serving."""
    folder = tmp_path / "state"
    with kept_in(folder) as target:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        target.bench.raise_event(0x8183)
        assert target.bench.read_int(Attr.EVENT_LOG_ENTRIES) == 1
        assert target.meter.ask(ec.get(0x81FF), cluster=ec.CLUSTER) == ec.report(ec.factory())
