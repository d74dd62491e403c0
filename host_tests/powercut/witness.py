"""A simulated meter, and beside it every model that agrees with it: what the meter says is compared, its power is cut.

After a cut within a command nobody knows how far it came, so there may be several models; whatever the meter says next
leaves those by which it has to say just that. Where none is left the meter has lost something that it acknowledged, has
it twice, or out of order.
"""

from __future__ import annotations

import os
import signal
import termios
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from threading import Event
from typing import Final

from gsme_host.bench import Attr
from gsme_host.eui64 import CAD, CHF, ESME, GPF, IHD, PPMID
from gsme_host.meter import Exchange
from gsme_host.wire import Data, Kind
from gsme_host.zcl import PROFILE_ZDO, Cluster
from host_tests.powercut import model as kinds
from host_tests.powercut import operations as op
from host_tests.powercut.model import ATTRIBUTES, REGISTER, Model
from host_tests.powercut.operations import Operation, Outcome, Push
from host_tests.powercut.times import Times
from host_tests.support.event_history import Query
from host_tests.support.event_logs import FULL
from host_tests.support.target import simulated

FOUNDERS: Final = {bytes(CHF): kinds.CHF, bytes(GPF): kinds.GPF}
VISITORS: Final = (PPMID, IHD, CAD, ESME)  # who may be enrolled, as whatever
ANSWER_S: Final = 5.0
RESTART_S: Final = 10.0
PAGE: Final = 12  # entries: the answers that the meter may have waiting while it takes another request
EVERY_GROUP: Final = 0xFFFF
NOTHING: Final = Outcome([], [])
_TIME: Final = slice(5, 9)  # of a Publish Event without its sequence number

Branch = tuple[Model, Outcome]  # a model that may be right, and what the meter said on the way to it
Branches = Callable[[Model], Iterable[Branch]]


def told(came: Iterable[Data]) -> list[Push]:
    """The events among what came, each without its sequence number, sorted."""
    events = [(data.peer, data.asdu[:1] + data.asdu[2:]) for data in came if data.cluster == Cluster.EVENTS]
    return sorted(event for event in events if event[1].startswith(op.PUBLISH_EVENT))


def heard(request: Data, came: Iterable[Data]) -> Outcome:
    """What came, taken apart; AssertionError where something is neither an answer nor an event that is told."""
    asked, came = Exchange(request), list(came)
    answers = [data for data in came if not told([data])]
    assert all(map(asked.answered_by, answers)), f"{answers} came unasked"
    return Outcome([data.asdu for data in answers], told(came))


def distinct(models: Iterable[Model]) -> list[Model]:
    """Without those that remember the same as an earlier one."""
    found: list[Model] = []
    for model in models:
        if model not in found:
            found.append(model)
    return found


