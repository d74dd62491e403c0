"""What is given to a meter: frames of every kind, filled and made wrong; what reached new lines made wrong again."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from gsme_host import wire
from gsme_host.bench import Command
from gsme_host.eui64 import BENCH, CAD, CHF, EUI64, GPF, HCALCS, IHD, PPMID, STRANGER
from gsme_host.zcl import Cluster, octstr, u16
from host_tests.fuzz import guarded, kinds
from host_tests.fuzz.draft import Draft, Mutator, draft
from host_tests.fuzz.fill import SECURITY_CODES, Filler
from host_tests.fuzz.inputs import Acks, Input, Pause, Port, at_hub, how, on_line
from host_tests.fuzz.kinds import FrameKind
from host_tests.fuzz.line_damage import LineDamage
from host_tests.fuzz.messages import Messages
from host_tests.fuzz.probe import TSN
from host_tests.fuzz.secrecy import CANARY
from host_tests.fuzz.stream import Stream, body_of, data_of
from host_tests.judges.meter_map import METERING, TUNNELING

SEQUENCE: Final = 0xE0  # numbers from here on are the script's and the probe's
REQUESTERS: Final = (CHF,) * 8 + (GPF,) * 6 + (PPMID, IHD, IHD, CAD, HCALCS, STRANGER)
OWN_CLUSTERS: Final = {METERING: GPF, TUNNELING: CHF}  # commands that only these may send
MOST_FRAMES: Final = 6  # of an input
LONGEST: Final = 6000  # bytes of an input
MUTATIONS: Final = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 5)
PAUSES: Final = (Pause.NONE,) * 150 + tuple(Pause)[1:]
LIVE: Final = how()
WORKING: Final = how(Acks.NOT_UNDERSTOOD, port=Port.FITFUL)  # the bits that say how the line works

Maker = Callable[[], Input]


class Generator:
    """Inputs, as a seed determines them and what earlier ones have reached. `rejected` counts what was left out."""

    def __init__(self, seed: str) -> None:
        self._source = random.Random(seed)  # noqa: S311  # it has to be repeatable
        self._choice = self._source.choice
        self._fill = Filler(self._source)
        self._mutator = Mutator(self._source)
        self._damage = LineDamage(self._source)
        self._messages = Messages(self._source)
        self._corpus: list[Input] = []
        self._seq = 0
        self._tsn = 0
        self.rejected = 0
        ways: tuple[tuple[int, Maker], ...] = (
            (300, self._one_frame),
            (24, self._sequence),
            (30, self._damaged),
            (15, self._of_the_link),
            (15, self._guarded),
            (4, self._faulty_store),
            (12, self._marked_event),
            (8, self._hub),
            (50, self._again),
        )
        self._ways = [maker for _, maker in ways]
        self._weights = [weight for weight, _ in ways]

    def next(self) -> Input:
        """The next input that may be given."""
        while True:
            (maker,) = self._source.choices(self._ways, self._weights)
            made = maker()
            if len(made.raw) <= LONGEST and _allowed(made):
                return made
            self.rejected += 1

    def furnishing(self) -> list[Input]:
        """What makes something of a meter as it left the factory."""
        return [on_line(self._bench(asdu)) for asdu in guarded.FURNISHING]

    def keep(self, one: Input) -> None:
        """It has reached something new."""
        self._corpus.append(one)

    # --- frames

    def _kind(self) -> FrameKind:
        table: tuple[FrameKind, ...] = self._choice(
            (kinds.CLUSTER_COMMANDS,) * 8
            + (kinds.GLOBAL_REQUESTS,) * 8
            + (kinds.GLOBAL_ANSWERS, kinds.BENCH_COMMANDS, kinds.BENCH_COMMANDS, kinds.ZDO, kinds.ZDO)
        )
        return self._choice(table)

    def _draft(self) -> Draft:
        return self._filled(self._kind())

    def _filled(self, kind: FrameKind) -> Draft:
        payload = kind.sample if not self._source.randrange(4) else self._fill.payload(kind)
        return draft(kind, self._peer(kind), self._next_tsn(), payload)

    def _peer(self, kind: FrameKind) -> EUI64:
        if kind.cluster == Cluster.BENCH:
            return BENCH
        own = OWN_CLUSTERS.get(kind.cluster)
        return own if own and self._source.randrange(3) else self._choice(REQUESTERS)

    def _next_tsn(self) -> int:
        self._tsn = (self._tsn + 1) % 256
        return self._tsn if self._tsn != TSN else self._next_tsn()

    def _next_seq(self) -> int:
        self._seq = (self._seq + 1) % SEQUENCE
        return self._seq

    def _mutated(self, one: Draft) -> Draft:
        for _ in range(self._choice(MUTATIONS)):
            one = self._mutator.mutated(one)
        return one

    def _frame(self) -> bytes:
        return self._mutated(self._draft()).on_wire(self._next_seq())

    # --- inputs of the line

    def _how(self) -> int:
        """Most often the line works and no time passes."""
        way = self._source.randrange(400)
        acks = self._choice(tuple(Acks)) if way < 8 else Acks.ACCEPTED
        port = self._choice((Port.SLOW, Port.FITFUL, Port.STUCK)) if way == 8 else Port.FREE
        return how(acks, self._choice(PAUSES), port)

    def _one_frame(self) -> Input:
        return on_line(self._frame(), self._how())

    def _sequence(self) -> Input:
        count = self._source.randrange(2, MOST_FRAMES + 1)
        return on_line(b"".join(self._part() for _ in range(count)), self._how())

    def _part(self) -> bytes:
        way = self._source.randrange(16)
        frame = self._frame()
        if way == 0:
            return self._damage.damaged(frame)
        return self._damage.of_the_link(self._seq) if way == 1 else frame

    def _damaged(self) -> Input:
        return on_line(self._damage.damaged(self._frame()), self._how())

    def _of_the_link(self) -> Input:
        return on_line(
            self._damage.of_the_link(self._choice((self._next_seq(), self._source.randrange(256)))), self._how()
        )

    def _bench(self, asdu: bytes) -> bytes:
        data = guarded.to_bench(asdu[:3] + bytes((self._next_tsn(),)) + asdu[4:])
        return Draft(data).on_wire(self._next_seq())

    def _guarded(self) -> Input:
        (forms,) = self._source.choices([forms for _, forms in guarded.FORMS], [often for often, _ in guarded.FORMS])
        return on_line(self._bench(self._choice(forms)))

    def _faulty_store(self) -> Input:
        """Some frames to a meter whose stores fail, until they work again."""
        fault = guarded.frame(Command.INJECT_FAULT, bytes((self._choice(guarded.FAULTS),)))
        written = [self._filled(self._choice(kinds.WRITING)) for _ in range(self._source.randrange(1, 4))]
        frames = b"".join(one.on_wire(self._next_seq()) for one in written)
        return on_line(self._bench(fault) + frames + self._bench(guarded.NO_FAULT))

    def _marked_event(self) -> Input:
        """An event of the Security Log, whose data would be known again anywhere."""
        data = octstr(CANARY + self._source.randbytes(self._source.randrange(16 - len(CANARY) + 1)))
        return on_line(self._bench(guarded.frame(Command.RAISE_EVENT, u16(self._choice(SECURITY_CODES)) + data)))

    # --- others

    def _hub(self) -> Input:
        pause = self._choice(PAUSES)
        return at_hub(self._messages.several(), self._messages.manners(), self._messages.damages(), how(pause=pause))

    def _again(self) -> Input:
        """One that has reached something new, other in one way more."""
        if not self._corpus:
            return self._one_frame()
        one = self._choice(self._corpus)
        if one.of_hub:
            return at_hub(one.messages, self._messages.manners(), self._messages.damages())
        frames = [self._other(frame) for frame in one.line.split(wire.END) if frame]
        if len(frames) > 1 and not self._source.randrange(3):
            self._source.shuffle(frames)
        return on_line(b"".join(frames[:MOST_FRAMES]), one.raw[0])

    def _other(self, frame: bytes) -> bytes:
        """The same under a new number, most often mutated."""
        data = data_of(body_of(frame))
        if data is None:
            return frame + wire.END
        one = Draft(data, 3)
        for _ in range(self._choice((0, 1, 1, 1, 2, 3))):
            one = self._mutator.mutated(one)
        return one.on_wire(self._next_seq())


def _allowed(made: Input) -> bool:
    """A guarded command stands alone, but for faults that end with the input, and its answer is seen."""
    bodies = [body for _, body in Stream().feed(made.line + wire.END) if body]
    guarded_ones = 0
    for data in map(data_of, bodies):
        if data is None:
            continue
        if not guarded.allowed(data):
            return False
        guarded_ones += guarded.guarded(data) and guarded.command_of(data) != Command.INJECT_FAULT
    return not guarded_ones or (len(bodies) == 1 and made.raw[0] & WORKING == LIVE)
