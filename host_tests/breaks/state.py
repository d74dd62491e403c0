"""What a restart keeps, what Factory Reset restores, the clock, crashes."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_PARTS: Final = "gsme/store/parts.py"
_STORE: Final = "gsme/store/store.py"
_DEVICE: Final = "gsme/device.py"
_STATE: Final = "host_tests/test_state.py"
_KEPT: Final = f"{_STATE}::test_a_restart_keeps_everything_that_is_to_be_kept"
_RESET: Final = f"{_STATE}::test_factory_reset_restores_everything"


def _forgotten(name: str, restore: str, test: str = _KEPT) -> Break:
    """A part that a restart loses."""
    return Break(name, _PARTS, f", {restore}),\n", ", lambda *_: None),\n", test)


BREAKS: Final = (
    _forgotten("restart-forgets-the-device", "_restore_start"),
    _forgotten("restart-forgets-the-device-log", "_restore_nodes"),
    _forgotten("restart-forgets-the-configuration", "_restore_events"),
    *(
        Break(
            f"restart-forgets-the-{log}-log",
            _STORE,
            "if buf[at] in self._parts and",
            f"if buf[at] != {kind} and",
            _KEPT,
        )
        for log, kind in (("event", 4), ("security", 5))
    ),
    _forgotten("restart-forgets-attributes", "_restore_attribute"),
    _forgotten("restart-forgets-reports", "_restore_reports"),
    _forgotten(
        "restart-begins-a-new-day",
        "_restore_mark",
        "host_tests/test_what_is_recorded.py::test_a_restart_begins_no_new_day",
    ),
    _forgotten(
        "restart-forgets-the-crash",
        "_restore_crash",
        "host_tests/test_crash_restart.py::test_it_is_told_until_the_next_one",
    ),
    Break(
        "restart-mixes-the-logs",
        "gsme/events/logs.py",
        "            self.order = order\n",
        "            pass\n",
        f"{_STATE}::test_full_logs_go_on_where_they_were",
    ),
    Break(
        "a-founder-comes-back",
        _PARTS,
        "    nodes.nodes.clear()\n",
        "",
        f"{_STATE}::test_a_node_of_the_first_hour_stays_removed",
    ),
    Break(
        "a-row-fails-for-ever",
        _PARTS,
        "        if events.state[row] == status.NOT_FOUND:\n            image[2 * row + 1] = status.NOT_FOUND\n",
        "        image[2 * row + 1] = events.state[row]\n",
        f"{_STATE}::test_faults_and_failing_attributes_end",
    ),
    Break("starts-are-not-counted", _DEVICE, "        self.starts += 1\n", "", f"{_STATE}::test_starts_are_counted"),
    Break(
        "the-clock-stays-valid",
        "gsme/clock.py",
        "            self.utc[i] = image[at + i]\n",
        "            self.utc[i] = image[at + i]\n        self.set(bytes(self.utc))\n",
        f"{_STATE}::test_the_clock_is_invalid_until_it_is_set",
    ),
    Break(
        "nothing-is-written",
        _STORE,
        "            self._journal.append(end)\n",
        "            pass\n",
        f"{_STATE}::test_power_that_is_cut_while_an_event_is_raised",
    ),
    Break(
        "a-start-that-fails-is-tried-for-ever",
        _DEVICE,
        "return self.LEAVE if self._after_crash and not self.link.accepted else self.REBOOT",
        "return self.REBOOT",
        "host_tests/test_crash.py::test_a_start_that_always_fails_is_not_tried_again_and_again",
    ),
    Break(
        "nobody-is-told-of-the-crash",
        _DEVICE,
        "        if self._after_crash:\n            self.link.tell",
        "        if False:\n            self.link.tell",
        "host_tests/test_crash.py::test_the_next_start_tells_people_of_it",
    ),
    Break(
        "a-crash-is-no-event",
        _DEVICE,
        "            self.recorder.raise_code(catalogue.UNEXPECTED_HARDWARE_RESET)\n",
        "",
        "host_tests/test_crash.py::test_a_crash_restarts_the_meter_with_its_state",
    ),
    Break(
        "the-watchdog-is-no-event",
        _DEVICE,
        "            self.recorder.raise_code(catalogue.WATCHDOG)\n",
        "            pass\n",
        "host_tests/test_crash.py::test_a_meter_that_hangs_is_restarted_by_the_watchdog",
    ),
    Break(
        "what-storage-did-not-take-is-lost",
        "gsme/watch.py",
        "                self._missed[cause] = code\n",
        "                pass\n",
        "host_tests/test_what_is_recorded.py::test_what_storage_did_not_take_is_recorded_once_it_does",
    ),
    Break(
        "a-reset-keeps-what-storage-did-not-take",
        "gsme/watch.py",
        "        self._missed.clear()\n",
        "",
        "host_tests/test_what_is_recorded.py::test_a_factory_reset_forgets_what_storage_did_not_take",
    ),
    Break(
        "refusals-are-written-each",
        "gsme/watch.py",
        "        if mark is not None and self._same_day(mark):\n            return\n",
        "",
        "host_tests/test_flood.py",
    ),
    Break(
        "unproved-messages-are-written-each",
        "gsme/watch.py",
        "        self._once_a_day(_UNPROVED, catalogue.FAILED_AUTHENTICATION)\n",
        "        self._recorder.raise_code(catalogue.FAILED_AUTHENTICATION)\n",
        "host_tests/unit/test_bad_messages.py",
    ),
    Break(
        "the-register-is-written-for-each-litre",
        _DEVICE,
        "if self._unkept_dm3 >= _REGISTER_DM3:",
        "for _ in range(_REGISTER_DM3):\n                self.store.commit()",
        "host_tests/life/test_life.py",
    ),
    Break(
        "gas-is-forgotten-at-a-restart",
        _DEVICE,
        "        self._unkept_dm3 = 0\n        self.store.note(names.ATTRIBUTE, self._register)\n",
        "        self._unkept_dm3 = 0\n",
        "host_tests/life/test_life.py",
    ),
    Break("reset-keeps-the-configuration", _DEVICE, "        self.events.reset()\n", "", _RESET),
    Break("reset-keeps-the-event-log", _DEVICE, "        self.logs.event.clear()\n", "", _RESET),
    Break("reset-keeps-the-security-log", _DEVICE, "        self.logs.clear_security()\n", "", _RESET),
    Break("reset-keeps-the-device-log", _DEVICE, "        self.nodes.reset()\n", "", _RESET),
    Break("reset-keeps-the-marks", _DEVICE, "        self.watch.forget()\n", "", _RESET),
    Break("reset-keeps-reports", _DEVICE, "        self.reports.all.clear()\n", "", _RESET),
    Break("reset-keeps-attributes", _DEVICE, "            c.attributes.reset()\n", "            pass\n", _RESET),
    Break(
        "reset-keeps-the-behaviour",
        _DEVICE,
        "        self.reports.all.clear()\n        self.behaviour.set(behaviour.MP078)\n",
        "        self.reports.all.clear()\n",
        _RESET,
    ),
    Break(
        "reset-keeps-faults",
        _DEVICE,
        "    def factory_reset(self):\n        self.inject(0)\n",
        "    def factory_reset(self):\n",
        _RESET,
    ),
    Break(
        "time-stops-at-the-wrap",
        "gsme/clock.py",
        "step_ms = self._ticks.ticks_diff(now, self._at)",
        "step_ms = now - self._at",
        "host_tests/unit/test_clock_ticks.py",
    ),
)