class Witness:
    """The meter is there until `close`. `counts` says what became of the commands that a cut hit."""

    def __init__(self) -> None:
        self.models = [Model(FOUNDERS)]
        self.counts: Counter[str] = Counter()
        self.times = Times()
        self.possible_times: list[bytes] = []  # of what happened before the newest cut
        self._newest_cut = "no cut within a command before"
        self._sound = True
        self._stack = ExitStack()
        self.target = self._stack.enter_context(simulated(None))
        assert self.target.sim
        self.sim, self.meter, self.bench = self.target.sim, self.target.meter, self.target.bench

    def close(self) -> None:
        """Ends the meter; looks at all that it keeps before, if nothing has been wrong."""
        with self._stack:
            if self._sound:
                self.look()
                assert self.bench.read(Attr.LAST_CRASH) == b""

    # --- what is answered

    def do(self, operation: Operation) -> None:
        """Asks, and compares."""
        said = heard(operation.request, self.meter.exchange(operation.request).answers)
        at = self.when(said)
        self.agree(operation.name, said, lambda model: [(model, operation.effect(model, at))])

    def set_clock(self, utc: int) -> None:
        """The bench's Set Clock."""
        at = time.monotonic()
        self.bench.set_clock(utc)
        self.times.begin(utc, at)

    def when(self, said: Outcome, code: bytes = b"") -> bytes:
        """When an event (of that code, as it is sent) happened, as the GPF was told; zeros where it was not."""
        found = [push[_TIME] for who, push in said.pushes if who == GPF and push[3:5].startswith(code)]
        for one in found:
            self.times.told(int.from_bytes(one, "little"))
        return found[0] if found else bytes(4)

    def agree(
        self, what: str, said: Outcome, branches: Callable[[Model], Iterable[Branch]], *, cut: bool = False
    ) -> None:
        """Leaves the models by which just that was said; after a cut, at least that."""
        possible = [branch for model in self.models for branch in branches(model)]
        self.models = distinct(model for model, all_ in possible if (all_.covers(said) if cut else all_ == said))
        self._sound = bool(self.models)
        expected = "\n      or ".join(str(outcome) for _, outcome in possible)
        assert self._sound, f"{what}\n  came     {said}\n  expected {expected}\n  {self._newest_cut}"

    def look(self) -> None:
        """Everything that is kept, byte by byte: both logs in one order and that nothing is behind it, the rest."""
        longest = max(len(model.entries) for model in self.models)
        for offset in range(0, longest + PAGE, PAGE):
            self.do(op.read_log(CHF, Query(FULL, number=PAGE, offset=offset)))
        self.do(op.read_configuration(EVERY_GROUP))
        self.do(op.read_behaviour())
        for place in ATTRIBUTES:
            self.do(op.read_attribute(CHF, place))
        for who in VISITORS:
            self.do(op.read_attribute(who, REGISTER))

    # --- restarts

    def reboot(self) -> None:
        """The bench's Reboot; then everything is as it was."""
        self.bench.reboot()
        self._begin_again()
        self.look()

    def cut(self) -> None:
        """The process is killed where it stands, another one starts; then everything is as it was."""
        assert self.kill() == []
        self.look()

    def cut_within(self, operation: Operation, wait_s: float | None) -> None:
        """Kills it so long after a command was sent; with None, as soon as anything is said of it."""
        said = heard(operation.request, self.send_and_kill(operation.request, wait_s))

        def branches(model: Model) -> Iterable[Branch]:
            yield model, NOTHING
            for at in self.possible_times:
                changed = model.copy()
                yield changed, operation.effect(changed, at)

        self.agree_after_cut(operation.name, said, branches)

    def send_and_kill(self, request: Data, wait_s: float | None) -> list[Data]:
        """Sends a request, and cuts the power; returns what came of it."""
        self.meter.drain()
        link, said = self.meter.link, Event()

        def stop(direction: str, body: bytes) -> None:
            if direction == "rx" and body[0] == Kind.DATA:
                self._stop()  # in the thread that hears it: nothing is faster
                said.set()

        link.taps += [stop] if wait_s is None else []
        link.send(request, wait_ack=False)
        if wait_s is None:
            assert said.wait(ANSWER_S)
            link.taps.remove(stop)
        else:
            if wait_s:  # sleeping for no time takes time
                time.sleep(wait_s)
            self._stop()
        self.possible_times = [utc.to_bytes(4, "little") for utc in self.times.now()]
        return self.kill()

    def _stop(self) -> None:
        """Nothing more is done, and what the meter has not read from its line is lost, as on a board."""
        os.kill(self.sim.pid, signal.SIGSTOP)
        supervisor = self.sim._supervisor
        termios.tcflush(supervisor._slave, termios.TCOFLUSH)
        termios.tcflush(supervisor._master, termios.TCIFLUSH)

    def agree_after_cut(self, what: str, said: Outcome, branches: Branches) -> None:
        """Finds out how far it came."""
        before = list(self.models)
        self._newest_cut = f"the newest cut was within {what}, of which came {said}"
        self.agree(f"{what}, cut", said, branches, cut=True)
        same = said == NOTHING and len(self.models) == len(before)
        self.look()
        undone = any(model is one for model in self.models for one in before)
        self.counts["without effect" if same else "said" if said != NOTHING else "undone" if undone else "unsaid"] += 1

    def kill(self) -> list[Data]:
        """Cuts the power and gives it back; returns what the meter said before."""
        link, restarts = self.meter.link, self.meter.link.counters.restarts
        self.sim.restart()
        assert link.wait_restart(restarts, RESTART_S)
        came = self.meter.drain()
        link.sync()
        self._begin_again()
        return came

    def _begin_again(self) -> None:
        self.times.stop()
        assert {data.profile for data in self.meter.settle()} == {PROFILE_ZDO}, "it announces itself, and is silent"
