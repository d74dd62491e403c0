"""200 frames a second for twenty seconds, valid, invalid and mixed: every valid one is answered, and no heap is lost.

Source: the table of what is recorded of what went wrong. Refusals and malformed frames reach the log, and so the flash,
a few times a day and no more, however many they are. What a pass does not prove: a line that is slower than the frames.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Final, NamedTuple

import pytest

from gsme_host.bench import Attr, Bench, DeviceType
from gsme_host.eui64 import CHF, EUI64, GPF, IHD, PPMID
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import PROFILE_SE, Cluster

FRAMES_A_SECOND: Final = 200
FLOOD_S: Final = int(os.environ.get("GSME_FLOOD_S", "20"))
FRAMES: Final = FRAMES_A_SECOND * FLOOD_S
NOON: Final = 0x2F00A8C0  # no test runs into midnight
WAIT_S: Final = 5.0
MOST_PROGRAMS: Final = 10
HEAP_SLACK_BYTES: Final = 256  # what a number more in a counter may take
STRANGER: Final = EUI64.parse("FFDB000000000001")
SET_HEAD: Final = "01000000 00000000"  # issuer event, start time


class Ask(NamedTuple):
    """A frame without its number, and how what answers it goes on behind the number; None for no answer."""

    who: EUI64
    cluster: int
    control: int
    rest: str
    answer: str | None


READS: Final = (
    Ask(CHF, Cluster.METERING, 0x00, "00 0000", "01 0000 00 25 000000000000"),
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, "05 0D81", "04 00 01 0D81 18"),
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, "05 A481", "04 00 01 A481"),
    Ask(GPF, Cluster.EVENTS, 0x01, "00 14 0000 00000000 FFFFFFFF 00 0000", "01"),
    Ask(PPMID, Cluster.METERING, 0x00, "00 0000", "01 0000 00 25 000000000000"),
)
WRITES: Final = (
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, f"04 {SET_HEAD} 0B 00 01 A481", "0B 04 00"),
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, f"04 {SET_HEAD} 03 00 01 A481", "0B 04 00"),
)
INVALID: Final = (
    Ask(IHD, Cluster.EVENTS, 0x01, "00 14 0000 00000000 FFFFFFFF 00 0000", "0B 00 7E"),
    Ask(STRANGER, Cluster.METERING, 0x00, "00 0000", "0B 00 7E"),
    Ask(PPMID, Cluster.DEVICE_MANAGEMENT, 0x09, "05 FF81", "0B 05 7E"),
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, "05 FF", "0B 05 80"),
    Ask(CHF, Cluster.DEVICE_MANAGEMENT, 0x09, "04 01", "0B 04 80"),
    Ask(CHF, Cluster.METERING, 0x03, "00 0000", None),
    Ask(CHF, Cluster.EVENTS, 0x01, "55", "0B 55 81"),
)
FLOODS: Final = {"valid": (*READS, *WRITES), "invalid": INVALID, "mixed": (*READS, *INVALID)}


def ask(meter: Meter, one: Ask, number: int) -> None:
    """Sends it, and sees that the answer is the right one."""
    asdu = bytes((one.control, number & 0xFF)) + bytes.fromhex(one.rest)
    request = Data(one.who, 1, 1, PROFILE_SE, one.cluster, LINK_KEY, asdu)
    if one.answer is None:
        meter.link.send(request)
        return
    answers = meter.exchange_until_answer(request, WAIT_S).to_requester()
    assert answers
    assert answers[0][1] == number & 0xFF
    assert answers[0][2:].startswith(bytes.fromhex(one.answer)), f"{one}: {answers[0].hex(' ')}"


def paced(flood: Sequence[Ask]) -> Iterator[tuple[int, Ask]]:
    """So many a second; a meter that is slower is asked at once."""
    began = time.monotonic()
    for number, one in enumerate(islice(cycle(flood), FRAMES)):
        early = began + number / FRAMES_A_SECOND - time.monotonic()
        if early > 0:
            time.sleep(early)
        yield number, one


def prepare(bench: Bench) -> None:
    """One of each that asks, a day that does not end, and an entry to read."""
    bench.set_clock(NOON)
    bench.enrol(IHD, DeviceType.TYPE_2)
    bench.enrol(PPMID, DeviceType.PPMID)
    bench.raise_event(0x8F3F)


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood(meter: Meter, bench: Bench, kind: str) -> None:
    prepare(bench)
    for number, one in enumerate(FLOODS[kind]):
        ask(meter, one, number)
    meter.settle()
    starts, heap, programs = (bench.read_int(what) for what in (Attr.STARTS, Attr.HEAP_FREE, Attr.FLASH_PROGRAMS))
    asked = 0
    for number, one in paced(FLOODS[kind]):
        ask(meter, one, number)
        asked += 1
    meter.settle()
    assert asked == FRAMES
    assert bench.read_int(Attr.STARTS) == starts, "no restart"
    assert bench.read_int(Attr.HEAP_FREE) >= heap - HEAP_SLACK_BYTES
    written = bench.read_int(Attr.FLASH_PROGRAMS) - programs
    if kind == "valid":
        assert written >= FRAMES * len(WRITES) // len(FLOODS[kind]), "each of its changes is on flash"
    else:
        assert written <= MOST_PROGRAMS
