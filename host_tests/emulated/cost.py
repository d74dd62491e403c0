"""What an exchange costs on an emulated board: instructions, by QEMU's -icount, and heap.

The machine counts the ticks that it spends outside its wait for the line, which with -icount are instructions; they are
read out of its memory. A message of a remote party is a whole cycle's work, less that of a cycle without one; the
tunnel's frames and the bench's own questions between them are in it. A figure is the median over many exchanges: now
and then one has a collection or a second's work in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
from host_tests.perf.exchanges import ENDPOINT, EXCHANGES, Exchange
from host_tests.support.remote_parties import with_secrets

CLOCK_HZ: Final = {"m4f": 25_000_000, "rv32": 10_000_000}  # of what counts the ticks (board/qemu/port)
TIMES: Final = 41
CYCLES: Final = 11
MESSAGE: Final = "GCS20r message, tunnelled"
QUIET_S: Final = 0.02
ANSWER_WAIT_S: Final = 5.0
BUSY_LOW, BUSY_HIGH, WAITS, ALLOCATED, HEAP_LOWEST_FREE = range(5)  # words of emulator_stats (board/qemu/port/stats.h)


@dataclass(frozen=True)
class Cost:
    """Of one exchange: medians."""

    instructions: int
    heap_bytes: int


def measure(image: Image) -> dict[str, Cost]:
    """Of every exchange that is measured on unix too, by its name; AssertionError where an answer is wrong."""
    with Machine(image, count=True) as machine, Link(machine.port) as link:
        link.sync()
        bench = Bench(Meter(link))
        costs: dict[str, Cost] = {}
        for exchange in EXCHANGES:
            bench.factory_reset()
            for code in exchange.not_held:
                bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.NOT_FOUND)
            costs[exchange.name] = _of(machine, link, exchange)
        bench.factory_reset()
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
    empty = [_work(machine, hub.wake) for _ in range(CYCLES)]
    full = []
    for counter in range(1, CYCLES + 1):
        command = head_end.command("GCS20r", commands.get_event_configuration(), Role.SUPPLIER, counter=counter)
        full.append(_work(machine, partial(_carry, hub, head_end, command)))
    work = [round(median(cycle[which] for cycle in full) - median(cycle[which] for cycle in empty)) for which in (0, 1)]
    return Cost(round(machine.instructions(work[0], CLOCK_HZ[machine_of(machine.image.board)])), work[1])


def _carry(hub: Hub, head_end: HeadEnd, command: Message) -> None:
    (response,) = hub.exchange(command.encode())
    head_end.response(command, response)


def _work(machine: Machine, act: Callable[[], object]) -> tuple[int, int]:
    before = _counters(machine)
    act()
    time.sleep(QUIET_S)
    after = _counters(machine)
    return after[0] - before[0], after[1] - before[1]


def _of(machine: Machine, link: Link, exchange: Exchange) -> Cost:
    readings = [_reading(machine, link, exchange, tsn) for tsn in range(TIMES)]
    ticks = median(reading[0] for reading in readings)
    instructions = machine.instructions(round(ticks), CLOCK_HZ[machine_of(machine.image.board)])
    return Cost(round(instructions), round(median(reading[1] for reading in readings)))


def _reading(machine: Machine, link: Link, exchange: Exchange, tsn: int) -> tuple[int, int]:
    """Busy ticks and allocated bytes of one exchange, from the first byte of the question to the last ACK."""
    return _work(machine, partial(_ask, link, exchange, tsn))


def _ask(link: Link, exchange: Exchange, tsn: int) -> None:
    answers = exchange.answers(tsn, 0)
    link.send(Data(CHF, 1, ENDPOINT, zcl.PROFILE_SE, exchange.cluster, LINK_KEY, exchange.request(tsn)))
    for answer in answers:
        came = link.receive(ANSWER_WAIT_S)
        assert came is not None, f"{exchange.name}: no answer"
        assert came.asdu == answer, f"{exchange.name}: {came.asdu.hex(' ')}"


def _counters(machine: Machine) -> tuple[int, int]:
    words = _words(machine)
    return words[BUSY_HIGH] << 32 | words[BUSY_LOW], words[ALLOCATED]


def _words(machine: Machine) -> list[int]:
    return machine.words(machine.image.symbol("emulator_stats"), HEAP_LOWEST_FREE + 1)
