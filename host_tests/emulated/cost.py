"""What an exchange costs on an emulated board: instructions, by QEMU's -icount, and heap.

The machine counts the ticks that it spends outside its wait for the line, which with -icount are instructions; they are
read out of its memory. A message of a remote party is a whole cycle's work, less that of a cycle without one; the
tunnel's frames and the bench's own questions between them are in it. A figure is the median over many exchanges without
those in which the heap was collected; now and then one has a second's work in it. Exchanges are the same to 0.2 %, the
message to some per cent: how often a cycle looks at its line depends on the host's time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from gsme_host import remote_session, zcl
from gsme_host.bench import Bench
from gsme_host.emulate.image import Image, machine_of
from gsme_host.emulate.machine import Machine
from gsme_host.eui64 import CHF, GSME
from gsme_host.gbcs import commands
from gsme_host.gbcs.envelope import Message
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import Role
from gsme_host.hub import Hub
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import Cluster, Status
from host_tests.perf.exchanges import ENDPOINT, EXCHANGES, GCS20R_44, Exchange
from host_tests.support.remote_parties import with_secrets

CLOCK_HZ: Final = {"m4f": 25_000_000, "rv32": 10_000_000}  # of what counts the ticks (board/qemu/port)
TIMES: Final = 41
CYCLES: Final = 21
MESSAGE: Final = "GCS20r message, tunnelled"
# The frame of GCS20r, 44 events, to an endpoint that the meter lacks: acknowledged, and answered by nobody.
LINK: Final = "frame to an endpoint that is not there"
ABSENT_ENDPOINT: Final = 9
QUIET_S: Final = 0.02
ANSWER_WAIT_S: Final = 5.0
# Words of emulator_stats (board/qemu/port/stats.h).
BUSY_LOW, BUSY_HIGH, WAITS, ALLOCATED, HEAP_LOWEST_FREE, COLLECTIONS = range(6)


@dataclass(frozen=True)
class Cost:
    """Of one exchange: medians."""

    instructions: int
    heap_bytes: int


def measure(image: Image) -> dict[str, Cost]:
    """Of every exchange that is measured on unix too, of LINK and of MESSAGE; AssertionError for a wrong answer."""
    with Machine(image, count=True) as machine, Link(machine.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        costs: dict[str, Cost] = {}
        for exchange in EXCHANGES:
            bench.factory_reset()
            for code in exchange.not_held:
                bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.NOT_FOUND)
            costs[exchange.name] = _typical(machine, (partial(_ask, link, exchange, tsn) for tsn in range(TIMES)))
        bench.factory_reset()
        costs[LINK] = _typical(machine, (partial(_say, link, tsn) for tsn in range(TIMES)))
        costs[MESSAGE] = _of_message(machine, bench)
        return costs


def heap_lowest_bytes(machine: Machine) -> int:
    """The least heap that was free after a collection since the machine's start, over the meter's restarts."""
    return _words(machine)[HEAP_LOWEST_FREE]


def _of_message(machine: Machine, bench: Bench) -> Cost:
    """GCS20r for every event as a Supplier sends it: the broker's MAC proved, the response's MAC made."""
    hub = Hub(bench.meter)
    parties = with_secrets()
    remote_session.enrol(bench, parties)
    head_end = HeadEnd(GSME, parties)
    hub.wake()  # the tunnel is there from then on
    empty = _typical(machine, (hub.wake for _ in range(CYCLES)))
    commands_sent = (
        head_end.command("GCS20r", commands.get_event_configuration(), Role.SUPPLIER, counter=counter)
        for counter in range(1, CYCLES + 1)
    )
    full = _typical(machine, (partial(_carry, hub, head_end, command) for command in commands_sent))
    return Cost(full.instructions - empty.instructions, full.heap_bytes - empty.heap_bytes)


def _carry(hub: Hub, head_end: HeadEnd, command: Message) -> None:
    (response,) = hub.exchange(command.encode())
    head_end.response(command, response)


def _typical(machine: Machine, acts: Iterable[Callable[[], object]]) -> Cost:
    """Medians over what is done one after the other, each from its first byte to the last ACK."""
    readings = [reading for act in acts if (reading := _work(machine, act))]
    assert readings, "the heap was collected each time"
    ticks, heap_bytes = (round(median(column)) for column in zip(*readings, strict=True))
    instructions = machine.instructions(ticks, CLOCK_HZ[machine_of(machine.image.board)])
    return Cost(round(instructions), heap_bytes)


def _work(machine: Machine, act: Callable[[], object]) -> tuple[int, int] | None:
    """Busy ticks and allocated bytes; None where the heap was collected, which takes more than most exchanges."""
    before = _words(machine)
    act()
    time.sleep(QUIET_S)
    after = _words(machine)
    if after[COLLECTIONS] != before[COLLECTIONS]:
        return None
    return _busy(after) - _busy(before), after[ALLOCATED] - before[ALLOCATED]


def _busy(words: list[int]) -> int:
    return words[BUSY_HIGH] << 32 | words[BUSY_LOW]


def _ask(link: Link, exchange: Exchange, tsn: int) -> None:
    answers = exchange.answers(tsn, 0)
    link.send(_frame(exchange, ENDPOINT, tsn))
    for answer in answers:
        came = link.receive(ANSWER_WAIT_S)
        assert came is not None, f"{exchange.name}: no answer"
        assert came.asdu == answer, f"{exchange.name}: {came.asdu.hex(' ')}"


def _say(link: Link, tsn: int) -> None:
    link.send(_frame(GCS20R_44, ABSENT_ENDPOINT, tsn))


def _frame(exchange: Exchange, endpoint: int, tsn: int) -> Data:
    return Data(CHF, 1, endpoint, zcl.PROFILE_SE, exchange.cluster, LINK_KEY, exchange.request(tsn))


def _words(machine: Machine) -> list[int]:
    return machine.words(machine.image.symbol("emulator_stats"), COLLECTIONS + 1)
