"""Clusters: Identify, Metering, Time, the bench, and ZDO."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_IDENTIFY: Final = "gsme/clusters/identify.py"
_TIME: Final = "gsme/clusters/time.py"
_ZDO: Final = "gsme/clusters/zdo.py"
_BENCH: Final = "gsme/clusters/bench.py"
_TIMES: Final = "host_tests/test_time.py"
_ZDO_TEST: Final = "host_tests/test_zdo.py"
_BENCH_TEST: Final = "host_tests/test_bench_cluster.py"
_DOOR: Final = "host_tests/test_bench_door.py"

BREAKS: Final = (
    Break(
        "an-idle-meter-answers-queries",
        _IDENTIFY,
        "    if not left:\n        return status.SUCCESS\n",
        "",
        "host_tests/test_basic_identify.py::test_idle",
    ),
    Break(
        "identifying-never-ends",
        _IDENTIFY,
        "max(left - seconds, 0)",
        "left",
        "host_tests/test_basic_identify.py::test_it_ends_by_itself",
    ),
    Break(
        "gas-is-not-carried-over",
        "gsme/clusters/metering.py",
        "volume_dm3 >>= 8",
        "volume_dm3 = 0",
        "host_tests/test_metering.py::test_gas_advances_the_register",
    ),
    Break(
        "11-seconds-are-adjusted",
        _TIME,
        "_TOLERANCE_S = const(10)",
        "_TOLERANCE_S = const(11)",
        f"{_TIMES}::test_more_than_ten_seconds_are_not",
    ),
    Break(
        "10-seconds-are-not-adjusted",
        _TIME,
        "_TOLERANCE_S = const(10)",
        "_TOLERANCE_S = const(9)",
        f"{_TIMES}::test_up_to_ten_seconds_are_adjusted",
    ),
    Break(
        "the-clock-that-is-too-wrong-is-set",
        _TIME,
        "                self._raise(catalogue.CLOCK_NOT_ADJUSTED)\n                return\n",
        "                self._raise(catalogue.CLOCK_NOT_ADJUSTED)\n",
        f"{_TIMES}::test_more_than_ten_seconds_are_not",
    ),
    Break(
        "a-hub-that-does-not-know-is-believed",
        _TIME,
        " or not time_status[0] & _TRUSTED",
        "",
        f"{_TIMES}::test_an_invalid_clock_does_not_take_the_time_of_a_hub_that_does_not_know_it",
    ),
    Break(
        "only-a-master-is-believed",
        _TIME,
        "_TRUSTED = const(0x03)",
        "_TRUSTED = const(0x02)",
        f"{_TIMES}::test_an_invalid_clock_takes_the_time_of_a_hub_that_knows_it",
    ),
    Break(
        "anybodys-time-is-taken",
        "gsme/han.py",
        "request.requester.eui64 != eui64 or ",
        "",
        f"{_TIMES}::test_answers_of_others_are_ignored",
    ),
    Break(
        "any-answer-will-do",
        "gsme/han.py",
        "request.tsn == tsn and ",
        "",
        f"{_TIMES}::test_answers_to_something_else_are_ignored",
    ),
    Break(
        "time-is-asked-of-the-gpf",
        _TIME,
        "self._nodes.first(CHF_TYPE)",
        "self._nodes.first(3)",
        f"{_TIMES}::test_the_question",
    ),
    Break(
        "a-device-announce-is-answered",
        _ZDO,
        " or cluster == _DEVICE_ANNOUNCE",
        "",
        f"{_ZDO_TEST}::test_no_answer_to_an_answer",
    ),
    Break(
        "zdo-answers-answers",
        _ZDO,
        "if cluster & _RESPONSE or cluster",
        "if cluster",
        f"{_ZDO_TEST}::test_no_answer_to_an_answer",
    ),
    Break(
        "zdo-is-silent-on-what-it-lacks",
        _ZDO,
        "            answer = _NOT_SUPPORTED",
        "            answer = None",
        f"{_ZDO_TEST}::test_what_is_not_built",
    ),
    Break(
        "every-endpoint-is-active",
        _ZDO,
        "answer = _NOT_ACTIVE + zdo.nwk",
        "answer = _OK + zdo.nwk",
        f"{_ZDO_TEST}::test_every_other_endpoint_is_inactive",
    ),
    Break(
        "zdo-refuses-broadcasts-aloud",
        _ZDO,
        "if answer is None or broadcast and answer[0:1] != _OK:",
        "if answer is None:",
        "host_tests/test_broadcast.py::test_zdo_does_not_answer_a_broadcast_that_concerns_others",
    ),
    Break(
        "zdo-answers-have-no-number",
        _ZDO,
        "self._put(asdu[0:1])",
        'self._put(b"\\x00")',
        f"{_ZDO_TEST}::test_every_sequence_number_is_repeated",
    ),
    Break(
        "clusters-match-on-the-other-side",
        _ZDO,
        "        count_at += 1 + 2 * count",
        "        count_at += 0",
        f"{_ZDO_TEST}::test_match_descriptors",
    ),
    Break(
        "events-is-not-described",
        "gsme/device.py",
        '\\x04\\x00\\x00\\x03\\x00\\x02\\x07\\x09\\x07"',
        '\\x03\\x00\\x00\\x03\\x00\\x02\\x07"',
        f"{_ZDO_TEST}::test_an_interview",
    ),
    Break(
        "no-announce",
        "gsme/link.py",
        "            self.on_sync()",
        "            pass",
        f"{_ZDO_TEST}::test_a_start_is_announced_after_its_first_sync",
    ),
    Break(
        "the-bench-is-anybodys",
        "gsme/han.py",
        "own == self.bench.number and peer == self.bench.eui64",
        "own == self.bench.number",
        f"{_DOOR}::test_to_any_other_peer_the_endpoint_does_not_exist",
    ),
    Break(
        "the-bench-wants-a-key",
        "gsme/han.py",
        "request.security = _LINK_KEY  #",
        "request.security = header[_APS] & _SECURITY  #",
        f"{_DOOR}::test_it_is_open_under_any_security",
    ),
    Break(
        "data-of-17-bytes",
        "gsme/events/logs.py",
        "LONGEST_DATA = const(16)",
        "LONGEST_DATA = const(17)",
        "host_tests/test_event_log_size.py::test_data_that_are_too_long_raise_nothing",
    ),
    Break(
        "device-type-7",
        "gsme/device_log.py",
        "HIGHEST_TYPE = const(6)",
        "HIGHEST_TYPE = const(7)",
        f"{_BENCH_TEST}::test_steps",
    ),
    Break(
        "a-full-device-log-says-success",
        "gsme/device_log.py",
        "return status.INSUFFICIENT_SPACE",
        "return status.SUCCESS",
        f"{_BENCH_TEST}::test_a_full_device_log_says_so",
    ),
    Break(
        "faults-add-up",
        "gsme/device.py",
        "self.events.unreadable = faults & 1",
        "self.events.unreadable |= faults & 1",
        f"{_BENCH_TEST}::test_a_fault_replaces_the_last_one",
    ),
    Break(
        "an-identity-holds-at-once",
        "gsme/device.py",
        "        self.next_eui64 = eui64\n",
        "        self.next_eui64 = self.link.eui64 = eui64\n",
        "host_tests/test_state.py::test_an_identity_holds_from_the_next_start_on",
    ),
    Break(
        "the-production-build-is-what-it-was",
        "gsme/device.py",
        "        if not bench:\n            self.behaviour.set(behaviour.MP078)\n",
        "",
        "host_tests/test_production_build.py::test_MP078_550_2_it_is_MP078_whatever_its_storage_says",
    ),
)
