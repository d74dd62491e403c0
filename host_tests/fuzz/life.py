"""One life of a meter: thousands of inputs, each judged; between batches a look at the meter; at the end its heap.

A life is determined by seed and number, so that it can be lived again up to any input. Each is on a new meter: what one
has spoilt the next has whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gsme_host.bench import Command
from gsme_host.wire import Data
from host_tests.fuzz import answer_judge, guarded
from host_tests.fuzz.device import Crashed, Device, Outcome
from host_tests.fuzz.draft import Draft
from host_tests.fuzz.generator import Generator
from host_tests.fuzz.inputs import Input, on_line
from host_tests.fuzz.instrument import Instrumented
from host_tests.fuzz.link_judge import Fault, LinkJudge, Traffic
from host_tests.fuzz.probe import Told, compare, probe, read
from host_tests.fuzz.remote_judge import RemoteJudge
from host_tests.fuzz.secrecy import Secrecy

INPUTS: Final = 5000
BATCH: Final = 100
WARM_UP: Final = 1000  # until everything that is made once is there
STRAY_BYTES: Final = 4096  # the collector takes stray numbers on the stack for pointers; a leak costs many times that
FULL_BYTES: Final = 24 * 1024  # all that is bounded and not there from the start, full: nodes, reports, parties, alerts
RESET_SEQ: Final = 0xDF
_RESET: Final = guarded.to_bench(guarded.frame(Command.FACTORY_RESET, b""))


class Failure(AssertionError):
    """A meter that failed, and how to see it again."""


@dataclass
class Report:
    """What a life, or many, came to. `reached` are the numbers of the lines that were run.

    In bytes of heap, one of each life: `lost` between warm-up and end, the meter set back both times; `used` by what
    the meter held at the end.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reached: set[int] = field(default_factory=set)
    lost: list[int] = field(default_factory=list)
    used: list[int] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Takes another's."""
        self.counts += other.counts
        self.reached |= other.reached
        self.lost += other.lost
        self.used += other.used


