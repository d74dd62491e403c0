"""Choices that one row of a table settles, each as a step: who asks, what, what must come back.

Sources: this meter's access table, its order of checks, and what it chose where the texts are silent.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Fault
from gsme_host.eui64 import CHF, EUI64, GPF, IHD, STRANGER
from gsme_host.wire import LINK_KEY, NETWORK_KEY
from host_tests.support.target import Target

BASIC: Final = 0x0000
METERING: Final = 0x0702
NOBODYS: Final = 0x0705
MOST_REPORTS: Final = 16

Step = tuple[str, EUI64, int, int, str, str]
STEPS: Final[list[Step]] = [  # what it shows, who, cluster, security, frame sent, answer
    ("a stranger is refused under the link key", STRANGER, METERING, LINK_KEY, "00 01 00 0000", "08 01 0B 00 7E"),
    ("a stranger is not told what there is", STRANGER, NOBODYS, LINK_KEY, "00 01 00 0000", "08 01 0B 00 7E"),
    ("an unknown cluster, the key too weak", CHF, NOBODYS, NETWORK_KEY, "00 01 00 0000", "08 01 0B 00 7E"),
    ("an unknown cluster, the key strong enough", CHF, NOBODYS, LINK_KEY, "00 01 00 0000", "08 01 0B 00 C3"),
    ("one of two attributes is not the display's", IHD, METERING, LINK_KEY, "00 01 00 0003 0703", "08 01 0B 00 7E"),
    ("both are the hub's", CHF, METERING, LINK_KEY, "00 01 00 0003 0703", "08 01 01 0003 00 30 01 0703 00 41 00"),
    ("a type that is not defined", CHF, BASIC, LINK_KEY, "00 01 02 1100 99 0102", "08 01 04 8D 1100"),
    ("a manufacturer's code is repeated", CHF, METERING, LINK_KEY, "04 3412 01 00 0000", "0C 3412 01 0B 00 84"),
    ("a direction that is not defined", CHF, METERING, LINK_KEY, "00 01 06 02 0000 7800", "08 01 07 85 02 0000"),
    ("what the hub may of an attribute", GPF, BASIC, LINK_KEY, "00 01 15 1000 01", "08 01 16 00 1000 42 03"),
    ("what a display may of it", IHD, BASIC, LINK_KEY, "00 01 15 1000 01", "08 01 16 00 1000 42 01"),
]


@pytest.mark.parametrize("step", STEPS, ids=[step[0] for step in STEPS])
def test_steps(home: Target, step: Step) -> None:
    shows, who, cluster, security, sent, answer = step
    answers = home.meter.ask(sent, cluster=cluster, who=who, security=security)
    assert answers == [bytes.fromhex(answer)], shows


def test_a_write_that_the_storage_refuses(home: Target) -> None:
    """C0 in its record; the attribute stays as it was, and can be written once the storage works again."""
    write, read = "00 01 02 1100 30 05", "00 02 00 1100"
    home.bench.inject_fault(Fault.WRITES)
    assert home.meter.ask(write, cluster=BASIC) == [bytes.fromhex("08 01 04 C0 1100")]
    assert home.meter.ask(read, cluster=BASIC) == [bytes.fromhex("08 02 01 1100 00 30 00")]
    home.bench.inject_fault(0)
    assert home.meter.ask(write, cluster=BASIC) == [bytes.fromhex("08 01 04 00")]
    assert home.meter.ask(read, cluster=BASIC) == [bytes.fromhex("08 02 01 1100 00 30 05")]


def test_a_factory_reset_is_a_way_out_of_every_fault(home: Target) -> None:
    home.bench.inject_fault(0x0F)
    home.bench.factory_reset()
    assert home.meter.ask("09 01 05 0D81", cluster=0x0708) == [bytes.fromhex("01 01 04 00 01 0D8118")]


def test_sixteen_reports_and_no_more(home: Target) -> None:
    """INSUFFICIENT_SPACE for the seventeenth; one taken back makes room."""
    discrete = [bytes.fromhex(f"00 01 06 00 {image} {kind} 0000 FEFF") for image, kind in DISCRETE]
    answers = [
        home.meter.ask(frame, cluster=METERING, who=who)[0][3] for who in (CHF, GPF) for frame in (*discrete, *ANALOGUE)
    ]
    assert answers[:MOST_REPORTS] == [0] * MOST_REPORTS
    assert set(answers[MOST_REPORTS:]) == {0x89}
    assert len(answers) > MOST_REPORTS


DISCRETE: Final = [("1400", "30"), ("0002", "18"), ("0706", "30"), ("0806", "30")]
ANALOGUE: Final = [
    bytes.fromhex(f"00 01 06 00 {image} 25 0000 FEFF 010000000000")
    for image in ("0000", "0001", "0201", "0401", "0601", "0007", "0107", "0207", "0307")
]
