"""What the model-based test is there for: things kept too late, lost, twice, or out of order."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_RECORDER: Final = "gsme/events/recorder.py"
_TEST: Final = "host_tests/powercut/test_model.py::test_runs_of_a_fixed_seed[51]"

_COMMIT: Final = """        failure = self._store.commit()
        if failure:
            return failure
        self._kept(log_id)
"""
_LATER: Final = "        self.untold.append((log_id, low, high, utc, control, data))\n"
_PUBLISH: Final = "        self._publish(log_id, low, high, utc, control, data)\n"
_WHILE: Final = "        for _ in range(5000):\n            pass\n"  # as long as it takes to erase a page

BREAKS: Final = (
    Break("an-event-is-told-before-it-is-kept", _RECORDER, _COMMIT + _LATER, _PUBLISH + _WHILE + _COMMIT, _TEST),
    Break(
        "a-cleared-log-leaves-no-entry",
        _RECORDER,
        'return self.raise_event(catalogue.EVENT_LOG_CLEARED & 255, catalogue.CRITICAL, b"") == status.SUCCESS',
        "return self._store.commit() == status.SUCCESS",
        _TEST,
    ),
    Break(
        "a-restart-loses-the-newest-entry",
        "gsme/device.py",
        "        self.anchor.mount()\n",
        "        self.anchor.mount()\n        self.logs.event.next -= self.logs.event.next > self.logs.event.first\n",
        _TEST,
    ),
    Break(
        "a-restart-brings-an-entry-back",
        "gsme/device.py",
        "        self.anchor.mount()\n",
        "        self.anchor.mount()\n        self.logs.event.first -= self.logs.event.first > 0\n",
        _TEST,
    ),
    Break(
        "order-begins-anew-at-a-restart",
        "gsme/events/logs.py",
        "            self.order = order\n",
        "            pass\n",
        _TEST,
    ),
    Break(
        "a-refusal-is-recorded-again-after-a-restart",
        "gsme/watch.py",
        "        self._store.touch(MARK, cause)\n",
        "",
        _TEST,
    ),
    Break(
        "a-counter-is-accepted-again-after-a-restart",
        "gsme/gbcs/mailbox.py",
        "self._device.store.keep(COUNTERS, None, self._count, _purpose(message), message.counter)",
        "self._count(_purpose(message), message.counter)",
        _TEST,
    ),
)
