"""What a restart keeps, what Factory Reset restores, the clock, crashes."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_PARTS: Final = "gsme/store/parts.py"
_IMAGE: Final = "gsme/store/image.py"
_DEVICE: Final = "gsme/device.py"
_STATE: Final = "host_tests/test_state.py"
_KEPT: Final = f"{_STATE}::test_a_restart_keeps_everything_that_is_to_be_kept"
_RESET: Final = f"{_STATE}::test_factory_reset_restores_everything"


def _forgotten(name: str, old: str, test: str = _KEPT) -> Break:
    """A part that a restart loses."""
    return Break(name, _PARTS, f"    {old},\n", "", test)


BREAKS: Final = (
    _forgotten("restart-forgets-the-device", "(0x01, _dump_device, _restore_device)"),
    _forgotten("restart-forgets-the-device-log", "(0x02, _dump_nodes, _restore_nodes)"),
    _forgotten("restart-forgets-the-configuration", "(0x03, _dump_events, _restore_events)"),
    _forgotten(
        "restart-forgets-the-event-log",
        "(0x04, lambda d: _dump_log(d.logs.event), lambda d, p: _restore_log(d.logs, d.logs.event, p))",
    ),
    _forgotten(
        "restart-forgets-the-security-log",
        "(0x05, lambda d: _dump_log(d.logs.security), lambda d, p: _restore_log(d.logs, d.logs.security, p))",
    ),
    _forgotten("restart-forgets-attributes", "(0x06, _dump_attributes, _restore_attributes)"),
    _forgotten("restart-forgets-reports", "(0x07, _dump_reports, _restore_reports)"),
    _forgotten(
        "restart-begins-a-new-day",
        "(0x08, _dump_marks, _restore_marks)",
        "host_tests/test_what_is_recorded.py::test_a_restart_begins_no_new_day",
    ),
    _forgotten(
        "restart-forgets-the-crash",
        "(0x09, lambda d: d.last_crash, _restore_crash)",
        "host_tests/test_crash_restart.py::test_it_is_told_until_the_next_one",
    ),
    Break(
        "restart-mixes-the-logs",
        _PARTS,
        "        logs.order = max(logs.order, order)\n",
        "",
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
        " if p[2 * row + 1] == status.NOT_FOUND else status.SUCCESS",
        "",
        f"{_STATE}::test_faults_and_failing_attributes_end",
    ),
    Break("starts-are-not-counted", _DEVICE, "        self.starts += 1\n", "", f"{_STATE}::test_starts_are_counted"),
    Break(
        "the-clock-stays-valid",
        "gsme/clock.py",
        "        self.utc[:] = utc\n\n    # Call",
        "        self.set(utc)\n\n    # Call",
        f"{_STATE}::test_the_clock_is_invalid_until_it_is_set",
    ),
    Break(
        "damage-is-not-noticed",
        _IMAGE,
        " and crc32.holds(image, 0, len(image))",
        "",
        "host_tests/test_state_damaged.py::test_damaged_storage",
    ),
    Break(
        "nothing-is-written",
        _DEVICE,
        "        if self.store.dirty:\n            self.store.commit()\n",
        "",
        f"{_STATE}::test_power_that_is_cut_while_an_event_is_raised",
    ),
    Break("reset-keeps-the-configuration", _DEVICE, "        self.events.reset()\n", "", _RESET),
    Break("reset-keeps-the-event-log", _DEVICE, "        self.logs.event.clear()\n", "", _RESET),
    Break("reset-keeps-the-security-log", _DEVICE, "        self.logs.security.clear()\n", "", _RESET),
    Break("reset-keeps-the-device-log", _DEVICE, "        self.nodes.reset()\n", "", _RESET),
    Break("reset-keeps-the-marks", _DEVICE, "        self.watch.marks.clear()\n", "", _RESET),
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
