"""The sleepy cycle: mirror, tunnel, what happens when nobody answers."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_CYCLE: Final = "gsme/cycle.py"
_MIRROR: Final = "gsme/clusters/mirror.py"
_TUNNELING: Final = "gsme/clusters/tunneling.py"
_TESTS: Final = "host_tests/unit/test_cycle.py"
_FRAMING: Final = "host_tests/remote/test_tunnel_framing.py::test_what_is_not_the_hubs_own_frame_hands_over_nothing"

BREAKS: Final = (
    Break(
        "a-cycle-an-hour",
        _CYCLE,
        "_CYCLE_S = const(1800)",
        "_CYCLE_S = const(3600)",
        f"{_TESTS}::test_a_cycle_begins_every_half_hour_of_running_time",
    ),
    Break(
        "no-answer-is-waited-for-for-ever",
        _CYCLE,
        "now_s - self._since_s >= self._patience_s",
        "now_s < self._since_s",
        f"{_TESTS}::test_a_gas_proxy_that_is_gone",
    ),
    Break(
        "another-flag-opens-the-tunnel",
        _MIRROR,
        "_TUNNEL_MESSAGE_PENDING = const(0x20)",
        "_TUNNEL_MESSAGE_PENDING = const(0x21)",
        f"{_TESTS}::test_the_flag_leads_to_the_tunnel_and_nothing_else_does",
    ),
    Break(
        "the-last-report-does-not-say-so",
        _MIRROR,
        '_COMPLETE = b"\\xfe\\xff\\x30\\x01"',
        '_COMPLETE = b"\\xfe\\xff\\x30\\x00"',
        f"{_TESTS}::test_the_first_cycle_makes_the_mirror",
    ),
    Break(
        "a-mirror-for-any-question",
        _MIRROR,
        " or request.tsn != mirror.tsn",
        "",
        f"{_TESTS}::test_an_answer_under_another_number_is_not_the_mirrors",
    ),
    Break(
        "no-ids-left-is-the-end",
        _CYCLE,
        "        if no_ids and self._again:",
        "        if no_ids and not self._again:",
        f"{_TESTS}::test_no_ids_left",
    ),
    Break(
        "a-refused-tunnel-is-not-written-down",
        _TUNNELING,
        "        self.raise_code(catalogue.REQUEST_TUNNEL_REJECTED)\n",
        "",
        f"{_TESTS}::test_a_tunnel_that_is_refused_is_asked_for_when_next_awake",
    ),
    Break(
        "a-response-is-forgotten-with-the-tunnel",
        _CYCLE,
        "            self._tunnel.lose()\n            self.tunnel_lost()\n",
        "            self._tunnel.lose()\n            self.tunnel_lost()\n            self._mailbox.delivered()\n",
        f"{_TESTS}::test_a_tunnel_that_is_lost_under_a_put",
    ),
    Break(
        "a-closed-tunnel-is-used",
        _CYCLE,
        "        if self._tunnel.id is None:\n            self._reopen(self._to_tunnel)\n        elif self._drain",
        "        if self._drain",
        f"{_TESTS}::test_a_tunnel_that_is_closed_while_the_meter_works",
    ),
    Break(
        "restart-forgets-the-tunnel",
        "gsme/store/remote.py",
        ", _restore_tunnel),\n",
        ", lambda *_: None),\n",
        f"{_TESTS}::test_a_tunnel_of_before_a_restart_is_closed_where_no_ids_are_left",
    ),
    Break(
        "a-refused-response-for-ever",
        "gsme/gbcs/mailbox.py",
        "        if self._refusals >= _MOST_REFUSALS:\n",
        "        if self._refusals < 0:\n",
        "host_tests/remote/test_hubs_that_refuse.py::test_a_response_that_is_refused_for_good_is_given_up",
    ),
    Break(
        "transfers-of-any-length",
        _CYCLE,
        "        if len(message) < self._tunnel.largest:\n",
        "        if len(message):\n",
        "host_tests/remote/test_hubs_that_refuse.py::test_a_response_that_is_longer_than_the_hub_takes",
    ),
    Break(
        "a-storage-that-fails-is-not-noticed",
        "gsme/store/store.py",
        "            self._failed(error)\n        return self._failure\n",
        "            pass\n        return self._failure\n",
        "host_tests/unit/test_replay.py::test_a_storage_that_fails",
    ),
    Break(
        "any-tunnel-id",
        _TUNNELING,
        "p[0:_ID_LENGTH] == self.id and request.is_unicast()",
        "request.is_unicast()",
        _FRAMING,
    ),
    Break(
        "a-broadcast-hands-over",
        _TUNNELING,
        "p[0:_ID_LENGTH] == self.id and request.is_unicast()",
        "p[0:_ID_LENGTH] == self.id",
        _FRAMING,
    ),
    Break(
        "a-tunnel-of-anybodys",
        "gsme/access.py",
        "    CHF,  # ANSWER_TUNNEL\n",
        "    _ANY,  # ANSWER_TUNNEL\n",
        _FRAMING,
    ),
    Break(
        "alerts-before-responses",
        "gsme/gbcs/mailbox.py",
        "        self._offers_response = self._response is not None\n",
        "        self._offers_response = self._response is not None and self.alerts.made is None\n",
        "host_tests/remote/test_alerts.py::test_responses_leave_before_alerts",
    ),
)
