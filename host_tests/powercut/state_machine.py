"""Anything that may happen to a meter, in any order: a hypothesis state machine over a witness.

Every step is compared with the model, and after each cut or restart all that the meter keeps. The steps of a seed are
always the same; how far a command comes before a cut is not.
"""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from gsme_host.eui64 import CHF
from host_tests.powercut import operations as op
from host_tests.powercut import strategies as some
from host_tests.powercut.operations import Operation
from host_tests.powercut.supplier import Supplier
from host_tests.powercut.witness import Witness
from host_tests.support.event_history import Query


class Meter(RuleBasedStateMachine):
    """One run on one meter, new from the factory. `counts` is that of all runs of a class."""

    counts: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.steps: Counter[str] = Counter()
        self.witness = Witness()
        self.supplier = Supplier(self.witness)

    def teardown(self) -> None:
        """Looks once more at everything."""
        self.witness.close()
        self.counts.update(self.steps)
        self.counts.update({"runs": 1, "steps": self.steps.total()})
        self.counts.update({f"cut, {what}": number for what, number in self.witness.counts.items()})

    def _do(self, what: str, operation: Operation) -> None:
        self.steps[what] += 1
        self.witness.do(operation)

    @rule(operation=some.RAISED)
    def raise_event(self, operation: Operation) -> None:
        """Critical, configurable or unknown, with data."""
        self._do("raise", operation)

    @rule(operation=some.RAISED_AGAIN)
    def raise_again(self, operation: Operation) -> None:
        """One of a few."""
        self._do("raise", operation)

    @rule(codes=st.tuples(some.CODES, some.CODES), number=st.sampled_from((2, 10, 35, 60)))
    def raise_many(self, codes: tuple[int, int], number: int) -> None:
        """Two codes in turn, until a log overflows."""
        self.steps["raise many"] += 1
        for count in range(number):
            self.witness.do(op.raise_event(codes[count % 2], bytes((count,))))

    @rule(utc=some.TIMES)
    def set_clock(self, utc: int) -> None:
        """Forwards or back."""
        self.steps["clock"] += 1
        self.witness.set_clock(utc)

    @rule(operation=some.LISTS_SET)
    def configure_a_list(self, operation: Operation) -> None:
        """Valid and invalid."""
        self._do("configure", operation)

    @rule(operation=some.PLACES_SET)
    def configure(self, operation: Operation) -> None:
        """By group, log or match."""
        self._do("configure", operation)

    @rule(operation=some.ENROLLED)
    def enrol(self, operation: Operation) -> None:
        """A device, or another kind for it."""
        self._do("device", operation)

    @rule(operation=some.REMOVED)
    def remove(self, operation: Operation) -> None:
        """A device, which may be none."""
        self._do("device", operation)

    @rule(operation=some.ATTRIBUTES_SET)
    def set(self, operation: Operation) -> None:
        """Attributes, two at once; the register; the behaviour."""
        self._do("attribute", operation)

    @rule(query=some.QUERIES)
    def read_log(self, query: Query) -> None:
        """By the hub."""
        self._do("read log", op.read_log(CHF, query))

    @rule(operation=some.VISITS)
    def visit(self, operation: Operation) -> None:
        """By a display, or whatever the device is at the time: it may be refused, and that is recorded."""
        self._do("visit", operation)

    @rule(operation=some.CONFIGURATION_READS)
    def read_configuration(self, operation: Operation) -> None:
        """Of a code or a group."""
        self._do("read", operation)

    @rule(operation=some.ATTRIBUTE_READS)
    def read_attribute(self, operation: Operation) -> None:
        """By anybody."""
        self._do("read", operation)

    @rule(how=st.sampled_from(some.POWER), utc=some.TIMES, operation=some.CHANGES, wait_s=st.sampled_from(some.WAITS_S))
    def power(self, how: str, utc: int, operation: Operation, wait_s: float | None) -> None:
        """A restart between two commands or as from the factory; or within a command, the clock set before."""
        self.steps[how] += 1
        if how == "cut within":
            self.witness.set_clock(utc)
            self.witness.cut_within(operation, wait_s)
        elif how == "cut":
            self.witness.cut()
        elif how == "reboot":
            self.witness.reboot()
        else:
            self.witness.do(op.factory_reset())
        if how == "reset" or operation == op.factory_reset():
            self.supplier.enrol()

    @rule(how=st.sampled_from(some.SUPPLIED), site_id=some.SITE_IDS, utc=some.TIMES, cut=st.sampled_from(some.REMOTE))
    def supply(self, how: str, site_id: bytes, utc: int, cut: tuple[bool, float | None]) -> None:
        """What the Supplier does: clears the Event Log, sets the SiteID, or somebody sends that again; or it is cut."""
        if how == "replay":
            self.steps[how] += 1
            self.supplier.replay()
            return
        within, wait_s = cut
        self.steps[f"{how} within" if within else how] += 1
        self.witness.set_clock(utc)
        command = self.supplier.clear() if how == "clear" else self.supplier.set_site_id(site_id)
        if within:
            self.supplier.cut_within(command, wait_s)
        else:
            self.supplier.do(command)


def run(number: int, *, runs: int, steps: int, shrink: bool = False) -> Counter[str]:
    """Runs of so many steps, by a seed; returns how many of what were made. AssertionError with the steps to the fault.

    `shrink` looks for fewer steps that fail, which takes minutes, and may fail where the fault is a matter of luck.
    """
    counts: Counter[str] = Counter()
    machine = seed(number)(type("Meter", (Meter,), {"counts": counts}))
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        phases=phases,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen, _min_steps=steps)  # else some runs end early
    return counts