class Life:
    """One meter and all that judges it."""

    def __init__(self, firmware: Instrumented, device: Device, seed: int, number: int) -> None:
        self.report = Report()
        self._name = f"--seed {seed} --index"
        self._first = number * INPUTS
        self._device = device
        self._generator = Generator(f"{seed}/{number}")
        self._link = LinkJudge()
        self._secrecy = Secrecy()
        self._remote = RemoteJudge()
        self._starts = 1

    def live(self, count: int, closely_from: int = INPUTS) -> Report:
        """Gives so many inputs. From the batch of `closely_from` on the meter is looked at after each of them."""
        self._look([], 0)
        self._give(self._generator.furnishing(), 0)
        heap = 0
        for at in range(0, count, BATCH):
            if at == WARM_UP:
                heap = self._reset_heap(at)
                self._give(self._generator.furnishing(), at)
            batch = [self._generator.next() for _ in range(min(BATCH, count - at))]
            step = 1 if at + BATCH > closely_from else BATCH
            for some in range(0, len(batch), step):
                self._give(batch[some : some + step], at + some)
        if count > WARM_UP:
            self._judge_heap(heap, count)
        self.report.counts["inputs left out"] += self._generator.rejected
        return self.report

    # --- inputs

    def _give(self, batch: Sequence[Input], first: int) -> None:
        try:
            outcomes = self._device.give(batch)
        except Crashed as crash:
            trace, before = crash.args
            raise self._failure(batch[len(before)], first + len(before), f"\n{trace}") from None
        for number, (given, outcome) in enumerate(zip(batch, outcomes, strict=True), first):
            try:
                self._judge(given, outcome)
            except Fault as fault:
                raise self._failure(given, number, str(fault)) from None
            self._count(given, outcome)
        self._look(batch, first)

    def _judge(self, given: Input, outcome: Outcome) -> Traffic:
        """What came of an input, by all judges."""
        self._remote.give(given.messages)
        traffic = self._link.judge(given, outcome)
        self._starts += outcome.restarts
        if outcome.restarts and not any(map(_ends, traffic.requests)):
            raise Fault("the meter has restarted")
        self.report.counts["answers"] += answer_judge.judge(traffic, self._secrecy.behaviour)
        self._secrecy.follow(traffic)
        self._secrecy.judge(traffic.sent)
        self._remote.judge(traffic.sent, self._secrecy.parties, self._secrecy.behaviour)
        self.report.counts["requests"] += len(traffic.requests)
        self.report.counts["frames of the meter"] += len(traffic.sent)
        self.report.reached.update(outcome.marks)
        return traffic

    def _count(self, given: Input, outcome: Outcome) -> None:
        counts = self.report.counts
        counts["inputs"] += 1
        counts["inputs of a hub"] += given.of_hub
        counts["messages"] += len(given.messages)
        counts["restarts"] += outcome.restarts
        if outcome.marks:
            self._generator.keep(given)

    def _failure(self, given: Input, number: int, why: str) -> Failure:
        return Failure(
            f"input {self._first + number}: {why}\n  the input: {given.raw.hex()}\n"
            f"  again: python -m host_tests.fuzz {self._name} {self._first + number}"
        )

    # --- the meter between them

    def _look(self, batch: Sequence[Input], first: int, *, heap: bool = False) -> Told:
        """Whether it is well; what is wrong came with one of the batch."""
        given = probe(heap=heap)
        try:
            (outcome,) = self._device.give([given])
            told = read(self._judge(given, outcome).sent)
            compare(told, self._link, self._starts)
        except (Fault, Crashed) as fault:
            last = first + len(batch) - 1
            raise self._failure(batch[-1] if batch else given, max(last, 0), f"then {fault.args[0]}") from None
        return told

    # --- the heap

    def _reset_heap(self, first: int) -> int:
        """Free heap of the meter as it left the factory."""
        given = on_line(b"\0" + Draft(_RESET).on_wire(RESET_SEQ))
        (outcome,) = self._device.give([given])
        self._judge(given, outcome)
        return self._look([given], first, heap=True).heap

    def _judge_heap(self, heap: int, first: int) -> None:
        full = self._look([], first, heap=True).heap
        again = self._reset_heap(first)
        self.report.used.append(heap - full)
        self.report.lost.append(heap - again)
        if heap - full > FULL_BYTES or heap - again > STRAY_BYTES:
            raise Failure(
                f"of {heap} bytes of free heap {full} are left, and {again} after a Factory Reset\n"
                f"  again: python -m host_tests.fuzz {self._name} {self._first + first - 1}"
            )

    def give_one(self, given: Input) -> str:
        """Gives one input behind what makes a life begin."""
        self._look([], 0)
        self._give(self._generator.furnishing(), 0)
        (outcome,) = self._device.give([given])
        try:
            self._judge(given, outcome)
        except Fault as fault:
            raise self._failure(given, 0, str(fault)) from None
        self._look([given], 0)
        return f"said  {outcome.said.hex(' ')}\nheard {outcome.heard.hex(' ')}"

    def finish(self) -> Report:
        """The counts of the judges too."""
        self.report.counts["responses proved"] += self._remote.responses
        self.report.counts["alerts read"] += self._remote.alerts
        self.report.counts["entries of the Security Log"] += self._secrecy.entries
        return self.report


def _ends(data: Data) -> bool:
    return guarded.command_of(data) in guarded.ENDING


def live(firmware: Instrumented, seed: int, number: int, count: int = INPUTS, closely_from: int = INPUTS) -> Report:
    """One life; Failure says what went wrong."""
    with Device(firmware) as device:
        life = Life(firmware, device, seed, number)
        life.live(count, closely_from)
        return life.finish()


def give_one(firmware: Instrumented, given: Input) -> str:
    """One input, to a meter that has nodes and parties; what was said and heard. Failure as above."""
    with Device(firmware) as device:
        life = Life(firmware, device, 0, 0)
        return life.give_one(given)
